#!/usr/bin/env bats
# The result file: valid whatever happens, complete, and its figures agree with each other.

load test_helper
load loping_helper

# What must hold of every result file.
expect_whole() {
  local names
  names='["schema_version","tool","version","command_line","started_at","environment","runs","error"]'
  expect_json ".schema_version == 1" '.tool == "loping"' '.version | test("^[0-9.]+$")' \
    '.started_at | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")' "($names - keys) == []" \
    '.environment | .system != null and .cpu_count > 0 and .libuv_version != null' \
    '.command_line | length > 1 and all(type == "string")' '[.. | numbers | isnormal or . == 0] | all'
  expect_equal 1 "$(wc -l < "$RESULT")"
  if grep -qiE '[:,[](nan|-?inf)' "$RESULT"; then return 1; fi
}

expect_run_whole() {
  local names
  names='["workload","peer","interrupted","rtt_ns","response_ns","legs_ns","placement","throughput","errors","histogram","intervals","notes"]'
  expect_json ".runs | length > 0 and all(($names - keys) == [])" \
    '.runs | all(.workload | .name != null and .transport != null and .payload_bytes > 0 and .wait == "event")' \
    '.runs | all(.notes | all(type == "string"))'
}

# The figures of every run agree with each other.
expect_consistent() {
  expect_json '.runs | all(.rtt_ns == null or ([.histogram[][1]] | add) == .rtt_ns.count)' \
    '.runs | all(.rtt_ns == null or ([.histogram[][0]] | . == (sort | unique)))' \
    '.runs | all(.rtt_ns == null or (.rtt_ns | .min <= .p50 and .p50 <= .p90 and .p90 <= .p99 and .p99 <= .p99_9 and
      .p99_9 <= .p99_99 and .p99_99 <= .max and .min <= .mean and .mean <= .max))' \
    '.runs | all(.throughput == null or ((.throughput.bits_per_second * .workload.duration_ns / 8e9
      - .throughput.bytes_received) | fabs) <= .throughput.bytes_received * 1e-9)' \
    '.runs | all(.throughput == null or .rtt_ns == null or ((.throughput.round_trips_per_second * .workload.duration_ns / 1e9
      - .rtt_ns.count) | fabs) <= .rtt_ns.count * 1e-9)' \
    '.runs | all(.throughput == null or .rtt_ns == null or
      .throughput.bytes_received == .rtt_ns.count * .workload.payload_bytes)' \
    '.runs | all(.rtt_ns == null or (.intervals | length) > 1 or .intervals[0].round_trips == .rtt_ns.count)' \
    '.runs | all((.intervals | length) == 0 or (.workload.duration_ns - ([.intervals[].duration_ns] | add)
      | . >= 0 and . < 100000000))'
  expect_percentiles_by_histogram
}

# Each percentile is the nearest rank's bucket, or the maximum where that is less (histogram.h).
expect_percentiles_by_histogram() {
  run --separate-stderr python3 -I -S - "$RESULT" << 'PY'
import json, math, sys
from fractions import Fraction
for run in json.load(open(sys.argv[1]))["runs"]:
    if not run["rtt_ns"]:
        continue
    for name, percent in ("p50", "50"), ("p90", "90"), ("p99", "99"), ("p99_9", "99.9"), ("p99_99", "99.99"):
        rank = max(1, math.ceil(Fraction(percent) / 100 * run["rtt_ns"]["count"]))
        seen = 0
        for upper, count in run["histogram"]:
            seen += count
            if seen >= rank:
                break
        want = min(upper, run["rtt_ns"]["max"])
        assert run["rtt_ns"][name] == want, (name, run["rtt_ns"][name], want)
PY
  expect_status 0
}

@test "latency against lopong: every field, and the figures agree" {
  start_lopong --tcp
  local arguments
  for arguments in "--count 3000" "--duration 150ms --connections 4 --depth 3" "--count 1" "--count 2 --size 40"; do
    # shellcheck disable=SC2086
    loping_result latency --warmup 20ms $arguments "$PORT"
    expect_status 0
    expect_whole
    expect_run_whole
    expect_consistent
    expect_json '.error == null' '.runs[0].peer.kind == "lopong"' '.runs[0].response_ns == null'
  done
}

@test "the legs' means add up to the mean of the round trip, and each leg counts as often" {
  start_lopong --tcp --udp
  local arguments
  for arguments in "" "--udp" "--depth 4 --connections 2"; do
    # shellcheck disable=SC2086
    loping_result latency --warmup 0 --count 2000 $arguments "$PORT"
    expect_status 0
    expect_json '.runs[0] | (.legs_ns.there.mean + .legs_ns.server.mean + .legs_ns.back.mean - .rtt_ns.mean | fabs) < 0.01' \
      '.runs[0].legs_ns | [.there.count, .server.count, .back.count] == [2000, 2000, 2000]' \
      '.runs[0] | .legs_ns.there.max <= .rtt_ns.max and .legs_ns.server.max <= .rtt_ns.max'
  done
}

@test "throughput and the report card: every field, and the figures agree" {
  start_lopong --tcp
  loping_result throughput --warmup 20ms --duration 150ms --connections 2 "$PORT"
  expect_status 0
  expect_whole
  expect_run_whole
  expect_consistent
  expect_json '.runs[0].rtt_ns == null' '.runs[0].histogram == null' '.runs[0].legs_ns == null' \
    '.runs[0].throughput.bytes_received > 0' '.runs[0].workload.payload_bytes == 524288'
  loping_result --warmup 20ms --duration 100ms "$PORT"
  expect_status 0
  expect_whole
  expect_run_whole
  expect_consistent
}

@test "the measured time is what was asked for, and at least as long" {
  start_lopong --tcp
  loping_result latency --warmup 0 --duration 120ms "$PORT"
  # Timers count whole milliseconds of the loop's own time.
  expect_json '.runs[0].workload.duration_ns >= 118000000'
  loping_result throughput --warmup 0 --duration 120ms "$PORT"
  expect_json '.runs[0].workload.duration_ns >= 118000000'
}

@test "a run of more than a second is listed in slices of a second" {
  start_lopong --tcp
  loping_result latency --warmup 0 --duration 1900ms "$PORT"
  expect_status 0
  expect_consistent
  # One ends with the first reply after its second: on a busy machine there may be two or three, or one alone.
  expect_json '.runs[0].intervals | length > 0' '.runs[0].intervals[0].start_ns == 0' \
    '.runs[0].intervals | [.[1:], .[:-1]] | transpose | all(.[0].start_ns == .[1].start_ns + .[1].duration_ns)' \
    '.runs[0].intervals[:-1] | all(.duration_ns >= 1000000000)' \
    '.runs[0].intervals | all(.rtt_p50_ns > 0 and .rtt_max_ns >= .rtt_p99_ns)'
}

@test "the file is valid after a refusal, an unknown host and a silent server" {
  loping_result latency "$(unused_port)"
  expect_status 3
  expect_whole
  expect_run_whole
  expect_json '.error.code == "ECONNREFUSED"' '.error.what_to_do | length > 0' '.error.holders == []'
  loping_result latency no-such-host.invalid:7
  expect_status 3
  expect_whole
  expect_json '.runs == []' '.error.likely_cause | contains("no-such-host.invalid")'
  start_peer tcp4 silent
  loping_result latency --timeout 50ms "$PORT"
  expect_status 3
  expect_whole
  expect_run_whole
  expect_json ".error.holders[0].pid == $PEER_PID" '.error.holders[0].state == "LISTEN"' \
    ".error.holders[0].address == \"127.0.0.1:$PORT\""
}

@test "the file is valid after a reset in mid-run, with the figures until then" {
  start_peer tcp4 reset-after 6400
  loping_result latency --warmup 0 "$PORT"
  expect_status 3
  expect_whole
  expect_run_whole
  expect_consistent
  expect_json '.runs[0].rtt_ns.count == 100' '.error.code == "ECONNRESET"'
}

@test "the file is valid after Ctrl-C, in the middle and before anything was measured" {
  start_peer --tell 6400 tcp4 echo
  start_loping run latency --warmup 0 --duration 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
  kill -INT "$LOPING_PID"
  wait_loping
  expect_whole
  expect_run_whole
  expect_consistent
  start_peer tcp4 deaf
  start_loping run latency --timeout 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" accepted
  kill -INT "$LOPING_PID"
  wait_loping
  expect_whole
  expect_run_whole
}

@test "on stdout the failure is in the result too, and its words on stderr" {
  PORT=$(unused_port)
  loping latency --json - "$PORT"
  expect_status 3
  expect_equal ECONNREFUSED "$(jq -r .error.code <<< "$output")"
  expect_contains "$stderr" "connection refused (ECONNREFUSED)"
}

@test "the command line is in the file as it was typed, also if it is no text" {
  PORT=$(unused_port)
  loping_result latency --seed 7 $'unix:/tmp/\xff\e"\\x' --timeout 50ms
  expect_status 3
  expect_whole
  expect_json '.command_line[1:4] == ["latency", "--seed", "7"]' '.command_line[4] | contains("xff")'
}

@test "an old result file is replaced, also by a shorter one" {
  start_lopong --tcp
  loping_result latency --warmup 0 --count 2000 "$PORT"
  loping latency --json "$RESULT" "$(unused_port)"
  expect_status 3
  expect_whole
}

@test "a target that is wrong leaves an old result file alone" {
  echo precious > "$RESULT"
  loping latency --json "$RESULT" 192.0.2.1:7
  expect_status 2
  expect_equal precious "$(cat "$RESULT")"
}

@test "the seed decides the pattern: two servers' logs of the same seed are the same, of another not" {
  local log
  for log in first:5 second:5 third:6; do
    start_peer --once tcp4 record "$BATS_TEST_TMPDIR/${log%:*}"
    loping_result latency "${FAST[@]}" --size 30 --seed "${log#*:}" "$PORT"
    expect_status 0
    expect_json ".runs[0].workload.seed == ${log#*:}"
    expect_equal 1500 "$(stat -c %s "$BATS_TEST_TMPDIR/${log%:*}")"
  done
  cmp "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
  run cmp -s "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/third"
  expect_status 1
}
