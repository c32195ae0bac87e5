# Guest side, process 1 of the lab's kernel: the host's files below, a layer of packages above them, a tmpfs on top that
# takes every write; then the runner, then power-off.
# Set before this text, all of them paths on the host: NODE RUNNER PRELOAD JOB, and (may be empty) LAYER MODULES; the device CHANNEL;
# and a function: share NAME HOST-PATH WHERE mounts a directory of the host's.
# A process costs 20 ms and more in here: builtins wherever they do, and one mount(8) that reads a table.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH HOME=/root TERM=dumb LANG=C.UTF-8 CHANNEL JOB
end() {
  [ ! -c "$CHANNEL" ] || echo "{\"@lab\":\"end\",\"status\":$1}" >"$CHANNEL"
  echo o >/proc/sysrq-trigger
  # Power-off needs the scheduler, and in virtual time a busy loop would never let go of it: block instead.
  read -r _ <"$CHANNEL"
  exec sleep 60
}

# mount(8) is setuid, and to an ordinary user's sandbox root's files are nobody's: started through the loader it keeps the
# rights process 1 has. The root made here ignores such bits.
mount=/bin/mount
for loader in /lib64/ld-linux-*.so.?; do [ ! -e "$loader" ] || mount="$loader /bin/mount"; done
$mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/lab /run/lab/upper /run/lab/work /run/lab/layer /run/lab/modules
if [ -n "$LAYER" ]; then share layer "$LAYER" /run/lab/layer; fi
if [ -n "$MODULES" ]; then
  share modules "$MODULES" /run/lab/modules
  # Debian's user-mode kernel has its overlay file system as a module; the tool to load it may be in the layer only.
  for module in /run/lab/modules/*/kernel/fs/overlayfs/overlay.ko; do
    [ -e "$module" ] || continue
    ln -s /run/lab/layer/usr/bin/kmod /run/lab/insmod
    insmod "$module" 2>/dev/null || LD_LIBRARY_PATH=/run/lab/layer/usr/lib/x86_64-linux-gnu /run/lab/insmod "$module"
  done
fi

root=/run/lab/root
{
  echo "overlay $root overlay X-mount.mkdir,nosuid,lowerdir=/run/lab/layer:/,upperdir=/run/lab/upper,workdir=/run/lab/work"
  echo "proc $root/proc proc"
  echo "sysfs $root/sys sysfs"
  echo "devtmpfs $root/dev devtmpfs"
  echo "devpts $root/dev/pts devpts X-mount.mkdir"
  echo "tmpfs $root/dev/shm tmpfs X-mount.mkdir"
  [ -z "$MODULES" ] || echo "/run/lab/modules $root/lib/modules none bind,X-mount.mkdir"
  echo "tmpfs $root/run tmpfs mode=755"
  # Where the host's own root stays in sight: what a mount of ours hides (/run, /dev) is found there.
  echo "tmpfs $root/run/host tmpfs X-mount.mkdir"
} >/run/lab/fstab
$mount -a -T /run/lab/fstab && cd "$root" && pivot_root . run/host || { $mount -t proc proc /proc; end 1; }
cd /
echo lab >/proc/sys/kernel/hostname
# Said twice by a guest that was rebooted from inside: the host ends it then.
[ ! -c "$CHANNEL" ] || echo '{"@lab":"boot"}' >"$CHANNEL"

JOB=/run/host$JOB
[ -x "$NODE" ] || NODE=/run/host$NODE
[ -r "$RUNNER" ] || RUNNER=/run/host$RUNNER
[ -r "$PRELOAD" ] || PRELOAD=/run/host$PRELOAD
"$NODE" --require "$PRELOAD" "$RUNNER"
status=$?
[ ! -r /run/lab-status ] || read -r status </run/lab-status
end "$status"
