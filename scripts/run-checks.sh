#!/bin/bash
# Everything that can be said about the source without running it. Prints one line for each check, what a check found
# where it failed, and at the end "N passed, N failed".
#
#   scripts/run-checks.sh [BUILD]
set -u

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
cpus=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

passed=0
failed=0

# check NAME COMMAND...
check() {
  local name=$1 begin=$SECONDS
  shift
  if "$@" > "$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name ($((SECONDS - begin)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $name:"
    sed 's/^/        /' "$log"
  fi
}

compile_flags() {
  echo "-std=c11 -D_GNU_SOURCE -I. $(sed -n 's/^DEPS_CFLAGS := //p' "$build/config.mk")"
}

# What is for Windows alone is compiled with all warnings by make windows, and cannot be read here.
program_sources() {
  find common server client -name '*.c' ! -name '*_windows.c' | sort
}

all_c_files() {
  find common server client tests -name '*.[ch]' | sort
}

compiles() {
  make --no-print-directory -j"$cpus" BUILD="$build" all bench-programs
}

# What only Linux has must have a twin that compiles everywhere.
compiles_portably() {
  make --no-print-directory -j"$cpus" BUILD="$build/portable" PLATFORM=portable all
}

# A processor that is neither x86 nor of 64 bits. Only the objects: no library of it is here, and what libuv and jansson
# declare is the same everywhere. Their headers come last, behind those of that processor.
compiles_for_another_processor() {
  make --no-print-directory -j"$cpus" BUILD="$build/armhf" CC=arm-linux-gnueabihf-gcc WHOLE_PROGRAM_OPTIONS= \
    CFLAGS="-O2 -idirafter $(pkg-config --variable=includedir libuv)" objects
}

is_formatted() {
  all_c_files | xargs clang-format --dry-run -Werror
}

is_tidy() {
  local flags
  read -r -a flags <<< "$(compile_flags)"
  # The count of warnings that were suppressed in system headers goes to stderr, and is no news.
  program_sources | xargs -P "$cpus" -I{} clang-tidy --quiet {} -- "${flags[@]}" 2> /dev/null
}

passes_cppcheck() {
  cppcheck --quiet --std=c11 --platform=unix64 --enable=warning,performance,portability --inline-suppr \
    --suppress=missingIncludeSystem --error-exitcode=1 -j "$cpus" -D_GNU_SOURCE -D__GNUC__ -I. common server client
}

passes_shellcheck() {
  # What bench.sh sources is checked with it.
  shellcheck --external-sources scripts/*.sh .ci/run &&
    # What a helper of the tests sets is for the tests.
    shellcheck --exclude=SC2034 tests/cli/*.bash tests/windows/*.bash
}

keeps_the_arrows() {
  scripts/check-arrows.sh "$build"
}

check "the programs compile without a warning" compiles
check "the portable build compiles" compiles_portably
if command -v arm-linux-gnueabihf-gcc > /dev/null; then
  check "all of it compiles for another processor (armhf)" compiles_for_another_processor
else
  echo "skipped all of it compiles for another processor: this system has no package of a compiler for armhf"
fi
check "clang-format" is_formatted
check "clang-tidy" is_tidy
check "cppcheck" passes_cppcheck
check "shellcheck" passes_shellcheck
check "the rooms' arrows" keeps_the_arrows
check "the programs are hardened" scripts/check-hardening.sh "$build"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
