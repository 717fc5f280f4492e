#!/usr/bin/env bats
# loping wait: until a port answers, can be bound, says an HTTP status; and why it did not.

load test_helper
load loping_helper

# The server that is waited for: `start_waited KIND [--port PORT]`.
start_waited() {
  local kind=$1
  shift
  start_server_script waited_servers.py "$@" "$kind"
}

clients() {
  grep -c '^client ' "$PEER_OUT"
}

are_two_there() {
  [ "$(grep -c "$1" "$PEER_OUT")" -ge 2 ]
}

# is_listed STATE FILTER
is_listed() {
  ss -Htan state "$1" "$2" | grep -q .
}

@test "a port that answers is told at once, by one connection that says nothing and ends in order" {
  start_waited counts
  loping_result wait "$PORT"
  expect_status 0
  expect_matches "$output" "^127\.0\.0\.1:$PORT \(tcp\) answers, after [0-9.]+ [mu]?s$"
  expect_json '.ports[0].is_reached and .ports[0].connections == 1' '.ports[0].until == "answers"' \
    '.ports[0].check == null' '.is_interrupted == false'
  wait_until file_contains "$PEER_OUT" "client sent 0 bytes, then end"
  expect_equal 1 "$(clients)"
}

@test "a server that comes later is waited for" {
  local port
  port=$(unused_port)
  start_loping wait wait "$port"
  kill -0 "$LOPING_PID"
  start_lopong --port "$port" --tcp
  wait_loping
  expect_status 0
  expect_matches "$(cat "$LOPING_OUT")" "^127\.0\.0\.1:$port \(tcp\) answers, after "
}

@test "a server that listens and takes nobody yet sees one connection, however long it takes" {
  start_waited late
  start_loping wait wait "$PORT"
  [ "$(uname -s)" != Linux ] || wait_until is_listed established "dport = :$PORT"
  kill -0 "$LOPING_PID"
  kill -USR1 "$PEER_PID"
  wait_loping
  expect_status 0
  wait_until file_contains "$PEER_OUT" "client sent 0 bytes, then end"
  expect_equal 1 "$(clients)"
}

@test "a server that takes nobody to the end does not answer, and nothing stays in its queue" {
  start_waited late
  loping_result wait --timeout 300ms "$PORT"
  expect_status 1
  expect_contains "$stderr" "does not answer after"
  expect_json '.ports[0].connections == 1' '.ports[0].check.verdict == "not-reading"'
  [ "$(uname -s)" != Linux ] || ! is_listed established "sport = :$PORT"
}

@test "who takes a connection and closes it at once does not answer yet" {
  start_waited hangs-up
  start_loping wait wait "$PORT"
  wait_until are_two_there "hung up"
  kill -0 "$LOPING_PID"
  kill -USR1 "$PEER_PID"
  wait_loping
  expect_status 0
  expect_contains "$(cat "$LOPING_OUT")" "answers, after"
}

@test "several ports are each told, and one that does not come has check's verdict and status" {
  local closed
  closed=$(unused_port)
  start_lopong --tcp
  loping_result wait --timeout 3s "$PORT,$closed"
  expect_status 1
  expect_contains "$output" "127.0.0.1:$PORT (tcp) answers"
  expect_contains "$stderr" "127.0.0.1:$closed (tcp) does not answer after"
  expect_contains "$output" "127.0.0.1:$closed (tcp): closed"
  expect_contains "$output" "Evidence:"
  expect_contains "$output" "start a server in another terminal: lopong --port $closed"
  expect_json '.waited_ns >= 200000000' '[.ports[].is_reached] == [true, false]' '.ports[1].check.verdict == "closed"'
}

@test "--free: a port that nobody has can be bound; one with a server is waited for, and then it can" {
  local port
  port=$(unused_port)
  loping wait --free --tcp --udp "$port"
  expect_status 0
  expect_contains "$output" "127.0.0.1:$port (tcp) can be bound, after"
  expect_contains "$output" "127.0.0.1:$port (udp) can be bound, after"
  start_lopong --port "$port"
  start_loping free wait --free --tcp --udp "$port"
  kill -0 "$LOPING_PID"
  stop_lopong
  wait_loping
  expect_status 0
  start_lopong --port "$port"
}

@test "--free: what is left of closed connections is not in the way, as it is not in lopong's" {
  [ "$(uname -s)" = Linux ] || skip "asks ss"
  start_waited time-wait --port "$(unused_port)"
  wait_until file_contains "$PEER_OUT" left
  wait_until is_listed time-wait "sport = :$PORT"
  loping wait --free "$PORT"
  expect_status 0
  is_listed time-wait "sport = :$PORT"
  start_lopong --port "$PORT" --tcp
}

@test "--free: a socket that is bound and does not listen is in the way, and no time helps but its end" {
  start_background holder python3 -c '
import socket, time
held = socket.socket()
held.bind(("127.0.0.1", 0))
print("ready", held.getsockname()[1], flush=True)
time.sleep(600)'
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  local port
  port=$(cut -d' ' -f2 "$BATS_TEST_TMPDIR/holder.out")
  loping_result wait --free --timeout 100ms "$port"
  expect_status 1
  expect_contains "$stderr" "127.0.0.1:$port (tcp) is still taken after"
  expect_json '.ports[0].bind_error == "EADDRINUSE"'
}

@test "--free: who still has it, and what stops that" {
  start_lopong --tcp
  loping_result wait --free --timeout 100ms "$PORT"
  expect_status 1
  expect_contains "$stderr" "127.0.0.1:$PORT (tcp) is still taken after"
  expect_contains "$output" "process $LOPONG_PID ("
  expect_contains "$output" "or stop the holder: kill $LOPONG_PID"
  expect_json '.ports[0].check.verdict == "open"' '.ports[0].connections == 0'
}

@test "--free: a port that this user may never bind ends the wait at once" {
  need_other_user
  [ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 81 ] || skip "every port is open to everybody here"
  run_timeout "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" "$LOPING" wait --free --timeout 1h 127.0.0.1:81
  expect_status 1
  expect_contains "$stderr" "127.0.0.1:81 (tcp) cannot be bound, and waiting does not change that: permission denied"
}

@test "--http: until a HEAD request says so" {
  start_waited unready
  start_loping http wait --http 200 --json "$RESULT" "$PORT"
  wait_until are_two_there asked
  kill -0 "$LOPING_PID"
  kill -USR1 "$PEER_PID"
  wait_loping
  expect_status 0
  expect_contains "$(cat "$LOPING_OUT")" "127.0.0.1:$PORT (tcp) says HTTP 200, after"
  expect_json '.ports[0].http_status == 200 and .ports[0].last_http_status == 200'
  expect_equal "" "$(grep asked "$PEER_OUT" | grep -vF "asked b'HEAD / HTTP/1.1\r\nHost: 127.0.0.1:$PORT\r\n")"
}

@test "--http: another status is said, and is no success although the server answers" {
  start_waited unready
  loping_result wait --http 200 --timeout 3s "$PORT"
  expect_status 1
  expect_contains "$stderr" "does not say HTTP 200 after"
  expect_contains "$stderr" "it said 503 last"
  expect_contains "$output" "127.0.0.1:$PORT (tcp): answers"
  expect_contains "$output" "curl -I http://127.0.0.1:$PORT/"
  expect_json '.ports[0].last_http_status == 503'
}

@test "an echo server returns the request, which is no HTTP" {
  start_lopong --tcp
  loping wait --http 200 --timeout 3s "$PORT"
  expect_status 1
  expect_contains "$stderr" "what it says is no HTTP"
}

@test "Ctrl-C and SIGTERM end it with a sentence and status 3" {
  local port signal words
  port=$(unused_port)
  for signal in INT TERM; do
    words="SIG$signal"
    start_loping "wait-$signal" wait --json "$RESULT" "$port"
    # Python's own start would be too quick for a signal: the first connection shows that it waits.
    wait_until process_waits "$LOPING_PID"
    kill -s "$signal" "$LOPING_PID"
    wait_loping
    expect_status 3
    expect_matches "$(cat "$LOPING_ERR")" "ended by .*$words.* before 1 of 1 port came; nothing is left behind"
    expect_equal "" "$(cat "$LOPING_OUT")"
    expect_json '.is_interrupted and (.ports[0].is_reached | not)'
  done
}

# Does it catch SIGINT (bit 2 of proc_pid_status(5)'s SigCgt)?
process_waits() {
  local caught
  caught=$(sed -n 's/^SigCgt:\t*//p' "/proc/$1/status") || return 1
  [ $((0x${caught: -2} & 2)) -ne 0 ]
}

@test "--quiet says nothing of what came, and still why something did not" {
  local closed
  closed=$(unused_port)
  start_lopong --tcp
  loping wait --quiet "$PORT"
  expect_status 0
  expect_equal "" "$output$stderr"
  loping wait --quiet --timeout 50ms "$closed"
  expect_status 1
  expect_contains "$output" "127.0.0.1:$closed (tcp): closed"
}

@test "with --json - stdout holds the result alone" {
  start_lopong --tcp
  loping wait --json - "$PORT"
  expect_status 0
  printf '%s\n' "$output" > "$RESULT"
  expect_json '.schema_version == 1 and .ports[0].is_reached'
}

@test "what cannot be waited for is refused with what to do" {
  loping wait
  expect_status 2
  expect_contains "$stderr" "name one, such as: loping wait 62893"
  loping wait --free --http 200 80
  expect_status 2
  expect_contains "$stderr" "leave one out"
  loping wait --udp 80
  expect_status 2
  expect_contains "$stderr" "loping check --udp PORT"
  loping wait 1-33
  expect_status 2
  expect_contains "$stderr" "more than 32 ports"
  loping wait 192.0.2.1:80
  expect_status 2
  expect_contains "$stderr" "is neither loopback nor an address of this machine"
  loping wait --free --udp unix:/tmp/x
  expect_status 2
  expect_contains "$stderr" "a unix socket carries no UDP"
  loping wait 53/udp
  expect_status 2
  expect_contains "$stderr" "'53/udp' is UDP, which goes with --free alone"
  loping wait --http 200 https://localhost/
  expect_status 2
  expect_contains "$stderr" "'https://localhost/' wants TLS"
  loping wait --timeout 5 80
  expect_status 2
  loping wait --http 99 80
  expect_status 2
}
