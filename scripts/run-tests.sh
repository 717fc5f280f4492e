#!/bin/bash
# Runs every test of one build tree: the unit tests, a short round of each fuzzing entry point, and the command-line
# tests. Prints each file that is over, then what failed or was skipped, and ends with the line "N passed, N failed", and
# "N skipped" where any was.
#
#   scripts/run-tests.sh [BUILD] [FILE.bats...]     BUILD is build/ if left out; with files, only these are run
#
# TEST_JOBS is how many run at a time. With CI=true a test that is skipped because it needs root has failed.
set -u

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
[ $# -eq 0 ] || shift
case $build in /*) ;; *) build=$PWD/$build ;; esac
cpus=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
# Most command-line tests wait for a process rather than for a CPU.
jobs=${TEST_JOBS:-$((cpus > 4 ? cpus : 4))}

export BUILD=$build LOPONG=$build/lopong LOPING=$build/loping
export CMOCKA_MESSAGE_OUTPUT=TAP
export PATH=$PATH:/usr/sbin:/sbin
unset NO_COLOR CLICOLOR_FORCE

# An older one knows no `run --separate-stderr`, and would say so in each test. Without it the unit tests are run all the
# same, but where all must be, or where files are named.
found=$(bats --version 2> /dev/null | sed 's/[^0-9.]//g')
left_out=
if [ "$(printf '1.5\n%s\n' "${found:-0}" | sort -V | head -n 1)" != 1.5 ]; then
  left_out="the tests on the command line (they need bats 1.5 or newer; found is ${found:-none})"
  if [ "${CI:-}" = true ] || [ $# -gt 0 ]; then
    echo "FAILED  $left_out"
    echo "0 passed, 1 failed"
    exit 1
  fi
fi

results=$build/test-results
rm -rf "$results"
mkdir -p "$results/unit" "$results/fuzz" "$results/sanitizer"
# Some tests run a program as another user, and its report must get here too.
chmod 1777 "$results/sanitizer"

# What the tests make as JSON is kept there (tests/cli/test_helper.bash), also that of programs of other users.
export JSON_FOLDER=$results/json
mkdir -p "$JSON_FOLDER"
chmod 1777 "$JSON_FOLDER"

export address_layout= # a prefix for what is run

# A report of a sanitizer goes to a file of its own, so that it counts also when a test expects its program to fail.
set_sanitizer_options() {
  grep -q -e '-fsanitize' "$build/flags" 2> /dev/null || return 0
  export SANITIZED=yes
  # Where a kernel scatters addresses over more bits than it knows, ThreadSanitizer gives up now and then.
  if grep -q -e '-fsanitize=thread' "$build/flags" && setarch "$(uname -m)" -R true 2> /dev/null; then
    address_layout="setarch $(uname -m) -R"
  fi
  log="log_path=$results/sanitizer/report"
  export ASAN_OPTIONS="detect_leaks=1:exitcode=99:strict_string_checks=1:detect_stack_use_after_return=1:$log"
  export TSAN_OPTIONS="halt_on_error=1:second_deadlock_stack=1:atexit_sleep_ms=0:exitcode=99:$log"
  export UBSAN_OPTIONS="print_stacktrace=1:exitcode=99:$log"
  # LeakSanitizer stops its process with ptrace, which some sandboxes and every tracer forbid.
  "$LOPONG" --version > /dev/null 2>&1
  if grep -q 'LeakSanitizer has encountered a fatal error' "$results"/sanitizer/report.* 2> /dev/null; then
    echo "run-tests: this machine does not let LeakSanitizer look into a process; leaks are not looked for." >&2
    export ASAN_OPTIONS="${ASAN_OPTIONS/detect_leaks=1/detect_leaks=0}"
  fi
  rm -f "$results"/sanitizer/report.*
}

# Ends a command that takes longer than so many seconds, where the system has timeout(1).
limit() {
  # shellcheck disable=SC2086 # the words of the prefix
  if command -v timeout > /dev/null 2>&1; then $address_layout timeout --foreground "$@"; else shift && "$@"; fi
}

# progress FILE RESULT: a file is over, the so manieth of all. On a terminal its line takes the place of the one before,
# unless that one tells a failure; elsewhere the programs, which are many and quick, have a line only when they fail.
progress() {
  local over seconds=$(($(date +%s) - begin)) line
  over=$(($(wc -l < "$results/over")))
  line=$(printf '[%d of %d, %d:%02d] %s: %s' "$over" "$total" $((seconds / 60)) $((seconds % 60)) "$1" "$2")
  if [ -z "$on_terminal" ]; then
    case $1:$2 in *.bats:* | *FAILED*) printf '%s\n' "$line" ;; esac
    return
  fi
  printf '\r\033[K%.*s' $((COLUMNS - 1)) "$line"
  case $2 in *FAILED*) printf '\n' ;; esac
}

# over FILE RESULT
over() {
  echo "$1" >> "$results/over"
  progress "$@"
}

# Reads bats's extended TAP (--formatter cat), passes it on to a file, and tells each test file that is over. With several at a time bats
# keeps them in order, so that one may have to wait for those before it.
show_progress() {
  local line file='' passed=0 failed=0 skipped=0
  while IFS= read -r line; do
    printf '%s\n' "$line" >&4
    case $line in
      'suite '*)
        [ -z "$file" ] || over "$file" "$(file_result $passed $failed $skipped)"
        file=${line#suite } file=${file#"$PWD/"}
        passed=0 failed=0 skipped=0
        ;;
      'ok '*' # skip'*) skipped=$((skipped + 1)) ;;
      'ok '*) passed=$((passed + 1)) ;;
      'not ok '*) failed=$((failed + 1)) ;;
    esac
  done
  [ -z "$file" ] || over "$file" "$(file_result $passed $failed $skipped)"
  [ -z "$on_terminal" ] || printf '\r\033[K'
} 4> "$results/command-line.tap"

# file_result PASSED FAILED SKIPPED: not to be taken for the last line.
file_result() {
  local line="$1 passed"
  [ "$2" -eq 0 ] || line="$line, FAILED: $2"
  [ "$3" -eq 0 ] || line="$line, skipped: $3"
  printf '%s\n' "$line"
}

# One TAP file and one file with the exit status for each program.
run_unit() {
  name=$(basename "$1")
  status=0
  limit 300 "$1" > "$results/unit/$name.tap" 2>&1 < /dev/null || status=$?
  echo $status > "$results/unit/$name.status"
  over "${1#"$BUILD/"}" "$([ $status -eq 0 ] && echo passed || echo FAILED)"
}

# A round of fuzzing is one test.
run_fuzz() {
  name=$(basename "$1")
  status=0
  limit 300 "$1" > "$results/fuzz/$name.log" 2>&1 < /dev/null || status=$?
  {
    echo 1..1
    if [ $status -eq 0 ]; then echo "ok 1 - $name"; else echo "not ok 1 - $name (status $status)"; fi
    tail -n 40 "$results/fuzz/$name.log" | sed 's/^/# /'
  } > "$results/fuzz/$name.tap"
  echo $status > "$results/fuzz/$name.status"
  over "${1#"$BUILD/"}" "$([ $status -eq 0 ] && echo passed || echo FAILED)"
}

# The programs of one folder of tests and of the rooms in it, by their sources: a program whose source is gone is not run.
programs() {
  find tests/"$1" -name "$2_*.c" | sort | while read -r source; do
    [ ! -e "$build/${source%.c}" ] || echo "$build/${source%.c}"
  done
}

# Hangs end here rather than nowhere: each test has its own deadlines, well below this one.
run_command_line() {
  [ $# -gt 0 ] || return 0
  echo "running the tests of $# files on the command line, $jobs at a time"
  limit 1800 bats --jobs "$jobs" --formatter cat "$@" 2> "$results/command-line.err" < /dev/null | show_progress
  echo "${PIPESTATUS[0]}" > "$results/command-line.status"
  cat "$results/command-line.err" >> "$results/command-line.tap"
}

# Leaves out what a sanitized build cannot answer: how the Makefile builds a plain one.
unsanitized_only() {
  if [ -n "${SANITIZED:-}" ]; then grep -v '/make_build\.bats$'; else cat; fi
}

passed=0
failed=0
skipped=0

# Adds one TAP file to the sums and prints what was not fine in it.
tally() {
  root_needed=0
  if [ "${CI:-}" = true ]; then root_needed=1; fi
  report=$(awk -v name="$1" -v exit_status="$(cat "$3")" -v root_needed=$root_needed -f scripts/tally-tap.awk "$2")
  printf '%s\n' "$report" | sed '$d'
  read -r _ more_passed more_failed more_skipped <<< "$(printf '%s\n' "$report" | tail -n 1)"
  passed=$((passed + more_passed))
  failed=$((failed + more_failed))
  skipped=$((skipped + more_skipped))
}

tally_folder() {
  for tap in "$results/$1"/*.tap; do
    [ ! -e "$tap" ] || tally "$1/$(basename "$tap" .tap)" "$tap" "${tap%.tap}.status"
  done
}

# Holds what was kept against the schemas that the programs print; one test.
judge_json() {
  local python
  mkdir -p "$results/json-schema"
  for python in python3 /usr/bin/python3 none; do
    [ $python = none ] || "$python" -c 'from jsonschema import Draft202012Validator' 2> /dev/null && break
  done
  if [ $python = none ]; then
    printf '1..1\nok 1 - the JSON that the tests made # skip needs Python'"'"'s jsonschema 4\n'
  else
    # Of programs for Windows by those of this system, which print the same schemas: a pipe to one under wine has no end
    # while wine's server stays.
    limit 600 $python tests/cli/json_schema.py folder "${LINUX_LOPING:-$LOPING}" "${LINUX_LOPONG:-$LOPONG}" "$JSON_FOLDER" 2>&1
  fi > "$results/json-schema/json.tap"
  echo $? > "$results/json-schema/json.status"
}

tally_sanitizer() {
  for report in "$results"/sanitizer/report.*; do
    [ -e "$report" ] || continue
    failed=$((failed + 1))
    echo "FAILED  sanitizer report $report:"
    head -n 60 "$report" | sed 's/^/        /'
  done
}

# A program that is still running when all tests are over was left behind by one of them.
tally_left_behind() {
  for link in /proc/[0-9]*/exe; do
    case $(readlink "$link" 2> /dev/null) in
      "$LOPONG" | "$LOPING")
        failed=$((failed + 1))
        echo "FAILED  left behind: pid $(basename "$(dirname "$link")"):" \
          "$(tr '\0' ' ' 2> /dev/null < "${link%exe}cmdline")"
        ;;
    esac
  done
}

set_sanitizer_options

# For progress: when it began, and whether it can be written over.
begin=$(date +%s)
on_terminal=
COLUMNS=80
if [ -t 1 ]; then
  on_terminal=yes
  COLUMNS=$(stty size < /dev/tty 2> /dev/null | cut -d ' ' -f 2)
  [ "${COLUMNS:-0}" -gt 20 ] || COLUMNS=80
fi
: > "$results/over"

if [ $# -gt 0 ]; then
  bats_files=("$@")
  total=$#
else
  bats_files=()
  [ -n "$left_out" ] || while IFS= read -r file; do bats_files+=("$file"); done < <(find tests -name '*.bats' ! -path 'tests/servers/*' ! -path 'tests/page/*' ! -path 'tests/other_systems/*' ! -path 'tests/windows/*' | sort | unsanitized_only)
  unit_programs=$(programs unit test) fuzz_programs=$(programs fuzz fuzz)
  total=$((${#bats_files[@]} + $(wc -w <<< "$unit_programs $fuzz_programs")))
  echo "running the unit tests and a round of fuzzing"
  export results total begin on_terminal COLUMNS
  export -f run_unit run_fuzz limit over progress
  # shellcheck disable=SC2016 # the inner bash expands it
  xargs -P "$cpus" -I{} bash -c 'run_unit "$1"' _ {} <<< "$unit_programs"
  # shellcheck disable=SC2016
  xargs -P "$cpus" -I{} bash -c 'run_fuzz "$1"' _ {} <<< "$fuzz_programs"
fi
run_command_line ${bats_files[@]+"${bats_files[@]}"}

tally_folder unit
tally_folder fuzz
[ ! -e "$results/command-line.tap" ] || tally tests "$results/command-line.tap" "$results/command-line.status"
[ -z "$(ls -A "$JSON_FOLDER")" ] || judge_json
tally_folder json-schema
tally_sanitizer
tally_left_behind

if [ -n "$left_out" ]; then
  echo "skipped $left_out"
  skipped=$((skipped + 1))
fi
line="$passed passed, $failed failed"
[ $skipped -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ $((passed + failed + skipped)) -gt 0 ] || echo "run-tests.sh: nothing was run; is $build a build? make one first: make" >&2
[ $failed -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
