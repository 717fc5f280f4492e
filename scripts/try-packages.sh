#!/bin/bash
# Tries the Debian package and the static programs in fresh systems of several releases, and the static ones in an empty
# root as well: the package that this release makes is installed, both programs run, and purging leaves nothing. Needs
# root and the network. Ends with the line "N passed, N failed".
#
#   scripts/try-packages.sh [BUILD [RELEASE...]]      BUILD is build, and the releases are bookworm and trixie
#
# The systems are kept packed in BUILD/systems. What is mounted is so in namespaces that end with what runs there.
set -u

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
shift
[ $# -gt 0 ] || set -- bookworm trixie
passed=0
failed=0

if [ "$(id -u)" -ne 0 ]; then
  echo "try-packages: only root may enter another system: sudo scripts/try-packages.sh" >&2
  exit 1
fi
scripts/install-deps.sh systems || exit 1
package=$(find "$build/deb" -maxdepth 1 -name 'lopong_*.deb' 2> /dev/null)
if [ ! -e "$package" ] || [ ! -x "$build/static/lopong" ]; then
  echo "try-packages: make what is to be tried first: make deb static" >&2
  exit 1
fi
systems=$build/systems
mkdir -p "$systems"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@" > "$scratch/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name:"
    tail -n 20 "$scratch/log" | sed 's/^/        /'
  fi
}

# inside ROOT COMMAND...: with the system's own processes and /proc.
inside() {
  local root=$1
  shift
  unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
}

# Prints the port of a lopong whose output is in that file, when it is ready.
wait_for_port() {
  local port='' i
  for ((i = 0; i < 300 && ${#port} == 0; i++)); do
    port=$(sed -n 's/^listening on .*:\([0-9]*\) (tcp)$/\1/p' "$1" | head -n 1)
    [ -n "$port" ] || sleep 0.1
  done
  echo "$port"
  [ -n "$port" ]
}

# run_pair ROOT HOST LOPONG LOPING: a server, measured by the client by TCP and UDP, and ended.
run_pair() {
  local root=$1 server port status=0
  : > "$scratch/ready"
  chroot "$root" "$3" --port 0 --bind "$2" > "$scratch/ready" &
  server=$!
  if port=$(wait_for_port "$scratch/ready"); then
    chroot "$root" "$4" latency --count 1000 "$2:$port" && chroot "$root" "$4" latency --udp --count 1000 "$2:$port" &&
      chroot "$root" "$4" check "$2:$port" && chroot "$root" "$4" throughput --duration 200ms "$2:$port" || status=1
  else
    status=1
  fi
  kill "$server"
  wait "$server" && [ $status -eq 0 ]
}

# What dpkg, apt and ldconfig note for themselves is none of the package's.
list_system() {
  (cd "$1" && find . -xdev ! -path './var/lib/dpkg*' ! -path './var/lib/apt*' ! -path './var/cache*' ! -path './var/log*' \
    ! -path './tmp*' ! -path './proc/*' ! -path './root/*' | sort)
}

leaves_nothing() {
  list_system "$1" | diff "$scratch/before" -
}

try_release() {
  local release=$1 root=$scratch/$1
  if [ ! -s "$systems/$release.tar" ]; then
    mmdebstrap --variant=minbase "$release" "$systems/$release.tar" > "$scratch/log" 2>&1 || {
      tail -n 5 "$scratch/log"
      rm -f "$systems/$release.tar"
    }
  fi
  mkdir "$root"
  tar -x -f "$systems/$release.tar" -C "$root" || {
    failed=$((failed + 1))
    return
  }
  cp "$package" "$root/root/lopong.deb"
  cp "$build/static/lopong" "$build/static/loping" "$root/root/"
  cp /etc/resolv.conf "$root/etc/resolv.conf" 2> /dev/null
  # As an installer writes it: a tree that was only unpacked has none.
  [ -e "$root/etc/hosts" ] || printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' > "$root/etc/hosts"
  check "$release: apt-get update" inside "$root" apt-get -q update
  list_system "$root" > "$scratch/before"
  check "$release: the static programs run" run_pair "$root" localhost /root/lopong /root/loping
  check "$release: the package is installed" inside "$root" apt-get -q -y install --no-install-recommends /root/lopong.deb
  check "$release: both programs run" run_pair "$root" localhost /usr/bin/lopong /usr/bin/loping
  check "$release: dpkg finds its files as they were" inside "$root" dpkg --verify lopong
  check "$release: it is removed" inside "$root" apt-get -q -y remove lopong
  check "$release: it is purged" inside "$root" apt-get -q -y purge lopong
  check "$release: what came with it is purged" inside "$root" apt-get -q -y --purge autoremove
  check "$release: no package is left" inside "$root" sh -c '! dpkg -s lopong'
  check "$release: no file is left" leaves_nothing "$root"
  rm -rf "${root:?}"
}

for release in "$@"; do
  try_release "$release"
done
mkdir "$scratch/empty"
cp "$build/static/lopong" "$build/static/loping" "$scratch/empty/"
check "an empty root: the static programs run" run_pair "$scratch/empty" 127.0.0.1 /lopong /loping

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
