#!/usr/bin/env bats
# loping explain: words, and what this machine says of them now.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "the facts are compared with Linux's own files"
}

# explain WORD...: sets SAID to the text with its line ends made spaces.
explain() {
  loping explain "$@"
  SAID=$(tr -s '\n ' '  ' <<< "$output")
}

# explain_file FILE: pipes it in.
explain_file() {
  # shellcheck disable=SC2016 # the inner bash expands it
  run_timeout 30 bash -c '"$1" explain - < "$2"' _ "$LOPING" "$1"
}

@test "an error is explained by its name, its number and its words alike" {
  explain ECONNREFUSED
  expect_status 0
  expect_contains "$SAID" "ECONNREFUSED: connection refused (error 111 on this system)."
  local by_name=$SAID
  for word in "errno 111" -111 econnrefused "connection refused"; do
    explain "$word"
    expect_status 0
    expect_equal "$by_name" "$SAID"
  done
  explain errno 111
  expect_equal "$by_name" "$SAID"
}

@test "a failure and explain say the same first words" {
  local port
  port=$(unused_port)
  loping latency "$port" --count 1
  expect_status 3
  expect_contains "$(tr -s '\n ' '  ' <<< "$stderr")" ": connection refused (ECONNREFUSED)."
  start_lopong --tcp
  run_timeout 30 "$LOPONG" --port "$PORT" --tcp
  expect_contains "$stderr" "the port is in use (EADDRINUSE)"
  explain EADDRINUSE
  expect_contains "$SAID" "EADDRINUSE: the port is in use (error "
}

@test "a number alone is a port, and says so where it is an error too" {
  explain 111
  expect_contains "$SAID" "port 111: a system port by IANA's ranges (0-1023)."
  expect_contains "$SAID" "loping explain errno 111"
  explain 62893
  expect_lacks "$SAID" "errno"
}

@test "a port is held against this machine's own settings" {
  local first last unprivileged
  read -r first last < /proc/sys/net/ipv4/ip_local_port_range
  unprivileged=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)
  explain "$first"
  expect_contains "$SAID" "lends the ports $first to $last to outgoing connections"
  expect_contains "$SAID" "the ports below $unprivileged need one here"
}

@test "a reserved port is said to be kept out of what is lent" {
  need_network_namespace
  run_timeout 30 unshare --net bash -c "echo 40000 > /proc/sys/net/ipv4/ip_local_reserved_ports && exec '$LOPING' explain 40000"
  expect_status 0
  expect_contains "$(tr -s '\n ' '  ' <<< "$output")" "40000 lies among them and is kept out by net.ipv4.ip_local_reserved_ports"
}

@test "a port tells who has it now" {
  start_lopong
  explain "$PORT"
  expect_contains "$SAID" "TCP now: a socket listens on 127.0.0.1:$PORT. The holder is process $LOPONG_PID ("
  expect_contains "$SAID" "UDP now: a socket receives on 127.0.0.1:$PORT. The holder is process $LOPONG_PID ("
  stop_lopong
  explain "$PORT"
  expect_contains "$SAID" "TCP now: no socket listens on it."
}

@test "a registered name comes from this machine's list of services" {
  [ -r /etc/services ] || skip "this machine has no list of services"
  local name
  name=$(getent services 22/tcp | awk '{ print $1 }')
  explain 22
  expect_contains "$SAID" "calls it $name (tcp"
}

@test "addresses are explained with what this machine has" {
  explain 127.0.0.1
  expect_contains "$SAID" "127.0.0.1: a loopback address of IPv4"
  expect_contains "$SAID" "the interface lo has this address"
  explain 0.0.0.0
  expect_contains "$SAID" "every IPv4 address of the machine"
  expect_contains "$SAID" "127.0.0.1 (lo)"
  explain ::1
  expect_contains "$SAID" "::1: a loopback address of IPv6"
  explain 127.0.0.0/8
  expect_contains "$SAID" "The last of them is 127.255.255.255."
  explain 192.168.0.1
  expect_contains "$SAID" "RFC 1918"
}

@test "an address and a port are explained one after the other" {
  explain 127.0.0.1:62893
  expect_matches "$SAID" "127\.0\.0\.1: a loopback address.*port 62893: a dynamic port"
}

@test "localhost tells what it resolves to, in the system's order" {
  local wanted
  wanted=$(getent ahosts localhost | awk '/STREAM/ { printf "%s%s", separator, $1; separator = ", then " }')
  explain localhost
  expect_status 0
  expect_contains "$SAID" "On this machine localhost means $wanted."
}

@test "verdicts and words of the reports are explained" {
  for word in open closed wrong-address blocked blocked-out rejected replies-blocked data-blocked queue-full paused \
    not-reading hung-up answers accepts not-echo redirected self-connect no-client-ports loopback-down route-forbidden confined intermittent \
    unknown rtt p99 jitter loopback port socket TIME_WAIT backlog latency throughput closed-loop open-loop; do
    explain "$word"
    expect_status 0
    expect_matches "$output" "^$word: [^[:cntrl:]]+\."
  done
}

@test "every word of the list is explained" {
  explain
  expect_status 0
  local word
  for word in $(sed -n '/:$/,/^$/s/^  //p' <<< "$output" | grep -v '[(,]'); do
    "$LOPING" explain "$word" > /dev/null
  done
}

@test "each word that our reports and man pages use without a word of their own is known" {
  local word
  for word in steal reset retransmit governor placement slice confidence floor wake-up anatomy "delayed ACK" inode \
    CAP_NET_ADMIN CAP_NET_RAW exposed "well-known port" "registered port" "user port" container NAT VPN handshake transaction \
    "pacing error" "service time" zero-copy load MTU "congestion control" Nagle TIME_WAIT p99.9 "open loop" warm-up fault injected seed loss duplicate reorder corrupt truncate stall lab ladder segment FIN ACK pcap namespace frame payload kernel epoll thread hypervisor systemd schedule verdict knee Gbit/s; do
    explain "$word"
    expect_status 0
    [ ${#SAID} -gt 80 ]
  done
}

@test "an unknown word names the nearest ones, with status 2" {
  explain blokced
  expect_status 2
  expect_contains "$stderr" "the nearest is blocked"
  explain block
  expect_contains "$stderr" "the nearest is blocked"
  explain p95
  expect_contains "$stderr" "the nearest is p99"
  explain $'\e[31mxyzzy'
  expect_status 2
  expect_contains "$stderr" '\x1b[31mxyzzy'
}

@test "a number beyond 65535 is no port" {
  explain 65536
  expect_status 2
  expect_contains "$stderr" "the highest is 65535"
}

@test "a name of another machine is not looked up" {
  explain example.com
  expect_status 2
}

@test "a pasted error is looked into now: the port that it names is examined" {
  start_lopong --tcp
  explain "Error: connect ECONNREFUSED 127.0.0.1:$PORT"
  expect_status 0
  expect_contains "$SAID" "Read: Error: connect ECONNREFUSED 127.0.0.1:$PORT"
  expect_contains "$SAID" "A second look a moment later found it open"
  local port
  port=$(unused_port)
  explain "dial tcp 127.0.0.1:$port: connect: connection refused"
  expect_contains "$SAID" "cannot connect to 127.0.0.1:$port (tcp): connection refused (ECONNREFUSED). Nobody listens there"
}

@test "a server's failure to start names who has its port, from stdin too" {
  start_lopong --tcp
  explain "Error: listen EADDRINUSE: address already in use 127.0.0.1:$PORT"
  expect_contains "$SAID" "a server cannot listen on 127.0.0.1 port $PORT (tcp): the port is in use (EADDRINUSE)."
  expect_contains "$SAID" "stop the holder: kill $LOPONG_PID"
  local by_word=$SAID
  printf 'starting\nError: listen EADDRINUSE: address already in use 127.0.0.1:%s\n    at node:net:1:2\n' "$PORT" > "$BATS_TEST_TMPDIR/log"
  explain_file "$BATS_TEST_TMPDIR/log"
  expect_status 0
  # The holder is a little older by now.
  expect_equal "${by_word%% user *}" "$(tr -s '\n ' '  ' <<< "$output" | sed 's/ user .*//')"
  stop_lopong
  explain "Error: listen EADDRINUSE: address already in use 127.0.0.1:$PORT"
  expect_contains "$SAID" "Nobody has it now"
}

@test "a name of another machine in an error is not looked up" {
  explain "connect ETIMEDOUT http://db.invalid:9999/"
  expect_status 0
  expect_contains "$SAID" "db.invalid is no name of this machine, and loping asks no network for it."
}

@test "a text without an error and without a place is refused" {
  echo hello > "$BATS_TEST_TMPDIR/log"
  for file in "$BATS_TEST_TMPDIR/log" /dev/null; do
    explain_file "$file"
    expect_status 2
    expect_contains "$stderr" "stdin has no error and no address that loping knows"
  done
  loping explain "server.js:12:5"
  expect_status 2
}
