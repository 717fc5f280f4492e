#!/usr/bin/env bats
# A plain stream that carries much goes through the kernel (splice), and nobody sees a difference but in its speed.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  [ "${PLATFORM:-linux}" = linux ] || skip "the portable build copies"
}

# start_traced SPEC...: lopong under strace, whose log is "$BATS_TEST_TMPDIR/calls". -D: the server is what is started and ended.
start_traced() {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  LOPONG_WRAPPER=(strace -D -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=splice,pipe2 "$@")
  start_lopong --tcp
}

# Whole, in both directions at once, and again by the same connection after small messages.
echo_much() {
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
payload = random_bytes(8_000_000)
with connect(sys.argv[1]) as client:
    for _ in range(2):
        assert echo(client, payload) == payload
        for number in range(40):
            small = random_bytes(100 + number)
            assert echo(client, small) == small, number
PY
  expect_status 0
}

@test "a stream that carries much is spliced, byte for byte, and small messages after it are not" {
  start_traced
  echo_much
  local spliced
  spliced=$(grep -c 'splice(.*= [1-9]' "$BATS_TEST_TMPDIR/calls")
  echo "$spliced calls moved bytes"
  [ "$spliced" -gt 50 ]
}

@test "small messages alone need no pipe" {
  start_traced
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
with connect(sys.argv[1]) as client:
    for number in range(200):
        assert echo(client, random_bytes(1 + number * 80)) == random_bytes(1 + number * 80)
PY
  expect_status 0
  expect_lacks "$(cat "$BATS_TEST_TMPDIR/calls")" splice
}

@test "where the kernel does not splice these sockets the bytes are copied" {
  start_traced -e inject=splice:error=EINVAL
  echo_much
}

@test "where it stops in the middle what stands in the pipe is copied" {
  start_traced -e inject=splice:error=EINVAL:when=20+
  echo_much
}

@test "a pipe that the system refuses costs nobody a byte" {
  start_traced -e inject=pipe2:error=EMFILE:when=3+
  echo_much
}

has_open_at_most() {
  [ "$(find "/proc/$LOPONG_PID/fd" -mindepth 1 | wc -l)" -le "$1" ]
}

@test "streams leave at most one pipe behind them" {
  start_lopong --tcp
  local before
  before=$(find "/proc/$LOPONG_PID/fd" -mindepth 1 | wc -l)
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
payload = random_bytes(20_000_000)
def one():
    with connect(sys.argv[1]) as client:
        assert echo(client, payload) == payload
        client.shutdown(socket.SHUT_WR)
        assert read_to_end(client) == b""
    return True
assert together(8, one) == [True] * 8
# Gone while much stands in the server.
for client in together(8, lambda: stuck_client(sys.argv[1])):
    client.close()
with connect(sys.argv[1]) as client:
    assert echo(client, b"over") == b"over"
PY
  expect_status 0
  wait_until has_open_at_most $((before + 2))
}

@test "beside streams that nobody reads any more a small message is answered" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
stuck = together(30, lambda: stuck_client(sys.argv[1]))
with connect(sys.argv[1]) as client:
    for number in range(100):
        assert echo(client, b"prompt") == b"prompt"
PY
  expect_status 0
}

@test "100 streams at once, more than may have a pipe, are whole" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
payload = random_bytes(2_000_000)
def one():
    with connect(sys.argv[1]) as client:
        return all(echo(client, payload) == payload for _ in range(2))
assert together(100, one) == [True] * 100
PY
  expect_status 0
}
