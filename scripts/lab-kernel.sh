#!/bin/sh
# Rebuilds the lab's kernel from Debian's source package and compares it with the one the project ships.
# usage: scripts/lab-kernel.sh [--keep DIR] [--write]
#   --keep DIR  build in DIR and leave it there (otherwise a temporary directory, removed at the end)
#   --write     put the result into assets/lab-kernel/ instead of comparing with it
# LINUX_SOURCE_DEB=FILE uses a package that was fetched before (snapshot.debian.org has those the mirrors dropped).
set -eu

package=linux-source-6.1
version=6.1.192-2
package_sha256=ae95fe63d4c553f8d0e6c86cb1ab566f3894a43743eb19ab585cd97d82f26514

here=$(cd "$(dirname "$0")/.." && pwd)
asset=$here/assets/lab-kernel
keep= write=
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=$2; shift 2 ;;
    --write) write=1; shift ;;
    *) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
  esac
done

fail() { echo "lab-kernel: $1" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail "the kernel is for x86-64, this machine is $(uname -m)"
missing=
for tool in gcc:gcc make:make flex:flex bison:bison bc:bc patch:patch xz:xz-utils dpkg-deb:dpkg strip:binutils ${write:+depmod:kmod}; do
  command -v "${tool%%:*}" >/dev/null || missing="$missing ${tool#*:}"
done
[ -z "$missing" ] || fail "missing tools; run: apt-get install$missing"

if [ -n "$keep" ]; then
  mkdir -p "$keep"; work=$(cd "$keep" && pwd)
else
  work=$(mktemp -d "${TMPDIR:-/tmp}/lab-kernel.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
fi
cd "$work"

deb=${LINUX_SOURCE_DEB:-}
if [ -z "$deb" ]; then
  apt-get download -q "$package=$version" ||
    fail "no $package $version to be had; run apt-get update, or fetch it from snapshot.debian.org and set LINUX_SOURCE_DEB"
  deb=$(echo "$work/$package"_*.deb)
fi
echo "$package_sha256  $deb" | sha256sum -c --quiet - || fail "$deb is not $package $version"

dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" | tar -xJ
cd "$package"
patch -p1 -s <"$asset/holdfast.patch"

# All that a build could take from the day, the user, the machine or its language is fixed here.
export KBUILD_BUILD_TIMESTAMP='Sun Nov  1 00:00:00 UTC 2026' KBUILD_BUILD_USER=holdfast KBUILD_BUILD_HOST=lab
export KBUILD_BUILD_VERSION=1 LOCALVERSION='' LC_ALL=C TZ=UTC
unset CFLAGS LDFLAGS KCFLAGS MAKEFLAGS ARCH CROSS_COMPILE 2>/dev/null || true

make -s ARCH=um defconfig
scripts/kconfig/merge_config.sh -m .config "$asset/config" >/dev/null
make -s ARCH=um olddefconfig
make -s ARCH=um -j"$(nproc)" linux
strip -o ../linux-tt linux
cp .config ../config.full
cd ..

digest=$(sha256sum <linux-tt | cut -d' ' -f1)
if [ -n "$write" ]; then
  xz -9e -T1 -c linux-tt >"$asset/linux-tt.xz"
  # modprobe(8) must find that what it is asked for is there.
  release=$(make -s -C "$package" ARCH=um kernelrelease)
  mkdir -p "root/lib/modules/$release" "$asset/modules/$release"
  cp "$package/modules.builtin" "$package/modules.builtin.modinfo" "root/lib/modules/$release/"
  # There are no modules, so a build of the kernel alone leaves no list of them.
  : >"root/lib/modules/$release/modules.order"
  depmod -b root "$release"
  for list in modules.builtin modules.builtin.bin modules.builtin.alias.bin modules.dep.bin; do
    cp "root/lib/modules/$release/$list" "$asset/modules/$release/"
  done
  { echo "$digest  linux-tt"; sha256sum <"$asset/linux-tt.xz" | sed 's/-$/linux-tt.xz/'; } >"$asset/SHA256SUMS"
  echo "lab-kernel: wrote $asset/linux-tt.xz ($digest)"
elif grep -q "^$digest  linux-tt\$" "$asset/SHA256SUMS"; then
  echo "lab-kernel: same digest as the shipped kernel ($digest)"
else
  fail "built $digest, shipped $(sed -n 's/  linux-tt$//p' "$asset/SHA256SUMS"); another compiler? see assets/lab-kernel/README.md"
fi
