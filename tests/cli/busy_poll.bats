#!/usr/bin/env bats
# --busy-poll on both programs: the same answers, no starving, and the CPU given back.

load test_helper
load loping_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

# Asked without another process, as the spinning lasts only a second.
state_is() {
  local stat
  read -r stat < "/proc/$2/stat"
  [[ "${stat##*) }" == "$1 "* ]]
}

# A process that spins runs, and never sleeps.
is_asleep() {
  state_is S "$1"
}

is_running() {
  state_is R "$1"
}

@test "messages over every transport come back byte for byte, and the report names the mode" {
  start_lopong --busy-poll --tcp --udp --unix "$BATS_TEST_TMPDIR/echo.sock"
  local target
  for target in "$PORT" "--udp $PORT" "unix:$BATS_TEST_TMPDIR/echo.sock"; do
    # shellcheck disable=SC2086 # option and port are two words
    loping latency --busy-poll "${FAST[@]}" --json "$RESULT" $target
    expect_status 0
    expect_contains "$output" "busy-poll;"
    expect_contains "$output" "all 50 echoes came back byte for byte"
    expect_json '.runs[0].workload.wait == "busy-poll"' '.runs[0].rtt_ns.count == 50'
  done
}

@test "streams in every direction, with and without copies" {
  start_lopong --busy-poll --tcp
  local direction
  for direction in echo up down; do
    loping throughput --busy-poll --direction $direction --warmup 0 --duration 100ms "$PORT"
    expect_status 0
    loping throughput --busy-poll --zero-copy --direction $direction --warmup 0 --duration 100ms "$PORT"
    expect_status 0
  done
}

# 40 connections are asked directly, 100 are more than that and left to the poller.
@test "no connection starves beside a busy one" {
  start_lopong --busy-poll --tcp
  local others
  for others in 40 100; do
    run_python "$PORT" $others << 'PY'
import sys, threading
from lopong_client import *
busy = connect(sys.argv[1])
is_over = threading.Event()
def keep_busy():
    while not is_over.is_set():
        assert echo(busy, b"busy" * 100) == b"busy" * 100
thread = threading.Thread(target=keep_busy)
thread.start()
others = [connect(sys.argv[1]) for _ in range(int(sys.argv[2]))]
for turn in range(5):
    for number, client in enumerate(others):
        message = b"%d of %d" % (turn, number)
        assert echo(client, message) == message
is_over.set()
thread.join()
PY
    expect_status 0
  done
}

@test "every client of many gets its share" {
  start_lopong --busy-poll --tcp
  loping latency --busy-poll --connections 20 --depth 4 --warmup 0 --count 2000 --json "$RESULT" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count >= 2000' '[.runs[0].errors | del(.first_corrupted_offset) | add] | add == 0'
}

@test "the server gives the CPU back when its clients are silent, and answers the next message" {
  start_lopong --busy-poll --tcp
  exec 8<> "/dev/tcp/127.0.0.1/$PORT"
  local answer
  for _ in first second; do
    echo "wake up" >&8
    read -r -t "$DEADLINE_SECONDS" answer <&8
    expect_equal "wake up" "$answer"
    wait_until is_running "$LOPONG_PID"
    wait_until is_asleep "$LOPONG_PID"
  done
}

@test "a server whose last client has gone sleeps at once" {
  start_lopong --busy-poll --tcp
  loping latency "${FAST[@]}" "$PORT"
  expect_status 0
  wait_until is_asleep "$LOPONG_PID"
}

@test "a client that waits for its next ping gives the CPU back" {
  start_lopong --tcp
  start_loping pinging ping --busy-poll --interval 1h "$PORT"
  wait_until test -s "$LOPING_OUT"
  wait_until is_asleep "$LOPING_PID"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
}

@test "half-close, reset and shutdown are noticed without the poller" {
  start_lopong --busy-poll --tcp --verbose
  run_python "$PORT" << 'PY'
import socket, struct, sys
from lopong_client import *
first, second, third = (connect(sys.argv[1]) for _ in range(3))
for client in first, second, third:
    assert echo(client, b"direct") == b"direct"
first.sendall(b"x" * 200_000)
first.shutdown(socket.SHUT_WR)
assert len(read_to_end(first)) == 200_000
second.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
second.close()
assert echo(third, b"still there") == b"still there"
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_OUT")" "connections: 3"
}
