/** What every rollback.sh begins with, after its own variables: POSIX sh as dash and busybox speak it. Functions that go
 *  back file by file and step by step; what to go back to stands behind it. */
export const rollbackScriptBody = `set -u
umask 077
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
export PATH LC_ALL
problems=0
failed=0

say() {
  printf '%s\\n' "holdfast: $*" >&2
  printf '%s\\n' "$*" 2>/dev/null >>"$tx/rollback.log"
  [ "$mode" = --now ] && return 0
  # Whoever keeps a journal reads the kernel's too; starting a program for each line would take longer than the line's step.
  { printf '%s\\n' "<4>holdfast: $*" >/dev/kmsg; } 2>/dev/null && return 0
  logger -t holdfast -p daemon.warning -- "$*" 2>/dev/null
  return 0
}

has() { command -v "$1" >/dev/null 2>&1; }

# Names and bytes are on the disk. Old programs take no names and sync everything.
flush() { sync "$@" 2>/dev/null || sync; }

# PID START: whether that very process is alive.
same() {
  line=
  { read -r line <"/proc/$1/stat"; } 2>/dev/null
  # shellcheck disable=SC2086 # into words, on purpose
  set -- "$2" \${line##*) }
  [ "\${21:-}" = "$1" ]
}

if has sha256sum; then compare="sha"; elif has cmp; then compare="cmp"; else compare="none"; fi

# FILE SHA256 IMAGE: whether a plain file holds that. Where nothing can compare: no.
holds() {
  [ -f "$1" ] && [ ! -L "$1" ] || return 1
  case $compare in
    sha) [ "$(sha256sum <"$1" 2>/dev/null)" = "$2  -" ] ;;
    cmp) cmp -s "$1" "$3" ;;
    *) return 1 ;;
  esac
}

# The same for our own copies: where nothing can compare, being there is enough.
serves() {
  if [ $compare = sha ]; then holds "$@"; else [ -f "$1" ] && [ ! -L "$1" ]; fi
}

problem() {
  problems=$((problems + 1))
  say "$*"
}

# FILE N: somebody's own text goes nowhere without a copy; with no room for one it stays beside its place.
keep() {
  [ -f "$1" ] && [ ! -L "$1" ] || return 0
  k=0
  while [ -e "$tx/conflict.$2.$k" ]; do
    [ $compare = sha ] && [ "$(sha256sum <"$1")" = "$(sha256sum <"$tx/conflict.$2.$k")" ] && return 0
    k=$((k + 1))
  done
  copy=$tx/.conflict.$2
  rm -f "$copy"
  # It gets its name when its bytes are on the disk: one that is found is whole, whoever was killed meanwhile.
  if cp "$1" "$copy" 2>/dev/null && chmod 600 "$copy" && flush "$copy" && mv -f "$copy" "$tx/conflict.$2.$k"; then
    flush "$tx"
    say "$1 was changed by somebody else meanwhile; their text is $tx/conflict.$2.$k"
  else
    rm -f "$copy"
    mv -f "$1" "\${1%/*}/.\${1##*/}.hf-$id-kept" && say "$1 was changed by somebody else meanwhile, and is kept beside its place"
  fi
}

# FILE UID:GID MODE
dress() { chown "$2" "$1" && chmod "$3" "$1"; }

# N FILE SHA256 UID:GID MODE SHA256-OF-NEW: as it was before.
put_back() {
  beside=\${2%/*}/.\${2##*/}.hf-$id
  if holds "$2" "$3" "$tx/pre.$1"; then
    dress "$2" "$4" "$5" || problem "$2: owner and mode could not be put back"
    attributes_of "$1" "$2"
    return
  fi
  if [ -d "$2" ] && [ ! -L "$2" ]; then
    problem "$2 is a directory now"
    return
  fi
  # mv would follow a link to a directory.
  if [ -L "$2" ]; then rm -f "$2"; fi
  if ! holds "$2" "$6" "$tx/new.$1"; then keep "$2" "$1"; fi
  if serves "$beside-old" "$3" "$tx/pre.$1"; then
    from=$beside-old
  elif serves "$tx/pre.$1" "$3" "$tx/pre.$1"; then
    from=$beside-tmp
    rm -f "$from"
    cp "$tx/pre.$1" "$from"
    if ! serves "$from" "$3" "$tx/pre.$1"; then
      problem "$2: there is no room for its old text"
      return
    fi
  else
    problem "$2: neither of the two copies of its old text can be read whole"
    return
  fi
  if dress "$from" "$4" "$5" && attributes_of "$1" "$from" && flush "$from" && mv -f "$from" "$2"; then return; fi
  problem "$2 could not be put back"
}

# N FILE SHA256-OF-NEW: there was none before.
take_away() {
  [ -e "$2" ] || [ -L "$2" ] || return 0
  if [ -d "$2" ] && [ ! -L "$2" ]; then
    problem "$2 is a directory now"
    return
  fi
  if ! holds "$2" "$3" "$tx/new.$1"; then keep "$2" "$1"; fi
  rm -f "$2" || problem "$2 could not be removed"
}

# LIMIT WHY PROGRAM WORD…: runs it with what comes on standard input.
step() {
  limit=$1
  say "$2"
  shift 2
  if [ "$mode" = --boot ] && [ "$limit" -gt 4 ]; then limit=4; fi
  # Programs expect the usual: what they write into /run others must be able to read.
  umask 022
  if has timeout; then
    timeout -s KILL "$limit" "$@" 9>&- >>"$tx/rollback.log" 2>&1
  else
    "$@" 9>&- >>"$tx/rollback.log" 2>&1
  fi
  code=$?
  umask 077
  [ $code -eq 0 ] && return 0
  failed=$((failed + 1))
  say "$1 failed with status $code"
}

# The holder of the lock sees the decision and stops. One that doesn't is taken for hung, and killed.
take_lock() {
  [ -d "$run" ] || mkdir -p "$run" 2>/dev/null
  waited=0
  if has flock && { exec 9>>"$run/tx.lock"; } 2>/dev/null; then
    until flock -n 9; do wait_or_kill || break; done
  else
    while [ -s "$run/tx.owner" ] && read -r owner start rest <"$run/tx.owner" && same "$owner" "$start"; do
      wait_or_kill || break
    done
  fi
  read -r line </proc/$$/stat 2>/dev/null
  # shellcheck disable=SC2086
  set -- \${line##*) }
  printf '%s\\n' "$$ \${20:-0} going-back" 2>/dev/null >"$run/tx.owner"
  end_step
}

wait_or_kill() {
  owner=0 start=0 doing=
  { read -r owner start doing <"$run/tx.owner"; } 2>/dev/null
  most=10
  [ "$doing" = going-back ] && most=$patience
  if [ "$waited" -lt "$most" ]; then
    waited=$((waited + 1))
    sleep 1
    return 0
  fi
  if [ "$waited" -gt "$((most + 2))" ]; then
    say "the lock could not be had; going on without it"
    return 1
  fi
  waited=$((waited + 1))
  if [ "$owner" -gt 1 ] && [ "$owner" -ne $$ ] && same "$owner" "$start"; then
    say "process $owner doesn't stop, and is killed"
    kill -9 "$owner"
  fi
  sleep 1
}

# A step that its driver left behind must not go on working meanwhile.
end_step() {
  group=0 start=0
  { read -r group start <"$run/tx.step"; } 2>/dev/null
  [ "$group" -gt 1 ] || return 0
  if [ ! -e "/proc/$group" ] || same "$group" "$start"; then kill -9 -"$group" 2>/dev/null; fi
  rm -f "$run/tx.step"
}

# Counts starts of the host, so that one that fails for ever is left alone in the end.
count_try() {
  if [ -e "$tx/tries-3" ]; then
    mv -f "$tx/.95-STUCK" "$tx/95-STUCK" 2>/dev/null
    flush "$tx"
    say "rolling back $id failed three times and is left to you: see $tx/rollback.log"
    exit 1
  fi
  for n in 2 1 0; do
    if [ -e "$tx/tries-$n" ]; then
      mv -f "$tx/tries-$n" "$tx/tries-$((n + 1))"
      break
    fi
  done
}

decide() {
  [ -d "$tx" ] || exit 0
  if [ "$mode" = --timer ] && [ -e "$tx/armed-$((number + 1))" ]; then exit 0; fi
  [ -e "$tx/90-ROLLED_BACK" ] && return 0
  # Of two that decide at once, one finds nothing left to rename.
  mv -f "$tx/00-UNDECIDED" "$tx/80-ROLLBACK" 2>/dev/null
  if [ ! -e "$tx/80-ROLLBACK" ]; then
    if [ -e "$tx/70-CONFIRMED" ]; then
      flush "$tx"
      say "$id is confirmed and stays"
      exit 0
    fi
    say "the disk can't be written; the running network is put back as far as possible"
  fi
  say "rolling back $id: $summary"
}
`;
