#!/usr/bin/env bats
# The result file's fields: those of earlier versions are all there still (tests/golden/fields, recorded before the
# figures became rows), and what is new is only added. Left out are the groups that depend on the machine's mood:
# placement, confidence, notes.

load test_helper
load loping_helper

setup() {
  start_lopong --port 0
}

# Every path to a plain value, the places in arrays made alike.
paths_of() {
  jq -r '[paths(type != "object" and type != "array")
    | map(if type == "number" then "[]" else . end) | join(".")] | unique | .[]' "$1"
}

# expect_fields NAME ARGUMENT...
expect_fields() {
  local name=$1 missing
  shift
  loping_result "$@" "${PATIENT[@]}"
  expect_status 0
  missing=$(paths_of "$RESULT" | sort | comm -13 - <(sort "$REPOSITORY/tests/golden/fields/$name.txt"))
  expect_equal "" "$missing"
}

@test "the result of each command has every field that it had" {
  expect_fields card --duration 200ms --quiet "$PORT"
  expect_fields ping ping --count 2 --interval 10ms "$PORT"
  expect_fields latency latency --percentiles 75 --duration 600ms "$PORT"
  expect_fields open_loop latency --rate 1000 --percentiles 75 --duration 600ms "$PORT"
  expect_fields udp latency --udp --count 50 "$PORT"
  expect_fields echo throughput --duration 200ms "$PORT"
  expect_fields up throughput --direction up --duration 200ms "$PORT"
  expect_fields connect connect --count 50 "$PORT"
}

@test "the results of anatomy and --floor have every field that they had" {
  expect_fields anatomy anatomy --count 200 "$PORT"
  expect_fields floor latency --floor --duration 1s "$PORT"
}
