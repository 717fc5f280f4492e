#!/usr/bin/env bats
# loping ports --peers: who is connected to each listener.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who is connected"
}

# client NAME TRANSPORT PORT COUNT: a process with so many connections; sets BACKGROUND_PID.
client() {
  start_background "$1" python3 -c '
import socket, sys, time
kind = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}[sys.argv[1]]
kept = [socket.socket(type=kind) for _ in range(int(sys.argv[3]))]
for each in kept:
    each.connect(("127.0.0.1", int(sys.argv[2])))
print("ready", flush=True)
time.sleep(600)' "$2" "$3" "$4"
  wait_until file_contains "$BATS_TEST_TMPDIR/$1.out" ready
}

are_accepted() {
  [ "$(ss -Htanp state established "sport = :$1" | grep -c "pid=$LOPONG_PID,")" -eq "$2" ]
}

@test "each process is named with its connections, the one with the most first" {
  start_lopong --tcp
  client first tcp "$PORT" 1
  local first=$BACKGROUND_PID
  client second tcp "$PORT" 3
  wait_until are_accepted "$PORT" 4
  loping_result ports --tcp "$PORT" --peers
  expect_status 0
  expect_contains "$output" "      peers: python3 (pid $BACKGROUND_PID) 3, python3 (pid $first) 1"
  expect_json '.sockets[0].connected | .connections == 4 and .waiting == 0 and .connections_left_out == 0' \
    ".sockets[0].connected.peers | map([.pid, .connections]) == [[$BACKGROUND_PID, 3], [$first, 1]]" \
    '.sockets[0].connected.peers[0] | .command == "python3" and .is_here and .address == "127.0.0.1"'
}

@test "connections that nobody accepted yet are counted as such" {
  start_server_script waited_servers.py late
  client waiting tcp "$PORT" 2
  loping ports --tcp "$PORT" --peers
  expect_contains "$output" "      peers: python3 (pid $BACKGROUND_PID) 2; 2 of these wait to be accepted"
}

@test "of UDP those sockets are named that are connected to it" {
  start_lopong --udp
  loping ports --udp "$PORT" --peers
  expect_contains "$output" "peers: no socket of this machine is connected to it; other senders leave no trace"
  client sender udp "$PORT" 2
  loping_result ports --udp "$PORT" --peers
  expect_contains "$output" "      peers: python3 (pid $BACKGROUND_PID) 2"
  expect_json '.sockets[0].connected.connections == 2'
}

@test "nobody is said too, and a closed connection is none" {
  start_server_script waited_servers.py --port "$(unused_port)" counts
  loping wait "$PORT"
  wait_until file_contains "$PEER_OUT" "client sent"
  ss -Htan state time-wait "( sport = :$PORT or dport = :$PORT )" | grep -q .
  loping_result ports --tcp "$PORT" --peers
  expect_contains "$output" "      peers: none now"
  expect_json '.sockets[0].connected.peers == []'
}

@test "without --peers nothing is said of them" {
  start_lopong --tcp
  loping_result ports --tcp "$PORT"
  expect_lacks "$output" "peers:"
  expect_json '.sockets[0].connected == null'
}
