#!/usr/bin/env bats
# What lopong holds and whom it lets in: backpressure, memory, descriptors, --max-connections, --idle-timeout.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

need_descriptors() {
  [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge "$1" ] || skip "needs $1 file descriptors"
  ulimit -Sn "$1"
}

@test "1,000 clients that send and do not read leave the server small, and get every byte later" {
  need_plain_build "counts memory"
  need_descriptors 2000
  start_lopong --tcp
  run_timeout 300 python3 "$REPOSITORY/tests/cli/lopong_backpressure.py" "$PORT" "$LOPONG_PID" 1000 $((400 * 1024))
  expect_status 0
}

@test "20 clients that send and do not read get every byte later" {
  start_lopong --tcp --max-unsent 10000
  run_timeout 300 python3 "$REPOSITORY/tests/cli/lopong_backpressure.py" "$PORT" "$LOPONG_PID" 20 $((900 * 1024))
  expect_status 0
}

@test "a client that half-closes while much of its echo waits gets all of it, and then the end" {
  start_lopong --tcp --max-unsent 64MiB
  run_python "$PORT" << 'PY'
import socket, sys, time
from lopong_client import *
port = int(sys.argv[1])
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
client.connect(("127.0.0.1", port))
client.settimeout(TIMEOUT_SECONDS)
payload = random_bytes(20_000_000)
client.sendall(payload)
client.shutdown(socket.SHUT_WR)
def server_has_read_the_end():
    with open("/proc/net/tcp") as table:
        for row in (line.split() for line in table):
            # State 08 is CLOSE_WAIT; the second number of the queues is what the server has not read.
            if row[1].endswith(f":{port:04X}") and row[3] == "08":
                return row[4].split(":")[1] == "00000000"
    return False
until(server_has_read_the_end)
# In pieces as large as the first window it would take thousands of turns between the two.
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
assert read_to_end(client) == payload
PY
  expect_status 0
}

@test "a stamped session under backpressure keeps its frames whole and in order" {
  start_lopong --tcp --max-unsent 1KiB
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
for frame_bytes in 64, 5000, 65536:
    client = connect(sys.argv[1])
    greet(client, STAMPED, frame_bytes)
    requests = [frame(sequence, frame_bytes) for sequence in range(max(300, 20_000_000 // frame_bytes // 4))]
    replies = echo(client, b"".join(requests))
    for at, request in enumerate(requests):
        check_reply(replies[at * frame_bytes : (at + 1) * frame_bytes], request)
PY
  expect_status 0
}

@test "an idle connection costs the server at most 1 KiB" {
  need_plain_build "counts memory"
  need_descriptors 4000
  start_lopong --tcp
  run_timeout 120 python3 "$REPOSITORY/tests/cli/lopong_idle_memory.py" "$PORT" "$LOPONG_PID" 3000 1024
  expect_status 0
}

@test "out of descriptors: open connections go on, refusals are counted and said once, and accepting resumes" {
  # shellcheck disable=SC2034 # for start_lopong
  LOPONG_WRAPPER=(prlimit --nofile=64)
  start_lopong --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
def is_served(client):
    try:
        client.sendall(b"x")
        return client.recv(1) == b"x"
    except (ConnectionResetError, BrokenPipeError):
        return False
clients = []
while True:
    client = connect(sys.argv[1])
    if not is_served(client):
        break
    clients.append(client)
    assert len(clients) < 64
for _ in range(20):
    assert not is_served(connect(sys.argv[1]))
for number, client in enumerate(clients):
    payload = random_bytes(10_000, number)
    assert echo(client, payload) == payload
served = len(clients)
for client in clients[:5]:
    client.close()
# The server closes its side a moment later, so the first tries may still be refused.
import time
deadline = time.monotonic() + TIMEOUT_SECONDS
again = []
while len(again) < 5:
    assert time.monotonic() < deadline
    client = connect(sys.argv[1])
    if is_served(client):
        again.append(client)
print(served)
PY
  expect_status 0
  # Each thread's loop takes some of the 64, too.
  [ "$output" -ge $((35 - 5 * ${LOPONG_THREADS:-1})) ]
  stop_lopong
  expect_matches "$(cat "$LOPONG_OUT")" "refused, out of descriptors: [0-9]+"
  expect_contains "$(cat "$LOPONG_ERR")" "the limit of this process is 64"
  expect_contains "$(cat "$LOPONG_ERR")" "ulimit -n"
  # Once for the 21 in a row; once more at most for each connection that was accepted in between.
  local said
  said=$(grep -c "out of file descriptors" "$LOPONG_ERR")
  [ "$said" -ge 1 ] && [ "$said" -le 6 ]
}

@test "a descriptor limit that is lowered below what is open neither stops the others nor spins" {
  need_command prlimit
  start_lopong --tcp
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, subprocess, sys, time
from lopong_client import *
port, pid = sys.argv[1:]
def cpu_seconds():
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
clients = [connect(port) for _ in range(30)]
for client in clients:
    assert echo(client, b"x") == b"x"
subprocess.run(["prlimit", "--nofile=8:20000", "--pid", pid], check=True)
waiting = []
for _ in range(10):
    try:
        waiting.append(connect(port))
    except OSError:
        pass
before, started = cpu_seconds(), time.monotonic()
while time.monotonic() - started < 1:
    assert echo(clients[0], b"still here") == b"still here"
    time.sleep(0.01)
spent = cpu_seconds() - before
assert spent < 0.7, f"{spent} s of CPU time in a second"
subprocess.run(["prlimit", "--nofile=1000:20000", "--pid", pid], check=True)
def serves_a_new_one():
    try:
        return echo(connect(port), b"again") == b"again"
    except OSError:
        return False
until(serves_a_new_one)
for client in clients:
    assert echo(client, b"y") == b"y"
PY
  expect_status 0
}

@test "--max-connections closes those beyond it at once, counts them and says it once for each time that it is full" {
  start_lopong --tcp --max-connections 2
  run_python "$PORT" << 'PY'
import sys, time
from lopong_client import *
first, second = connect(sys.argv[1]), connect(sys.argv[1])
assert echo(first, b"a") == b"a" and echo(second, b"b") == b"b"
for _ in range(10):
    assert ends(connect(sys.argv[1]))
assert echo(first, b"a") == b"a" and echo(second, b"b") == b"b"
second.close()
deadline = time.monotonic() + TIMEOUT_SECONDS
# How many come too early, before the server has seen the second go, depends on the machine.
refused = 10
while True:
    third = connect(sys.argv[1])
    try:
        third.sendall(b"c")
        if third.recv(1) == b"c":
            break
    except OSError:
        pass
    refused += 1
    assert time.monotonic() < deadline
assert ends(connect(sys.argv[1]))
print(refused + 1)
PY
  expect_status 0
  local refused=$output
  stop_lopong
  # Once for the first row of refusals, and once more after the third had been let in.
  expect_equal 2 "$(grep -c "as many as --max-connections allows" "$LOPONG_ERR")"
  expect_contains "$(cat "$LOPONG_OUT")" "peak connections: 2"
  expect_contains "$(cat "$LOPONG_OUT")" "refused, above --max-connections: $refused"
}

@test "--idle-timeout closes an idle connection, and not one that is in use" {
  start_lopong --tcp --idle-timeout 1s --verbose
  run_python "$PORT" << 'PY'
import sys, threading, time
from lopong_client import *
idle, busy = connect(sys.argv[1]), connect(sys.argv[1])
started = time.monotonic()
assert echo(idle, b"once") == b"once"
done = threading.Event()
def use():
    while not done.is_set():
        assert echo(busy, b"x") == b"x"
        time.sleep(0.02)
user = threading.Thread(target=use)
user.start()
assert idle.recv(1) == b""
lasted = time.monotonic() - started
done.set()
user.join()
assert lasted > 0.9, lasted
assert echo(busy, b"still") == b"still"
assert busy.recv(1) == b""
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "closed as idle: 2"
  expect_contains "$(cat "$LOPONG_ERR")" "idle for the time of --idle-timeout"
}

@test "--idle-timeout also closes a connection that never sent anything, and one that never reads" {
  start_lopong --tcp --idle-timeout 200ms
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
silent, stuck = connect(sys.argv[1]), connect(sys.argv[1])
stuck.settimeout(TIMEOUT_SECONDS)
try:
    while True:
        stuck.sendall(bytes(100_000))
except OSError:
    pass
assert silent.recv(1) == b""
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "closed as idle: 2"
}
