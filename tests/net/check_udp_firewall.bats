# loping check behind firewalls that drop or refuse UDP, each for root and for nobody.

load ../cli/test_helper
load check_helper

setup() {
  need_lab nft
}

@test "UDP dropped on the way in, with and without a server" {
  lab << 'LAB'
server udp_echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; udp dport { $P, 7778 } drop; }; }
NFT
expect blocked 4 --udp $P
expect blocked 4 --udp 7778
LAB
}

@test "UDP refused on the way out" {
  lab << 'LAB'
server udp_echo
rules << NFT
table ip t { chain c { type filter hook output priority 0; udp dport $P drop; }; }
NFT
expect blocked-out 4 --udp $P
nft flush ruleset
rules << NFT
table ip t { chain c { type filter hook output priority 0; udp dport $P reject; }; }
NFT
expect rejected 4 --udp $P
LAB
}

@test "UDP refused with an ICMP error of each kind, with and without a server" {
  lab << 'LAB'
server udp_echo
for kind in port-unreachable admin-prohibited host-prohibited host-unreachable net-unreachable; do
  rules << NFT
table ip t { chain c { type filter hook input priority 0; udp dport { $P, 7778 } reject with icmp type $kind; }; }
NFT
  expect rejected 4 --udp $P
  expect rejected 4 --udp 7778
  nft flush ruleset
done
LAB
}

@test "UDP replies dropped, by the server's side and by the client's" {
  lab << 'LAB'
server udp_echo
for hook in output input; do
  rules << NFT
table inet t { chain c { type filter hook $hook priority 0; udp sport $P drop; }; }
NFT
  expect replies-blocked 4 --udp $P
  nft flush ruleset
done
LAB
}

@test "UDP redirected to a server elsewhere" {
  lab << 'LAB'
server udp_echo 127.0.0.1 7778
rules << NFT
table ip t { chain c { type nat hook output priority -100; udp dport $P redirect to :7778; }; }
NFT
expect redirected 0 --udp $P
LAB
}

@test "a rate limit on UDP is intermittent once it stops a datagram" {
  lab << 'LAB'
server udp_echo
rules << NFT
table ip t { chain c { type filter hook input priority 0; udp dport $P limit rate over 1/minute burst 2 packets drop; }; }
NFT
for _ in 1 2; do expect_as root open 0 --udp $P; done
expect_as root intermittent 4 --udp $P
LAB
}
