#!/usr/bin/env bats
# loping latency --floor: the bare threads have their turns in the same run, and the run's own figures stay its own.

load test_helper
load loping_helper

# has_floor TARGET OPTION...: both sides were measured, and the ratio is that of their medians.
has_floor() {
  loping_result latency --floor --duration 250ms --warmup 50ms "$@"
  expect_status 0
  expect_equal "" "$stderr"
  expect_json '.error == null' '.runs[0].rtt_ns.count > 0' '.runs[0].floor.rtt_ns.count > 0' \
    '.runs[0].floor.turn_ns == 50000000' \
    '.runs[0] | (.floor.turns < 5) == (.notes | any(test("The floor had [0-9]+ turns .*too few")))' \
    '.runs[0] | (.floor.ratio_p50 - .rtt_ns.p50 / .floor.rtt_ns.p50 | fabs) < 1e-9' \
    '.runs[0].floor.same_cpu_percent | . >= 0 and . <= 100' \
    '[.runs[0].errors | del(.first_corrupted_offset) | add] | add == 0'
}

@test "the floor is measured over TCP on both families" {
  start_lopong --tcp --bind 127.0.0.1 --bind ::1
  has_floor "$PORT"
  has_floor "[::1]:$PORT"
}

@test "the floor is measured over UDP and unix sockets" {
  start_lopong --tcp --udp --unix "$BATS_TEST_TMPDIR/echo.sock"
  has_floor --udp "$PORT"
  has_floor "unix:$BATS_TEST_TMPDIR/echo.sock"
}

@test "a plain echo server can be compared with the floor, too" {
  start_peer tcp4 echo
  has_floor "$PORT"
}

@test "the floor's turns are not in the run's time, its slices or its rates" {
  start_lopong --tcp
  local begin_ns whole_ns
  begin_ns=$(date +%s%N)
  loping_result latency --floor --warmup 0 --duration 1s "$PORT"
  whole_ns=$(($(date +%s%N) - begin_ns))
  expect_status 0
  # The turns take about half of the whole time. With them in its own time, the run would be longer than what is left.
  expect_json '.runs[0].floor.turns >= 2' '.runs[0].workload.duration_ns >= 990000000' \
    ".runs[0] | .workload.duration_ns <= $whole_ns - .floor.turns * .floor.turn_ns" \
    '.runs[0] | ([.intervals[].duration_ns] | add) <= .workload.duration_ns' \
    '.runs[0] | (.throughput.round_trips_per_second - .rtt_ns.count * 1e9 / .workload.duration_ns | fabs)
       < 0.001 * .throughput.round_trips_per_second' \
    ".runs[0] | .cpu_use.elapsed_ns <= $whole_ns - .floor.turns * .floor.turn_ns" '.runs[0] | .cpu_use.elapsed_ns >= .workload.duration_ns * 0.95'
}

@test "the report says the limit, the ratio and how it was measured" {
  start_lopong --tcp
  loping latency --floor --duration 250ms "$PORT"
  expect_status 0
  expect_matches "$output" "this machine's limit in the same seconds is p50 [0-9.]+ [um]s .*this run is [0-9.]+ x of it"
  expect_contains "$output" "two bare threads, blocking send and recv"
  expect_contains "$output" "of its round trips"
}

@test "a run that is too short for five turns says so" {
  start_lopong --tcp
  loping_result latency --floor --warmup 0 --count 1 "$PORT"
  expect_status 0
  expect_json '.runs[0].floor == null' '.runs[0].notes | any(test("too few"))'
}

@test "without --floor there is none" {
  start_lopong --tcp
  loping_result latency "${FAST[@]}" "$PORT"
  expect_json '.runs[0].floor == null'
}

@test "the echo thread may run where the server may" {
  need_command taskset
  [ "${PLATFORM:-linux}" = linux ] || skip "POSIX has no call for it"
  [ "$(nproc)" -ge 2 ] || skip "needs two CPUs"
  LOPONG_WRAPPER=(taskset -c 1)
  start_lopong --tcp
  loping_result latency --floor --duration 250ms --cpu 0 "$PORT"
  expect_status 0
  expect_json '.runs[0].floor.same_cpu_percent == 0'
  loping_result latency --floor --duration 250ms --cpu 1 "$PORT"
  expect_json '.runs[0].floor.same_cpu_percent == 100'
}

@test "a run of many messages in flight is not compared with the floor of one" {
  start_lopong --tcp
  local option
  for option in '--connections 2' '--depth 2' '--rate 100' --busy-poll; do
    # shellcheck disable=SC2086 # an option and its value
    loping latency --floor $option "$PORT"
    expect_status 2
    expect_contains "$stderr" "--floor and ${option%% *} contradict each other"
  done
}

@test "Ctrl-C ends a run with a floor, with all that was measured" {
  start_lopong --tcp
  start_loping floored latency --floor --duration 1h --json "$RESULT" "$PORT"
  # Some turns pass; how many does not matter.
  wait_until eval '[ "$(awk "{ print \$14 + \$15 }" "/proc/$LOPING_PID/stat")" -ge 20 ]'
  kill -INT "$LOPING_PID"
  wait_loping
  expect_equal 0 "$status"
  expect_json '.runs[0].interrupted' '.runs[0].rtt_ns.count > 0'
}
