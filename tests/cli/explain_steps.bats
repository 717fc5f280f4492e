#!/usr/bin/env bats
# --explain of both programs: each step as it happens, with this run's numbers.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "the states are Linux's"
}

@test "ping and connect --count 1 tell a connection step by step, and measure one of their own after it" {
  start_lopong --tcp
  local command said client part
  for command in "ping -n 1" "connect -n 1"; do
    # shellcheck disable=SC2086 # two words and more
    loping $command --explain "$PORT"
    expect_status 0
    said=$(one_line "$output")
    expect_matches "$said" "lends it port ([0-9]+)[.] Nothing was sent yet[.]"
    client=${BASH_REMATCH[1]}
    for part in "2. connect() took " "SYN from port $client, SYN ACK from port $PORT, ACK." \
      "16 bytes came back: lopong's welcome." "64 bytes were back, the same that were sent." "6. shutdown(): " "(FIN)" \
      "8. close(): " "The kernel keeps the client's end in TIME_WAIT" "ss -tan 'sport = :$client or dport = :$client'" \
      "tcpdump -ni lo 'tcp port $PORT'"; do
      expect_contains "$said" "$part"
    done
    expect_matches "$said" "8[.] close.*(seq=1 64 bytes RTT|connect to 127.0.0.1)"
  done
}

@test "a connection that is refused is told as far as it goes, and then the measuring says why" {
  local port
  port=$(unused_port)
  loping ping -n 1 --explain "$port"
  expect_status 3
  expect_contains "$output" "2. connect(): refused after "
  # At the beginning of a line: a port may end in 3.
  [[ $'\n'$output != *$'\n3. '* ]]
  expect_contains "$stderr" "connection refused (ECONNREFUSED)"
}

@test "a result on stdout stays alone there" {
  start_lopong --tcp
  loping ping -n 1 --explain --json - "$PORT"
  expect_status 0
  jq -e '.runs[0].rtt_ns.count == 1' <<< "$output"
  expect_contains "$stderr" "8. close(): "
}

@test "what is not one TCP connection is refused, with the way out" {
  loping connect --explain 9
  expect_status 2
  expect_contains "$stderr" "add --count 1"
  loping ping --explain --udp 9
  expect_status 2
  expect_contains "$stderr" "leave it out, or name a TCP port"
  loping latency --explain 9
  expect_status 2
}

@test "lopong tells its start and its end, with what the system keeps of its port" {
  start_lopong --tcp --udp --unix "$BATS_TEST_TMPDIR/echo" --explain
  local said part
  exec 9<> "/dev/tcp/127.0.0.1/$PORT"
  echo hello >&9
  read -r said <&9
  expect_equal hello "$said"
  stop_lopong
  expect_status 0
  exec 9>&-
  said=$(one_line "$(cat "$LOPONG_ERR")")
  for part in "explain: 127.0.0.1:$PORT (tcp) 1. socket()" "bind(): the socket has port $PORT of this address" "listen(): " \
    "now: LISTEN" "ss -ltn 'sport = :$PORT'" "tcpdump -ni lo 'tcp port $PORT'" "explain: 127.0.0.1:$PORT (udp)" \
    "which is another than that of TCP" "explain: unix:$BATS_TEST_TMPDIR/echo" "explain: the end 1. The listening sockets are closed" \
    "1 connection is open" "Of 127.0.0.1:$PORT the kernel still keeps: 1 in FIN_WAIT"; do
    expect_contains "$said" "$part"
  done
}

@test "without --explain, and in the lines of --json, nothing of it is said" {
  start_lopong --tcp --json
  stop_lopong
  expect_lacks "$(cat "$LOPONG_OUT" "$LOPONG_ERR")" "explain"
}
