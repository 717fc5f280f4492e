# What loping check advises against a firewall, carried out as it stands: the port opens on loopback, and nothing else.
# Behind each case another machine knocks at the same ports, and a second server has a port that must stay shut.

load ../cli/test_helper
load check_helper

setup() {
  need_lab nft ip
}

# firewall_lab: a laboratory with the firewall's verbs, another machine, and servers on P and 7790.
firewall_lab() {
  {
    echo '. "$REPOSITORY/tests/net/firewall_verbs.bash"'
    echo 'outside; server echo 0.0.0.0; server echo 0.0.0.0 7790'
    cat
  } | lab
}

@test "a rule for the port, also nested, before routing, and at the device" {
  firewall_lab << 'LAB'
for hook in "input priority 0" "prerouting priority -300" "prerouting priority 10"; do
  nft "table inet t { chain c { type filter hook $hook; tcp dport { $P, 7790 } drop; tcp dport $P drop; }; }"
  advice_holds blocked $P 7790
  nft flush ruleset
done
nft "table ip t { chain deep { counter tcp dport { $P, 7790 } drop; }; chain c { type filter hook input priority 0; jump deep; }; }"
advice_holds blocked $P 7790
nft flush ruleset
nft "table netdev t { chain c { type filter hook ingress device lo priority 0; tcp dport { $P, 7790 } drop; }; }
     table inet f { chain c { type filter hook input priority 0; iif v0 drop; }; }"
advice_holds blocked $P 7790
LAB
}

@test "the last rule of a filter, which drops the rest, and a policy of drop" {
  firewall_lab << 'LAB'
nft "table inet t { chain c { type filter hook input priority 0; ct state established,related accept; tcp dport { 22, 443 } accept; counter drop; }; }"
advice_holds blocked $P 7790
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; policy drop; }; }"
advice_holds blocked $P 7790
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; policy drop; tcp dport 22 accept; }; }"
advice_holds blocked $P 7790
LAB
}

@test "on the way out: a rule, a policy, after routing, and at the device" {
  firewall_lab << 'LAB'
inbound="table inet f { chain c { type filter hook input priority 0; iif v0 drop; }; }"
for hook in "output priority 0" "postrouting priority 0"; do
  nft "table inet t { chain c { type filter hook $hook; tcp dport { $P, 7790 } drop; }; }; $inbound"
  advice_holds blocked-out $P 7790
  expect_as root blocked-out 4 $P
  expect_json '.ports[0].what_to_do | any(contains("oif lo"))'
  nft flush ruleset
done
nft "table inet t { chain c { type filter hook output priority 0; policy drop; }; }; $inbound"
advice_holds blocked-out $P 7790
nft flush ruleset
nft "table netdev t { chain c { type filter hook egress device lo priority 0; tcp dport { $P, 7790 } drop; }; }; $inbound"
advice_holds blocked-out $P 7790
LAB
}

@test "rules that refuse, and rules that drop the replies" {
  firewall_lab << 'LAB'
inbound="table inet f { chain c { type filter hook input priority 1; iif v0 drop; }; }"
for how in "reject with tcp reset" "reject"; do
  nft "table inet t { chain c { type filter hook input priority 0; tcp dport { $P, 7790 } $how; }; }; $inbound"
  advice_holds rejected $P 7790
  nft flush ruleset
done
nft "table inet t { chain c { type filter hook output priority 0; tcp sport { $P, 7790 } drop; }; }; $inbound"
advice_holds replies-blocked $P 7790
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; tcp sport { $P, 7790 } drop; }; }; $inbound"
advice_holds replies-blocked $P 7790
LAB
}

@test "a ban list: the one address is taken out, and the others stay banned" {
  firewall_lab << 'LAB'
nft -f - << N
table ip bans {
  set banned { type ipv4_addr; flags timeout; elements = { 127.0.0.1 timeout 1h, 10.9.0.2 timeout 1h }; }
  chain in { type filter hook input priority -10; policy accept; ip saddr @banned drop; }
}
N
expect_as root blocked 4 $P
expect_json '.ports[0].what_to_do | any(contains("nft delete element ip bans banned \u0027{ 127.0.0.1 }\u0027"))'
undo=$(advised undo | head -n 1)
bash -c "$(advised carry-out | head -n 1)"
expect_as root open 0 $P
stays_shut_outside $P
nft get element ip bans banned '{ 10.9.0.2 }' > /dev/null
bash -c "$undo"
nft get element ip bans banned '{ 127.0.0.1 }' > /dev/null
advice_holds blocked $P
LAB
}

@test "a ban list of ranges, and a verdict map: loopback goes in front" {
  firewall_lab << 'LAB'
nft "table ip bans { set banned { type ipv4_addr; flags interval; elements = { 127.0.0.0/8, 10.9.0.0/24 }; }; chain in { type filter hook input priority 0; ip saddr @banned drop; }; }"
advice_holds blocked $P 7790
expect_as root blocked 4 $P
expect_json '.ports[0].what_to_do | any(contains("delete element")) | not'
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; policy drop; iif lo tcp sport { 22, $P } accept; tcp dport vmap { 22 : accept, $P : drop, 7790 : drop }; }; }"
server echo 127.0.0.1 22
advice_holds blocked $P 7790
opens 22
LAB
}

@test "iptables: a chain that several rules share, a policy, a queue without a reader, by its own command" {
  need_command iptables-nft
  firewall_lab << 'LAB'
iptables-nft -N LOGDROP && iptables-nft -A LOGDROP -j DROP || exit 0
for p in 3306 $P 7790; do iptables-nft -A INPUT -p tcp --dport $p -j LOGDROP; done
advice_holds blocked $P 7790
expect_as root blocked 4 $P
expect_json '.ports[0].what_to_do | any(contains("iptables-nft -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT"))'
expect_json '.ports[0].evidence | any(contains("by a jump: chain INPUT"))'
iptables-nft -F
iptables-nft -P INPUT DROP
advice_holds blocked $P 7790
iptables-nft -P INPUT ACCEPT
iptables-nft -A INPUT -i v0 -j DROP
iptables-nft -t mangle -A OUTPUT -o lo -m conntrack --ctstate NEW -j NFQUEUE --queue-num 0 || exit 0
advice_holds blocked-out $P 7790
LAB
}

@test "iptables-legacy: a rule, a shared chain, on the way out, a policy" {
  need_command iptables-legacy
  firewall_lab << 'LAB'
iptables-legacy -A INPUT -p tcp -m multiport --dports $P,7790 -j DROP || exit 0
advice_holds blocked $P 7790
iptables-legacy -F
iptables-legacy -N LOGDROP && iptables-legacy -A LOGDROP -j DROP
for p in 3306 $P 7790; do iptables-legacy -A INPUT -p tcp --dport $p -j LOGDROP; done
advice_holds blocked $P 7790
iptables-legacy -F
iptables-legacy -A INPUT -i v0 -j DROP
for p in $P 7790; do iptables-legacy -A OUTPUT -o lo -p tcp --dport $p -j DROP; done
advice_holds blocked-out $P 7790
iptables-legacy -F
iptables-legacy -P INPUT DROP
advice_holds blocked $P 7790
LAB
}

@test "IPv6, and UDP on both ways" {
  firewall_lab << 'LAB'
server echo ::1
nft "table ip6 t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }
     table ip f { chain c { type filter hook input priority 0; iif v0 drop; }; }"
advice_holds blocked "[::1]:$P"
nft flush ruleset
server udp_echo
inbound="table ip f { chain c { type filter hook input priority 1; iif v0 drop; }; }"
nft "table inet t { chain c { type filter hook input priority 0; udp dport $P drop; }; }; $inbound"
advice_holds blocked "--udp $P"
nft flush ruleset
nft "table inet t { chain c { type filter hook output priority 0; policy drop; }; }; $inbound"
advice_holds blocked-out "--udp $P"
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; policy drop; }; }"
advice_holds blocked "--udp $P"
LAB
}

@test "of two chains that drop it each is told in its turn, and neither answer harms" {
  firewall_lab << 'LAB'
nft "table inet a { chain c { type filter hook input priority 0; tcp dport { $P, 7790 } drop; }; }
     table inet b { chain c { type filter hook input priority 10; policy drop; }; }"
before=$(ruleset)
for behind in 1 0; do
  expect_as root blocked 4 $P
  expect_json "[.ports[0].what_to_do[] | select(contains(\"$behind more chain\"))] | length == $behind"
  bash -c "$(advised carry-out)"
  is_only_more "$before" "$(ruleset)"
done
expect_as root open 0 $P
stays_shut 7790
stays_shut_outside $P
LAB
}

@test "names that nft's language and the shell would read otherwise" {
  firewall_lab << 'LAB'
echo '{"nftables":[{"add":{"table":{"family":"inet","name":"it'"'"'s \"$(x)\" ip"}}},
  {"add":{"chain":{"family":"inet","table":"it'"'"'s \"$(x)\" ip","name":"tcp; reboot","type":"filter","hook":"input","prio":0,"policy":"accept"}}},
  {"add":{"rule":{"family":"inet","table":"it'"'"'s \"$(x)\" ip","chain":"tcp; reboot","expr":[
    {"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":'$P'}},{"drop":null}]}}}]}' | nft -j -f - || exit 0
before=$(ruleset)
expect_as root blocked 4 $P
bash -c "$(advised carry-out)"
is_only_more "$before" "$(ruleset)"
expect_as root open 0 $P
stays_shut_outside $P
nft flush ruleset
nft 'table inet a\b.c-d/e { chain c\ { type filter hook input priority 0; tcp dport '$P' drop; }; }' || exit 0
expect_as root blocked 4 $P
bash -c "$(advised carry-out)"
expect_as root open 0 $P
stays_shut_outside $P
LAB
}

@test "a rule that sends the port to nobody: it is let through, and other ports are sent on as before" {
  need_command iptables-nft
  firewall_lab << 'LAB'
nft "table inet f { chain c { type filter hook input priority 0; iif v0 drop; }; }"
nft "table ip t { chain c { type nat hook output priority -100; tcp dport { $P, 7790 } redirect to :7999; }; }"
expect_as root redirected 1 $P
before=$(ruleset)
undo=$(advised undo)
bash -c "$(advised carry-out)"
is_only_more "$before" "$(ruleset)"
expect_as root open 0 $P
stays_shut 7790
bash -c "$undo"
is_as "$before"
nft flush ruleset
iptables-nft -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 12345 || exit 0
expect_as root redirected 1 $P
before=$(ruleset)
undo=$(advised undo)
bash -c "$(advised carry-out)"
is_only_more "$before" "$(ruleset)"
expect_as root open 0 $P
stays_shut 7790
bash -c "$undo"
is_as "$before"
LAB
}

@test "ufw: by its own command, which lives through its next reload" {
  need_command ufw
  cp -r /etc/ufw "$BATS_TEST_TMPDIR/etc"
  cp -r /lib/ufw "$BATS_TEST_TMPDIR/lib"
  firewall_lab << 'LAB'
mount --bind "$folder/etc" /etc/ufw
mount --bind "$folder/lib" /lib/ufw
# Its loopback lines are missing, as after an edit.
sed -i '/ lo -j ACCEPT/d' /etc/ufw/before.rules /etc/ufw/before6.rules
ufw deny proto tcp to any port $P > /dev/null
ufw --force enable > /dev/null 2>&1 || exit 0
expect_as root blocked 4 $P
expect_json '.ports[0].sentence | contains("whatever the port") | not'
expect_json '.ports[0].evidence | any(. == "The rule is ufw\u0027s.")'
command=$(advised carry-out | head -n 1)
undo=$(advised undo | head -n 1)
[ "$command" = "ufw prepend allow in on lo to any port $P proto tcp" ]
bash -c "$command" > /dev/null
ufw reload > /dev/null
expect_as root open 0 $P
stays_shut 7790
stays_shut_outside $P
bash -c "$undo" > /dev/null
expect_as root blocked 4 $P
command=$(advised carry-out | tail -n 1)
bash -c "$command"
expect_as root open 0 $P
stays_shut_outside $P
LAB
}
