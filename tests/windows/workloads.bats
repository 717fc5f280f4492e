#!/usr/bin/env bats
# Every workload of the programs for Windows, and what they leave out there.

load windows_helper

setup() {
  start_lopong
}

@test "latency at a rate: the schedule is kept by Windows' timers" {
  loping latency --rate 100 --count 20 --warmup 0 --json - "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 20'
}

@test "throughput: a stream there, back, and both ways" {
  local direction
  for direction in up down echo; do
    loping throughput --direction $direction --duration 150ms --warmup 0 --json - "$PORT"
    expect_status 0
    expect_json '.runs[0].errors.corrupted == 0'
  done
}

@test "connect: handshakes one after the other" {
  loping connect --count 20 --warmup 0 --json - "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 20'
}

@test "ping: a line for each reply" {
  loping ping --count 3 --interval 10ms "$PORT"
  expect_status 0
  expect_contains "$output" 'seq=3'
  expect_no_returns
}

@test "sweep: latency and throughput over sizes" {
  loping sweep --sizes 64,4KiB --duration 60ms --warmup 0 "$PORT"
  expect_status 0
  expect_contains "$output" '4 KiB'
}

@test "several connections, busy-polling and many messages in flight" {
  loping latency --connections 4 --depth 8 --busy-poll --duration 150ms --warmup 0 --json - "$PORT"
  expect_status 0
  expect_json '.runs[0].errors.corrupted == 0'
}

@test "anatomy and the floor say that they need Linux" {
  loping anatomy "$PORT"
  expect_status 2
  expect_contains "$stderr" 'anatomy needs Linux'
  loping latency --floor "$PORT"
  expect_status 2
  expect_contains "$stderr" '--floor needs Linux'
}
