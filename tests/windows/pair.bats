#!/usr/bin/env bats
# The programs for Windows with each other, and with those for this system.

load windows_helper

@test "both programs tell their version and help, line by line as elsewhere" {
  loping --version
  expect_status 0
  expect_matches "$output" '^loping [0-9.]+ \(libuv [0-9.]+\)$'
  expect_no_returns
  lopong --help
  expect_status 0
  expect_contains "$output" 'Usage: lopong'
  expect_no_returns
}

@test "the ready line names the port that Windows picked, and is followed by no return" {
  start_lopong
  expect_matches "$PORT" '^[1-9][0-9]*$'
  expect_lacks "$(cat "$LOPONG_OUT")" "$RETURN"
}

@test "TCP: every byte of the latency comes back" {
  start_lopong
  loping latency --count 200 --warmup 0 --json - "$PORT"
  expect_status 0
  expect_json '.runs[0] | .workload.transport == "tcp" and .rtt_ns.count == 200 and .errors.corrupted == 0'
}

@test "UDP: every datagram of the latency comes back" {
  start_lopong
  loping latency --udp --count 200 --warmup 0 --json - "$PORT"
  expect_status 0
  expect_json '.runs[0] | .workload.transport == "udp" and .rtt_ns.count == 200 and .errors.corrupted == 0'
}

@test "IPv6: the pair meets on ::1" {
  start_lopong --bind ::1
  loping latency --count 20 --warmup 0 "[::1]:$PORT"
  expect_status 0
}

@test "a client for this system is served by a server for Windows" {
  start_lopong
  run_timeout 60 "$LINUX_LOPING" latency --count 50 --warmup 0 "$PORT"
  expect_status 0
  expect_contains "$output" 'came back byte for byte'
}

@test "a client for Windows is served by a server for this system" {
  LOPONG=$LINUX_LOPONG
  LOPONG_WRAPPER=()
  start_lopong
  loping throughput --duration 200ms --warmup 0 "$PORT"
  expect_status 0
  expect_contains "$output" 'every byte that was read is the byte that was sent'
}

@test "Ctrl-C ends the server with its summary" {
  start_lopong
  loping latency --count 5 --warmup 0 "$PORT"
  stop_lopong INT
  expect_status 0
  expect_contains "$(cat "$LOPONG_OUT")" 'summary after'
  expect_contains "$(cat "$LOPONG_OUT")" 'connections: 1'
}

@test "Ctrl-C ends the client with what it has measured" {
  start_lopong
  start_background ping "$WINE" "$LOPING" ping --interval 50ms "$PORT"
  wait_until file_contains "$BATS_TEST_TMPDIR/ping.out" 'seq=2'
  kill -INT "$BACKGROUND_PID"
  wait_until process_is_gone "$BACKGROUND_PID"
  expect_contains "$(cat "$BATS_TEST_TMPDIR/ping.out")" 'replies, RTT min'
}
