# loping check behind iptables' rules, of the nft and of the legacy kind, each for root and for nobody.

load ../cli/test_helper
load check_helper

setup() {
  need_lab
}

# each_kind: the laboratory runs once with iptables-nft and once with iptables-legacy as IPTABLES.
each_kind() {
  local kind script
  script=$(cat)
  for kind in iptables-nft iptables-legacy; do
    command -v $kind > /dev/null || continue
    lab <<< "IPTABLES=$kind"$'\n'"\$IPTABLES -L > /dev/null 2>&1 || exit 0"$'\n'"$script" || {
      echo "with $kind"
      return 1
    }
  done
}

@test "DROP on the way in and on the way out, and the chain's policy" {
  need_command iptables
  each_kind << 'LAB'
server echo
$IPTABLES -A INPUT -p tcp --dport $P -j DROP
expect blocked 4 $P
$IPTABLES -F
$IPTABLES -A OUTPUT -p tcp --dport $P -j DROP
expect blocked-out 4 $P
$IPTABLES -F
$IPTABLES -P INPUT DROP
expect blocked 4 $P
LAB
}

@test "REJECT with a reset and with ICMP" {
  need_command iptables
  each_kind << 'LAB'
server echo
$IPTABLES -A INPUT -p tcp --dport $P -j REJECT --reject-with tcp-reset
expect rejected 4 $P
$IPTABLES -F
$IPTABLES -A INPUT -p tcp --dport $P -j REJECT --reject-with icmp-host-prohibited
expect rejected 4 $P
LAB
}

@test "a legacy rule is named by its counter, with the legacy tool's commands" {
  need_command iptables-legacy
  lab << 'LAB'
iptables-legacy -A INPUT -p tcp --dport 7999 -j DROP || exit 0
iptables-legacy -A INPUT -p tcp --dport $P -j DROP
expect_as root blocked 4 $P
expect_json '.ports[0].evidence | any(contains("rule 2 of chain INPUT in iptables-legacy\u0027s table filter, target DROP"))'
expect_json '.ports[0].what_to_do | any(contains("iptables-legacy -t filter -vnL INPUT"))'
LAB
}
