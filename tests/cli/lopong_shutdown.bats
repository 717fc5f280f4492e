#!/usr/bin/env bats
# The end of lopong: signals, the drain, the summary, and a stdout that is gone.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

@test "SIGTERM and SIGINT end it with status 0 and a summary of what it did" {
  local signal
  for signal in TERM INT; do
    start_lopong --tcp --udp
    run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
first, second = connect(sys.argv[1]), connect(sys.argv[1])
assert echo(first, b"12345") == b"12345" and echo(second, b"678") == b"678"
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(TIMEOUT_SECONDS)
    client.connect(("127.0.0.1", int(sys.argv[1])))
    client.send(b"90")
    assert client.recv(9) == b"90"
PY
    expect_status 0
    stop_lopong "$signal"
    expect_status 0
    local said
    said=$(cat "$LOPONG_OUT")
    expect_matches "$said" "summary after [0-9.]+ m?s"
    expect_contains "$said" "  connections: 2
  peak connections: 2
  messages: 3
  bytes in: 10
  bytes out: 10
  refusals: 0"
    expect_equal "" "$(cat "$LOPONG_ERR")"
  done
}

@test "--quiet leaves out the summary, also that of --json" {
  start_lopong --tcp --quiet
  stop_lopong
  expect_status 0
  expect_equal "listening on 127.0.0.1:$PORT (tcp)" "$(cat "$LOPONG_OUT")"
  start_lopong --tcp --quiet --json
  stop_lopong
  expect_status 0
  expect_equal 1 "$(wc -l < "$LOPONG_OUT")"
}

@test "an idle client does not delay the end, and sees it" {
  start_lopong --tcp --verbose
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, sys
from lopong_client import *
client = connect(sys.argv[1])
assert echo(client, b"x") == b"x"
os.kill(int(sys.argv[2]), signal.SIGTERM)
assert client.recv(1) == b""
PY
  expect_status 0
  wait_lopong
  expect_status 0
  # Shut down in good order, and not cut off when the time for that was over.
  expect_contains "$(cat "$LOPONG_ERR")" "; the server ends;"
}

@test "what arrived before the signal is echoed" {
  start_lopong --tcp --udp
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, socket, sys
from lopong_client import *
port, pid = map(int, sys.argv[1:])
clients = [connect(port) for _ in range(100)]
for client in clients:
    assert echo(client, b"x") == b"x"
udp = socket.socket(type=socket.SOCK_DGRAM)
udp.settimeout(TIMEOUT_SECONDS)
udp.connect(("127.0.0.1", port))
# The server sees the bytes and the signal at once, when it goes on.
os.kill(pid, signal.SIGSTOP)
for number, client in enumerate(clients):
    client.sendall(random_bytes(1000, number))
udp.send(b"and this")
os.kill(pid, signal.SIGTERM)
os.kill(pid, signal.SIGCONT)
for number, client in enumerate(clients):
    assert read_to_end(client) == random_bytes(1000, number)
assert udp.recv(99) == b"and this"
PY
  expect_status 0
  wait_lopong
  expect_status 0
}

# A client whose unsent echo waits in the server.
STUCK_CLIENT='
import os, signal, sys, time
from lopong_client import *
port, pid = map(int, sys.argv[1:3])
client = stuck_client(port)
'

@test "echo that is unsent at the signal is sent to a client that then reads" {
  start_lopong --tcp --verbose
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENT"'
# While the server stands still its echo stays unsent, and the client is already there to read it when it goes on.
os.kill(pid, signal.SIGSTOP)
os.kill(pid, signal.SIGTERM)
reader, _ = start_reading(client)
os.kill(pid, signal.SIGCONT)
reader.join()'
  expect_status 0
  wait_lopong
  expect_status 0
  # All that the server had taken in came out.
  local wanted
  wanted=$(sed -n 's/^  bytes in: //p' "$LOPONG_OUT")
  expect_equal "$wanted" "$(sed -n 's/^  bytes out: //p' "$LOPONG_OUT")"
  expect_lacks "$(cat "$LOPONG_ERR")" "cut off"
}

@test "a client that never reads is cut off after 2 s, and lopong says so" {
  start_lopong --tcp
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENT"'
started = time.monotonic()
os.kill(pid, signal.SIGTERM)
wait_for_end(pid)
assert time.monotonic() - started > 1.5'
  expect_status 0
  wait_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_ERR")" "1 connection was cut off with echo unsent, as the client did not read within 2 s"
}

@test "a second signal ends it at once, and what was cut is said with status 3" {
  start_lopong --tcp
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENT"'
signal_at_once(pid, signal.SIGINT, signal.SIGTERM)
# A client that ends now may be gone before the server looks at the signal, and then nothing is cut.
wait_for_end(pid)'
  expect_status 0
  wait_lopong
  expect_status 3
  expect_contains "$(cat "$LOPONG_ERR")" "1 connection was cut off with echo unsent, as a second signal came"
  expect_contains "$(cat "$LOPONG_OUT")" "summary after"
}

@test "a busy client's source does not keep it from ending" {
  start_lopong --tcp
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, sys
from lopong_client import *
client = connect(sys.argv[1])
greet(client, SOURCE)
read_exactly(client, 1_000_000)
os.kill(int(sys.argv[2]), signal.SIGTERM)
read_to_end(client)
PY
  expect_status 0
  wait_lopong
  expect_status 0
}

@test "a stdout that goes after the ready line does not stop it" {
  run_python "$LOPONG" << 'PY'
import json, signal, subprocess, sys
from lopong_client import *
server = subprocess.Popen([sys.argv[1], "--tcp", "--json", "--verbose", "--port", "0"], stdout=subprocess.PIPE)
port = str(json.loads(server.stdout.readline())["port"])
server.stdout.close()
client = connect(port)
assert echo(client, b"still there") == b"still there"
server.send_signal(signal.SIGTERM)
assert server.wait(TIMEOUT_SECONDS) == 0
PY
  expect_status 0
}

@test "started without stdin and stderr it keeps their descriptors from its sockets" {
  local port descriptor
  port=$(unused_port)
  "$LOPONG" --tcp --verbose --port "$port" <&- > /dev/null 2>&- 3>&- 4>&- &
  LOPONG_PID=$!
  STARTED_PIDS+=("$LOPONG_PID")
  run_python "$port" << 'PY'
import sys, time
from lopong_client import *
deadline = time.monotonic() + TIMEOUT_SECONDS
while True:
    try:
        client = connect(sys.argv[1])
        break
    except ConnectionRefusedError:
        assert time.monotonic() < deadline
assert echo(client, b"only this") == b"only this"
PY
  expect_status 0
  for descriptor in 0 1 2; do
    expect_equal /dev/null "$(readlink "/proc/$LOPONG_PID/fd/$descriptor")"
  done
}
