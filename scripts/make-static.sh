#!/bin/sh
# Builds both programs with musl as static programs, which run on any Linux of this processor without a library.
#
#   scripts/make-static.sh FOLDER      leaves FOLDER/lopong and FOLDER/loping
#
# MAKE is the command that builds (default make).
set -eu

cd "$(dirname "$0")/.."
folder=$1
# Beside it: make builds only in a folder that it made itself.
libraries=$folder-libraries

scripts/install-deps.sh static
if ! command -v musl-gcc > /dev/null 2>&1; then
  echo "make-static: there is no musl-gcc on this system (Debian and Ubuntu: the package musl-tools)." >&2
  exit 1
fi
[ -e "$libraries/lib/pkgconfig/libuv.pc" ] || scripts/build-libraries.sh musl-gcc "$libraries"

# musl-gcc links programs that want musl's loader, and knows no -static-pie. Its description of musl, with the start file
# that relocates the program itself and without a loader, makes them whole.
system_specs=$(sed -n 's/.*-specs "\(.*\)".*/\1/p' "$(command -v musl-gcc)")
if [ ! -e "$system_specs" ]; then
  echo "make-static: musl-gcc of this system names no specs file that is there: '$system_specs'." >&2
  exit 1
fi
sed -e 's,/Scrt1\.o,/rcrt1.o,' -e 's,^-dynamic-linker [^ ]*,-static -pie --no-dynamic-linker -z text,' "$system_specs" \
  > "$libraries/static.specs.new"
cmp -s "$libraries/static.specs.new" "$libraries/static.specs" || cp "$libraries/static.specs.new" "$libraries/static.specs"

PKG_CONFIG_LIBDIR=$(cd "$libraries/lib/pkgconfig" && pwd)
export PKG_CONFIG_LIBDIR
unset PKG_CONFIG_PATH
# shellcheck disable=SC2086 # the command and its arguments
exec ${MAKE:-make} BUILD="$folder" CC="${REALGCC:-gcc} -specs=$libraries/static.specs" CFLAGS=-O2 LDFLAGS=-s all
