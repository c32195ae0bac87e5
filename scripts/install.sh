#!/bin/sh
# Puts what `make build` has built onto this machine, as a package would: the program, its pages, its units. It starts nothing that
# doesn't run already and touches no network. PREFIX: /usr/local where not said. DESTDIR: a directory that stands for the root; nothing
# outside of it is touched then. With `remove` it takes all of that away again, and leaves /etc/holdfast and /var/lib/holdfast alone.
set -eu
umask 022
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
dest=${DESTDIR:-}
home=$prefix/lib/holdfast
units=$prefix/lib/systemd/system
sysusers=$prefix/lib/sysusers.d/holdfast.conf
man=$prefix/share/man
# There while a change of the network waits to be confirmed.
waiting=/var/lib/holdfast/tx/active
# What services search; a Node in somebody's home isn't there for them.
service_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
sudoers=/etc/sudoers

fail() {
  echo "holdfast: $1" >&2
  exit 1
}

# systemd is process 1 of what is installed to.
has_systemd() { [ -z "$dest" ] && [ -d /run/systemd/system ]; }

# It will be: this is an image that is being made, and what enables a unit needs no systemd that runs.
will_have_systemd() {
  [ -z "$dest" ] && command -v systemctl >/dev/null 2>&1 || return 1
  case $(readlink -f /sbin/init) in */systemd) ;; *) return 1 ;; esac
}

# Whoever carries it out loads its parts from here, and asks the agent.
refuse_while_waiting() {
  if [ -z "$dest" ] && [ -e "$waiting" ]; then
    fail "a change of the network waits to be confirmed. Run holdfast confirm or holdfast rollback first."
  fi
}

remove() {
  refuse_while_waiting
  # Nothing of another one that is installed elsewhere is switched off, its way back at boot least of all.
  [ -e "$dest$home" ] || fail "nothing of it is installed below $dest$prefix. Where it was installed with PREFIX=, say the same again."
  if has_systemd && [ -e "$prefix/bin/holdfast" ]; then "$prefix/bin/holdfast" drill --unschedule || :; fi
  if has_systemd || will_have_systemd; then
    for unit in deploy/*.service deploy/*.socket; do
      case $unit in *@*) ;; *) systemctl disable --now --quiet "${unit#deploy/}" 2>/dev/null || : ;; esac
    done
  fi
  for unit in deploy/*.service deploy/*.socket; do rm -f "$dest$units/${unit#deploy/}"; done
  rm -f "$dest$prefix/bin/holdfast" "$dest$sysusers" "$dest$man/man1/holdfast.1" "$dest$man/man5/holdfast.yaml.5"
  rm -rf "$dest$home"
  if has_systemd; then
    systemctl daemon-reload
    # One from elsewhere, which this one stood before.
    if systemctl cat holdfast-recover.service >/dev/null 2>&1; then systemctl enable --quiet holdfast-recover.service; fi
  fi
  if [ -z "$dest" ] && [ -e /etc/init.d/holdfast-recover ]; then
    rm /etc/init.d/holdfast-recover
    if command -v rc-update >/dev/null 2>&1; then rc-update --quiet delete holdfast-recover boot; else update-rc.d holdfast-recover remove; fi
  fi
  echo "Removed. /etc/holdfast and /var/lib/holdfast are left as they are."
}

# Whether services can start it: the launcher knows which Node it needs.
check_node() {
  env -i PATH="$service_path" /bin/sh -c 'command -v node' >/dev/null ||
    fail "Node isn't where services look for it (/usr/local/bin, /usr/bin). Install it there: a Node in a home directory is out of their reach."
  said=$(env -i PATH="$service_path" "$PWD/bin/holdfast" --version 2>&1) ||
    fail "with the Node that services find (in /usr/local/bin or /usr/bin) it doesn't start: ${said#holdfast: }. Put one there that starts it, 20.19 or newer: a Node in a home directory is out of their reach."
}

check() {
  refuse_while_waiting
  [ -e dist/main.js ] || fail "it isn't built yet. Run make build first, as yourself."
  for package in koffi @koromix; do
    [ -d "node_modules/$package" ] || fail "node_modules/$package is missing. Run make build first, as yourself."
  done
  if has_systemd || will_have_systemd; then
    case $prefix in
      /usr | /usr/local) ;;
      *) fail "systemd finds services below /usr/local and /usr alone: PREFIX=$prefix is only for DESTDIR here." ;;
    esac
  fi
  [ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail "only root may install to $prefix. Run sudo make install."
  [ -n "$dest" ] || check_node
}

copy_program() {
  rm -rf "$dest$home.new"
  mkdir -p "$dest$home.new/node_modules" "$dest$prefix/bin"
  cp -R bin dist assets docs schema examples package.json LICENSE README.md CHANGELOG.md "$dest$home.new/"
  cp -R node_modules/koffi node_modules/@koromix "$dest$home.new/node_modules/"
  chmod -R u=rwX,go=rX "$dest$home.new"
  # One is there all the while but for the moment between two renames.
  rm -rf "$dest$home.old"
  if [ -e "$dest$home" ]; then mv "$dest$home" "$dest$home.old"; fi
  mv "$dest$home.new" "$dest$home"
  rm -rf "$dest$home.old"
  ln -sfn ../lib/holdfast/bin/holdfast "$dest$prefix/bin/holdfast"
}

copy_units() {
  mkdir -p "$dest$units" "$dest${sysusers%/*}"
  for unit in deploy/*.service deploy/*.socket; do
    sed "s|/usr/bin/holdfast|$prefix/bin/holdfast|g" "$unit" >"$dest$units/${unit#deploy/}"
    chmod 644 "$dest$units/${unit#deploy/}"
  done
  install -m 644 deploy/sysusers.d/holdfast.conf "$dest$sysusers"
}

copy_pages() {
  install -d "$dest$man/man1" "$dest$man/man5"
  install -m 644 docs/man/holdfast.1 "$dest$man/man1/"
  install -m 644 docs/man/holdfast.yaml.5 "$dest$man/man5/"
}

# Whoever takes an unconfirmed change back at the next boot, by the init that is there.
enable_recover() {
  if has_systemd; then
    systemctl daemon-reload
    systemctl enable --quiet holdfast-recover.service
    # Parts that a running one would still load are gone.
    systemctl try-restart holdfast-agent.service holdfast-dashboard.service
  elif will_have_systemd; then
    systemctl enable --quiet holdfast-recover.service
  elif command -v rc-update >/dev/null 2>&1; then
    install -m 755 deploy/openrc/holdfast-recover /etc/init.d/
    rc-update add holdfast-recover boot >/dev/null
  elif command -v update-rc.d >/dev/null 2>&1 && [ -d /etc/init.d ]; then
    install -m 755 deploy/init.d/holdfast-recover /etc/init.d/
    update-rc.d holdfast-recover defaults
  else
    echo "This init isn't known here: deploy/README.md says what has to run at boot." >&2
  fi
}

make_places() {
  if command -v systemd-sysusers >/dev/null 2>&1; then
    systemd-sysusers "$sysusers"
  elif ! grep -q '^holdfast:' /etc/group; then
    if command -v groupadd >/dev/null 2>&1; then groupadd --system holdfast; else addgroup -S holdfast; fi
  fi
  install -d -m 750 -g holdfast /etc/holdfast
  install -d -m 700 /etc/holdfast/secrets
}

# Red Hat's sudo searches the system's own places alone, and says no more than "command not found". Source: sudoers(5), secure_path.
tell_of_sudo() {
  [ -r "$sudoers" ] || return 0
  paths=$(sed -n 's/^[[:space:]]*Defaults.*[^!]secure_path[[:space:]]*=[[:space:]]*"\{0,1\}\([^"[:space:],]*\).*/\1/p' "$sudoers" | tail -n 1)
  case :$paths: in
    :: | *:"$prefix"/bin:*) ;;
    *) echo "sudo doesn't look into $prefix/bin (secure_path in $sudoers): type sudo $prefix/bin/holdfast, or add $prefix/bin to it." ;;
  esac
}

if [ "${1:-}" = remove ]; then
  remove
  exit 0
fi
check
copy_program
copy_units
copy_pages
if [ -n "$dest" ]; then exit 0; fi
make_places
enable_recover
echo "Installed: $prefix/bin/holdfast. Nothing was started; holdfast init is the way to begin."
tell_of_sudo
