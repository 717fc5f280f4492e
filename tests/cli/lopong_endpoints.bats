#!/usr/bin/env bats
# Which endpoints lopong opens, and how it says so.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  SOCKET=$BATS_TEST_TMPDIR/endpoints.sock
}

ready_lines() {
  grep '^listening' "$LOPONG_OUT"
}

@test "without a transport TCP and UDP are served on 127.0.0.1, on one port number" {
  start_lopong
  expect_equal "listening on 127.0.0.1:$PORT (tcp)
listening on 127.0.0.1:$PORT (udp)" "$(ready_lines)"
}

@test "the default port is 62893" {
  need_network_namespace
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c \
    'ip link set lo up; exec python3 "$1/lopong_start_and_stop.py" "$2"' _ "$REPOSITORY/tests/cli" "$LOPONG"
  expect_status 0
  expect_contains "$output" "listening on 127.0.0.1:62893 (tcp)
listening on 127.0.0.1:62893 (udp)"
}

@test "localhost means both families, on one port number, without duplicates" {
  start_lopong --bind localhost --bind 127.0.0.1 --bind ::1
  expect_equal "listening on 127.0.0.1:$PORT (tcp)
listening on [::1]:$PORT (tcp)
listening on 127.0.0.1:$PORT (udp)
listening on [::1]:$PORT (udp)" "$(ready_lines)"
}

@test "localhost is served on IPv4 alone where IPv6 is switched off, and lopong says so" {
  need_network_namespace
  # shellcheck disable=SC2034 # for start_lopong
  LOPONG_WRAPPER=(unshare --net bash -c
    'ip link set lo up; sysctl -q -w net.ipv6.conf.lo.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1; exec "$0" "$@"')
  start_lopong --bind localhost
  expect_equal "listening on 127.0.0.1:$PORT (tcp)
listening on 127.0.0.1:$PORT (udp)" "$(ready_lines)"
  expect_contains "$(cat "$LOPONG_ERR")" "IPv6 is switched off on this machine, so localhost is served on 127.0.0.1 only"
}

@test "port 0 finds a number that is free for all transports, where most that are free for TCP are taken in UDP" {
  need_network_namespace
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c '
    ip link set lo up
    sysctl -q -w net.ipv4.ip_local_port_range="40000 40009"
    python3 -c "
import socket, subprocess, sys
held = []
for port in range(40000, 40010):
    if port not in (40003, 40006):
        held.append(socket.socket(type=socket.SOCK_DGRAM))
        held[-1].bind((\"127.0.0.1\", port))
for _ in range(8):
    subprocess.run([\"python3\", sys.argv[1] + \"/lopong_start_and_stop.py\", sys.argv[2], \"--port\", \"0\", \"--quiet\"], check=True)
" "$1" "$2"' _ "$REPOSITORY/tests/cli" "$LOPONG"
  expect_status 0
  expect_equal 16 "$(grep -cE '^listening on 127.0.0.1:(40003|40006) \((tcp|udp)\)$' <<< "$output")"
}

@test "--try-ports takes the next free number for all endpoints, and says who has the first" {
  local port
  port=$(unused_port)
  start_background holder python3 -c '
import signal, socket, sys
udp = socket.socket(type=socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
signal.pause()' "$port"
  local holder=$BACKGROUND_PID
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  start_lopong --port "$port" --try-ports 50
  [ "$PORT" -gt "$port" ] && [ "$PORT" -le $((port + 50)) ]
  expect_equal "listening on 127.0.0.1:$PORT (tcp)
listening on 127.0.0.1:$PORT (udp)" "$(ready_lines)"
  expect_contains "$(cat "$LOPONG_ERR")" "port $port (udp) is in use by pid $holder (python3); took $PORT"
}

@test "--try-ports gives up with the explanation when all of them are in use" {
  start_lopong --tcp
  local second=$((PORT + 1))
  start_background holder python3 -c '
import signal, socket, sys
tcp = socket.socket()
try:
    tcp.bind(("127.0.0.1", int(sys.argv[1])))
    tcp.listen()
except OSError:
    pass  # somebody else has it, which serves as well
print("ready", flush=True)
signal.pause()' "$second"
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --tcp --port "$PORT" --try-ports 1
  expect_status 3
  expect_equal "" "$output"
  # shellcheck disable=SC2154 # set by run
  expect_contains "$stderr" "cannot listen on 127.0.0.1:$PORT (tcp)"
}

@test "nothing is served when one of the endpoints cannot be had" {
  start_lopong --udp
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --port "$PORT" --unix "$SOCKET" --tcp --udp
  expect_status 3
  expect_equal "" "$output"
  [ ! -e "$SOCKET" ]
  run_timeout "$DEADLINE_SECONDS" python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])))' "$PORT"
  expect_contains "$stderr" ConnectionRefusedError
}

@test ":: takes IPv4 as well, and leaves it alone where an IPv4 address is bound beside it" {
  start_lopong --bind :: --allow-remote --tcp --udp
  run_timeout "$DEADLINE_SECONDS" python3 -c '
import sys
from lopong_client import *
assert echo(connect(sys.argv[1]), b"over IPv4") == b"over IPv4"
assert echo(connect("::1 " + sys.argv[1]), b"over IPv6") == b"over IPv6"' "$PORT"
  expect_status 0
  stop_lopong
  start_lopong --bind :: --bind 127.0.0.1 --allow-remote
  expect_equal 4 "$(ready_lines | wc -l)"
}

@test "--json announces each endpoint as one object a line, and the summary at the end" {
  start_lopong --json --bind localhost --tcp --udp --unix "$SOCKET"
  stop_lopong
  expect_status 0
  run_python "$LOPONG_OUT" "$LOPONG_PID" "$PORT" "$SOCKET" << 'PY'
import json, sys
with open(sys.argv[1]) as lines:
    events = [json.loads(line) for line in lines]
pid, port = int(sys.argv[2]), int(sys.argv[3])
wanted = [
    {"event": "listening", "transport": transport, "address": address, "port": port, "pid": pid, "faults": None}
    for transport in ("tcp", "udp")
    for address in ("127.0.0.1", "::1")
] + [{"event": "listening", "transport": "unix", "address": sys.argv[4], "port": None, "pid": pid, "faults": None}]
assert events[:-1] == wanted, events
summary = events[-1]
assert summary["event"] == "summary" and summary["faults"] is None
for name in "connections", "peak_connections", "messages", "bytes_in", "bytes_out", "refusals", "udp_dropped", "udp_refused":
    assert summary[name] == 0, name
PY
  expect_status 0
}

@test "--json --verbose adds an object for each connection that opens or closes" {
  start_lopong --json --verbose --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
client = connect(sys.argv[1])
assert echo(client, b"twelve bytes") == b"twelve bytes"
client.close()
PY
  expect_status 0
  wait_until file_contains "$LOPONG_OUT" connection_closed
  run_python "$LOPONG_OUT" << 'PY'
import json, sys
with open(sys.argv[1]) as lines:
    _, opened, closed = [json.loads(line) for line in lines]
assert opened["event"] == "connection_opened" and opened["transport"] == "tcp"
assert opened["peer"].startswith("127.0.0.1:") and opened["peer"] == closed["peer"]
assert closed["event"] == "connection_closed" and closed["connection"] == opened["connection"] == 1
assert (closed["bytes_in"], closed["bytes_out"], closed["messages"]) == (12, 12, 1)
assert closed["reason"] and closed["open_ns"] > 0
PY
  expect_status 0
  expect_equal "" "$(grep -v "^lopong: .*sandbox: " "$LOPONG_ERR")"
}

@test "--verbose says on stderr who came and why they went, and stdout stays as it is" {
  start_lopong --verbose --tcp --unix "$SOCKET"
  run_python "$PORT" "$SOCKET" << 'PY'
import sys
from lopong_client import *
for where in sys.argv[1:]:
    client = connect(where)
    assert echo(client, b"1234") == b"1234"
    client.close()
PY
  expect_status 0
  wait_until file_contains "$LOPONG_ERR" "connection 2 closed"
  expect_matches "$(cat "$LOPONG_ERR")" "connection 1 opened: tcp from 127\.0\.0\.1:[0-9]+"
  expect_matches "$(cat "$LOPONG_ERR")" "connection 1 closed: tcp from [0-9.:]+; the client ended it; 4 bytes in, 4 bytes out, 1 message"
  expect_matches "$(cat "$LOPONG_ERR")" "connection 2 opened: unix"
  expect_equal 2 "$(wc -l < "$LOPONG_OUT")"
}

@test "a port that this machine lends to outgoing connections is hinted at, unless --quiet or --port 0" {
  need_network_namespace
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c '
    ip link set lo up
    sysctl -q -w net.ipv4.ip_local_port_range="32768 60999"
    for arguments in "--port 40000" "--port 40000 --quiet" "--port 0" "--port 62893"; do
      python3 "$1/lopong_start_and_stop.py" "$2" $arguments || exit
    done' _ "$REPOSITORY/tests/cli" "$LOPONG"
  expect_status 0
  expect_equal 1 "$(grep -c "lends the ports 32768 to 60999 to outgoing connections" <<< "$stderr")"
  expect_contains "$stderr" "one of them may borrow 40000"
}

# with_terminal ARGUMENT...: what lopong writes to a terminal that is its stderr.
with_terminal() {
  need_terminal
  run_python "$LOPONG" "$@" << 'PY'
import os, pty, signal, subprocess, sys
master, slave = pty.openpty()
server = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=slave, text=True)
print(server.stdout.readline(), end="")
os.close(slave)
# The hints follow the ready lines, and the signal is answered after both.
server.send_signal(signal.SIGTERM)
server.wait()
said = b""
try:
    while part := os.read(master, 4096):
        said += part
except OSError:
    pass
print(said.decode(), end="")
PY
  expect_status 0
}

@test "on a terminal a hint says how to measure; not with --quiet or --json" {
  with_terminal --port 0 --tcp
  expect_matches "$output" "in another terminal: loping [0-9]+"
  with_terminal --port 0 --udp
  expect_matches "$output" "in another terminal: loping --udp [0-9]+"
  with_terminal --port 0 --tcp --bind ::1
  expect_matches "$output" "in another terminal: loping \[::1\]:[0-9]+"
  with_terminal --unix "$SOCKET"
  expect_contains "$output" "in another terminal: loping unix:$SOCKET"
  expect_lacks "$output" "in a browser"
  with_terminal --port 0 --tcp --http
  expect_matches "$output" "in a browser: http://127\.0\.0\.1:[0-9]+/"
  with_terminal --port 0 --tcp --http --bind :: --allow-remote
  expect_matches "$output" "in a browser: http://\[::1\]:[0-9]+/"
  with_terminal --port 0 --quiet
  expect_lacks "$output" "in another terminal"
  with_terminal --port 0 --json
  expect_lacks "$output" "in another terminal"
}
