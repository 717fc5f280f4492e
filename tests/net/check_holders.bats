# loping check on servers whose process is hard to see: another user's, another namespace's, one without descriptors.

load ../cli/test_helper
load check_helper

setup() {
  need_lab
}

@test "another user's server is seen, and its process said to be hidden" {
  lab << 'LAB'
server echo
expect_as root open 0 $P
expect_json '.ports[0].holders_hidden == false and .ports[0].holders[0].pid > 0'
expect_json '.ports[0].holders[0] | .stop == "kill \(.pid)" and (.parents | length) > 0'
expect_json '.ports[0].evidence | any(contains("It came from: python3"))'
expect_as nobody open 0 $P
expect_json '.ports[0].holders_hidden and .ports[0].holders[0].pid == null and .ports[0].holders[0].user == "root"'
expect_json '.ports[0].evidence | any(contains("rerun with sudo"))'
LAB
}

@test "a server in another PID namespace answers, and its process is said to be outside" {
  lab << 'LAB'
server echo
RESULT=$folder/inner.json
unshare --pid --fork --mount-proc "$LOPING" check --json - $P > "$RESULT"
expect_json '.ports[0].verdict == "accepts"'
unshare --pid --fork --mount-proc "$LOPING" check --ask echo --json - $P > "$RESULT"
expect_json '.ports[0].verdict == "open"'
expect_json '.ports[0].evidence | any(contains("outside this container or PID namespace"))'
LAB
}

@test "a server in another network namespace is not here: closed" {
  lab << 'LAB'
unshare --net bash -c 'ip link set lo up; exec python3 -I -S "$1" echo 127.0.0.1 7777' _ \
  "$REPOSITORY/tests/net/lab_servers.py" > "$folder/elsewhere" &
wait_until ready "$folder/elsewhere"
expect closed 1 $P
LAB
}

@test "a server without descriptors does not accept" {
  lab << 'LAB'
server out_of_descriptors
expect not-reading 1 $P
expect_json '.ports[0].sentence | contains("has not accepted the connection")'
LAB
}

@test "probes leave a stuck server as it was" {
  lab << 'LAB'
server no_accept
for _ in 1 2 3; do check_as nobody --timeout 100ms $P; done
sockets=$(ss -Htan "sport = :$P")
test "$(wc -l <<< "$sockets")" -eq 1
[[ "$sockets" == LISTEN* ]]
LAB
}

@test "a port that an outgoing connection has borrowed is closed, and no server is advised there" {
  lab << 'LAB'
server echo
exec 3<> /dev/tcp/127.0.0.1/$P
borrowed=$(ss -Htn "dport = :$P" | awk '{ sub(".*:", "", $4); print $4 }')
expect_as root closed 1 $borrowed
expect_json '.ports[0].sentence | contains("no server can now: a connection has the port")'
expect_json '.ports[0].what_to_do | any(contains("lopong --port")) | not'
LAB
}

@test "a port of the kernel's own tunnel is said to be the kernel's" {
  lab << 'LAB'
ip link add vx0 type vxlan id 1 dstport 4789 dev lo 2> /dev/null || exit 0
ip link set vx0 up
expect_as root accepts 0 --udp 4789
expect_json '.ports[0].sentence | contains("the kernel itself has the port")'
expect_json '.ports[0].evidence | any(contains("for the network interface vx0 (vxlan)"))'
expect_json '.ports[0].what_to_do | any(contains("sudo")) | not'
LAB
}

@test "another's connection from the probe's own client port is not taken for a redirected one" {
  lab << 'LAB'
server echo
# Whatever connects has one of 32 ports, which are all those of others' connections, too.
sysctl -qw net.ipv4.ip_local_port_range="40000 40031"
python3 -I -S - > "$folder/others" << 'PY' &
import signal, socket
held = []
for port in range(7001, 7005):
    listener = socket.create_server(("127.0.0.1", port), backlog=64)
    for _ in range(32):
        client = socket.create_connection(("127.0.0.1", port))
        held.append((listener, listener.accept()[0], client))
print("ready", flush=True)
signal.pause()
PY
wait_until ready "$folder/others"
expect_as root open 0 --ask echo $P
expect_json '.ports[0].evidence | all(contains("redirects") | not)'
LAB
}
