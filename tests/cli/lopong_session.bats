#!/usr/bin/env bats
# Sessions: what a hello begins, and what is no hello.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  SOCKET=$BATS_TEST_TMPDIR/session.sock
}

# The script's `everywhere` is a connection over TCP and one over the unix socket.
session_python() {
  local script
  script=$(cat)
  run_python "$PORT" "$SOCKET" "$LOPONG_PID" << PY
import socket, struct, sys, time
from lopong_client import *
pid = int(sys.argv[3])
for where in sys.argv[1:3]:
    client = connect(where)
    ${script//$'\n'/$'\n'    }
PY
  expect_status 0
}

@test "every mode is welcomed with the server's pid" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
for mode, frame_bytes in (STAMPED, 40), (STAMPED, 65536), (SINK, 0), (SOURCE, 0):
    assert greet(connect(where), mode, frame_bytes) == pid
PY
}

@test "stamped frames come back with the server's fields filled and the rest untouched" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
for frame_bytes in 40, 41, 64, 1000, 65536:
    client = connect(where)
    greet(client, STAMPED, frame_bytes)
    for sequence in range(20):
        request = frame(sequence, frame_bytes)
        before = time.monotonic_ns()
        reply = echo(client, request)
        after = time.monotonic_ns()
        cpu, receive_ns, send_ns = check_reply(reply, request)
        assert before <= receive_ns <= send_ns <= after
        assert cpu < 4096
PY
}

@test "many stamped frames sent at once come back in order" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
frame_bytes = 777
greet(client, STAMPED, frame_bytes)
requests = [frame(sequence, frame_bytes) for sequence in range(3000)]
replies = echo(client, b"".join(requests))
for sequence, request in enumerate(requests):
    check_reply(replies[sequence * frame_bytes : (sequence + 1) * frame_bytes], request)
PY
}

@test "a stamped frame that comes in pieces is answered when it is whole, and not before" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
frame_bytes = 200
greet(client, STAMPED, frame_bytes)
requests = frame(1, frame_bytes) + frame(2, frame_bytes)
# Another connection's reads lie in the same buffer between the pieces.
other = connect(where)
for at in range(0, len(requests), 23):
    client.sendall(requests[at : at + 23])
    assert echo(other, b"x" * 300) == b"x" * 300
    if at + 23 < frame_bytes:
        client.setblocking(False)
        try:
            raise AssertionError(client.recv(1))
        except BlockingIOError:
            pass
        client.settimeout(TIMEOUT_SECONDS)
replies = read_exactly(client, len(requests))
check_reply(replies[:frame_bytes], requests[:frame_bytes])
check_reply(replies[frame_bytes:], requests[frame_bytes:])
PY
}

@test "frames that follow the hello in the same read are answered" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
first, second = frame(1, 100), frame(2, 100)
client.sendall(hello(STAMPED, 100) + first + second[:50])
assert check_welcome(read_exactly(client, 16), STAMPED) == pid
check_reply(read_exactly(client, 100), first)
client.sendall(second[50:])
check_reply(read_exactly(client, 100), second)
PY
}

@test "bytes that are no frame end a stamped session, and are counted" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
greet(client, STAMPED, 100)
client.sendall(b"this is no frame" * 10)
assert ends(client)
client = connect(where)
greet(client, STAMPED, 100)
client.sendall(frame(1, 100) + b"LPF2" + bytes(96))
assert ends(client)
PY
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "protocol errors: 4"
}

@test "the end of a stamped session in mid-frame is just an end" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
greet(client, STAMPED, 100)
client.sendall(frame(1, 100) + frame(2, 100)[:99])
client.shutdown(socket.SHUT_WR)
check_reply(read_exactly(client, 100), frame(1, 100))
assert ends(client)
PY
  stop_lopong
  expect_lacks "$(cat "$LOPONG_OUT")" "protocol errors"
}

@test "a sink reads and discards, and reports the bytes when the client ends" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
for size in 0, 1, 5_000_000:
    client = connect(where)
    before = time.monotonic_ns()
    client.sendall(hello(SINK) + bytes(size))
    check_welcome(read_exactly(client, 16), SINK)
    client.shutdown(socket.SHUT_WR)
    report = read_to_end(client)
    elapsed = time.monotonic_ns() - before
    assert len(report) == 16, report
    counted, elapsed_ns = struct.unpack("<QQ", report)
    assert counted == size, counted
    assert 0 <= elapsed_ns <= elapsed, (elapsed_ns, elapsed)
PY
}

@test "a sink that need not read counts the same, and says on which transport it does not" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
UNREAD = 1
is_tcp = not where.endswith(".sock")
for size in 0, 1, 5_000_000:
    client = connect(where)
    client.sendall(hello(SINK, flags=UNREAD) + bytes(size))
    welcome = read_exactly(client, 16)
    check_welcome(welcome, SINK)
    assert welcome[9] == (UNREAD if is_tcp else 0), welcome
    client.shutdown(socket.SHUT_WR)
    report = read_to_end(client)
    assert struct.unpack("<QQ", report)[0] == size, report
# Only a sink is asked: in the other modes the flag means nothing.
client = connect(where)
client.sendall(hello(STAMPED, 64, flags=UNREAD))
assert read_exactly(client, 16)[9] == 0
request = frame(1, 64)
check_reply(echo(client, request), request)
PY
}

@test "a source sends without end, and stops when the client closes" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
greet(client, SOURCE)
first = read_exactly(client, 4_000_000)
assert len(first) == 4_000_000
again = connect(where)
greet(again, SOURCE)
assert read_exactly(again, 4_000_000) == first, "the pattern begins anew for each session"
client.close()
again.sendall(b"what a source is sent, it discards" * 1000)
again.shutdown(socket.SHUT_WR)
rest = read_to_end(again)
assert len(set(rest[:1000])) > 100
PY
  wait_until connections_are_closed
}

connections_are_closed() {
  [ "$(find "/proc/$LOPONG_PID/fd" -lname 'socket:*' | wc -l)" -le 4 ]
}

@test "a source for one client does not starve the others" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
import threading
greet(client, SOURCE)
threading.Thread(target=read_to_end, args=(client,), daemon=True).start()
for _ in range(100):
    assert echo(connect(where), b"hello") == b"hello"
client.shutdown(socket.SHUT_RDWR)
PY
}

@test "a hello that is split is echoed, byte for byte" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
for mode, frame_bytes in (STAMPED, 64), (SINK, 0), (SOURCE, 0):
    for cut in 1, 8, 15:
        client = connect(where)
        bytes = hello(mode, frame_bytes)
        client.sendall(bytes[:cut])
        assert read_exactly(client, cut) == bytes[:cut]
        client.sendall(bytes[cut:])
        assert read_exactly(client, 16 - cut) == bytes[cut:]
PY
}

@test "a hello that comes later than first is echoed" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
assert echo(client, b"x") == b"x"
assert echo(client, hello(SINK)) == hello(SINK)
assert echo(client, hello(STAMPED, 64)) == hello(STAMPED, 64)
PY
}

@test "a hello of an unknown mode, of impossible frames or of another magic is echoed" {
  start_lopong --tcp --unix "$SOCKET"
  session_python << 'PY'
for wrong in hello(0, 64), hello(4, 64), hello(255), hello(STAMPED, 39), hello(STAMPED, 65537), hello(STAMPED, 0), \
             b"\x8bLOPONG1" + hello(SINK)[8:], b"\x8bLOPING2" + hello(SINK)[8:], bytes(16):
    client = connect(where)
    assert echo(client, wrong + b"tail") == wrong + b"tail", wrong
PY
}
