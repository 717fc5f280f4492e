#!/usr/bin/env bats
# What loping says where packets are dropped, refused, or come back to their own sender: in network namespaces that
# each test makes for itself, and that end with it.

load ../cli/test_helper
load ../cli/loping_helper

setup() {
  need_network_namespace
}

# in_namespace SCRIPT: runs it in a network and mount namespace of its own whose loopback is up; sets status, output and
# stderr. P is a port. `serve ARGUMENT...` starts lopong there and waits for it. All ends with the script.
in_namespace() {
  run --separate-stderr timeout --kill-after=5 "$DEADLINE_SECONDS" unshare --net --mount --pid --fork --kill-child \
    bash -euc '
      P=7777
      mount -t proc proc /proc
      # The firewall that the machine itself is run with leaves its files there.
      mount -t tmpfs tmpfs /run
      [ ! -d /etc/ufw ] || mount -t tmpfs tmpfs /etc/ufw
      ip link set lo up
      serve() {
        "$LOPONG" "$@" > "$BATS_TEST_TMPDIR/lopong.out" 2>&1 &
        until grep -q listening "$BATS_TEST_TMPDIR/lopong.out"; do sleep 0.02; done
      }
      '"$1" < /dev/null
  # The words as one line: where they are wrapped does not matter.
  words=$(tr -s ' \n' ' ' <<< "$stderr")
}

drop_port() {
  echo 'nft -f - <<< "table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; udp dport $P drop; }; }";'
}

@test "a firewall that drops the connection: timed out, and the listener that has room is named" {
  need_command nft
  in_namespace "$(drop_port)"'
    serve --port $P
    "$LOPING" latency --timeout 300ms --json "$RESULT" $P'
  expect_status 3
  expect_contains "$words" "cannot connect to 127.0.0.1:7777 (tcp): no answer within 300 ms (ETIMEDOUT)"
  expect_contains "$words" "A firewall silently discards what is sent to this port. A server listens there."
  expect_contains "$words" "dropped by a rule: table inet t, chain c"
  expect_json '.error.code == "ETIMEDOUT"' '.error.holders[0].command == "lopong"'
}

@test "a firewall that drops, and nobody listens: both are said, and how to start a server" {
  need_command nft
  in_namespace "$(drop_port)"' "$LOPING" latency --timeout 300ms $P'
  expect_status 3
  expect_contains "$words" "A firewall silently discards what is sent to this port. Besides, nobody listens there."
  expect_contains "$words" "lopong --port 7777"
}

@test "a firewall that drops datagrams: no echo and no refusal" {
  need_command nft
  in_namespace "$(drop_port)"' "$LOPING" latency --udp --timeout 100ms $P'
  expect_status 3
  expect_contains "$words" "cannot measure 127.0.0.1:7777 (udp): no echo came within 100 ms (ETIMEDOUT)"
  expect_contains "$words" "A firewall silently discards what is sent to this port. Besides, nobody has the port."
}

@test "a firewall that forbids the sending of datagrams: not allowed" {
  need_command nft
  in_namespace '
    nft -f - <<< "table inet t { chain c { type filter hook output priority 0; udp dport $P drop; }; }"
    serve --udp --port $P
    "$LOPING" latency --udp --timeout 300ms $P'
  expect_status 3
  expect_contains "$words" "cannot connect to 127.0.0.1:7777 (udp): not allowed (EPERM)"
}

@test "a firewall that refuses although a server listens: the firewall is named, not a missing server" {
  need_command nft
  in_namespace '
    nft -f - <<< "table inet t { chain c { type filter hook input priority 0; tcp dport $P reject with tcp reset; }; }"
    serve --port $P
    "$LOPING" latency $P'
  expect_status 3
  expect_contains "$words" "connection refused (ECONNREFUSED)"
  expect_contains "$words" firewall
  expect_lacks "$words" "Is a server running"
}

@test "a firewall that drops in mid-run: what was measured is reported" {
  need_command nft
  in_namespace '
    serve --port $P
    "$LOPING" ping --interval 5ms --timeout 1s --json "$RESULT" $P > "$BATS_TEST_TMPDIR/out" &
    until grep -q "seq=3 " "$BATS_TEST_TMPDIR/out"; do sleep 0.02; done
    '"$(drop_port)"'
    wait $!'
  expect_status 3
  expect_matches "$words" 'lost 127.0.0.1:7777 \(tcp\) after [0-9]+ round trips'
  expect_contains "$words" "within 1.00 s"
  expect_json '.runs[0].rtt_ns.count >= 3'
  expect_contains "$(cat "$BATS_TEST_TMPDIR/out")" "replies, RTT min"
}

@test "a connection that reaches its own sender is recognised, not measured" {
  # The only port that is lent to clients is the one that they want.
  in_namespace '
    echo "7777 7777" > /proc/sys/net/ipv4/ip_local_port_range
    "$LOPING" latency --json "$RESULT" $P'
  expect_status 3
  expect_contains "$words" "the connection reached itself (SELF_CONNECT)"
  expect_contains "$words" "Nobody listens there: the connection met itself, because the system lent it this very port."
  expect_contains "$words" "outside 7777-7777"
  expect_json '.error.code == "SELF_CONNECT"' '.runs[0].rtt_ns == null'
}

@test "a UDP socket that reaches itself is recognised, not measured" {
  in_namespace '
    echo "7777 7777" > /proc/sys/net/ipv4/ip_local_port_range
    "$LOPING" latency --udp --json "$RESULT" $P'
  expect_status 3
  expect_contains "$words" "the connection reached itself (SELF_CONNECT)"
  expect_json '.error.code == "SELF_CONNECT"' '.runs[0].rtt_ns == null'
}

@test "no client port is left: the range and its setting are named" {
  in_namespace '
    echo "7000 7000" > /proc/sys/net/ipv4/ip_local_port_range
    serve --port $P --bind ::1
    "$LOPING" latency --connections 3 "[::1]:$P"'
  expect_status 3
  expect_contains "$words" "that address is not to be had (EADDRNOTAVAIL). No port is left for the client's side"
  expect_contains "$words" "7000 to 7000"
  expect_contains "$words" "ip_local_port_range"
}

@test "IPv6 that is switched off is said for ::1" {
  in_namespace '
    echo 1 > /proc/sys/net/ipv6/conf/lo/disable_ipv6
    "$LOPING" latency [::1]:$P'
  expect_status 3
  expect_contains "$words" "IPv6 is switched off"
  expect_contains "$words" "127.0.0.1:7777"
}

@test "loopback that is down is said, and how to bring it up" {
  in_namespace '
    ip link set lo down
    "$LOPING" latency --timeout 300ms $P'
  expect_status 3
  expect_contains "$words" "ip link set lo up"
}

# with_hosts LINE...: commands that put the lines into the namespace's own /etc/hosts.
with_hosts() {
  printf '%s\n' "$@" > "$BATS_TEST_TMPDIR/hosts"
  echo 'mount --bind "$BATS_TEST_TMPDIR/hosts" /etc/hosts;'
}

@test "localhost that is ::1 first reaches a server on 127.0.0.1 alone, and one on ::1 alone" {
  in_namespace "$(with_hosts '::1 localhost' '127.0.0.1 localhost')"'
    serve --tcp --port $P --bind 127.0.0.1
    "$LOPING" latency --warmup 0 --count 20 --json "$RESULT" localhost:$P'
  expect_status 0
  expect_json '.runs[0].workload.address == "127.0.0.1"' '.runs[0].rtt_ns.count == 20' '.error == null'
  in_namespace "$(with_hosts '::1 localhost' '127.0.0.1 localhost')"'
    serve --tcp --port $P --bind ::1
    "$LOPING" latency --warmup 0 --count 20 --json "$RESULT" localhost:$P'
  expect_status 0
  expect_json '.runs[0].workload.address == "::1"' '.runs[0].rtt_ns.count == 20'
}

@test "localhost over UDP reaches a server that is on its second address alone" {
  in_namespace "$(with_hosts '::1 localhost' '127.0.0.1 localhost')"'
    serve --udp --port $P --bind 127.0.0.1
    "$LOPING" latency --udp --depth 4 --warmup 0 --count 20 --json "$RESULT" localhost:$P'
  expect_status 0
  expect_json '.runs[0].workload.address == "127.0.0.1"' '.runs[0].rtt_ns.count == 20' '.error == null'
}

@test "localhost with nobody on any of its addresses is refused once" {
  in_namespace "$(with_hosts '::1 localhost' '127.0.0.1 localhost')"' "$LOPING" latency --json "$RESULT" localhost:$P'
  expect_status 3
  expect_equal 1 "$(grep -c '^loping:' <<< "$stderr")"
  expect_contains "$words" "connection refused (ECONNREFUSED)"
}

@test "a name that means another machine is refused with its address" {
  in_namespace "$(with_hosts '192.0.2.9 far')"' "$LOPING" latency far:$P'
  expect_status 2
  expect_contains "$words" "far (192.0.2.9) is not this machine's loopback"
  expect_contains "$words" "--allow-remote"
}

@test "localhost that means another machine is named with its address, and not advised" {
  local command
  for command in check wait; do
    in_namespace "$(with_hosts '192.0.2.7 localhost')"' "$LOPING" '$command' localhost:$P'
    expect_status 2
    expect_contains "$words" "'localhost' (192.0.2.7) is neither loopback nor an address of this machine"
    expect_contains "$words" "use 127.0.0.1 or ::1, or look at it there"
    expect_lacks "$words" "or localhost"
  done
  in_namespace "$(with_hosts '192.0.2.9 far')"' "$LOPING" check far:$P'
  expect_status 2
  expect_contains "$words" "'far' (192.0.2.9) is neither"
  expect_contains "$words" "use 127.0.0.1, ::1 or localhost"
}

@test "a name server that does not answer is no wrong command line" {
  local command
  echo 'nameserver 192.0.2.1' > "$BATS_TEST_TMPDIR/resolv.conf"
  echo 'hosts: files dns' > "$BATS_TEST_TMPDIR/nsswitch.conf"
  for command in check "wait --timeout 1s" latency; do
    in_namespace '
      mount --bind "$BATS_TEST_TMPDIR/resolv.conf" /etc/resolv.conf
      [ ! -e /etc/nsswitch.conf ] || mount --bind "$BATS_TEST_TMPDIR/nsswitch.conf" /etc/nsswitch.conf
      "$LOPING" '"$command"' nobody.example:$P'
    expect_status 3
    expect_contains "$words" "the name service does not answer now (EAI_AGAIN)"
    expect_lacks "$words" "--help"
  done
}

@test "--allow-remote measures an address beyond loopback" {
  in_namespace '
    ip address add 192.0.2.1/32 dev lo
    serve --tcp --port $P --bind 192.0.2.1 --allow-remote
    "$LOPING" latency --allow-remote --warmup 0 --count 20 --json "$RESULT" 192.0.2.1:$P'
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].workload.address == "192.0.2.1"'
}

@test "datagrams that a link loses, doubles and swaps are all accounted for" {
  need_command tc
  in_namespace '
    tc qdisc add dev lo root netem loss 5% duplicate 5% reorder 10% delay 1ms ||
      { echo no netem; exit 77; }
    serve --udp --port $P
    "$LOPING" latency --udp --warmup 0 --count 300 --depth 4 --timeout 200ms --json "$RESULT" $P'
  [ "$status" -ne 77 ] || skip "this kernel has no netem"
  expect_status 1
  expect_json '.runs[0] | .errors.lost > 0 and .errors.duplicated > 0 and .errors.corrupted == 0' \
    '.runs[0] | .rtt_ns.count + .errors.timed_out == 300' '.runs[0].errors | .lost <= .timed_out'
}

@test "client ports that are out at the start: the connections come from further source addresses" {
  in_namespace '
    echo "40000 40099" > /proc/sys/net/ipv4/ip_local_port_range
    serve --port $P
    "$LOPING" connect --count 99 --warmup 0 $P > /dev/null
    "$LOPING" connect --count 10 --warmup 0 --json "$RESULT" $P
    "$LOPING" latency --connections 150 --count 300 --warmup 0 $P'
  expect_status 0
  expect_json '.error == null' '.runs[0].rtt_ns.count == 10' '.runs[0].source_addresses == 2'
}

@test "a port's rest after a connection is what this machine's setting says" {
  in_namespace '
    echo "40000 40019" > /proc/sys/net/ipv4/ip_local_port_range
    echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse
    "$LOPING" explain EADDRNOTAVAIL
    echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse
    "$LOPING" explain EADDRNOTAVAIL'
  expect_status 0
  expect_contains "$(tr -s ' \n' ' ' <<< "$output")" "its port rests for 60.0 s before another such connection gets it"
  expect_contains "$(tr -s ' \n' ' ' <<< "$output")" "its port rests for 1.00 s before another such connection gets it"
}

@test "an anatomy against a server whose clock is another says that, and is not interrupted" {
  unshare --time --monotonic 1000 true 2> /dev/null || skip "this system has no time namespaces"
  in_namespace '
    unshare --time --fork --monotonic 100000 "$LOPONG" --port $P > "$BATS_TEST_TMPDIR/lopong.out" &
    until grep -q listening "$BATS_TEST_TMPDIR/lopong.out"; do sleep 0.02; done
    "$LOPING" anatomy --duration 100ms --json "$RESULT" $P'
  expect_status 3
  expect_contains "$words" "the server's clock is another one (OTHER_CLOCK)"
  expect_contains "$words" "ahead of the client's: it runs in another time namespace"
  expect_json '.error.code == "OTHER_CLOCK"' '.runs[0].interrupted == false'
}

@test "the interface of a link-local address is kept in every output" {
  in_namespace '
    ip link add v type veth peer name w
    ip link set v up
    ip link set w up
    ip address add fe80::7/64 dev v nodad
    serve --bind fe80::7%v --allow-remote --port $P
    cat "$BATS_TEST_TMPDIR/lopong.out"
    "$LOPING" latency --allow-remote --count 50 --warmup 0 --json "$RESULT" --csv "$BATS_TEST_TMPDIR/csv" "[fe80::7%v]:$P"
    "$LOPING" check "[fe80::7%v]:$P" | head -1
    ! "$LOPING" check "[fe80::7]:$P" 2> "$BATS_TEST_TMPDIR/bare"
    ! "$LOPING" latency --allow-remote "[fe80::7%v]:9" 2> "$BATS_TEST_TMPDIR/closed"'
  expect_status 0
  expect_contains "$output" "listening on [fe80::7%v]:7777 (tcp)"
  expect_contains "$output" "[fe80::7%v]:7777 (tcp): open"
  expect_contains "$(tr -s ' \n' ' ' < "$BATS_TEST_TMPDIR/bare")" "such as fe80::7%v; this machine's interfaces are: lo, "
  expect_json '.runs[0].workload.address == "fe80::7%v"'
  expect_contains "$(cat "$BATS_TEST_TMPDIR/csv")" "fe80::7%v"
  expect_contains "$(tr -s ' \n' ' ' < "$BATS_TEST_TMPDIR/closed")" "cannot connect to [fe80::7%v]:9 (tcp)"
  expect_matches "$output" "latency.*\[fe80::7%v\]:7777"
}
