#!/bin/bash
# Feeds every fuzzing entry point for SECONDS in all, shared evenly: by libFuzzer where clang has it, otherwise by
# tests/fuzz/driver.c. The address and undefined-behaviour sanitizers watch in both cases.
#
#   scripts/run-fuzz.sh BUILD SECONDS
#
# With libFuzzer, what it learned stays in BUILD/fuzz/corpus, and an input that failed is left in BUILD/fuzz.
set -u

cd "$(dirname "$0")/.." || exit 1
build=$1
seconds=$2
case $seconds in
  '' | *[!0-9]*)
    echo "run-fuzz: FUZZ_SECONDS='$seconds' is not a whole number of seconds." >&2
    exit 2
    ;;
esac

have_libfuzzer() {
  scratch=$(mktemp -d) || return 1
  echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' > "$scratch/probe.c"
  status=0
  clang -fsanitize=fuzzer,address -o "$scratch/probe" "$scratch/probe.c" > /dev/null 2>&1 || status=1
  rm -rf "$scratch"
  return $status
}

entries=()
for source in tests/fuzz/fuzz_*.c; do entries+=("$(basename "$source" .c)"); done
each=$((seconds / ${#entries[@]}))
[ $each -gt 0 ] || each=1

plain=$build/fuzz/driver
make --no-print-directory -j"$(getconf _NPROCESSORS_ONLN)" BUILD="$plain" SANITIZE=address,undefined CFLAGS='-O1 -g' \
  fuzz-programs || exit 1
engine=driver
if have_libfuzzer; then
  engine=libfuzzer
  make --no-print-directory -j"$(getconf _NPROCESSORS_ONLN)" BUILD="$build/fuzz/libfuzzer" CC=clang LIBFUZZER=yes \
    SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' fuzz-programs || exit 1
fi

run_libfuzzer() {
  corpus=$build/fuzz/corpus/$1
  mkdir -p "$corpus"
  "$plain/tests/fuzz/$1" --write-seeds "$corpus" || return 1
  "$build/fuzz/libfuzzer/tests/fuzz/$1" -max_total_time=$each -max_len=4096 -artifact_prefix="$build/fuzz/$1-" \
    -print_final_stats=1 "$corpus" > "$build/fuzz/$1.log" 2>&1
}

passed=0
failed=0
for entry in "${entries[@]}"; do
  status=0
  if [ $engine = libfuzzer ]; then
    run_libfuzzer "$entry" || status=$?
    rounds=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$entry.log")
  else
    "$plain/tests/fuzz/$entry" --seconds $each > "$build/fuzz/$entry.log" 2>&1 || status=$?
    rounds=$(sed -n 's/ rounds$//p' "$build/fuzz/$entry.log")
  fi
  if [ $status -eq 0 ]; then
    passed=$((passed + 1))
    echo "$entry: nothing found in ${rounds:-?} rounds, $each s ($engine)"
  else
    failed=$((failed + 1))
    echo "$entry: FAILED with status $status ($engine); the end of $build/fuzz/$entry.log:"
    tail -n 40 "$build/fuzz/$entry.log" | sed 's/^/    /'
  fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
