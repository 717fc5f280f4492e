#!/bin/bash
# Runs the tests of the programs for Windows under wine, in a network of their own where this user can make one: wine
# looks through all sockets of the machine for each that it is asked for.
#
#   scripts/test-windows.sh BUILD LINUX-BUILD
set -u

cd "$(dirname "$0")/.." || exit 1
build=$1
linux=$2
case $build in /*) ;; *) build=$PWD/$build ;; esac
case $linux in /*) ;; *) linux=$PWD/$linux ;; esac

# Wine puts a page of its own at a fixed address, where the system's random layout of memory has something else once in a
# thousand starts; the program then ends without a word (WINEDEBUG=err+all: "failed to map the shared user data").
if [ -z "${FIXED_LAYOUT:-}" ] && setarch --addr-no-randomize true 2> /dev/null; then
  FIXED_LAYOUT=yes exec setarch --addr-no-randomize "$0" "$@"
fi
if [ -z "${OWN_NETWORK:-}" ] && unshare --net true 2> /dev/null; then
  OWN_NETWORK=yes exec unshare --net -- "$0" "$@"
fi
[ -z "${OWN_NETWORK:-}" ] || ip link set lo up || exit 1

# Without a display, and without the parts that wine would offer to fetch.
unset DISPLAY
export WINEPREFIX=$build/wine WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
WINE=$(command -v /usr/lib/wine/wine64 wine64 wine | head -n 1)
WINESERVER=$(command -v wineserver /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver | head -n 1)
if [ -z "$WINE" ] || [ -z "$WINESERVER" ]; then
  echo "test-windows.sh: there is no wine; install it: scripts/install-deps.sh wine" >&2
  exit 1
fi
export WINE PLATFORM=windows LINUX_LOPONG=$linux/lopong LINUX_LOPING=$linux/loping

mkdir -p "$WINEPREFIX"
# All of its own and nobody else's: the programs of this folder alone.
trap '"$WINESERVER" --kill' EXIT
"$WINE" wineboot --init > "$build/wine.log" 2>&1
# It stays until the end, so that a program need not wait for it.
"$WINESERVER" --persistent

scripts/run-tests.sh "$build" tests/windows/*.bats
