#!/usr/bin/env bats
# --threads: connections are spread over the threads, and limits, counters and the end are those of all together.

load test_helper
load threads_helper

@test "each thread is one more, and with --threads 1 there is no further one" {
  local counts=() threads
  for threads in 1 2 5; do
    start_lopong --tcp --threads "$threads"
    counts+=("$(find "/proc/$LOPONG_PID/task" -mindepth 1 -maxdepth 1 | wc -l)")
    stop_lopong
    expect_status 0
  done
  expect_equal 3 "$((counts[2] - counts[1]))"
  # The thread sanitizer has one of its own, beside a second one.
  [ -n "${SANITIZED:-}" ] || expect_equal "1 2" "${counts[0]} ${counts[1]}"
}

@test "each connection goes to the thread with the fewest, and among equals they go round" {
  start_lopong --tcp --threads 4
  run_python "$PORT" "$LOPONG_PID" <<< "$LOOPS"'
port, pid = sys.argv[1:]
listening = all_sockets(pid)
clients = []
for wanted in [0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 2], [1, 1, 2, 2]:
    clients.append(connect(port))
    assert echo(clients[-1], b"x") == b"x"
    await_spread(pid, listening, wanted)
# Both clients of one thread leave; it gets the next two, whoever had the turn.
clients[0].close(), clients[4].close()
await_spread(pid, listening, [0, 1, 1, 2])
for wanted in [1, 1, 1, 2], [1, 1, 2, 2]:
    clients.append(connect(port))
    assert echo(clients[-1], b"x") == b"x"
    await_spread(pid, listening, wanted)
for client in clients:
    client.close()
turns = []
for _ in range(8):
    await_spread(pid, listening, [0, 0, 0, 0])
    with connect(port) as client:
        assert echo(client, b"x") == b"x"
        await_spread(pid, listening, [0, 0, 0, 1])
        turns += [loop for loop, count in of_each_loop(pid, listening).items() if count == 1]
assert len(turns) == 8 and turns[:4] == turns[4:] and len(set(turns)) == 4, turns'
  expect_status 0
}

@test "unix connections are spread, too" {
  start_lopong --tcp --unix "$SOCKET" --threads 3
  run_python "$SOCKET" "$LOPONG_PID" <<< "$LOOPS"'
path, pid = sys.argv[1:]
listening = all_sockets(pid)
clients = [connect(path) for _ in range(6)]
for number, client in enumerate(clients):
    assert echo(client, random_bytes(300_000, number)) == random_bytes(300_000, number)
await_spread(pid, listening, [2, 2, 2])'
  expect_status 0
}

@test "many clients at once get every byte, half-close included, and the summary is the exact sum over all threads" {
  start_lopong --tcp --unix "$SOCKET" --threads 4
  run_python "$PORT" "$SOCKET" << 'PY'
import socket, sys, threading
from lopong_client import *
all_there = threading.Barrier(40)
failures = []
def use(number):
    try:
        client = connect(sys.argv[1 + number % 2])
        client.sendall(b"?")
        assert read_exactly(client, 1) == b"?"
        all_there.wait(TIMEOUT_SECONDS)
        payload = random_bytes(100_000 + number, number)
        sender = threading.Thread(target=lambda: (client.sendall(payload), client.shutdown(socket.SHUT_WR)))
        sender.start()
        assert read_to_end(client) == payload
        sender.join()
    except BaseException as failure:
        failures.append(failure)
users = [threading.Thread(target=use, args=(number,)) for number in range(40)]
for user in users:
    user.start()
for user in users:
    user.join()
assert not failures, failures
print(sum(100_000 + number + 1 for number in range(40)))
PY
  expect_status 0
  local bytes=$output
  stop_lopong
  expect_status 0
  expect_equal "40 40 $bytes $bytes 0" \
    "$(number_of connections) $(number_of "peak connections") $(number_of "bytes in") $(number_of "bytes out") $(number_of refusals)"
}

@test "the peak is that of all threads together, also when connections come and go" {
  start_lopong --tcp --threads 4 --json
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
def ended(client):
    client.shutdown(2 - 1)
    assert client.recv(1) == b""
    client.close()
# The server has closed the one before the next one comes, as it says so before it lets a second in.
for _ in range(20):
    three = [connect(sys.argv[1]) for _ in range(3)]
    for client in three:
        assert echo(client, b"x") == b"x"
    for client in three:
        ended(client)
PY
  expect_status 0
  stop_lopong
  run jq -r 'select(.event == "summary") | "\(.connections) \(.messages) \(.bytes_in)"' "$LOPONG_OUT"
  expect_equal "60 60 60" "$output"
  # A client sees the end just before its connection counts as closed, so one round can overlap the next.
  local peak
  peak=$(jq 'select(.event == "summary") | .peak_connections' "$LOPONG_OUT")
  [ "$peak" -ge 3 ] && [ "$peak" -le 6 ]
}

@test "--max-connections holds for all threads together" {
  start_lopong --tcp --threads 4 --max-connections 6
  run_python "$PORT" "$LOPONG_PID" <<< "$LOOPS"'
port, pid = sys.argv[1:]
listening = all_sockets(pid)
def served():
    client = connect(port)
    try:
        client.sendall(b"x")
        return client if client.recv(1) == b"x" else None
    except OSError:
        return None
clients = [served() for _ in range(6)]
assert all(clients)
for _ in range(20):
    assert served() is None
# One in each of the threads leaves, and exactly one is let in for it.
for leaving in range(4):
    clients[leaving].close()
    until(lambda: len(all_sockets(pid) - listening) == 5)
    again = []
    until(lambda: again.append(served()) or again[-1] is not None)
    clients[leaving] = again[-1]
    assert served() is None'
  expect_status 0
  stop_lopong
  expect_equal "6" "$(number_of "peak connections")"
  [ "$(number_of "refused, above --max-connections")" -ge 24 ]
  expect_contains "$(cat "$LOPONG_ERR")" "6 connections are open, as many as --max-connections allows"
}

@test "under a storm of clients --max-connections is never passed" {
  start_lopong --tcp --threads 4 --max-connections 5
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
def storm():
    for _ in range(200):
        try:
            with connect(sys.argv[1]) as client:
                client.sendall(b"x")
                client.recv(1)
        except OSError:
            pass
together(12, storm)
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_equal 5 "$(number_of "peak connections")"
  expect_equal 2400 "$(($(number_of connections) + $(number_of refusals)))"
}

@test "--idle-timeout closes the idle ones of every thread" {
  start_lopong --tcp --threads 4 --idle-timeout 300ms --verbose
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
clients = [connect(sys.argv[1]) for _ in range(8)]
for client in clients:
    assert client.recv(1) == b""
PY
  expect_status 0
  stop_lopong
  expect_equal 8 "$(number_of "closed as idle")"
  expect_equal 8 "$(grep -c "idle for the time of --idle-timeout" "$LOPONG_ERR")"
}

@test "sessions of all modes are served by every thread" {
  start_lopong --tcp --unix "$SOCKET" --threads 3
  run_python "$PORT" "$SOCKET" "$LOPONG_PID" << 'PY'
import socket, struct, sys
from lopong_client import *
pid = int(sys.argv[3])
# As many of each kind as there are threads, one after the other, so that each thread gets one of each.
for where in sys.argv[1:3]:
    stamped, sinks, sources = ([connect(where) for _ in range(3)] for _ in range(3))
    for client in stamped:
        assert greet(client, STAMPED, 500) == pid
        requests = [frame(sequence, 500) for sequence in range(100)]
        replies = echo(client, b"".join(requests))
        for at, request in enumerate(requests):
            check_reply(replies[at * 500 : at * 500 + 500], request)
    for client in sinks:
        greet(client, SINK)
        client.sendall(bytes(1_000_000))
        client.shutdown(socket.SHUT_WR)
        assert struct.unpack("<QQ", read_to_end(client))[0] == 1_000_000
    first = []
    for client in sources:
        greet(client, SOURCE)
        first.append(read_exactly(client, 1_000_000))
    assert len(first[0]) == 1_000_000 and first[0] == first[1] == first[2]
PY
  expect_status 0
}

@test "lines of --verbose from several threads are whole, and numbers are given once" {
  local kind
  for kind in plain json; do
    if [ $kind = json ]; then start_lopong --tcp --threads 4 --verbose --json; else start_lopong --tcp --threads 4 --verbose; fi
    run_python "$PORT" << 'PY'
import sys
from lopong_client import *
def use():
    for _ in range(50):
        with connect(sys.argv[1]) as client:
            assert echo(client, b"x") == b"x"
together(8, use)
PY
    expect_status 0
    stop_lopong
    if [ $kind = json ]; then
      expect_equal 400 "$(jq -r 'select(.event == "connection_opened") | .connection' "$LOPONG_OUT" | sort -u | wc -l)"
      expect_equal 400 "$(jq -r 'select(.event == "connection_closed") | .connection' "$LOPONG_OUT" | sort -u | wc -l)"
    else
      expect_equal "" "$(grep -v 'sandbox: ' "$LOPONG_ERR" | grep -vE '^lopong: connection [0-9]+ (opened: tcp from 127.0.0.1:[0-9]+|closed: tcp from 127.0.0.1:[0-9]+; the client ended it; 1 byte in, 1 byte out, 1 message, open for [0-9.]+ [mun]?s)$')"
      expect_equal 800 "$(grep -oE 'connection [0-9]+ (opened|closed)' "$LOPONG_ERR" | sort -u | wc -l)"
    fi
  done
}

@test "5,000 short connections leave no descriptor behind" {
  start_lopong --tcp --threads 4
  run_python "$PORT" "$LOPONG_PID" "$LOPING" <<< "$LOOPS"'
import subprocess
port, pid, loping = sys.argv[1:]
for _ in range(8):
    with connect(port) as client:
        assert echo(client, b"x") == b"x"
until(lambda: len(all_sockets(pid)) == 1)
before = descriptors(pid)
subprocess.run([loping, "connect", "--count", "5000", "--warmup", "0", "--quiet", port], check=True)
until(lambda: descriptors(pid) == before, descriptors(pid))'
  expect_status 0
  stop_lopong
  # loping asks once more, for the server.
  [ "$(number_of connections)" -ge 5008 ]
}

@test "out of descriptors: what cannot be handed over is served by the first thread, and the spare ones stay free" {
  # shellcheck disable=SC2034 # for start_lopong
  LOPONG_WRAPPER=(prlimit --nofile=64)
  start_lopong --tcp --threads 3
  run_python "$PORT" "$LOPONG_PID" <<< "$LOOPS"'
port, pid = sys.argv[1:]
clients = []
while True:
    client = connect(port)
    try:
        client.sendall(b"x")
        if client.recv(1) != b"x":
            break
    except OSError:
        break
    clients.append(client)
# Those above the limit were inherited.
numbers = {int(each) for each in os.listdir(f"/proc/{pid}/fd") if int(each) < 64}
# Without a hole: all that were there for connections are used, and none of the spare ones.
assert numbers == set(range(64 - 8)), numbers
for number, client in enumerate(clients):
    assert echo(client, random_bytes(10_000, number)) == random_bytes(10_000, number)'
  expect_status 0
  stop_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_ERR")" "the limit of this process is 64"
}

@test "--busy-poll works in every thread, and ends" {
  start_lopong --tcp --threads 3 --busy-poll
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
clients = [connect(sys.argv[1]) for _ in range(6)]
for turn in range(50):
    for number, client in enumerate(clients):
        payload = random_bytes(1000, turn * 6 + number)
        assert echo(client, payload) == payload
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_equal "6 300000" "$(number_of connections) $(number_of "bytes out")"
}

@test "threads that the system does not give are named, with how many there can be, and nothing is left" {
  # shellcheck disable=SC2034 # for start_lopong
  LOPONG_WRAPPER=(prlimit --nofile=40)
  run start_lopong --tcp --unix "$SOCKET" --threads 100
  expect_status 1
  expect_matches "$output" "cannot start: the system gave ([0-9]+) of the 100 threads that --threads asks for, and refused the next: too many open files \(EMFILE\)\. Ask for at most [0-9]+"
  local most=${BASH_REMATCH[1]}
  [ ! -e "$SOCKET" ]
  run_timeout "$DEADLINE_SECONDS" prlimit --nofile=40 "$LOPONG" --unix "$SOCKET" --threads 100
  expect_status 3
  start_lopong --tcp --unix "$SOCKET" --threads "$most"
  stop_lopong
  expect_status 0
}

@test "a limit on threads themselves is named as well" {
  need_other_user
  need_command prlimit
  need_plain_build "the thread sanitizer needs a thread of its own"
  # Nobody's own processes count, too, and nobody has none here.
  run_timeout "$DEADLINE_SECONDS" setpriv --reuid=64999 --regid=64999 --clear-groups \
    prlimit --nproc=3 "$LOPONG" --tcp --port 0 --threads 8
  expect_status 3
  expect_contains "$stderr" "cannot start: the system gave 3 of the 8 threads that --threads asks for, and refused the next: resource temporarily unavailable (EAGAIN). Ask for at most 3"
  expect_equal "" "$output"
}
