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

# Decisions, formats and arithmetic: these must not reach libuv. A name that stands for no file is an error.
pure='
  client/check/facts.h client/check/verdict client/compare/decide client/peer/greeting client/peer/protocol client/peer/question client/check/forwarder
  client/result/machine_text client/stats/delayed_ack client/stats/histogram client/stats/modes client/stats/percentiles
  client/stats/student_t client/workloads/message common/net/port_kind common/text/safe_text common/text/units
  common/wire/pattern common/wire/wire server/echo/datagram_rules server/echo/session server/echo/unsent
  server/threads/admission'

# What may stand in <>: C11's own headers, the two libraries, and one POSIX header where the design names it.
c11='assert ctype errno inttypes limits math signal stdalign stdarg stdbool stddef stdint stdio stdlib string time'
libraries='uv jansson'

lines_max=500

sources_of() {
  find "$@" -name '*.[ch]' | sort
}

# is_seam FILE: may it name a system? NAME_linux.c, NAME_posix.c, NAME_windows.c, NAME_portable.c and their headers.
is_seam() {
  case $1 in *_linux.[ch] | *_posix.[ch] | *_windows.[ch] | *_portable.[ch]) return 0 ;; *) return 1 ;; esac
}

# The rooms that rooms.txt lets a room know, between blanks; it ends with status 1 where the room has no row.
rooms_of() {
  awk -F: -v room="$1" '/^#/ || NF < 2 { next } $1 == room { print " " $2 " "; found = 1 } END { exit !found }' scripts/rooms.txt
}

# may_know ROOM OTHER
may_know() {
  local allowed
  [ "$1" != "$2" ] || return 0
  allowed=$(rooms_of "$1") || return 1
  case $allowed in *" $2 "*) return 0 ;; esac
  case $2:$allowed in common/*:*" common "*) return 0 ;; esac
  return 1
}

check_project_includes() {
  local file=$1 room included
  room=$(dirname "$file")
  while read -r included; do
    may_know "$room" "$(dirname "$included")" || breach "$file: $room/ may not include \"$included\" (scripts/rooms.txt)"
    [ -e "$included" ] || breach "$file: \"$included\" is not written from the top"
    if is_seam "$included" && ! is_seam "$file"; then breach "$file: \"$included\" is internal to a seam"; fi
  done < <(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file")
}

# Each folder has a row and each row a folder, and no row knows a room that knows it back.
check_rooms() {
  local room other
  while read -r room; do
    rooms_of "$room" > /dev/null || breach "$room/: has no row in scripts/rooms.txt"
  done < <(sources_of common server client | xargs -n 1 dirname | sort -u)
  while read -r room; do
    if ! ls "$room"/*.[ch] > /dev/null 2>&1; then breach "scripts/rooms.txt: $room has no source"; fi
    for other in $(rooms_of "$room"); do
      [ "$other" = common ] && continue
      if may_know "$other" "$room"; then breach "scripts/rooms.txt: $room and $other know each other"; fi
    done
  done < <(sed -n 's/^\([a-z][^:#]*\):.*/\1/p' scripts/rooms.txt)
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
  for name in $pure; do
    case $name in
      *.h) ls "$name" ;;
      *) ls "$name.c" "$name.h" ;;
    esac
  done
}

# The compiler lists every header that a file reaches, through whatever other header.
check_purity() {
  local name flags
  pure_sources > /dev/null || breach "check-arrows.sh: a name of the pure files stands for no file"
  flags=$(sed -n 's/^DEPS_CFLAGS := //p' "$build/config.mk")
  while read -r name; do
    # shellcheck disable=SC2086 # the flags are separate words
    if ${CC:-cc} -std=c11 -D_GNU_SOURCE -I. $flags -M "$name" | tr ' ' '\n' | grep -qE '(^|/)uv\.h$'; then
      breach "$name: is pure, and reaches uv.h"
    fi
  done < <(pure_sources 2> /dev/null)
}

# undefined_in ARCHIVE REGEX: the functions and variables of that name which an archive uses.
undefined_in() {
  nm -u "$1" | awk -v out="${3:-}" '/:$/ { is_out = $0 == out ":" } $1 == "U" && !is_out { print $2 }' | sort -u | grep -xE "$2" | tr '\n' ' '
}

check_objects() {
  local used archive
  used=$(undefined_in "$build/libcommon.a" 'stdout|stderr|(__)?(v?printf|puts|putchar|perror)(_chk)?')
  [ -z "$used" ] || breach "common/: prints: $used"
  # libuv hands its allocator nothing that a reserve could stand in.
  used=$(objdump -t "$build/libcommon.a" | awk '$NF ~ /^memory_reserve(_used)?$/ { next } ($3 == "O" && $4 ~ /^\.(data|bss)$/) || $4 == "*COM*" { print $NF }')
  [ -z "$used" ] || breach "common/: has globals: $used"
  # A lab is a shell in namespaces of its own: the one file that may start one.
  for archive in common server client; do
    used=$(undefined_in "$build/lib$archive.a" 'exit|_exit|_Exit|quick_exit|abort' scene_linux.o)
    [ -z "$used" ] || breach "$archive/: ends the process outside main: $used"
    used=$(undefined_in "$build/lib$archive.a" 'v?fork|exec[lv]p?e?|system|popen|posix_spawnp?|uv_spawn' scene_linux.o)
    [ -z "$used" ] || breach "$archive/: starts a child process: $used"
  done
}

# objects_of ROOM...: of the sources that are there, so that a build's leftovers do not count.
objects_of() {
  local object
  sources_of "$@" | sed -n "s|\\(.*\\)\\.c$|$build/\\1.o|p" | while read -r object; do [ ! -e "$object" ] || echo "$object"; done
}

# names_of OBJECT...: for find-circles.awk and find-shared.awk.
names_of() {
  xargs nm -A
}

check_circles() {
  local program found
  for program in server client; do
    found=$(objects_of "$program" common | names_of | awk -v root="$build/" -f scripts/find-circles.awk) ||
      breach "$program/: $found"
  done
}

# What one program alone links has no place in common/.
check_shared() {
  local object found
  found=$(objects_of common server client | names_of | awk -v root="$build/" -f scripts/find-unshared.awk)
  while read -r object; do
    [ -z "$object" ] || breach "$object"
  done <<< "$found"
}

# The sentences of common/ serve both programs, so they name neither.
check_names() {
  local found
  found=$(grep -rnE '"[^"]*lop[io]ng' common --include='*.[ch]' | grep -vE '#include|# *define LOPING_VERSION')
  [ -z "$found" ] || breach "common/: names a program: $found"
}

# A sentence is one literal, or fills its lines: the next literal's first word would not have fitted behind it.
check_literals() {
  local found
  found=$(sources_of common server client | xargs awk -f scripts/find-torn.awk)
  [ -z "$found" ] || breach "torn literals: $found"
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
check_rooms
check_objects
check_circles
check_shared
check_names
check_literals

[ $breaches -eq 0 ]
