#!/usr/bin/env bats
# What lopong says when it cannot have a port: each situation is made for real, with sockets of another process.

load test_helper

need_linux() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who has a port"
}

setup() {
  need_linux
}

# hold KIND [ADDRESS]: a holder; sets HOLDER, HELD (its port) and HELD_REST (what else it says).
hold() {
  local name=holder.${#STARTED_PIDS[@]}
  start_background "$name" env -C "$REPOSITORY/tests/cli" python3 port_holder.py "$@"
  HOLDER=$BACKGROUND_PID
  wait_until file_contains "$BATS_TEST_TMPDIR/$name.out" ready || {
    cat "$BATS_TEST_TMPDIR/$name.err"
    return 1
  }
  read -r _ HELD HELD_REST < "$BATS_TEST_TMPDIR/$name.out"
}

# fail_to_start ARGUMENT...: lopong, which must end with status 3. SAID is what it said, with the line ends made spaces.
fail_to_start() {
  run_timeout 30 ${LOPONG_WRAPPER[@]+"${LOPONG_WRAPPER[@]}"} "$LOPONG" "$@"
  expect_status 3
  SAID=$(tr -s '\n ' '  ' <<< "$stderr")
}

says() {
  expect_contains "$SAID" "$1"
}

says_not() {
  expect_lacks "$SAID" "$1"
}

# The fact that the query finds in the error of the bind_failed event.
fact() {
  jq -r "select(.event == \"bind_failed\") | .error | $1" <<< "$output"
}

is_stopped() {
  [[ "$(sed 's/.*) //' "/proc/$1/stat")" == T* ]]
}

# The commands that follow run as another user.
as_nobody() {
  need_other_user
  LOPONG_WRAPPER=("${AS_NOBODY[@]}")
}

# --- listeners --------------------------------------------------------------------------------------------------------

@test "a listener on the same address: pid, command line, user, since when, and a free port that works" {
  hold listening
  fail_to_start --port "$HELD"
  says "cannot listen on 127.0.0.1:$HELD (tcp): the port is in use (EADDRINUSE)."
  says "A socket already listens on 127.0.0.1:$HELD."
  says "process $HOLDER ("
  says "port_holder.py listening), user $(id -un), started 20"
  expect_matches "$SAID" "started [0-9-]{10}T[0-9:]{8}Z \([0-9]+ s ago\)"
  says "stop the holder: kill $HOLDER"
  says "ss -ltnp 'sport = :$HELD'"
  says "lsof -nP -iTCP:$HELD"
  [[ "$SAID" =~ lopong\ --port\ ([0-9]+):\ that\ port\ is\ free\ now ]]
  start_lopong --port "${BASH_REMATCH[1]}"
  expect_equal "${BASH_REMATCH[1]}" "$PORT"
}

@test "a listener on 0.0.0.0 overlaps 127.0.0.1" {
  hold listening 0.0.0.0
  fail_to_start --port "$HELD"
  says "listens on 0.0.0.0:$HELD, and 0.0.0.0 stands for every IPv4 address of this machine, 127.0.0.1 too."
  says "process $HOLDER ("
}

@test "a listener on dual-stack [::] overlaps 127.0.0.1" {
  # The files of /proc have no size.
  grep -q . /proc/net/if_inet6 || skip "IPv6 is off"
  hold listening ::
  fail_to_start --port "$HELD"
  says "listens on [::]:$HELD. That socket is dual-stack: it takes IPv4 as well, 127.0.0.1 too."
  says "process $HOLDER ("
}

@test "a listener on 127.0.0.1 overlaps 0.0.0.0" {
  hold listening
  fail_to_start --bind 0.0.0.0 --allow-remote --port "$HELD"
  says "listens on 127.0.0.1:$HELD, and 0.0.0.0 stands for every address of this machine, 127.0.0.1 among them."
}

@test "a listener on another address is not in the way" {
  hold listening 127.0.0.2
  start_lopong --port "$HELD"
  expect_equal "$HELD" "$PORT"
}

@test "a lopong that already runs is offered for use" {
  start_lopong --port 0
  fail_to_start --port "$PORT"
  says "process $LOPONG_PID ("
  says "A lopong already runs there: \`loping $PORT\` can use it."
}

@test "the clients of a listener are not blamed" {
  hold clients
  fail_to_start --json --port "$HELD"
  says "listens on 127.0.0.1:$HELD."
  says_not ESTABLISHED
  expect_equal "LISTEN $HOLDER" "$(fact '.holders[] | "\(.state) \(.pid)"')"
}

@test "addresses of one command line that overlap are told apart from a holder" {
  fail_to_start --tcp --bind 127.0.0.1 --bind 0.0.0.0 --allow-remote --port "$(unused_port)"
  says "its own addresses overlap"
  says "leave out one of the two --bind addresses"
}

# --- other ways to have a port ------------------------------------------------------------------------------------------

@test "a socket that is bound but does not listen" {
  hold bound
  fail_to_start --port "$HELD"
  # Before Linux 6.8 no table shows such a socket.
  [[ "$SAID" != *"no socket of this machine had it"* ]] || skip "this kernel does not show bound sockets"
  says "A socket that is bound but does not listen has 127.0.0.1:$HELD."
  says "process $HOLDER ("
  [[ "$SAID" =~ ls\ -l\ /proc/$HOLDER/fd\ \|\ grep\ ([0-9]+) ]]
  bash -c "${BASH_REMATCH[0]}"
}

@test "a port that an outgoing connection borrowed" {
  local first last
  read -r first last < /proc/sys/net/ipv4/ip_local_port_range
  hold outgoing
  fail_to_start --tcp --port "$HELD"
  says "An outgoing connection has borrowed port $HELD: 127.0.0.1:$HELD -> 127.0.0.1:$HELD_REST (ESTABLISHED)."
  says "process $HOLDER ("
  says "This machine lends the ports $first to $last to outgoing connections (net.ipv4.ip_local_port_range)."
  says "pick a port outside $first-$last"
  says "net.ipv4.ip_local_reserved_ports=\"\$(sysctl -n"
  says "$HELD\""
}

@test "TIME_WAIT: seconds left, and nothing to kill" {
  hold time_wait
  fail_to_start --tcp --port "$HELD"
  says "127.0.0.1:$HELD -> 127.0.0.1:"
  says "(TIME_WAIT)"
  expect_matches "$SAID" "nothing to kill: the kernel lets go by itself in [1-9][0-9]? s\."
  expect_matches "$SAID" "wait [1-9][0-9]? s and start again"
  says_not "kill $HOLDER"
}

@test "a leftover connection in CLOSE_WAIT names the process that leaks it" {
  hold close_wait
  fail_to_start --tcp --port "$HELD"
  says "Nobody listens on port $HELD any more, but a connection from there is left: 127.0.0.1:$HELD -> 127.0.0.1:"
  says "CLOSE_WAIT: the other end has closed it, and the holder has not closed its descriptor."
  says "stop the holder: kill $HOLDER"
}

@test "an orphaned connection has no process" {
  hold orphan
  fail_to_start --tcp --port "$HELD"
  says "(FIN_WAIT). No process has it open: the kernel alone keeps it."
  says_not "kill $HOLDER"
}

@test "a UDP socket" {
  hold udp
  fail_to_start --port "$HELD"
  says "cannot listen on 127.0.0.1:$HELD (udp): the port is in use (EADDRINUSE). A UDP socket already has 127.0.0.1:$HELD."
  says "process $HOLDER ("
  says "lsof -nP -iUDP:$HELD"
}

# --- whose it is --------------------------------------------------------------------------------------------------------

@test "a holder of another user, without root, is hidden: rerun with sudo" {
  as_nobody
  hold listening
  fail_to_start --json --port "$HELD"
  says "Its holder belongs to user $(id -un) and is hidden: rerun with sudo to see it."
  says "sudo ss -ltnp"
  expect_equal "true null $(id -un) 0" "$(fact '"\(.holders_hidden) \(.holders[0] | "\(.pid) \(.user) \(.uid)")"')"
}

@test "all processes that inherited the socket are listed, and the advice frees the port" {
  hold inherited
  fail_to_start --port "$HELD"
  says "3 processes have this one socket open, because it was inherited:"
  local pid
  for pid in $HELD_REST; do says "- process $pid ("; done
  says "It stays taken until ALL of them have closed it."
  [[ "$SAID" =~ "stop all holders: kill "([0-9 ]+[0-9]) ]]
  # shellcheck disable=SC2086 # several numbers
  kill ${BASH_REMATCH[1]}
  for pid in $HELD_REST; do wait_until process_is_gone "$pid"; done
  start_lopong --port "$HELD"
}

@test "a stopped holder: SIGTERM alone does nothing, and the advice frees the port" {
  hold listening
  kill -STOP "$HOLDER"
  wait_until is_stopped "$HOLDER"
  fail_to_start --port "$HELD"
  says "Process $HOLDER is stopped (SIGSTOP): SIGTERM will not work before SIGCONT."
  says "stop the holder: kill -CONT $HOLDER; kill $HOLDER"
  kill -CONT "$HOLDER"
  kill "$HOLDER"
  wait_until process_is_gone "$HOLDER"
  start_lopong --port "$HELD"
}

@test "a holder in another PID namespace: every process was looked into" {
  need_root
  need_command unshare
  unshare --pid --fork --mount-proc true 2> /dev/null || skip "this machine lets no PID namespace be made"
  hold listening
  LOPONG_WRAPPER=(unshare --pid --fork --mount-proc)
  fail_to_start --json --port "$HELD"
  says "Every process that is visible here was looked into, and none of them has it"
  says "outside this container or PID namespace"
  says_not "stop the holder"
  expect_equal "false null LISTEN 127.0.0.1:$HELD" \
    "$(fact '"\(.holders_hidden) \(.holders[0] | "\(.pid) \(.state) \(.address)")"')"
}

@test "a holder's strange name cannot reach the terminal" {
  hold listening 127.0.0.1 $'evil\x1b[2J\nname'
  fail_to_start --json --port "$HELD"
  says 'evil\x1b[2J\nname'
  expect_lacks "$stderr" $'\x1b'
  expect_contains "$(fact '.holders[0].command_line')" $'evil\x1b[2J\nname'
}

@test "--json carries the same facts" {
  hold listening 0.0.0.0
  fail_to_start --json --port "$HELD"
  expect_equal "bind_failed tcp 127.0.0.1 $HELD" "$(jq -r '"\(.event) \(.transport) \(.address) \(.port)"' <<< "$output")"
  expect_equal EADDRINUSE "$(fact .code)"
  says "$(fact .what_happened)"
  says "$(fact .likely_cause)"
  says "$(fact '.what_to_do[0]')"
  expect_equal "$HOLDER $(id -un) $(id -u) LISTEN 0.0.0.0:$HELD" \
    "$(fact '.holders[] | "\(.pid) \(.user) \(.uid) \(.state) \(.address)"')"
  expect_matches "$(fact '.holders[0].command_line')" "port_holder.py listening 0.0.0.0$"
  expect_matches "$(fact '.holders[0].since')" "^20[0-9-]{8}T[0-9:]{8}Z$"
  says "started $(fact '.holders[0].since')"
  expect_equal false "$(fact .holders_hidden)"
}

# --- unix paths ---------------------------------------------------------------------------------------------------------

@test "a live unix socket is never deleted, and its holder is named" {
  local path=$BATS_TEST_TMPDIR/live
  hold unix "$path"
  fail_to_start --json --unix "$path"
  says "A server already listens on $path. lopong never deletes a socket that is in use."
  says "process $HOLDER ("
  expect_equal "$HOLDER LISTEN unix:$path" "$(fact '.holders[] | "\(.pid) \(.state) \(.address)"')"
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$path"
}

@test "a stale unix socket is replaced, and that is said" {
  local path=$BATS_TEST_TMPDIR/stale
  hold unix "$path"
  kill -KILL "$HOLDER"
  wait_until process_is_gone "$HOLDER"
  start_lopong --tcp --unix "$path"
  expect_contains "$(cat "$LOPONG_ERR")" "removed $path"
  expect_contains "$(cat "$LOPONG_OUT")" "listening on unix:$path"
}

@test "a path that is no socket is left alone" {
  local path=$BATS_TEST_TMPDIR/file
  echo precious > "$path"
  fail_to_start --unix "$path"
  says "$path exists and is not a socket. lopong does not touch it."
  expect_equal precious "$(cat "$path")"
}

@test "a path in a folder that does not exist" {
  fail_to_start --unix "$BATS_TEST_TMPDIR/none/socket"
  says "The folder $BATS_TEST_TMPDIR/none does not exist."
  says "mkdir -p $BATS_TEST_TMPDIR/none"
}

@test "a path in a folder that may not be written" {
  as_nobody
  fail_to_start --unix /lopong-test.sock
  says "The folder / may not be written to by user id 65534."
}

@test "a path that is too long for a unix socket" {
  run_timeout 30 "$LOPONG" --unix "/tmp/$(printf 'x%.0s' {1..120})"
  expect_status 2
  expect_contains "$stderr" "103 bytes"
}

# --- addresses and permissions ------------------------------------------------------------------------------------------

# in_network_namespace SHELL_COMMANDS: what follows runs in a network of its own, after these commands.
in_network_namespace() {
  need_network_namespace
  LOPONG_WRAPPER=(unshare --net sh -c "ip link set lo up; $1; exec \"\$@\"" sh)
}

@test "a privileged port, with this machine's setting" {
  as_nobody
  in_network_namespace "echo 500 > /proc/sys/net/ipv4/ip_unprivileged_port_start 2> /dev/null || exit 99
    exec setpriv --reuid=65534 --regid=65534 --clear-groups \"\$@\""
  fail_to_start --port 499
  says "cannot listen on 127.0.0.1:499 (tcp): not allowed (EACCES)."
  says "the ports below 500 are (net.ipv4.ip_unprivileged_port_start is 500)"
  says "user id 65534"
  expect_matches "$SAID" "lopong --port [0-9]+: that port is free now"
}

@test "a privileged port that is also in use says both" {
  as_nobody
  in_network_namespace "echo 500 > /proc/sys/net/ipv4/ip_unprivileged_port_start 2> /dev/null || exit 99
    mkfifo $BATS_TEST_TMPDIR/held
    python3 -c '
import signal, socket
held = socket.create_server((\"127.0.0.1\", 499))
print(\"held\", flush=True)
signal.pause()' > $BATS_TEST_TMPDIR/held 2> /dev/null &
    holder=\$!
    read -r line < $BATS_TEST_TMPDIR/held
    setpriv --reuid=65534 --regid=65534 --clear-groups \"\$@\"
    status=\$?
    kill \$holder
    exit \$status"
  fail_to_start --port 499
  says "Port 499 is privileged"
  says "The privilege alone would not help, because the port is also in use. A socket already listens on 127.0.0.1:499."
}

@test "an address that is not this machine's comes with the list of those that are" {
  in_network_namespace "ip address add 192.0.2.77/32 dev lo"
  fail_to_start --bind 203.0.113.5 --allow-remote
  says "cannot listen on 203.0.113.5:62893 (tcp): this machine does not have that address (EADDRNOTAVAIL)."
  says "No network interface of this machine has the address 203.0.113.5."
  expect_matches "$SAID" "The addresses of this machine are [^;]*127\.0\.0\.1[^;]*192\.0\.2\.77"
}

@test "IPv6 switched off" {
  in_network_namespace "echo 1 > /proc/sys/net/ipv6/conf/lo/disable_ipv6 2> /dev/null || exit 99"
  fail_to_start --bind ::1
  says "cannot listen on [::1]:62893 (tcp): IPv6 is switched off (EADDRNOTAVAIL)."
  says "net.ipv6.conf.lo.disable_ipv6 is 1."
  says "lopong --bind 127.0.0.1 --port 62893"
}

@test "the descriptor limit, with its number" {
  local limit
  need_command prlimit
  # How many descriptors a program has before it listens is not the same everywhere: the first limit that is enough to
  # start and too low to listen.
  for limit in {4..40}; do
    run_timeout 30 prlimit --nofile="$limit:$limit" "$LOPONG" --port 0 3>&- 4>&-
    [[ "$stderr" != *"cannot listen on"* ]] || break
  done
  expect_status 3
  SAID=$(tr -s '\n ' '  ' <<< "$stderr")
  says "no file descriptor is left (EMFILE)."
  says "This process may have $limit files and sockets open at once"
}

@test "a port that is no number, and one above 65535" {
  run_timeout 30 "$LOPONG" --port http
  expect_status 2
  expect_contains "$stderr" "http"
  run_timeout 30 "$LOPONG" --port 65536
  expect_status 2
  expect_contains "$stderr" "65535"
}

@test "a port that this machine lends to outgoing connections is used, with a hint" {
  local first last
  read -r first last < /proc/sys/net/ipv4/ip_local_port_range
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') # the system picks it from that very range
  start_lopong --port "$port"
  wait_until file_contains "$LOPONG_ERR" "lends the ports $first to $last to outgoing connections"
}
