#!/bin/bash
# Checks what the design says of the rooms: who may include whom, which files are pure, what common/ may not do, and how
# long a file may be. Prints each breach as FILE: what is wrong, and ends with status 1 if there was one.
#
#   scripts/check-arrows.sh BUILD     where an unsanitized build of the programs stands
set -u

cd "$(dirname "$0")/.." || exit 1
build=$1
breaches=0

breach() {
  echo "$*"
  breaches=$((breaches + 1))
}

# Decisions, formats and arithmetic: no file of these names, in any room, may reach libuv; nor may these files.
pure='wire histogram units limits verdict compare pattern safe_text port_kind'
pure_files='server/session client/message client/greeting client/compare/decide client/humps client/delayed_ack client/student_t common/machine_text'

# What may stand in <>: C11's own headers, the two libraries, and one POSIX header where the design names it.
c11='assert ctype errno inttypes limits math signal stdalign stdarg stdbool stddef stdint stdio stdlib string time'
libraries='uv jansson'

lines_max=500

sources_of() {
  find "$@" -name '*.[ch]' | sort
}

# is_seam FILE: may it name a system? NAME_linux.c, NAME_portable.c and their headers.
is_seam() {
  case $1 in *_linux.[ch] | *_portable.[ch]) return 0 ;; *) return 1 ;; esac
}

check_project_includes() {
  local file=$1 room=${1%%/*} included
  while read -r included; do
    case $room:$included in
      common:common/* | server:common/* | server:server/* | client:common/* | client:client/*) ;;
      *) breach "$file: $room/ may not include \"$included\"" ;;
    esac
    [ -e "$included" ] || breach "$file: \"$included\" is not written from the top"
    if is_seam "$included" && ! is_seam "$file"; then breach "$file: \"$included\" is internal to a seam"; fi
  done < <(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file")
}

check_system_includes() {
  local file=$1 allowed=" $c11 $libraries " included
  is_seam "$file" && return
  # getopt_long() is the one thing that the option parser takes from POSIX's neighbourhood.
  [ "$file" != common/options/options.c ] || allowed="$allowed getopt "
  while read -r included; do
    case $allowed in
      *" ${included%.h} "*) ;;
      *) breach "$file: <$included> belongs into a seam file" ;;
    esac
  done < <(sed -n 's/^ *# *include *<\([^>]*\)>.*/\1/p' "$file")
}

check_system_ifdefs() {
  local found
  is_seam "$1" && return
  found=$(grep -nE '^ *# *(el)?if.*(__linux__|__gnu_linux__|_WIN32|__APPLE__|__FreeBSD__|__OpenBSD__|__NetBSD__|__unix__)' "$1")
  [ -z "$found" ] || breach "$1: asks for the system outside a seam file: $found"
}

check_length() {
  local lines
  lines=$(wc -l < "$1")
  [ "$lines" -le $lines_max ] || breach "$1: has $lines lines; $lines_max are the limit"
}

pure_sources() {
  local name
  for name in $pure; do find common server client -name "$name.[ch]"; done
  for name in $pure_files; do ls "$name.c" "$name.h"; done
}

# The compiler lists every header that a file reaches, through whatever other header.
check_purity() {
  local name flags
  flags=$(sed -n 's/^DEPS_CFLAGS := //p' "$build/config.mk")
  while read -r name; do
    # shellcheck disable=SC2086 # the flags are separate words
    if ${CC:-cc} -std=c11 -D_GNU_SOURCE -I. $flags -M "$name" | tr ' ' '\n' | grep -qE '(^|/)uv\.h$'; then
      breach "$name: is pure, and reaches uv.h"
    fi
  done < <(pure_sources)
}

# undefined_in ARCHIVE REGEX: the functions and variables of that name which an archive uses.
undefined_in() {
  nm -u "$1" | sed -n 's/^ *U //p' | sort -u | grep -xE "$2" | tr '\n' ' '
}

check_objects() {
  local used archive
  used=$(undefined_in "$build/libcommon.a" 'stdout|stderr|(__)?(v?printf|puts|putchar|perror)(_chk)?')
  [ -z "$used" ] || breach "common/: prints: $used"
  used=$(objdump -t "$build/libcommon.a" | awk '($3 == "O" && $4 ~ /^\.(data|bss)$/) || $4 == "*COM*" { print $NF }')
  [ -z "$used" ] || breach "common/: has globals: $used"
  for archive in common server client; do
    used=$(undefined_in "$build/lib$archive.a" 'exit|_exit|_Exit|quick_exit|abort')
    [ -z "$used" ] || breach "$archive/: ends the process outside main: $used"
    used=$(undefined_in "$build/lib$archive.a" 'v?fork|exec[lv]p?e?|system|popen|posix_spawnp?|uv_spawn')
    [ -z "$used" ] || breach "$archive/: starts a child process: $used"
  done
}

for archive in common server client; do
  [ -e "$build/lib$archive.a" ] || breach "$build/lib$archive.a: is missing; run make first"
done
while read -r file; do
  check_project_includes "$file"
  check_system_includes "$file"
  check_system_ifdefs "$file"
done < <(sources_of common server client)

while read -r file; do
  check_length "$file"
done < <(find common server client tests scripts -type f \
  \( -name '*.[ch]' -o -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -name '*.py' -o -name '*.awk' \) | sort)

check_purity
check_objects

[ $breaches -eq 0 ]
