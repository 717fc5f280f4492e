#!/usr/bin/env bats
# Every byte sent to lopong comes back: over each transport, for any input, to any client, and nothing else.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  SOCKET=$BATS_TEST_TMPDIR/echo.sock
  # 3 MiB of any bytes, zeros, newlines and the server's own magic among them.
  INPUT=$BATS_TEST_TMPDIR/input
  head -c 3000000 /dev/urandom > "$INPUT"
  printf 'LPF1\0\n\r\x8bLOPING1\x01' >> "$INPUT"
}

# echo_stream_exactly WHERE: many sizes on one connection, then the input at once, then a half-close.
echo_stream_exactly() {
  run_python "$1" "$INPUT" << 'PY'
import socket, sys
from lopong_client import *
client = connect(sys.argv[1])
for size in [1, 2, 15, 16, 17, 63, 64, 1448, 4096, 65535, 65536, 65537, 300000]:
    payload = random_bytes(size, size)
    assert echo(client, payload) == payload, size
with open(sys.argv[2], "rb") as input:
    payload = input.read()
assert echo(client, payload) == payload
client.sendall(b"last words")
client.shutdown(socket.SHUT_WR)
assert read_to_end(client) == b"last words"
PY
  expect_status 0
}

@test "lopong echoes exactly over TCP on IPv4" {
  start_lopong --tcp
  echo_stream_exactly "$PORT"
}

@test "lopong echoes exactly over TCP on IPv6" {
  start_lopong --tcp --bind ::1
  expect_equal "listening on [::1]:$PORT (tcp)" "$(cat "$LOPONG_OUT")"
  echo_stream_exactly "::1 $PORT"
}

@test "lopong echoes exactly over a unix socket" {
  start_lopong --tcp --unix "$SOCKET"
  echo_stream_exactly "$SOCKET"
}

@test "lopong echoes UDP datagrams of every size from 0 to 65507 bytes, on both families" {
  start_lopong --udp --bind localhost
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
for family, host in (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"):
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.settimeout(TIMEOUT_SECONDS)
        client.connect((host, int(sys.argv[1])))
        for size in [0, 1, 2, 39, 40, 41, 1472, 1473, 8192, 32768, 65506, 65507]:
            payload = random_bytes(size, size)
            client.send(payload)
            assert client.recv(70000) == payload, size
        client.send(b"")
        client.send(b"after an empty one")
        assert [client.recv(99), client.recv(99)] == [b"", b"after an empty one"]
PY
  expect_status 0
}

@test "a client that sends, shuts down its writing side and only then reads gets all of its bytes and the end" {
  start_lopong --tcp --unix "$SOCKET"
  run_python "$PORT" "$SOCKET" << 'PY'
import socket, sys
from lopong_client import *
for where in sys.argv[1:]:
    client = connect(where)
    payload = random_bytes(200_000)
    client.sendall(payload)
    client.shutdown(socket.SHUT_WR)
    assert read_to_end(client) == payload
PY
  expect_status 0
}

@test "a client that shuts down at once, without a byte, gets the end and nothing else" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
client = connect(sys.argv[1])
client.shutdown(socket.SHUT_WR)
assert read_to_end(client) == b""
PY
  expect_status 0
}

@test "a byte at a time comes back a byte at a time" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
client = connect(sys.argv[1])
for value in range(256):
    client.sendall(bytes([value]))
    assert client.recv(10) == bytes([value])
PY
  expect_status 0
}

@test "many clients at once each get their own bytes" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import sys
from concurrent.futures import ThreadPoolExecutor
from lopong_client import *
def one(seed):
    payload = random_bytes(100_000, seed)
    return echo(connect(sys.argv[1]), payload) == payload
with ThreadPoolExecutor(32) as pool:
    assert all(pool.map(one, range(64)))
PY
  expect_status 0
}

@test "a reset by one client does not disturb another" {
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import socket, struct, sys
from lopong_client import *
other = connect(sys.argv[1])
for _ in range(50):
    client = connect(sys.argv[1])
    client.sendall(random_bytes(100_000))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    assert echo(other, b"still here") == b"still here"
PY
  expect_status 0
}

@test "nc gets back over TCP what it sent" {
  need_command nc
  start_lopong --tcp
  timeout 30 nc -N 127.0.0.1 "$PORT" < "$INPUT" > "$BATS_TEST_TMPDIR/back"
  cmp "$INPUT" "$BATS_TEST_TMPDIR/back"
}

@test "nc gets back over UDP what it sent" {
  need_command nc
  start_lopong --udp
  expect_equal "a datagram" "$(echo "a datagram" | timeout 30 nc -u -W 1 127.0.0.1 "$PORT")"
}

@test "nc gets back over a unix socket what it sent" {
  need_command nc
  start_lopong --tcp --unix "$SOCKET"
  timeout 30 nc -N -U "$SOCKET" < "$INPUT" > "$BATS_TEST_TMPDIR/back"
  cmp "$INPUT" "$BATS_TEST_TMPDIR/back"
}

@test "socat gets back over TCP, IPv6 and a unix socket what it sent" {
  need_command socat
  start_lopong --tcp --unix "$SOCKET" --bind localhost
  local address
  for address in "TCP4:127.0.0.1:$PORT" "TCP6:[::1]:$PORT" "UNIX-CONNECT:$SOCKET"; do
    timeout 30 socat -t 30 - "$address" < "$INPUT" > "$BATS_TEST_TMPDIR/back"
    cmp "$INPUT" "$BATS_TEST_TMPDIR/back"
  done
}

@test "serving clients prints nothing beyond the ready lines" {
  start_lopong --tcp --udp
  echo_stream_exactly "$PORT"
  expect_equal "listening on 127.0.0.1:$PORT (tcp)
listening on 127.0.0.1:$PORT (udp)" "$(cat "$LOPONG_OUT")"
  expect_equal "" "$(cat "$LOPONG_ERR")"
}
