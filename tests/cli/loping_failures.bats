#!/usr/bin/env bats
# What goes wrong is told in words: what happened, why, and what to do next, with exit 3; and what was measured before
# it is still reported.

load test_helper
load loping_helper

# fails_with CODE PART...: after loping_result, exit 3; the result file's error has the code, and stderr each part.
fails_with() {
  local code=$1 part
  shift
  expect_status 3
  expect_json ".error.code == \"$code\"" '.error.what_happened | length > 0' '.error.likely_cause | length > 0' \
    '.error.what_to_do | length > 0'
  for part in "$@"; do
    expect_contains "$(tr -s ' \n' ' ' <<< "$stderr")" "$part"
  done
  expect_matches "$stderr" '^loping: '
}

@test "refused: nobody listens, and the command that starts a server is named" {
  PORT=$(unused_port)
  local command
  for command in "" latency ping throughput; do
    # shellcheck disable=SC2086
    loping_result $command "$PORT"
    fails_with ECONNREFUSED "cannot connect to 127.0.0.1:$PORT (tcp): connection refused" "Nobody listens" \
      "lopong --port $PORT" "ss -ltnp"
    expect_equal "" "$output"
    expect_json '.runs | length == 1' '.runs[0].rtt_ns == null' '.runs[0].throughput == null' \
      '.runs[0].histogram == null'
  done
}

@test "refused on IPv6: the command binds that address" {
  PORT=$(unused_port)
  loping_result latency "[::1]:$PORT"
  fails_with ECONNREFUSED "[::1]:$PORT (tcp)" "lopong --bind ::1 --port $PORT"
}

@test "refused over UDP: said at once, with one message in flight or many" {
  PORT=$(unused_port)
  local arguments
  for arguments in "latency --udp" "latency --udp --depth 8 --warmup 0" "latency --udp --connections 4" "ping --udp"; do
    # shellcheck disable=SC2086
    loping_result $arguments "$PORT"
    fails_with ECONNREFUSED "cannot connect to 127.0.0.1:$PORT (udp): connection refused" "Nobody receives there" "lopong --port $PORT"
    expect_equal "" "$output"
  done
}

@test "refused although a server listens: it listens on another address, and that is named" {
  start_lopong --tcp --udp --bind ::1
  loping_result latency "127.0.0.1:$PORT"
  fails_with ECONNREFUSED "[::1]:$PORT" "loping [::1]:$PORT"
  loping_result latency --udp "127.0.0.1:$PORT"
  fails_with ECONNREFUSED "[::1]:$PORT" "loping --udp [::1]:$PORT"
}

@test "a unix path where nothing is, a file that is no socket, and a socket that nobody listens on" {
  local path=$BATS_TEST_TMPDIR/x
  loping_result latency "unix:$path"
  fails_with ENOENT "$path does not exist." "lopong --unix $path"
  touch "$path"
  loping_result latency "unix:$path"
  fails_with ECONNREFUSED "$path is a regular file, not a socket."
  expect_lacks "$(tr -s ' \n' ' ' <<< "$stderr")" "has ended"
  rm "$path"
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$path"
  loping_result latency "unix:$path"
  fails_with ECONNREFUSED "Nobody listens there: the file is what a server of user $(id -un) left behind" "lopong --unix $path"
}

@test "an unknown host is named, escaped, and the address offered" {
  loping_result latency no-such-host.invalid:7
  expect_status 3
  fails_with "$(from_json .error.code)" 'cannot look up "no-such-host.invalid"' "127.0.0.1:7"
  expect_json '.runs == []' '.error.code | startswith("EAI_")'
}

@test "silent: connected, and no echo comes" {
  start_peer tcp4 silent
  local command
  # Long enough for the peer to accept and to read: who did neither is told something else.
  for command in latency ping throughput; do
    loping_result $command --timeout 2s "$PORT"
    fails_with ETIMEDOUT "127.0.0.1:$PORT" "no echo came within 2.00 s" "process $PEER_PID"
    expect_equal "" "$output"
  done
}

@test "silent over UDP: no echo and no refusal" {
  start_udp_peer silent
  local command
  for command in "latency --udp" "latency --udp --depth 4" "ping --udp"; do
    # shellcheck disable=SC2086
    loping_result $command --timeout 1s "$PORT"
    fails_with ETIMEDOUT "127.0.0.1:$PORT (udp)" "no echo came within 1.00 s" "process $PEER_PID"
    expect_json '.runs[0].rtt_ns == null'
  done
  expect_matches "$output" '0 replies.*timed out: [0-9]'
}

@test "a server that is stopped is told from one that is stuck" {
  start_lopong --tcp
  kill -STOP "$LOPONG_PID"
  loping_result latency --timeout 100ms "$PORT"
  kill -CONT "$LOPONG_PID"
  fails_with ETIMEDOUT "process $LOPONG_PID" "kill -CONT $LOPONG_PID"
}

@test "a full queue of connections is told from a firewall" {
  start_server_script full_queue.py
  loping_result latency --timeout 200ms "$PORT"
  fails_with ETIMEDOUT "127.0.0.1:$PORT" "queue" "process $PEER_PID"
  expect_lacks "$stderr" "a firewall"
}

# explained_as_checked: the sentence that check has for the port is the run's likely cause.
explained_as_checked() {
  local sentence
  loping check --json - --timeout 200ms "$PORT"
  sentence=$(jq -r '.ports[0].sentence' <<< "$output")
  [ -n "$sentence" ]
  loping_result latency --timeout 200ms "$PORT"
  expect_status 3
  expect_contains "$(from_json .error.likely_cause)" "${sentence:1}"
}

@test "a failed run is explained by check's own sentence" {
  PORT=$(unused_port)
  explained_as_checked
  start_lopong --tcp
  kill -STOP "$LOPONG_PID"
  explained_as_checked
  kill -CONT "$LOPONG_PID"
  start_server_script full_queue.py
  explained_as_checked
}

@test "a server that neither accepts nor reads leaves the first message unanswered" {
  start_peer tcp4 deaf
  loping_result latency --timeout 2s "$PORT"
  fails_with ETIMEDOUT "no echo came within 2.00 s"
}

@test "hung up: at once, and in the middle of the greeting" {
  start_peer tcp4 hang-up
  local command
  for command in latency ping throughput; do
    loping_result $command "$PORT"
    expect_status 3
    fails_with "$(from_json .error.code)" "closed the connection before the first echo" "process $PEER_PID"
    expect_json '.error.code | IN("HUNG_UP", "ECONNRESET", "EPIPE")'
  done
  start_peer tcp4 hang-up-greeted 5
  loping_result latency "$PORT"
  fails_with HUNG_UP "closed the connection"
}

# not_an_echo SHOWN COMMAND: the last peer's answer is shown, escaped.
not_an_echo() {
  # shellcheck disable=SC2086
  loping_result $2 "${PATIENT[@]}" "$PORT"
  fails_with NOT_ECHO "the server there is no echo server" "This one sent: \"$1" "process $PEER_PID"
  expect_lacks "$stderr" $'\e'
  expect_equal "" "$output"
}

@test "a server that speaks first is no echo server" {
  start_peer tcp4 banner 'SSH-2.0-OpenSSH_9.2p1\r\n'
  local command
  for command in latency ping throughput "latency --size 5"; do
    not_an_echo 'SSH-2.0-OpenSSH_9.2p1\r\n' "$command"
  done
}

@test "what a server sends is escaped" {
  start_peer tcp4 banner '\x1b[31mred\x07\x00\xff'
  not_an_echo '\x1b[31mred\x07\x00\xff' latency
  expect_json '.error.likely_cause | contains("\\x1b[31mred")'
}

@test "a web server is no echo server: it answers a request that has lines" {
  start_peer tcp4 http
  not_an_echo 'HTTP/1.1 400 Bad Request\r\n' throughput
  not_an_echo 'HTTP/1.1 400 Bad Request\r\n' "latency --size 30"
}

@test "a web server does not answer a hello, for that has no lines" {
  start_peer tcp4 http
  loping_result latency --timeout 2s "$PORT"
  fails_with ETIMEDOUT "It is no echo server, or it is stuck"
}

@test "a welcome to another mode, and a greeting that comes back longer, are no echo" {
  start_peer tcp4 wrong-welcome
  not_an_echo '\x8bLOPONG1\x02' latency
  start_peer tcp4 greeting-and-more
  not_an_echo '\x8bLOPING1' latency
  not_an_echo '\x8bLOPING1\x04' throughput
}

# reports_partly: the figures until the failure are there, in text and in the file.
reports_partly() {
  expect_status 3
  expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].throughput.bytes_received == 1280' \
    '[.runs[0].histogram[][1]] | add == 20'
  expect_contains "$output" "20 round trips"
  expect_contains "$output" "p50"
  expect_contains "$stderr" "after 20 round trips"
}

@test "reset in mid-run: what was measured until then is reported" {
  start_peer tcp4 reset-after 1280
  loping_result latency --warmup 0 "$PORT"
  fails_with ECONNRESET "lost 127.0.0.1:$PORT (tcp) after 20 round trips"
  reports_partly
}

@test "closed in mid-run: what was measured until then is reported" {
  start_peer tcp4 end-after 1280
  loping_result latency --warmup 0 --depth 20 "$PORT"
  expect_json '.error.code | IN("HUNG_UP", "ECONNRESET", "EPIPE")'
  fails_with "$(from_json .error.code)" "lost 127.0.0.1:$PORT (tcp) after 20 round trips" "closed the connection"
  reports_partly
}

@test "silent in mid-run: what was measured until then is reported" {
  start_peer tcp4 silent-after 1280
  loping_result latency --warmup 0 --timeout 2s "$PORT"
  fails_with ETIMEDOUT "lost 127.0.0.1:$PORT (tcp) after 20 round trips" "within 2.00 s"
  reports_partly
}

@test "a server that is killed in mid-run is said to have ended" {
  start_peer --tell 6400 tcp4 echo
  start_loping killed latency --warmup 0 --duration 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
  kill -KILL "$PEER_PID"
  wait_loping
  expect_status 3
  stderr=$(cat "$LOPING_ERR")
  expect_json '.runs[0].rtt_ns.count >= 100' '.error.what_happened | contains("lost 127.0.0.1")' \
    '.runs[0].intervals | length >= 1'
  expect_contains "$(cat "$LOPING_OUT")" "round trip (RTT)"
  expect_contains "$(tr -s ' \n' ' ' <<< "$stderr")" "The server has ended. Nobody listens there"
}

@test "throughput: reset and silence in mid-stream are told, and what came back is reported" {
  local behaviour
  for behaviour in reset-after silent-after; do
    start_peer tcp4 $behaviour 1000000
    loping_result throughput --warmup 0 --timeout 2s "$PORT"
    expect_status 3
    # What was in flight at a reset may be lost.
    expect_json '.runs[0].throughput.bytes_received > 0' '.runs[0].throughput.bytes_received <= 1000000' \
      '.error != null' '.runs[0].errors.corrupted == 0'
    expect_contains "$output" "came back"
    expect_lacks "$stderr" "0 round trips"
  done
}

@test "ping: the lines and the summary stay when the server goes silent" {
  start_peer tcp4 silent-after 128
  loping_result ping --interval 1ms --timeout 2s "$PORT"
  expect_status 3
  expect_matches "$output" 'seq=1 .*seq=2 .*2 replies'
  expect_json '.runs[0].rtt_ns.count == 2' '.error.code == "ETIMEDOUT"'
}

@test "the report card: a failure in its first half is told once, and the second is not tried" {
  start_peer --once tcp4 echo
  loping_result --warmup 0 --duration 50ms "$PORT"
  expect_status 3
  # The latency is measured; throughput finds the listener closed.
  expect_json '.runs | length == 2' '.runs[0].rtt_ns.count > 0' '.runs[1].throughput == null' \
    '.error.code == "ECONNREFUSED"'
  expect_contains "$output" "LATENCY"
  start_peer tcp4 silent-after 640
  loping_result --warmup 0 --duration 1h --timeout 2s "$PORT"
  expect_status 3
  expect_json '.runs | length == 1' '.runs[0].rtt_ns.count == 10'
}

@test "out of descriptors: the limit is named" {
  start_lopong --tcp
  run_timeout "$DEADLINE_SECONDS" prlimit --nofile=32:32 "$LOPING" latency --connections 100 --json "$RESULT" "$PORT"
  fails_with EMFILE "32 descriptors" "--connections" "ulimit -n"
}

@test "a result file that cannot be written is said before anything is measured" {
  start_peer tcp4 echo
  local path
  for path in "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/no/such/folder/x" ""; do
    loping latency "${FAST[@]}" --json "$path" "$PORT"
    expect_status 3
    expect_equal "" "$output"
    expect_contains "$stderr" "--json: cannot write '$path'"
    expect_contains "$stderr" "folder"
  done
}

@test "a result file on a full disk is no success" {
  [ -c /dev/full ] || skip "there is no /dev/full here"
  start_peer tcp4 echo
  loping latency "${FAST[@]}" --json /dev/full "$PORT"
  expect_status 3
  expect_contains "$output" "50 round trips"
  expect_contains "$stderr" "/dev/full"
}

@test "a wrong command line leaves no result file behind" {
  loping latency --json "$RESULT" 192.0.2.1:7
  expect_status 2
  [ ! -e "$RESULT" ]
}
