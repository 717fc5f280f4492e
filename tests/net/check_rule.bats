# loping check names the very rule, as root, and leaves nothing of its own behind, however it ends.

load ../cli/test_helper
load check_helper

setup() {
  need_lab nft
}

@test "the rule is named with its table, chain, handle and text, nested and at the device" {
  lab << 'LAB'
rules << NFT
table inet filter { chain deep { counter tcp dport $P drop; }; chain input { type filter hook input priority 0; jump deep; }; }
NFT
handle=$(nft -a list chain inet filter deep | sed -n 's/.*drop # handle //p')
expect_as root blocked 4 $P
expect_json '.ports[0].evidence[0] | contains("table inet filter, chain deep, handle '$handle' (counter packets ") and contains("tcp dport 7777 drop)")'
expect_json '.ports[0].evidence[1] | contains("by a jump: chain input, handle") and contains("(jump deep)")'
expect_json '.ports[0].what_to_do | any(contains("nft insert rule inet filter input "))'
expect_json '.ports[0].what_to_do | any(contains("delete rule inet filter deep")) | not'
nft flush ruleset
nft "table netdev t { chain c { type filter hook ingress device lo priority 0; tcp dport $P drop; }; }"
expect_as root blocked 4 $P
expect_json '.ports[0].evidence[0] | contains("table netdev t, chain c, handle")'
LAB
}

@test "rules that reject, that drop replies, and that drop UDP are named, with no server too" {
  lab << 'LAB'
nft "table inet t { chain c { type filter hook input priority 0; tcp dport $P reject with tcp reset; }; }"
expect_as root rejected 4 $P
expect_json '.ports[0].evidence[0] | contains("reject with tcp reset")'
nft flush ruleset
nft "table inet t { chain c { type filter hook output priority 0; tcp sport $P tcp flags & (syn|ack) == syn|ack drop; }; }"
expect_as root replies-blocked 4 $P
expect_json '.ports[0].evidence[0] | contains("tcp sport 7777")'
nft flush ruleset
nft "table ip6 t { chain c { type filter hook input priority 0; udp dport $P drop; }; }"
expect_as root blocked 4 --udp '[::1]:7777'
expect_json '.ports[0].evidence[0] | contains("table ip6 t, chain c") and contains("udp dport 7777 drop")'
LAB
}

@test "a rule made by iptables-nft is named" {
  need_command iptables-nft
  lab << 'LAB'
iptables-nft -A INPUT -p tcp --dport $P -j DROP || exit 0
expect_as root blocked 4 $P
expect_json '.ports[0].evidence[0] | contains("table ip filter, chain INPUT")'
LAB
}

@test "without the capability no rule is named, and that is said" {
  lab << 'LAB'
nft "table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }"
expect_as nobody blocked 4 $P
expect_json '.ports[0].evidence | any(contains("traced")) | not'
expect_json '.ports[0].what_to_do | any(contains("rules are not visible to this user"))'
LAB
}

@test "the table of the trace is gone at the end, and after kill -9 in the middle of a trace" {
  lab << 'LAB'
# What no rule drops is watched to the end of its time, 150 ms for each port: long enough to be seen.
nft "table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }
     table ip n { chain c { type nat hook output priority -100; tcp dport 7000-7030 dnat to 10.9.0.2:80; }; }"
before=$(nft list tables)
expect_as root redirected 4 $P-$P,7000
test "$(nft list tables)" = "$before"
"$LOPING" check --timeout 50ms 7000-7030 > /dev/null 2>&1 &
tables_differ() { test "$(nft list tables)" != "$before"; }
tables_are_back() { test "$(nft list tables)" = "$before"; }
wait_until tables_differ
kill -KILL $!
wait_until tables_are_back
LAB
}
