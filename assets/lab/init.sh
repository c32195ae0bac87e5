# Guest side, process 1 of the lab's kernel: the host's files below, a layer of packages above
# them, a tmpfs on top that takes every write; then the runner, then power-off.
# Set before this text: NODE RUNNER PRELOAD (paths on the host), LAYER JOB (the same; LAYER may be empty), CHANNEL (a device).
# A process costs 20 ms and more in here: builtins wherever they do, and one mount(8) that reads a table.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH HOME=/root TERM=dumb LANG=C.UTF-8 CHANNEL JOB
end() {
  [ ! -c "$CHANNEL" ] || echo "{\"@lab\":\"end\",\"status\":\"$1\"}" >"$CHANNEL"
  echo o >/proc/sysrq-trigger
  # Power-off needs the scheduler, and in virtual time a busy loop would never let go of it: block instead.
  read -r _ <"$CHANNEL"
  exec sleep 60
}

mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/lab /run/lab/upper /run/lab/work || exec sleep 60
root=/run/lab/root
{
  lower=/
  if [ -n "$LAYER" ]; then
    echo "none /run/lab/layer hostfs ro,X-mount.mkdir,$LAYER"
    lower=/run/lab/layer:/
  fi
  echo "overlay $root overlay X-mount.mkdir,lowerdir=$lower,upperdir=/run/lab/upper,workdir=/run/lab/work"
  echo "proc $root/proc proc"
  echo "sysfs $root/sys sysfs"
  echo "devtmpfs $root/dev devtmpfs"
  echo "devpts $root/dev/pts devpts X-mount.mkdir"
  echo "tmpfs $root/dev/shm tmpfs X-mount.mkdir"
  echo "tmpfs $root/run tmpfs mode=755"
  # Where the host's own root stays in sight: what a mount of ours hides (/run, /dev) is found there.
  echo "tmpfs $root/run/host tmpfs X-mount.mkdir"
} >/run/lab/fstab
mount -a -T /run/lab/fstab && cd "$root" && pivot_root . run/host || { mount -t proc proc /proc; end "no root"; }
cd /
echo lab >/proc/sys/kernel/hostname

[ -x "$NODE" ] || NODE=/run/host$NODE
JOB=/run/host$JOB
[ -r "$RUNNER" ] || RUNNER=/run/host$RUNNER
[ -r "$PRELOAD" ] || PRELOAD=/run/host$PRELOAD
"$NODE" --require "$PRELOAD" "$RUNNER"
status=$?
[ ! -r /run/lab-status ] || read -r status </run/lab-status
end "$status"
