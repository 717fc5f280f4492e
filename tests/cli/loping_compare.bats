#!/usr/bin/env bats
# compare: what it says of result files, real and made, and with which exit status.

load test_helper
load loping_helper

# make_result FILE P50 [JQ]: a result of 20 slices around a p50 of P50 ns, changed by a filter of jq.
make_result() {
  jq -n --argjson p50 "$2" '
    def near(i; x): (x * (1 + ([3, -1, 4, -1, -5, 9, -2, 6, -5, 3, -5, -8, 9, 7, -9, 3, 2, -3, 8, -4][i]) / 1000)) | floor;
    {schema_version: 1, tool: "loping", version: "0.1.0", started_at: "2026-11-22T00:00:00Z",
     environment: {release: "6.1", load_1m: 0.5},
     runs: [{workload: {name: "latency", direction: null, transport: "tcp", payload_bytes: 64, connections: 1, depth: 1},
             rtt_ns: {count: 200000, p50: $p50, p99: ($p50 * 3), p99_9: ($p50 * 9)},
             throughput: {bytes_received: 1280000, round_trips_per_second: (1e9 / $p50)},
             errors: {lost: 0, corrupted: 0},
             intervals: [range(20) | {duration_ns: 1000000000, round_trips: near(.; 1e9 / $p50), bytes_moved: 0,
                                      rtt_p50_ns: near(.; $p50), rtt_p99_ns: near(.; $p50 * 3)}]}]}' |
    jq "${3:-.}" > "$1"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

@test "a result compared with itself is within noise" {
  make_result a.json 20000
  loping compare a.json a.json
  expect_status 0
  expect_equal "" "$stderr"
  expect_matches "$output" "round trip p50 +20.0 us +20.0 us +\+0.0 % +within noise"
  expect_contains "$output" "no regression"
  expect_contains "$output" "Welch's t-test"
}

@test "two runs of one server with one another give a verdict for every figure that has slices" {
  start_lopong
  local file
  for file in a b; do
    loping latency --duration 4500ms --warmup 50ms "$PORT" --json "$file.json"
    expect_status 0
  done
  loping compare a.json b.json --threshold 100% --json -
  # Of a machine that is busy in one of the runs the second can be a regression.
  expect_status $(($(jq .regressions <<< "$output") > 0))
  expect_equal '["p50","p99","bits_per_second","round_trips_per_second"]' \
    "$(jq -c '[.comparisons[0].runs[0].figures[] | select(.verdict != null) | .name]' <<< "$output")"
  local slices='[.runs[0].intervals[] | select(.duration_ns >= 500000000)] | length'
  [ "$(jq "$slices" a.json)" -ge 3 ]
  expect_equal "$(jq "$slices" a.json) $(jq "$slices" b.json)" \
    "$(jq -r '.comparisons[0].runs[0] | "\(.baseline_slices) \(.slices)"' <<< "$output")"
}

@test "a slow-down by a tenth is a regression" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare a.json b.json
  expect_status 1
  expect_matches "$output" "round trip p50 +20.0 us +22.0 us +\+10.0 % +worse"
  expect_matches "$output" "round trips a second +50,000 +45,455 +-9.1 % +worse"
  expect_contains "$output" "regression: round trip p50 of latency (tcp, 64 B): +10.0 %"
  expect_lacks "$output" "no regression"
}

@test "a speed-up is better, and no regression" {
  make_result a.json 22000
  make_result b.json 20000
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p50 .* better"
}

@test "worse by less than the threshold is said, and is no regression" {
  make_result a.json 20000
  make_result b.json 20600
  loping compare a.json b.json
  expect_status 0
  expect_contains "$output" "worse, but not by more than 5 %"
  loping compare a.json b.json --threshold 2%
  expect_status 1
  loping compare a.json b.json --threshold 0
  expect_status 1
  loping compare a.json b.json --threshold 3.1
  expect_status 0
}

@test "with too few slices there are figures and no verdict" {
  make_result a.json 20000
  make_result b.json 40000 '.runs[0].intervals |= .[:2]'
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p50 +20.0 us +40.0 us +\+100.0 % +not enough slices"
}

@test "figures that no slice has of its own stand without a verdict" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].rtt_ns.p99_9 = 900000'
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p99.9 +180 us +900 us +\+400.0 %"$'\n'
}

@test "what differs in machine and workload is said, and other workloads are not judged" {
  make_result a.json 20000
  make_result b.json 40000 '.environment.release = "6.2" | .environment.load_1m = 9'
  loping compare a.json b.json
  expect_status 1
  expect_contains "$output" "differs: release: 6.1, then 6.2"
  expect_lacks "$output" load_1m
  make_result c.json 40000 '.runs[0].workload.depth = 8'
  loping compare a.json c.json
  expect_status 0
  expect_contains "$output" "not the same workload: depth: 1, then 8"
  expect_matches "$output" "round trip p50 .* not comparable"
}

@test "several files are each compared with the first" {
  make_result a.json 20000
  make_result b.json 20100
  make_result c.json 30000
  loping compare a.json b.json c.json --json result.json
  expect_status 1
  expect_contains "$output" "against   b.json"
  expect_contains "$output" "against   c.json"
  expect_equal '[0,3]' "$(jq -c '[.comparisons[].runs[0].figures | map(select(.regression)) | length]' result.json)"
  expect_equal 3 "$(jq .regressions result.json)"
  expect_equal '"a.json"' "$(jq .baseline result.json)"
  expect_equal worse "$(jq -r '.comparisons[1].runs[0].figures[] | select(.name == "p50").verdict' result.json)"
}

@test "runs are matched whatever their order, and one without a baseline is told" {
  make_result a.json 20000 '.runs += [.runs[0] | .workload.payload_bytes = 1024]'
  make_result b.json 20000 '.runs |= [(.[0] | .workload.payload_bytes = 1024), .[0], (.[0] | .workload.name = "connect")]'
  loping compare a.json b.json
  expect_status 0
  expect_lacks "$output" "not the same workload"
  expect_contains "$output" "connect (tcp, 64 B): not in the baseline"
}

@test "files with nothing in common are no success" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].workload.name = "connect"'
  loping compare a.json b.json
  expect_status 3
  expect_contains "$stderr" "no run of these files measured the same kind of thing"
}

@test "results of the first version are compared with today's" {
  loping compare "$REPOSITORY/tests/golden/ping_oldest.json" "$REPOSITORY/tests/golden/ping_oldest.json"
  expect_status 0
  expect_contains "$output" "one-second slices: 4, then 4"
  loping compare "$REPOSITORY/tests/golden/throughput_oldest.json" "$REPOSITORY/tests/golden/throughput_oldest.json"
  expect_status 0
  expect_matches "$output" "rate, one way .* within noise"
  expect_lacks "$output" "round trips a second"
}

@test "a file that is no result is named with what is wrong with it" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].rtt_ns.p99 = "fast"'
  loping compare a.json b.json
  expect_status 3
  expect_equal "" "$output"
  expect_contains "$stderr" "'b.json' is no result file that can be compared: runs[0].rtt_ns.p99 is a text, and a number is expected"
  loping compare a.json none.json
  expect_status 3
  expect_contains "$stderr" "'none.json' cannot be read: no such file or directory"
  echo hello > c.json
  loping compare c.json a.json
  expect_status 3
  expect_contains "$stderr" "'c.json' is not JSON: line 1"
}

@test "a file without an end is not read for ever" {
  [ -e /dev/zero ] || skip "needs /dev/zero"
  make_result a.json 20000
  loping compare a.json /dev/zero
  expect_status 3
  expect_contains "$stderr" "'/dev/zero' is larger than 64 MiB"
}

@test "what a file holds cannot reach the terminal as a control sequence" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].workload.transport = "\u001b[31m" | .environment.release = "\u001b]0;x\u0007" | .started_at = "\u001b"'
  loping compare a.json b.json
  expect_status 0
  expect_lacks "$output$stderr" $'\e'
}

@test "--quiet leaves only what is better or worse" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare --quiet a.json b.json
  expect_status 1
  expect_contains "$output" "round trip p50"
  expect_lacks "$output" "p99.9"
  expect_lacks "$output" "Welch"
}

@test "with JSON on stdout nothing else stands there" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare a.json b.json --json -
  expect_status 1
  jq -e '.threshold_percent == 5 and .alpha == 0.01' <<< "$output"
  expect_contains "$stderr" "regression: round trip p50"
  loping compare a.json b.json --json /dev/full
  expect_status 3
}

@test "wrong usage is refused" {
  loping compare
  expect_status 2
  expect_contains "$stderr" "compare needs two result files or more"
  loping compare a.json
  expect_status 2
  loping compare a.json b.json --threshold few
  expect_status 2
  expect_contains "$stderr" "--threshold: 'few' is no percentage from 0 to 100; give one such as 5%"
  loping compare --help
  expect_status 0
  expect_contains "$output" "usage: loping compare [options] BASELINE FILE [FILE ...]"
}
