# Where packets go, and who takes them, beside the rules that drop: redirections, queues, iptables' extensions, the table
# of connections, programs on loopback, a sandbox of loping's own. No verdict contradicts its own evidence.

load ../cli/test_helper
load check_helper

setup() {
  need_lab nft ip
}

firewall_lab() {
  { echo '. "$REPOSITORY/tests/net/firewall_verbs.bash"' && cat; } | lab
}

@test "sent to another machine: redirected, with the real end, when it answers and when it refuses" {
  need_command iptables-nft conntrack
  firewall_lab << 'LAB'
outside
from_outside python3 -I -S "$REPOSITORY/tests/net/lab_servers.py" echo 10.9.0.2 80 > "$folder/far" 2>&1 &
wait_until ready "$folder/far"
echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet
iptables-nft -t nat -A OUTPUT -p tcp --dport 7007 -j DNAT --to-destination 10.9.0.2:80 || exit 0
iptables-nft -t nat -A OUTPUT -p tcp --dport 7008 -j DNAT --to-destination 10.9.0.2:81
iptables-nft -t nat -A POSTROUTING -o v0 -j MASQUERADE
expect redirected 0 7007
expect_json '.ports[0].sentence | test("to another machine or container, and a server there (answers|takes the connection)")'
expect_as root redirected 0 7007
expect_json '.ports[0].sentence | test("to 10.9.0.2:80, and a server there (answers|takes the connection)")'
expect_as root redirected 1 7008
expect_json '.ports[0].sentence | contains("to 10.9.0.2:81, and that refuses")'
expect_json '.ports[0].evidence | any(contains("a firewall rule made it")) | not'
expect_as root redirected 0 7007 --ask echo
expect_json '.ports[0].sentence | contains("to 10.9.0.2:80, and a server there answers")'
for limit in 1s 4s; do
  expect_as root redirected 0 7007 --timeout $limit
  expect_json '.ports[0].sentence | contains("10.9.0.2:80")'
done
LAB
}

@test "sent to another machine, which the kernel does not route loopback to" {
  need_command iptables-nft
  firewall_lab << 'LAB'
outside
iptables-nft -t nat -A OUTPUT -p tcp --dport 7010 -j DNAT --to-destination 10.9.0.2:80 || exit 0
for limit in 200ms 1500ms; do
  expect_as root redirected 1 7010 --timeout $limit
  expect_json '.ports[0].sentence | contains("10.9.0.2:80") and contains("route_localnet is 0")'
done
nft flush ruleset
nft "table inet t { chain c { type nat hook output priority -100; tcp dport 7010 dnat ip to 10.9.0.2:80; }; }"
expect_as root redirected 1 7010
expect_json '.ports[0].sentence | contains("10.9.0.2:80") and contains("route_localnet is 0")'
LAB
}

@test "sent to a port that nobody has: redirected, for root with the port, also by iptables-legacy" {
  need_command iptables-nft iptables-legacy
  firewall_lab << 'LAB'
for iptables in iptables-nft iptables-legacy; do
  $iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 12345 || continue
  expect redirected 1 7011
  expect_as root redirected 1 7011
  expect_json '.ports[0].sentence | contains("to port 12345, and that refuses")'
  expect_json '.ports[0].sentence | contains("start a server") | not'
  $iptables -t nat -F
done
LAB
}

@test "a transparent proxy takes the packets: redirected to its port" {
  firewall_lab << 'LAB'
python3 - > "$folder/proxy" 2>&1 << 'PY' &
import socket
listener = socket.socket()
listener.setsockopt(socket.SOL_IP, 19, 1)  # IP_TRANSPARENT
listener.bind(("127.0.0.1", 7500))
listener.listen(16)
print("ready", flush=True)
held = []
while True:
    held.append(listener.accept()[0])
PY
wait_until ready "$folder/proxy"
nft "table ip t { chain c { type filter hook prerouting priority mangle; tcp dport 7012 tproxy to :7500 accept; }; }" || exit 0
expect_as root redirected 1 7012
expect_json '.ports[0].sentence | contains("port 7500")'
LAB
}

@test "a queue that no program reads is named, with its number and its rule" {
  need_command iptables-nft
  firewall_lab << 'LAB'
server echo
iptables-nft -t mangle -A OUTPUT -m conntrack --ctstate NEW -j NFQUEUE --queue-num 3 || exit 0
expect_as root blocked-out 4 $P
expect_json '.ports[0].sentence | contains("queue 3 (NFQUEUE), which no program reads")'
expect_json '.ports[0].evidence | any(contains("table ip mangle, chain OUTPUT, handle"))'
nft flush ruleset
nft "table inet t { chain c { type filter hook input priority 0; tcp dport $P queue num 4; }; }" || exit 0
expect_as root blocked 4 $P
expect_json '.ports[0].sentence | contains("queue 4 (NFQUEUE), which no program reads")'
LAB
}

@test "a full table of connections is named with its numbers, to anybody who is told of it" {
  need_command iptables-nft conntrack
  firewall_lab << 'LAB'
server echo
iptables-nft -A INPUT -m conntrack --ctstate INVALID -j DROP || exit 0
most=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
python3 - $((most + 9)) > "$folder/entries" << 'PY'
import sys
for i in range(int(sys.argv[1])):
    source, port = "10.%d.%d.1" % (i >> 22 & 255, i >> 14 & 255), 1024 + (i & 16383)
    print(f"-A -t 3599 -u SEEN_REPLY,ASSURED -s {source} -d 10.255.9.9 -r 10.255.9.9 -q {source} -p udp --sport {port} --dport 53 --reply-port-src 53 --reply-port-dst {port}")
PY
conntrack -R "$folder/entries" > /dev/null 2>&1 || true
expect blocked-out 4 $P
expect_json '.ports[0].sentence | contains("the table of tracked connections is full: '$most' of '$most'")'
expect_as root blocked-out 4 $P
expect_json '.ports[0].evidence | any(contains("No nftables rule dropped it"))'
command=$(jq -r '.ports[0].what_to_do[] | select(startswith("let this port through")) | sub("^[^:]*: "; "")' "$RESULT")
undo=$(advised undo)
before=$(ruleset)
bash -c "$command"
is_only_more "$before" "$(ruleset)"
expect_as root open 0 $P
expect_as root blocked-out 4 7790
bash -c "$undo"
is_as "$before"
LAB
}

@test "traffic of another machine on the same port, and much of it on loopback, changes nothing" {
  firewall_lab << 'LAB'
outside
server echo 0.0.0.0
nft "table inet t { chain c { type filter hook input priority 0; iifname v0 tcp dport $P drop; iifname lo tcp dport $P drop; }
     chain o { type filter hook output priority 0; meta skuid 65534 tcp dport $P drop; }; }"
cat > "$folder/knock.py" << 'PY'
import os, socket, sys
if len(sys.argv) > 3:
    os.setuid(int(sys.argv[3]))
print("ready", flush=True)
while True:
    knocks = []
    for _ in range(200):
        knock = socket.socket()
        knock.setblocking(False)
        try:
            knock.connect((sys.argv[1], int(sys.argv[2])))
        except OSError:
            pass
        knocks.append(knock)
PY
from_outside python3 "$folder/knock.py" 10.9.0.1 $P > "$folder/knock.1" &
python3 "$folder/knock.py" 127.0.0.1 $P 65534 > "$folder/knock.2" &
wait_until ready "$folder/knock.1"
wait_until ready "$folder/knock.2"
for _ in 1 2 3 4 5 6 7 8; do
  expect_as root blocked 4 $P --timeout 100ms
  expect_json '.ports[0].evidence | any(contains("iifname \"lo\" tcp dport 7777 drop"))'
done
LAB
}

@test "a rule for one user: that user is told how root checks as it, and what root is told to run names the rule" {
  firewall_lab << 'LAB'
server echo
nft "table inet t { chain c { type filter hook output priority 0; meta skuid 65534 tcp dport $P drop comment \"not for nobody\"; }; }"
expect_as root open 0 $P
expect_as nobody blocked-out 4 $P
command=$(jq -r '.ports[0].what_to_do[] | select(contains("rules can depend on the user")) | sub(".*: sudo "; "")' "$RESULT")
[[ $command == "setpriv --reuid=65534 "*" loping check $P" ]]
PATH=$(dirname "$LOPING"):$PATH bash -c "$command --json -" > "$RESULT" || true
expect_json '.ports[0].verdict == "blocked-out"'
expect_json '.ports[0].evidence[0] | contains("meta skuid 65534 tcp dport 7777 drop), with the comment \"not for nobody\"")'
expect_json '.ports[0].evidence | any(contains("depends on the user"))'
LAB
}

@test "programs on loopback are named when no rule dropped the packet: XDP, tc's, and a queue that loses all" {
  firewall_lab << 'LAB'
server echo
drop_at() {
  python3 "$REPOSITORY/tests/net/bpf_drop.py" "$@" > "$folder/drop" 2>&1 &
  DROPPER=$!
  has_said() { grep -q . "$folder/drop"; }
  wait_until has_said
  ready "$folder/drop"
}
for where in xdp tcx; do
  drop_at $where || continue
  expect_as root blocked 4 $P
  expect_json '.ports[0].sentence | contains("on the loopback interface itself")'
  expect_json '.ports[0].evidence | any(contains("No nftables rule dropped it") and contains("never came to the prerouting rules"))'
  expect_json '.ports[0].evidence | any(contains("XDP program stands on lo") or contains("BPF programs of tc on lo: 1"))'
  kill $DROPPER
  wait $DROPPER || true
  expect_as root open 0 $P
done
tc qdisc add dev lo root netem loss 100% || exit 0
expect_as root blocked 4 $P
expect_json '.ports[0].evidence | any(contains("of the kind netem"))'
LAB
}

@test "programs of a control group are named: one that drops on the way out, and one that forbids to connect" {
  group=loping-test-$$-$RANDOM
  status=0
  GROUP=$group firewall_lab << 'LAB' || status=$?
mkdir /run/groups
mount -t cgroup2 none /run/groups && mkdir "/run/groups/$GROUP" || exit 0
server echo
for where in egress connect4; do
  python3 "$REPOSITORY/tests/net/bpf_drop.py" $where "/run/groups/$GROUP" > "$folder/$where" 2>&1 &
  has_said() { grep -q . "$folder/$where"; }
  wait_until has_said
  ready "$folder/$where" || exit 0
  cat > /run/inside << SH
#!/bin/sh
echo \$\$ > /run/groups/$GROUP/cgroup.procs
exec $LOPING "\$@"
SH
  chmod 755 /run/inside
  program=$LOPING
  LOPING=/run/inside
  if [ $where = egress ]; then
    expect_as root blocked-out 4 $P
    expect_json '.ports[0].sentence | contains("BPF program of this process\u0027s control group")'
  else
    expect_as root confined 3 $P
  fi
  expect_json '.ports[0].evidence | any(contains("the first stands at '$where'"))'
  LOPING=$program
  kill $!
  wait $! || true
done
LAB
  python3 - "$group" << 'PY'
import os, subprocess, sys
mounts = [line.split()[1] for line in open("/proc/mounts") if line.split()[2] == "cgroup2"]
for mount in mounts:
    path = os.path.join(mount, sys.argv[1])
    if os.path.isdir(path):
        os.rmdir(path)
PY
  [ $status -eq 0 ]
}

@test "the tool in force is the one whose rules are loaded, not the one that left files" {
  firewall_lab << 'LAB'
mkdir -p /run/firewalld /etc/ufw
touch /run/firewalld.pid
mount -t tmpfs tmpfs /etc/ufw && echo ENABLED=yes > /etc/ufw/ufw.conf
nft "table inet t { chain c { type filter hook input priority 0; tcp dport $P drop; }; }"
for user in root nobody; do
  expect_as $user blocked 4 $P
  expect_json '.ports[0].what_to_do | any(contains("nft -a list"))'
  expect_json '.ports[0].what_to_do | any(contains("ufw") or contains("firewall-cmd")) | not'
done
LAB
}

@test "a short time limit gives root the same verdict as a long one" {
  firewall_lab << 'LAB'
server echo
for hook in input output; do
  nft "table inet t { chain c { type filter hook $hook priority 0; tcp dport $P drop; }; }"
  expect_as root "$([ $hook = input ] && echo blocked || echo blocked-out)" 4 $P --timeout 100ms
  nft flush ruleset
done
LAB
}

@test "a sandbox of loping itself is no routing rule: confined, and a routing rule is one" {
  need_command cc
  cat > "$BATS_TEST_TMPDIR/landlock.c" << 'C'
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
/* landlock PORT COMMAND...: the command may bind and connect to PORT alone. */
int main(int count, char **words) {
  uint64_t handled[2] = {0, 3}; /* no files; LANDLOCK_ACCESS_NET_BIND_TCP, _CONNECT_TCP */
  struct { uint64_t access, port; } rule = {3, strtoul(words[1], NULL, 10)};
  int ruleset = (int)syscall(444, handled, sizeof handled, 0);
  if (count < 3 || ruleset < 0 || syscall(445, ruleset, 2, &rule, 0) != 0) return 77;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(446, ruleset, 0) != 0) return 77;
  execvp(words[2], words + 2);
  return 78;
}
C
  cc -o "$BATS_TEST_TMPDIR/landlock" "$BATS_TEST_TMPDIR/landlock.c"
  "$BATS_TEST_TMPDIR/landlock" 80 true || skip "this kernel has no Landlock for the network"
  firewall_lab << 'LAB'
server echo
program=$LOPING
LOPING=/run/confined
cp "$folder/landlock" /run/landlock
printf '#!/bin/sh\nexec /run/landlock 80 %s "$@"\n' "$program" > "$LOPING"
chmod 755 "$LOPING" /run/landlock
expect confined 3 $P
expect_json '.ports[0].sentence | contains("Landlock")'
expect_json '[.ports[0].what_to_do[] | contains("ip rule")] | any | not'
expect_json '.ports[0].evidence | any(contains("hidden even from root")) | not'
LOPING=$program
ip rule add pref 1 ipproto tcp dport $P prohibit && ip rule add pref 0 from all lookup main
ip rule del pref 0 from all lookup local
ip rule add pref 2 from all lookup local
expect route-forbidden 1 $P
LAB
}

@test "a sandbox that forbids the call itself is confined as well" {
  need_command cc
  cat > "$BATS_TEST_TMPDIR/forbid.c" << 'C'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
/* forbid COMMAND...: the command gets EPERM from every connect(2). */
int main(int count, char **words) {
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof steps / sizeof steps[0], steps};
  if (count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return 77;
  execvp(words[1], words + 1);
  return 78;
}
C
  cc -o "$BATS_TEST_TMPDIR/forbid" "$BATS_TEST_TMPDIR/forbid.c"
  "$BATS_TEST_TMPDIR/forbid" true || skip "this kernel has no seccomp"
  firewall_lab << 'LAB'
server echo
program=$LOPING
LOPING=/run/forbidden
cp "$folder/forbid" /run/forbid
printf '#!/bin/sh\nexec /run/forbid %s "$@"\n' "$program" > "$LOPING"
chmod 755 "$LOPING" /run/forbid
expect confined 3 $P
expect_json '.ports[0].sentence | contains("seccomp")'
LAB
}
