# Host side, process 1 of the lab's own mount and process namespaces: makes every file system read-only except one
# private tmpfs, gives up every privilege that could undo that, then starts the kernel.
# usage: sandbox.sh SCRATCH COMMAND…   SCRATCH: an existing directory; the tmpfs is mounted over it.
# Descriptors 4 and 5 hold the guest's init script and its job: they become SCRATCH/init and SCRATCH/job.
# Staying process 1 (no exec) lets the kernel die like any other process; when this shell ends, all the rest goes with it.
set -eu
scratch=$1
shift

# The host's own /proc would lead out again: /proc/1/root is another mount namespace's root, and writable.
mount -t proc proc /proc
mount -t tmpfs -o mode=0700,size=100% holdfast-lab "$scratch"
cat <&4 >"$scratch/init"
cat <&5 >"$scratch/job"
exec 4<&- 5<&-

mounts=$(cat /proc/self/mountinfo)
while read -r _ _ _ _ where options _; do
  case $where in *\\*) where=$(printf '%b' "$where") ;; esac
  [ "$where" != "$scratch" ] || continue
  case ,$options, in *,ro,*) continue ;; esac
  # Flags that are there must be named again: inside a user namespace the kernel refuses to drop them.
  # What is hidden under another mount can't be remounted, nor reached; the check below tells the two apart.
  mount -o "remount,bind,ro${options#rw}" "$where" 2>/dev/null || true
done <<EOF
$mounts
EOF
while read -r _ _ _ _ where _; do
  case $where in *\\*) where=$(printf '%b' "$where") ;; esac
  if [ "$where" != "$scratch" ] && [ -w "$where" ]; then
    echo "holdfast-lab: cannot make $where read-only" >&2
    exit 125
  fi
done <<EOF
$mounts
EOF

# dac_read_search: root's view of the host's files, without the right to change anything.
setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+dac_read_search -- "$@" && exit 0 || exit $?
