# loping check behind firewalls that drop or refuse TCP: real rules, each for root and for nobody, with a listener.

load ../cli/test_helper
load check_helper

setup() {
  need_lab nft
}

@test "dropped on the way in: input, prerouting, a nested chain, policy drop, with and without a listener" {
  lab << 'LAB'
server echo
for hook in "input priority 0" "prerouting priority -300"; do
  rules << NFT
table inet t { chain c { type filter hook $hook; tcp dport $P drop; }; }
NFT
  expect blocked 4 $P
  expect blocked 4 '[::1]:7777'
  nft flush ruleset
done
rules << NFT
table ip t { chain deep { tcp dport $P drop; }; chain c { type filter hook input priority 0; jump deep; }; }
NFT
expect blocked 4 $P
expect blocked 4 7778-7780,$P
LAB
}

@test "a policy of drop is told from a rule for the port" {
  lab << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; policy drop; }; }
NFT
expect blocked 4 $P
expect_json '.ports[0].sentence | contains("whatever the port")'
LAB
}

@test "dropped at the device, on the way in and on the way out" {
  lab << 'LAB'
server echo
rules << NFT
table netdev t { chain c { type filter hook ingress device lo priority 0; tcp dport $P drop; }; }
NFT
expect blocked 4 $P
nft flush ruleset
nft "table netdev t { chain c { type filter hook egress device lo priority 0; tcp dport $P drop; }; }" || exit 0
expect blocked-out 4 $P
LAB
}

@test "dropped on the way out" {
  lab << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook output priority 0; tcp dport $P drop; }; }
NFT
expect blocked-out 4 $P
LAB
}

@test "several ports at once, some dropped and some not" {
  lab << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; tcp dport { 7778, 7780 } drop; }; }
NFT
check_as nobody 7777-7780
expect_json '[.ports[].verdict] == ["open", "blocked", "closed", "blocked"]'
test $STATUS -eq 4
LAB
}

@test "refused with a reset, in and out, with and without a listener" {
  lab << 'LAB'
server echo
for hook in input output; do
  rules << NFT
table inet t { chain c { type filter hook $hook priority 0; tcp dport { $P, 7778 } reject with tcp reset; }; }
NFT
  expect rejected 4 $P
  expect_json '.ports[0].sentence | contains("A server listens there")'
  expect rejected 4 7778
  expect_json '.ports[0].sentence | contains("nobody listens there")'
  nft flush ruleset
done
LAB
}

@test "refused with an ICMP error of each kind" {
  lab << 'LAB'
server echo
for kind in port-unreachable admin-prohibited host-prohibited host-unreachable net-unreachable; do
  rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P reject with icmp type $kind; }; }
NFT
  expect rejected 4 $P
  expect_json '.ports[0].evidence | any(contains("ICMP type 3"))'
  nft flush ruleset
done
rules << NFT
table ip t { chain c { type filter hook output priority 0; tcp dport $P reject; }; }
NFT
expect rejected 4 $P
LAB
}

@test "refused with an ICMPv6 error of each kind" {
  lab << 'LAB'
server echo ::1
for kind in port-unreachable admin-prohibited no-route addr-unreachable policy-fail reject-route; do
  nft "table ip6 t { chain c { type filter hook input priority 0; tcp dport $P reject with icmpv6 type $kind; }; }" || continue
  expect rejected 4 '[::1]:7777'
  nft flush ruleset
done
LAB
}

@test "replies dropped: the handshake's, and those with data" {
  lab << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook output priority 0; tcp sport $P tcp flags & (syn|ack) == syn|ack drop; }; }
NFT
expect replies-blocked 4 $P
nft flush ruleset
rules << NFT
table inet t { chain c { type filter hook input priority 0; tcp sport $P drop; }; }
NFT
expect replies-blocked 4 $P
nft flush ruleset
rules << NFT
table ip t { chain c { type filter hook output priority 0; tcp sport $P ip length > 60 drop; }; }
NFT
expect replies-blocked 4 $P
LAB
}

@test "nobody listens, and replies would be dropped" {
  lab << 'LAB'
rules << NFT
table inet t { chain c { type filter hook output priority 0; tcp sport $P tcp flags & (syn|ack) == syn|ack drop; }; }
NFT
expect replies-blocked 4 $P
expect_json '.ports[0].sentence | contains("nobody listens there")'
LAB
}

@test "data dropped after the handshake, and data answered with a reset" {
  lab << 'LAB'
server echo
rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P ip length > 60 drop; }; }
NFT
expect data-blocked 4 $P
nft flush ruleset
rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P ip length > 60 reject with tcp reset; }; }
NFT
expect data-blocked 4 $P
nft flush ruleset
rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P ct state established drop; }; }
NFT
expect data-blocked 4 $P
LAB
}

@test "a rate limit is intermittent once it stops a packet, and check alone does not reach it" {
  lab << 'LAB'
server echo
rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P tcp flags syn limit rate over 1/minute burst 1 packets drop; }; }
NFT
expect_as root open 0 $P
expect_as root intermittent 4 $P
expect_as nobody blocked 4 $P
nft flush ruleset
rules << NFT
table ip t { chain c { type filter hook input priority 0; tcp dport $P tcp flags syn limit rate over 1/minute drop; }; }
NFT
for _ in 1 2 3 4; do expect_as root open 0 $P; done
LAB
}

@test "redirected to another port, and to one that nobody has" {
  lab << 'LAB'
server echo
server banner 127.0.0.1 7778
rules << NFT
table ip t { chain c { type nat hook output priority -100; tcp dport $P redirect to :7778; }; }
NFT
expect redirected 0 $P
expect_json '.ports[0].sentence | contains("port 7778")'
nft flush ruleset
rules << NFT
table ip t { chain c { type nat hook output priority -100; tcp dport $P dnat to 127.0.0.1:7779; }; }
NFT
expect redirected 1 $P
LAB
}

@test "a full queue behind a drop rule is the rule's" {
  lab << 'LAB'
server full_queue
rules << NFT
table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }
NFT
expect blocked 4 $P
LAB
}

@test "loping check leaves nothing behind, also when it is killed" {
  lab << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }
table ip n { chain c { type nat hook output priority -100; tcp dport 7800-7830 dnat to 10.9.0.2:80; }; }
NFT
before=$(nft list ruleset)
are_as_before() { test "$(nft list ruleset)" = "$before"; }
are_not_as_before() { ! are_as_before; }
expect_as root blocked 4 $P
are_as_before
# What no rule drops is watched to the end of its time, 150 ms for each port: long enough to be seen.
"$LOPING" check --timeout 50ms 7800-7830 > /dev/null 2>&1 &
wait_until are_not_as_before
kill -KILL $!
wait_until are_as_before
probed='( dport >= :7800 and dport <= :7830 ) or ( sport >= :7800 and sport <= :7830 )'
test -z "$(ss -Htan "dport = :7777 or $probed" | grep -v SYN-SENT)"
LAB
}
