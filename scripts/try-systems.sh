#!/bin/bash
# Tries the project on what people have: fresh chroots of four releases of Debian with nothing but gcc and make, more
# compilers, and other processors by cross compilers and qemu's user mode. Needs root, mmdebstrap and about an hour; no
# part of CI. Prints a row for each as it comes, and all of them as a table at the end.
#
#   scripts/try-systems.sh [--folder DIR] [--only WORD]
#
# The chroots stand in DIR (default: a new folder below /var/tmp, removed at the end; one that is named is kept, and its
# chroots are used again). WORD: only rows that have it in their name. Full logs lie in DIR/logs.
set -u

source_folder=$(cd "$(dirname "$0")/.." && pwd) || exit 1
mirror=http://deb.debian.org/debian
folder=
only=
is_kept=no

# NAME | SUITE | what to install beside gcc and make | what to run in the source, in the chroot
# The two commands of the README; then each compiler on all that is built, and the unit tests.
natives() {
  local suite
  for suite in bookworm trixie sid bullseye; do
    echo "$suite, make demo|$suite||make demo"
    echo "$suite, make test|$suite||make test"
  done
}

compilers() {
  local suite compiler
  while read -r suite compiler; do
    echo "$suite, $compiler|$suite|$compiler|$(unit_tests "$compiler" "build/$compiler" "CC=$compiler" "")"
  done << 'ROWS'
bullseye gcc-10
bookworm gcc-11
bookworm gcc-12
trixie gcc-13
trixie gcc-14
sid gcc-15
sid gcc-16
bookworm clang-14
bookworm clang-15
bookworm clang-16
trixie clang-17
trixie clang-18
trixie clang-19
sid clang-22
sid clang-21
ROWS
}

# The processors, with the triple of their compiler and the name that qemu has for them.
processors() {
  local suite processor triple emulator packages flags
  while read -r suite processor triple emulator; do
    packages="gcc-$triple libc6-dev-$processor-cross libuv1-dev:$processor libjansson-dev:$processor"
    packages="$packages libcmocka-dev:$processor qemu-user-static pkg-config python3"
    flags="CC=$triple-gcc AR=$triple-ar PLATFORM=linux"
    echo "$suite, $processor|$suite|$packages|$(pair_with "build/native" "$processor" "$triple" "qemu-$emulator-static" "$flags")"
  done << 'ROWS'
bookworm arm64 aarch64-linux-gnu aarch64
bookworm armhf arm-linux-gnueabihf arm
bookworm i386 i686-linux-gnu i386
bookworm s390x s390x-linux-gnu s390x
trixie riscv64 riscv64-linux-gnu riscv64
ROWS
}

# pair_with NATIVE PROCESSOR TRIPLE EMULATOR VARIABLES: all unit tests, and that processor's client against this one's server.
pair_with() {
  # shellcheck disable=SC2016 # for the shell in the chroot
  printf 'make -j%s BUILD=%s all && export PKG_CONFIG_LIBDIR=/usr/lib/%s/pkgconfig:/usr/share/pkgconfig && %s && ' "$(nproc)" "$1" "${3/i686/i386}" \
    "$(unit_tests "$3-gcc" "build/$2" "$5" "$4")"
  # shellcheck disable=SC2016
  printf '{ %s/lopong --port 0 > /tmp/ready & server=$!; until grep -q listening /tmp/ready; do sleep 0.1; done; ' "$1"
  # shellcheck disable=SC2016
  printf 'port=$(sed -n "s/.*:\\([0-9]*\\) (tcp)/\\1/p" /tmp/ready); for each in latency throughput connect; do %s build/%s/loping $each --duration 1s $port || failed=yes; done; ' \
    "$4" "$2"
  # shellcheck disable=SC2016
  printf 'kill $server; [ -z "${failed:-}" ]; }'
}

# What qemu's user mode does not pass on: netlink of netfilter, times of the kernel, limits on memory, a process's name.
not_emulated='test_nft_rule_text_linux|test_connection_table_linux|test_kernel_times_linux|test_lack|test_port_owner_linux'

# unit_tests COMPILER BUILD VARIABLES EMULATOR: builds everything with warnings as errors, and runs each unit test.
unit_tests() {
  printf '%s --version | head -n 1 && make -j%s BUILD=%s %s all test-programs && ' "$1" "$(nproc)" "$2" "$3"
  # shellcheck disable=SC2016 # for the shell in the chroot
  printf 'for each in $(find %s/tests/unit -type f -perm -u+x ! -name "*.so" | grep -vE "%s"); do %s $each > /tmp/unit.log 2>&1 || { cat /tmp/unit.log; echo "FAILED $each"; failed=yes; }; done; [ -z "${failed:-}" ]' \
    "$2" "$([ -n "$4" ] && echo "$not_emulated" || echo "nothing is left out")" "$4"
}

say() {
  echo "try-systems: $*" >&2
}

# A file system of that release, made once. --variant=apt: what apt needs, and what is named.
make_chroot() {
  local suite=$1
  [ ! -e "$folder/$suite/etc/debian_version" ] || return 0
  mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include=gcc,libc6-dev,make,ca-certificates \
    "$suite" "$folder/$suite" "$mirror"
}

# in_chroot SUITE COMMAND: with mounts and processes of its own, which end with it, and as their root, so that the tests
# can make namespaces. Nothing of this machine is mounted below, so nothing of it can be touched.
in_chroot() {
  cp /etc/resolv.conf "$folder/$1/etc/resolv.conf"
  # shellcheck disable=SC2016 # for the inner shells
  unshare --mount --pid --fork --kill-child sh -c '
    mount --make-rprivate / && mount --bind "$0" "$0" && cd "$0" && mount -t proc proc proc &&
    mount -t sysfs -o ro sys sys && mount -t tmpfs shm dev/shm &&
    mount -t devpts -o newinstance,ptmxmode=666 pts dev/pts && mount --move . / &&
    exec chroot . /bin/sh -c "cd /opt/source && export DEBIAN_FRONTEND=noninteractive; $1"' \
    "$folder/$1" "$2" < /dev/null
}

# What is committed, so that all rows try the same, whatever is being written meanwhile.
copy_source() {
  local place="$folder/$1/opt/source"
  rm -rf --one-file-system "$place" && mkdir -p "$place" || return
  git -C "$source_folder" archive "$commit" | tar -x -C "$place"
}

install_into() {
  local suite=$1 packages=$2 package processor
  [ -n "$packages" ] || return 0
  for package in $packages; do
    processor=${package##*:}
    [ "$processor" = "$package" ] || in_chroot "$suite" "dpkg --add-architecture $processor"
  done
  in_chroot "$suite" "apt-get -o Acquire::Check-Valid-Until=false update && apt-get install -y --no-install-recommends $packages"
}

# try NAME SUITE PACKAGES COMMAND: one row of the table.
try() {
  local log begin=$SECONDS result=passed
  log="$folder/logs/$(tr -cs 'a-z0-9.-' '_' <<< "$1").log"
  {
    make_chroot "$2" && copy_source "$2" && install_into "$2" "$3" && in_chroot "$2" "$4"
  } > "$log" 2>&1 || result="FAILED: $(grep -m 1 -E ' error: |FAILED|^E: |\*\*\*|Error' "$log" | cut -c 1-120)"
  local counted
  counted=$(sed -n -E 's/^([0-9]+ passed, [0-9]+ failed.*)$/\1/p' "$log" | tail -n 1)
  printf '| %s | %s | %s | %d s |\n' "$1" "$(in_chroot "$2" 'pkg-config --modversion libuv 2> /dev/null || echo -')" \
    "$result${counted:+ ($counted)}" $((SECONDS - begin)) | tee -a "$folder/table"
}

while [ $# -gt 0 ]; do
  case $1 in
    --folder) folder=${2:?} is_kept=yes && shift ;;
    --only) only=${2:?} && shift ;;
    *)
      say "'$1' is no option. Say --folder DIR or --only WORD."
      exit 2
      ;;
  esac
  shift
done
[ "$EUID" -eq 0 ] || { say "needs root, for chroots" && exit 3; }
command -v mmdebstrap > /dev/null || { say "needs mmdebstrap: apt-get install mmdebstrap" && exit 3; }
[ -n "$folder" ] || folder=$(mktemp -d /var/tmp/try-systems.XXXXXX) || exit 3
commit=$(git -C "$source_folder" rev-parse HEAD) || exit 3
mkdir -p "$folder/logs" && : > "$folder/table" || exit 3
[ $is_kept = yes ] || trap 'rm -rf --one-file-system "$folder"' EXIT

while IFS='|' read -r -u 3 name suite packages command; do
  case $name in *"$only"*) try "$name" "$suite" "$packages" "$command" ;; esac
done 3< <(natives && compilers && processors)

echo
echo "Commit ${commit:0:12}:"
echo
echo "| system | libuv | result | took |"
echo "|---|---|---|---|"
cat "$folder/table"
! grep -q FAILED "$folder/table"
