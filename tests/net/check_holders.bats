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
