#!/usr/bin/env bats
# --threads at the end: a signal reaches the connections of every thread.

load test_helper
load threads_helper

@test "what arrived before the signal is echoed by every thread" {
  start_lopong --tcp --threads 4
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, sys
from lopong_client import *
port, pid = map(int, sys.argv[1:])
clients = [connect(port) for _ in range(100)]
for client in clients:
    assert echo(client, b"x") == b"x"
os.kill(pid, signal.SIGSTOP)
for number, client in enumerate(clients):
    client.sendall(random_bytes(1000, number))
os.kill(pid, signal.SIGTERM)
os.kill(pid, signal.SIGCONT)
for number, client in enumerate(clients):
    assert read_to_end(client) == random_bytes(1000, number)
PY
  expect_status 0
  wait_lopong
  expect_status 0
  expect_equal 100100 "$(number_of "bytes out")"
}

# Clients whose unsent echo waits in the server, in each of its threads.
STUCK_CLIENTS='
import os, signal, socket, sys, threading, time
from lopong_client import *
port, pid = map(int, sys.argv[1:3])
clients = together(4, lambda: stuck_client(port))
'

@test "echo that is unsent at the signal is sent by every thread, and they wait for each other" {
  start_lopong --tcp --threads 4
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENTS"'
# While the server stands still its echo stays unsent, and the clients are already there to read it when it goes on.
os.kill(pid, signal.SIGSTOP)
os.kill(pid, signal.SIGTERM)
readers = [start_reading(client)[0] for client in clients]
os.kill(pid, signal.SIGCONT)
for reader in readers:
    reader.join()'
  expect_status 0
  wait_lopong
  expect_status 0
  expect_equal "$(number_of "bytes in")" "$(number_of "bytes out")"
  expect_lacks "$(cat "$LOPONG_ERR")" "cut off"
}

@test "clients that never read are cut off in every thread, and counted together" {
  start_lopong --tcp --threads 4
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENTS"'
os.kill(pid, signal.SIGTERM)
wait_for_end(pid)'
  expect_status 0
  wait_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_ERR")" "4 connections were cut off with echo unsent, as the client did not read within 2 s"
}

@test "a second signal cuts the connections of every thread at once" {
  local round
  # Without it they are cut as well, when the time of the drain is over. A loaded machine can make the end of one round
  # as slow as that; no machine makes a drain shorter.
  for round in 1 2 3 4 5; do
    start_lopong --tcp --threads 4
    run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENTS"'
began = time.monotonic()
signal_at_once(pid, signal.SIGTERM, signal.SIGINT)
wait_for_end(pid)
print("at once" if time.monotonic() - began < 2 else "after the drain")'
    expect_status 0
    local ended=$output
    wait_lopong
    expect_status 3
    expect_contains "$(cat "$LOPONG_ERR")" "4 connections were cut off with echo unsent, as a second signal came"
    [ "$ended" != "at once" ] || break
  done
  expect_equal "at once" "$ended"
}

@test "a client alone in a further thread can still be cut by the second signal" {
  start_lopong --tcp --threads 2
  run_python "$PORT" "$LOPONG_PID" <<< "$STUCK_CLIENTS"'
# Round the threads: the first and the third are the first thread'"'"'s. Only a further thread has one left.
open_before = descriptors(pid)
clients[0].close(), clients[1].close(), clients[2].close()
until(lambda: descriptors(pid) == open_before - 3)
signal_at_once(pid, signal.SIGTERM, signal.SIGINT)
wait_for_end(pid)'
  expect_status 0
  wait_lopong
  expect_status 3
  expect_contains "$(cat "$LOPONG_ERR")" "1 connection was cut off with echo unsent, as a second signal came"
}

@test "connections on their way to a thread at the signal are served" {
  local round
  for round in 1 2 3; do
    start_lopong --tcp --threads 4
    run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, sys
from lopong_client import *
port, pid = map(int, sys.argv[1:])
os.kill(pid, signal.SIGSTOP)
clients = [connect(port) for _ in range(200)]
for client in clients:
    client.sendall(b"x")
os.kill(pid, signal.SIGTERM)
os.kill(pid, signal.SIGCONT)
answers = []
for client in clients:
    try:
        answers.append(read_to_end(client))
    except ConnectionResetError:
        pass  # it still waited to be accepted
assert all(answer in (b"x", b"") for answer in answers)
print(sum(answer == b"x" for answer in answers))
PY
    expect_status 0
    wait_lopong
    expect_status 0
    expect_equal "$output $output" "$(number_of connections) $(number_of "bytes out")"
  done
}
