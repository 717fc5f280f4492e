#!/usr/bin/env bats
# What the benchmark makes of its samples (tests/bench/report.py), and how scripts/bench.sh answers wrong usage.
# Nothing is measured here.

load test_helper

setup() {
  samples=$BATS_TEST_TMPDIR/samples.tsv
  rows=$BATS_TEST_TMPDIR/rows.tsv
  machine=$BATS_TEST_TMPDIR/machine.json
  json=$BATS_TEST_TMPDIR/results.json
  svg=$BATS_TEST_TMPDIR/chart.svg
  : > "$samples"
  : > "$rows"
  echo '{"machine": {"cpu_model": "Model <9> & more", "cpu_count": 4}, "versions": {"lopong": "1"}}' > "$machine"
}

# row ID LABEL THEIRS UNIT BETTER GOAL
row() {
  printf '%s\t%s\tour way\t%s\t%s\t%s\t%s\n' "$@" >> "$rows"
}

# sides ID OURS THEIRS: a sample of both for each pair of values, in rounds of their own.
sides() {
  local id=$1 round=1
  shift
  while [ $# -gt 0 ]; do
    printf '%s\t%s\tours\tok\t%s\n%s\t%s\ttheirs\tok\t%s\n' $round "$id" "$1" $round "$id" "$2" >> "$samples"
    round=$((round + 1))
    shift 2
  done
}

report() {
  run --separate-stderr python3 "$REPOSITORY/tests/bench/report.py" "$samples" "$rows" "$machine" "$json" "$svg"
}

result() {
  jq -r ".rows[0].$1 | $plain" "$json"
}

# jq 1.7 prints a number as it was written, such as 21000.0: a sum is written anew.
plain='walk(if type == "number" then . + 0 else . end)'


bench() {
  run_timeout 20 "$REPOSITORY/scripts/bench.sh" "$@"
}

@test "a met goal: medians, the median of the rounds' ratios, and their spread" {
  row one "round trip : floor" theirs ns "<=" 1.08
  # The ratios are 1.0, 1.05 and 1.5; that of the medians would be 1.1.
  sides one 10000 10000 21000 20000 22000 14666.6666666667
  report
  expect_status 0
  expect_equal met "$(result verdict)"
  expect_equal 21000 "$(result median.ours)"
  expect_equal 1.05 "$(result ratio)"
  expect_equal 3 "$(result 'ratios | length')"
  expect_matches "$output" "21 us +14\.7 us +1\.050 +1\.000 \.\. 1\.500 +<= 1\.080 +met"
}

@test "a missed goal ends with 1, whichever way the row counts" {
  row lower "a time" theirs ns "<=" 1.0
  sides lower 101 100
  report
  expect_status 1
  expect_equal MISSED "$(result verdict)"
  row higher "a rate" theirs /s ">=" 2.5
  sides higher 250 100
  report
  expect_status 1
  expect_equal met "$(jq -r '.rows[1].verdict' "$json")"
  sides higher 249 100 249 100
  report
  expect_equal MISSED "$(jq -r '.rows[1].verdict' "$json")"
}

@test "a goal that is a figure of its own needs no other side" {
  row memory "memory" - B "<=" 1024
  printf '%s\tmemory\tours\tok\t%s\n' 1 2000 2 1024 3 100 >> "$samples"
  report
  expect_status 0
  expect_equal met "$(result verdict)"
  expect_equal null "$(result ratio)"
  expect_matches "$output" "100 B \.\. 1\.95 KiB +<= 1 KiB +met"
}

@test "a failed measurement ends with 3, and with 1 where a goal is missed as well" {
  row broken "broken" theirs ns "<=" 1.0
  sides broken 100 100
  printf '2\tbroken\ttheirs\tfailed\tit did not answer\n' >> "$samples"
  report
  expect_status 3
  expect_equal failed "$(jq -r '.rows[0].verdict' "$json")"
  expect_contains "$output" "failed (round 2, theirs: it did not answer)"
  row slow "slow" theirs ns "<=" 1.0
  sides slow 200 100
  report
  expect_status 1
}

@test "a figure that is no number is a failed measurement, and so is a row without samples" {
  row one "one" theirs ns "<=" 1.0
  sides one 100 nan
  report
  expect_status 3
  : > "$samples"
  report
  expect_status 3
  expect_contains "$output" "there are no samples"
}

@test "what cannot be measured is said and is no miss" {
  row one "one" theirs ns "<=" 1.0
  printf '1\tone\tours\tok\t100\n1\tone\ttheirs\tabsent\tqperf is not installed\n' >> "$samples"
  report
  expect_status 0
  expect_equal "not measured" "$(result verdict)"
  expect_contains "$output" "not measured (qperf is not installed)"
  expect_contains "$output" "1 not measured."
}

@test "a row without a goal is shown and never missed" {
  row one "one" theirs ns "<=" -
  sides one 300 100
  report
  expect_status 0
  expect_matches "$output" "3\.000 +3\.000 \.\. 3\.000 +- +no goal"
  expect_lacks "$(cat "$svg")" ">one<"
}

@test "the chart is well-formed whatever the texts contain" {
  row one 'a <b> & "c"' theirs ns "<=" 1.0
  printf '1\tone\tours\tabsent\tno \033[2;35m<peer>\033[0m & \001none\n' >> "$samples"
  row two "two" theirs ns "<=" 1.0
  sides two 100 200
  report
  expect_status 0
  run_python "$svg" << 'PY'
import sys
import xml.etree.ElementTree as tree
texts = [element.text for element in tree.parse(sys.argv[1]).iter() if element.tag.endswith("text")]
print("\n".join(texts))
PY
  expect_status 0
  expect_contains "$output" 'a <b> & "c"'
  expect_contains "$output" "not measured (no <peer> & none)"
  expect_contains "$output" "Model <9> & more"
  expect_contains "$(cat "$svg")" 'class="met"'
}

@test "the results keep what was known of the machine and the versions" {
  row one "one" theirs ns "<=" 1.0
  sides one 100 100
  report
  expect_equal "4 1" "$(jq -r '"\(.machine.cpu_count) \(.versions.lopong)"' "$json")"
  expect_equal '{"ours":{"1":100},"theirs":{"1":100}}' "$(jq -c ".rows[0].samples | $plain" "$json")"
}

@test "bench.sh refuses what it does not know, in one sentence" {
  bench --fast
  expect_status 2
  expect_equal "bench: '--fast' is no option of this script. See scripts/bench.sh --help." "$stderr"
  bench --rounds 4
  expect_status 2
  expect_equal "bench: --rounds takes a whole number from 5 to 1000, not '4'." "$stderr"
  bench --seconds 0.5
  expect_status 2
  expect_contains "$stderr" "--seconds takes a whole number from 1 to 60, not '0.5'."
  bench --json
  expect_status 2
  expect_contains "$stderr" "--json needs a value."
  bench --only '('
  expect_status 2
  expect_contains "$stderr" "takes an extended regular expression, and '(' is none."
  bench --only no_such_row
  expect_status 2
  expect_contains "$stderr" "no row's name matches 'no_such_row'."
}

@test "bench.sh lists its rows and measures nothing" {
  bench --list --only '^idle_memory$|^event_'
  expect_status 0
  expect_contains "$output" "idle_memory "
  expect_contains "$output" "event_sockperf "
  expect_lacks "$output" "busy_floor"
}

@test "each row of the goals is one that bench.sh can measure" {
  run grep -vP '^[a-z0-9_]+(\t[^\t]+){6}$' "$REPOSITORY/tests/bench/goals.tsv"
  expect_equal "" "$output"
  local id ours theirs side
  while IFS=$'\t' read -r id _ ours theirs _; do
    for side in "$ours" "$theirs"; do
      [ "$id" != id ] && [ "$side" != - ] || continue
      grep -q "^measure_${side%% *}() {" "$REPOSITORY"/tests/bench/measures*.bash || {
        echo "$id: nothing measures '$side'"
        return 1
      }
    done
  done < "$REPOSITORY/tests/bench/goals.tsv"
}

@test "a peer that cannot be installed costs neither the others nor the exit status" {
  local stubs=$BATS_TEST_TMPDIR/stubs log=$BATS_TEST_TMPDIR/log tool
  mkdir "$stubs"
  for tool in sh env cut find head grep cat jq python3 taskset setpriv; do ln -s "$(command -v $tool)" "$stubs/$tool"; done
  printf '#!/bin/sh\necho 0\n' > "$stubs/id"
  printf '#!/bin/sh\necho "$*" >> %s\ncase $* in *netperf) exit 100 ;; esac\n' "$log" > "$stubs/apt-get"
  chmod 755 "$stubs/id" "$stubs/apt-get"
  run --separate-stderr env PATH="$stubs" sh "$REPOSITORY/scripts/install-deps.sh" bench < /dev/null
  expect_status 0
  expect_contains "$stderr" "not installed: netperf, because apt-get could not install netperf"
  expect_contains "$stderr" "non-free"
  expect_contains "$stderr" "not installed: neper, because no package of it for apt-get is known."
  expect_matches "$(tail -n 1 "$log")" "install .*nodejs$"
  expect_matches "$(cat "$log")" "install .*sockperf"
}

# judge_pairs SAME_NAMED SAME_REGRESSIONS FOUND: one line for each goal, of 20 pairs with 80 figures a placement.
judge_pairs() {
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$REPOSITORY/tests/bench python3 - "$@" << 'PYTHON'
import sys
import compare_pairs
named, regressions, found = map(int, sys.argv[1:])
pair = lambda status, verdict: {"status": status, "figures": {"p50": [verdict, 1.0]}, "left_out": 0, "spin_ns": 0}
same = {"figures": 80, "named": named, "regressions": regressions, "pairs": 20}
slower = {"regressions": found, "pairs": 20}
for _, came, is_met in compare_pairs.judge([{"placement": "apart", "same": same, "slower": slower}]):
    print(came, is_met)
summary = compare_pairs.summarise([pair(1, "worse"), pair(0, "better"), pair(0, "within noise")])
print(summary["figures"], summary["named"], summary["regressions"])
PYTHON
}

@test "pairs of compare are held against one false figure in a hundred and nine pairs found in ten" {
  run judge_pairs 0 0 18
  expect_status 0
  expect_equal $'0 of 80 True\n0 True\n18 of 20 True\n3 2 1' "$output"
  run judge_pairs 1 1 17
  expect_equal $'1 of 80 False\n1 False\n17 of 20 False\n3 2 1' "$output"
}

@test "--compare has options of its own" {
  run "$REPOSITORY/scripts/bench.sh" --compare --help
  expect_status 0
  expect_contains "$output" "--pairs"
  run "$REPOSITORY/scripts/bench.sh" --compare --pairs 0
  expect_status 2
  expect_contains "$output" "--pairs and --seconds are at least 1"
}
