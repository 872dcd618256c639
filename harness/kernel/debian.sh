#!/usr/bin/env bash
# Runs a command on a kernel that Debian ships, in QEMU. See --help.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$here/build/debian
memory=1G
limit=${LIMIT:-900}

usage() {
  cat <<END
usage: debian.sh COMMAND [ARGUMENT]...

Boots the kernel of Debian's package linux-image-amd64 in QEMU, with its modules and its headers, and runs the command in it as
root: with this machine's files, in this working directory. What the command writes to files is gone in the end; what it
writes to standard output and error comes out here, both as standard output. So what needs root can be tried without harm: cargo hw
board --fixture, which builds the module for that kernel and loads it.

  harness/kernel/debian.sh target/debug/wasi-hw board --fixture i2c/register-file -- i2ctransfer -y 0 w1@0x48 0x0f r1

QEMU is asked for no virtualisation, which not every machine that says so has: booting takes ten to thirty seconds, and building the module a
minute or two. QEMU='qemu-system-x86_64 -accel kvm' asks for it, and takes any other program and options, too. LINUX names another
version, such as LINUX=6.12.117+deb12-amd64. What was downloaded stays in harness/kernel/build/debian, 0.5 GB.

Exits as the command did; with 125 if it was not begun, because something is missing or the machine does not start; and with 124 if
the machine did not come to an end, within LIMIT seconds ($limit unless set).
END
}

say() { printf 'debian: %s\n' "$*" >&2; }
fail() { say "$*"; exit "${code:-125}"; }

[ $# -gt 0 ] || { usage >&2; exit 125; }
case $1 in
  -h | --help) usage; exit ;;
  -*) fail "$1: no such option, see --help" ;;
esac
read -ra qemu <<<"${QEMU:-qemu-system-x86_64}"

[ "$(uname -m)" = x86_64 ] || fail "the kernel is one for x86-64, and this is $(uname -m)"

# What of Debian's packages this system lacks, it gets as root.
missing=()
command -v xz >/dev/null || missing+=(xz-utils)
command -v "${qemu[0]}" >/dev/null || missing+=(qemu-system-x86)
command -v depmod >/dev/null || missing+=(kmod)
busybox=$(command -v busybox || true)
[ -n "$busybox" ] && ! ldd "$busybox" >/dev/null 2>&1 || missing+=(busybox-static)
# Newer headers write the module's types with it.
command -v pahole >/dev/null || missing+=(pahole)
command -v make >/dev/null && command -v cc >/dev/null || missing+=(make gcc libc6-dev)
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "missing; on Debian, as root: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  mkdir -p "$build"
  { apt-get update && apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${missing[@]}"; } >"$build/apt.log" 2>&1 ||
    fail "apt-get failed, see $build/apt.log; it was to install ${missing[*]}"
  busybox=$(command -v busybox)
fi

# The kernel as packages, unpacked and not installed: nothing of it is this system's.
release=${LINUX:-$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: linux-image-//p' | head -n 1)}
[ -n "$release" ] || fail "apt knows no linux-image-amd64; LINUX names a version"
root=$build/$release
if [ ! -e "$root/unpacked" ]; then
  say "downloading Linux $release"
  rm -rf "$root" && mkdir -p "$root/packages"
  headers=$(apt-cache depends "linux-headers-$release" | sed -n 's/^ *Depends: \(linux-\(headers\|kbuild\)-.*\)/\1/p')
  # shellcheck disable=SC2086 # they are words
  (cd "$root/packages" && apt-get download "linux-image-$release" "linux-headers-$release" $headers) >"$root/apt.log" 2>&1 ||
    fail "apt-get failed, see $root/apt.log"
  for package in "$root"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
  rm -r "$root/packages"
  depmod -b "$root" "$release"
  touch "$root/unpacked"
fi

# In memory at first: what is needed to have this machine's files.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/first/{bin,modules,proc,sys,dev,files,written,new}
cp "$busybox" "$work/first/bin/busybox"
for module in virtio_pci 9pnet_virtio 9p overlay; do
  modprobe -d "$root" -S "$release" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/modules"
while read -r module; do
  number=$((${number:-100} + 1))
  # Newer kernels have them compressed.
  case $module in
    *.xz) xz -dc "$module" ;;
    *.zst) zstd -dc "$module" ;;
    *) cat "$module" ;;
  esac >"$work/first/modules/$number"
done <"$work/modules"
cat >"$work/first/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
for module in /modules/*; do insmod "$module"; done
mount -t devtmpfs none /dev
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose files /files
mount -t tmpfs none /written
mkdir /written/files /written/work
mount -t overlay -o lowerdir=/files,upperdir=/written/files,workdir=/written/work none /new
mount -t proc none /new/proc
mount -t sysfs none /new/sys
mount -t devtmpfs none /new/dev
mount -t tmpfs none /new/tmp
mkdir -p /new/run
mount -t tmpfs none /new/run
cp /job /new/run/job
exec switch_root /new /bin/bash /run/job
END
{
  printf 'export PATH=%q HOME=%q\n' "$PATH:/usr/sbin:/sbin" "$HOME"
  env | sed -n 's/^\(WASI_HW_[A-Z_]*\)=.*/\1/p' | while read -r name; do printf 'export %s=%q\n' "$name" "${!name}"; done
  # Each at its place.
  printf 'mkdir -p /lib/modules /usr/src\n'
  for place in "$root"/lib/modules/* "$root"/usr/src/* "$root"/usr/lib/linux-kbuild-*; do
    printf 'rm -rf %q\nln -s %q %q\n' "${place#"$root"}" "$place" "${place#"$root"}"
  done
  printf 'stty -F /dev/ttyS1 raw -echo 2>/dev/null\ncd %q\necho begun >/dev/ttyS2\n' "$PWD"
  printf '%q ' "$@"
  printf '>/dev/ttyS1 2>&1 </dev/null\necho $? >/dev/ttyS2\nsync\necho o >/proc/sysrq-trigger\nwhile :; do :; done\n'
} >"$work/first/job"
chmod +x "$work/first/init"
(cd "$work/first" && find . | "$busybox" cpio -o -H newc 2>/dev/null) | gzip -1 >"$work/initrd"

say "booting Linux $release"
timeout "$limit" "${qemu[@]}" -accel tcg -m "$memory" -display none -no-reboot -nic none \
  -kernel "$root/boot/vmlinuz-$release" -initrd "$work/initrd" -append "console=ttyS0 quiet panic=-1" \
  -serial "file:$build/console" -serial stdio -serial "file:$work/status" -monitor none \
  -fsdev local,id=files,path=/,security_model=none,readonly=on,multidevs=remap \
  -device virtio-9p-pci,fsdev=files,mount_tag=files </dev/null || true
# What it came to the machine says, and not QEMU.
grep -q begun "$work/status" 2>/dev/null || fail "the machine did not start, see $build/console"
status=$(tr -dc 0-9 <"$work/status")
[ -n "$status" ] || code=124 fail "the machine did not come to an end, see $build/console"
exit "$status"
