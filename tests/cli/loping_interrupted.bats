#!/usr/bin/env bats
# Ctrl-C ends a run early with everything that was measured; SIGTERM does the same, and a second signal ends at once.

load test_helper
load loping_helper

# start_measuring COMMAND...: against a plain echo server, until messages have gone to and fro for a while.
start_measuring() {
  start_peer --tell 6400 tcp4 echo
  start_loping run "$@" --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
}

@test "Ctrl-C ends latency early: the whole summary, the result file, and exit 0" {
  start_measuring latency --warmup 0 --duration 1h
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_equal "" "$(cat "$LOPING_ERR")"
  output=$(cat "$LOPING_OUT")
  expect_contains "$output" "round trip (RTT)"
  expect_contains "$output" "all $(from_json .runs[0].rtt_ns.count | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta') echoes came back byte for byte"
  expect_contains "$output" "Interrupted: the figures are those of the time until then."
  expect_json '.error == null' '.runs[0].interrupted == true' '.runs[0].rtt_ns.count >= 100' \
    '([.runs[0].histogram[][1]] | add) == .runs[0].rtt_ns.count' '.runs[0].notes | any(startswith("Interrupted"))' \
    '.runs[0].errors.lost == 0'
}

@test "SIGTERM does what Ctrl-C does" {
  start_measuring latency --warmup 0 --duration 1h --connections 3 --depth 2
  kill -TERM "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.error == null' '.runs[0].interrupted == true' '.runs[0].rtt_ns.count >= 100'
}

@test "Ctrl-C ends throughput early: what was sent still comes back and is compared" {
  start_measuring throughput --warmup 0 --duration 1h
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.error == null' '.runs[0].interrupted == true' '.runs[0].throughput.bytes_received > 0' \
    '.runs[0].errors.corrupted == 0'
}

@test "Ctrl-C ends the report card in its first half: that half is shown, and the second is not begun" {
  start_measuring --warmup 0 --duration 1h
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.runs | length == 1' '.runs[0].rtt_ns.count >= 100' '.runs[0].interrupted == true'
  expect_contains "$(cat "$LOPING_OUT")" LATENCY
  expect_lacks "$(cat "$LOPING_OUT")" THROUGHPUT
}

@test "Ctrl-C is how ping ends: a summary of all replies, exit 0" {
  start_lopong --tcp
  start_loping run ping --interval 5ms --json "$RESULT" "$PORT"
  wait_until file_contains "$LOPING_OUT" "seq=3 "
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_equal "" "$(cat "$LOPING_ERR")"
  expect_json '.error == null' '.runs[0].rtt_ns.count >= 3' '.runs[0].interrupted == true'
  expect_equal "$(grep -c '^seq=' "$LOPING_OUT")" "$(from_json .runs[0].rtt_ns.count)"
  expect_contains "$(cat "$LOPING_OUT")" "$(from_json .runs[0].rtt_ns.count) replies, RTT min"
  # The usual end of ping is no interruption of anything.
  expect_lacks "$(cat "$LOPING_OUT")" Interrupted
}

@test "Ctrl-C while it waits between two pings ends it without waiting for the next" {
  start_lopong --tcp
  start_loping run ping --interval 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$LOPING_OUT" "seq=1 "
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 1'
}

@test "a second Ctrl-C does not wait for a reply that does not come" {
  start_peer tcp4 silent-after 640
  start_loping run latency --warmup 0 --duration 1h --timeout 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" "silent now"
  kill -INT "$LOPING_PID"
  # The first is handled when its own signal is no longer pending.
  wait_until signal_is_handled "$LOPING_PID"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 10' '.runs[0].interrupted == true' '.error == null'
}

# No signal waits for the process, by proc_pid_status(5), and it sleeps again.
signal_is_handled() {
  grep -qE '^ShdPnd:\s+0+$' "/proc/$1/status" && grep -qE '^State:\s+S' "/proc/$1/status"
}

# wait_connecting PORT: the client's SYN is out, and nobody answered it.
is_connecting() {
  ss -tnH state syn-sent "dport = :$1" | grep -q .
}

@test "Ctrl-C while the server does not answer the connection ends at once, and says that nothing was measured" {
  need_command ss
  start_server_script full_queue.py
  local command
  for command in "" latency ping throughput; do
    # shellcheck disable=SC2086
    start_loping run $command --timeout 1h --json "$RESULT" "$PORT"
    wait_until is_connecting "$PORT"
    kill -INT "$LOPING_PID"
    wait_loping
    expect_status 3
    expect_equal "loping: interrupted before anything was measured." "$(cat "$LOPING_ERR")"
    expect_equal "" "$(cat "$LOPING_OUT")"
    expect_json '.runs[0].interrupted == true' '.runs[0].rtt_ns == null'
  done
}

@test "Ctrl-C while the peer does not answer the greeting ends at once" {
  start_peer tcp4 deaf
  start_loping run latency --timeout 1h "$PORT"
  wait_until file_contains "$PEER_OUT" accepted
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 3
  expect_equal "loping: interrupted before anything was measured." "$(cat "$LOPING_ERR")"
}

@test "Ctrl-C during the warm-up measures nothing, and says so" {
  start_peer --tell 6400 tcp4 echo
  start_loping run latency --warmup 1h "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 3
  expect_equal "loping: interrupted before anything was measured." "$(cat "$LOPING_ERR")"
}

@test "what was found wrong before Ctrl-C is still the answer: exit 1" {
  start_peer --tell 6400 tcp4 corrupt 100
  start_loping run latency --warmup 0 --duration 1h --json "$RESULT" "$PORT"
  wait_until loping_has_sent 64000
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 1
  expect_json '.runs[0].errors.corrupted == 1' '.runs[0].interrupted == true'
}

# By its connection's own count, tcp_info's bytes_sent.
loping_has_sent() {
  [ "$(ss -tniH "dport = :$PORT" | sed -n -E 's/.* bytes_sent:([0-9]+).*/\1/p' | sort -n | tail -n 1)" -ge "$1" ] 2> /dev/null
}
