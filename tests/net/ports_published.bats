#!/usr/bin/env bats
# loping ports and the firewall's rules: what they hand on without a socket, and Docker's beside ufw's.

load ../cli/test_helper
load check_helper

setup() {
  need_lab iptables nft
}

# What the scripts share: `list ARGUMENT...` runs loping ports, with its text in TEXT. The chains are those that Docker
# and ufw make, as far as they matter here.
prelude() {
  cat << 'LAB'
list() {
  RESULT=$folder/result.json
  TEXT=$("$LOPING" ports --json "$RESULT" "$@" 2>&1)
}
said() {
  # Each paragraph as one line: where it is wrapped does not matter.
  local joined
  joined=$(sed -E ':a; N; $!ba; s/\n {3,}([^ ])/ \1/g; s/\n  ([^0-9 ])/ \1/g' <<< "$TEXT")
  grep -qE -- "$1" <<< "$TEXT" || grep -qE -- "$1" <<< "$joined" || { echo "wanted '$1' in: $TEXT"; return 1; }
}
not_said() {
  ! grep -qE -- "$1" <<< "$TEXT" || { echo "did not want '$1' in: $TEXT"; return 1; }
}
docker() {
  iptables -t nat -N DOCKER
  iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  iptables -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
  iptables -N DOCKER-USER
  iptables -N DOCKER-FORWARD
  iptables -A DOCKER-FORWARD -o docker0 -p tcp -d 172.17.0.2 --dport 80 -j ACCEPT
}
ufw() {
  iptables -N ufw-before-input
  iptables -N ufw-user-input
  iptables -N ufw-before-forward
  iptables -A ufw-before-input -j ufw-user-input
}
LAB
}

publish_lab() {
  lab < <(prelude && cat)
}

@test "a port that a rule hands on, and that no socket has, is listed with where it goes" {
  publish_lab << 'LAB'
docker
list
said '^PUBLISHED BY A RULE, WITHOUT A SOCKET: 1$'
said "^  8080/tcp on every address -> 172\.17\.0\.2:80, by Docker's rule in ip nat DOCKER$"
expect_json '.published | length == 1'
expect_json '.published[0] | .first_port == 8080 and .last_port == 8080 and .transport == "tcp" and .address == null and
  .to_address == "172.17.0.2" and .to_port == 80 and .exposed and .manager == "Docker" and .chain == "DOCKER"'
list 8081
not_said PUBLISHED
list --udp
not_said PUBLISHED
list --local
not_said PUBLISHED
list 8000-8100
said '8080/tcp on every address'
LAB
}

@test "a port with a socket, such as docker-proxy's, is in the list already" {
  publish_lab << 'LAB'
docker
server echo 0.0.0.0 8080
list
not_said PUBLISHED
said 'REACHABLE FROM OTHER MACHINES: 1'
kill $SERVER
server only_bound 0.0.0.0 8080
list
said '8080/tcp on every address'
LAB
}

@test "nft's own rules are read too: ranges, one address, a port of this machine; not those that nothing leads to" {
  publish_lab << 'LAB'
rules << 'NFT'
table inet t {
  chain p {
    type nat hook prerouting priority -100
    tcp dport 9000-9010 dnat ip to 10.0.0.5
    ip daddr 192.0.2.7 udp dport 53 dnat ip to 10.0.0.6:5353
    udp dport 5000 redirect to :5001
    ip daddr 127.0.0.1 tcp dport 81 dnat ip to 10.0.0.7
    tcp dport 7000-7010 tcp dport != 7005 dnat ip to 10.0.0.8
    tcp dport 71 accept
  }
  chain nobody {
    tcp dport 9999 dnat ip to 10.0.0.6
  }
}
table ip6 t6 {
  chain p {
    type nat hook prerouting priority -100
    tcp dport 443 dnat to [fd00::9]:8443
  }
}
NFT
list
said 'WITHOUT A SOCKET: 5$'
said '^  9000-9010/tcp on every address -> 10\.0\.0\.5, by a rule in inet t p$'
said '^  53/udp on 192\.0\.2\.7 -> 10\.0\.0\.6:5353, '
said '^  5000/udp on every address -> port 5001 of this machine, '
said '^  81/tcp on 127\.0\.0\.1 -> 10\.0\.0\.7, .*; for what this machine itself sends$'
said '^  443/tcp on every address -> \[fd00::9\]:8443, by a rule in ip6 t6 p$'
not_said 9999
LAB
}

@test "that Docker's rules pass by ufw is said where both are there, and Docker's are asked first" {
  publish_lab << 'LAB'
docker
iptables -A FORWARD -j DOCKER-USER
iptables -A FORWARD -j DOCKER-FORWARD
list
not_said ufw
ufw
iptables -A FORWARD -j ufw-before-forward
list
not_said 'note: .*ufw'
iptables -A INPUT -j ufw-before-input
list
said "note: What is sent on to the 1 port that Docker publishes meets Docker's rules before ufw's"
expect_json '.docker_passes_ufw'
# A rule that sends them to ufw's after all.
iptables -A DOCKER-USER -j ufw-before-forward
list
not_said 'note: .*ufw'
expect_json '.docker_passes_ufw | not'
LAB
}

@test "where ufw is asked first, nothing passes by it" {
  publish_lab << 'LAB'
docker
ufw
iptables -A INPUT -j ufw-before-input
iptables -A FORWARD -j ufw-before-forward
iptables -A FORWARD -j DOCKER-FORWARD
list
not_said 'note: .*ufw'
LAB
}

@test "who may not see the rules is told that root sees them, and the result file has null, not none" {
  publish_lab << 'LAB'
docker
RESULT=$folder/result.json
TEXT=$(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
  "$LOPING" ports 2>&1)
said 'note: Ports that rules hand on without a socket .* are shown to root alone'
not_said PUBLISHED
setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
  "$LOPING" ports --json - > "$RESULT"
expect_json '.published == null and .docker_passes_ufw == null'
LAB
}
