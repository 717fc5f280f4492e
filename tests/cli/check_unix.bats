# loping check of unix sockets: what stands at the path, what keeps one from it, and who answers there.

load test_helper
load loping_helper

setup() {
  need_command jq python3
  SOCKET=$BATS_TEST_TMPDIR/s.sock
  # The tests' own folder lets nobody else in.
  OPEN=$(mktemp -d)
  chmod 755 "$OPEN"
}

teardown() {
  stop_everything
  rm -rf "$OPEN"
}

unix_server() {
  start_server_script unix_servers.py "$1" "${2:-$SOCKET}"
}

# expect_verdict VERDICT STATUS ARGUMENT...
expect_verdict() {
  local verdict=$1 wanted=$2
  shift 2
  loping check --json "$RESULT" "$@"
  expect_status "$wanted"
  expect_equal "$verdict" "$(from_json '.ports[0].verdict')"
}

# Root is kept out by nothing.
expect_verdict_as_nobody() {
  local verdict=$1 wanted=$2
  shift 2
  need_other_user
  run_timeout "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" "$LOPING" check --json - "$@" < /dev/null
  expect_status "$wanted"
  printf '%s\n' "$output" > "$RESULT"
  expect_equal "$verdict" "$(from_json '.ports[0].verdict')"
}

@test "lopong at a path is open, by its own hello, and is named" {
  start_lopong --tcp --unix "$SOCKET"
  expect_verdict open 0 "unix:$SOCKET"
  expect_json '.ports[0].transport == "unix" and .ports[0].port == null and .ports[0].address == null' \
    ".ports[0].path == \"$SOCKET\"" ".ports[0].holders[0].pid == $LOPONG_PID" \
    '.ports[0].evidence | any(contains("lopong'"'"'s hello"))' \
    '.ports[0].evidence | any(contains("A stream socket listens there; 0 connections wait"))'
  loping check "unix:$SOCKET"
  expect_contains "$output" "unix:$SOCKET: open"
}

@test "an abstract name is found, and one that nobody has is closed" {
  name=@loping-test-$$-$RANDOM
  unix_server echo "$name"
  expect_verdict open 0 "unix:$name"
  expect_json ".ports[0].holders[0].pid == $PEER_PID" '.ports[0].evidence | any(contains("abstract name"))'
  expect_verdict closed 1 "unix:$name-none"
  expect_json '.ports[0].sentence | contains("abstract name")'
}

@test "another server's own words name it, and a second one is asked its own question" {
  unix_server ssh
  expect_verdict answers 0 "unix:$SOCKET"
  expect_json '.ports[0].protocol == "SSH" and .ports[0].product == "test"'
  unix_server postgres "$BATS_TEST_TMPDIR/.s.PGSQL.5432"
  expect_verdict answers 0 --ask postgres "unix:$BATS_TEST_TMPDIR/.s.PGSQL.5432"
  expect_json '.ports[0].protocol == "PostgreSQL"'
  unix_server http "$BATS_TEST_TMPDIR/docker.sock"
  expect_verdict answers 0 "unix:$BATS_TEST_TMPDIR/docker.sock"
  expect_json '.ports[0].protocol == "HTTP"'
  expect_verdict accepts 0 --no-ask "unix:$BATS_TEST_TMPDIR/docker.sock"
  expect_json ".ports[0].what_to_do | any(contains(\"loping check --ask echo unix:$BATS_TEST_TMPDIR/docker.sock\"))"
  unix_server redis "$BATS_TEST_TMPDIR/redis.sock"
  expect_verdict answers 0 --ask redis "unix:$BATS_TEST_TMPDIR/redis.sock"
  expect_json '.ports[0].protocol == "Redis"'
}

@test "a check leaves the server alive, with one client served and gone" {
  unix_server echo
  expect_verdict open 0 "unix:$SOCKET"
  wait_until file_contains "$PEER_OUT" served
  expect_equal 1 "$(grep -c served "$PEER_OUT")"
  expect_verdict open 0 "unix:$SOCKET"
}

@test "nothing at the path, no folder, and what is no socket are closed, each with its reason" {
  expect_verdict closed 1 "unix:$SOCKET"
  expect_json ".ports[0].sentence == \"nobody listens there: $SOCKET does not exist.\"" \
    ".ports[0].what_to_do | any(contains(\"lopong --unix $SOCKET\"))"
  expect_verdict closed 1 "unix:$BATS_TEST_TMPDIR/none/s.sock"
  expect_json ".ports[0].sentence == \"nobody listens there: the folder $BATS_TEST_TMPDIR/none does not exist.\""
  touch "$BATS_TEST_TMPDIR/file"
  expect_verdict closed 1 "unix:$BATS_TEST_TMPDIR/file"
  expect_json '.ports[0].sentence | contains("is a regular file, not a socket")'
  expect_verdict closed 1 "unix:$BATS_TEST_TMPDIR/file/s.sock"
  expect_json '.ports[0].sentence | contains("is not a folder")'
}

@test "a stale socket says whose it was, and its removal is safe: carried out, a server starts there" {
  unix_server stale
  wait_until process_is_gone "$PEER_PID"
  expect_verdict closed 1 "unix:$SOCKET"
  expect_json ".ports[0].sentence | contains(\"a server of user $(id -un) left behind\")" \
    ".ports[0].what_to_do | any(endswith(\"rm $SOCKET\"))" '.ports[0].holders == []'
  eval "$(from_json '.ports[0].what_to_do[0]' | sed 's/.*: //')"
  unix_server echo
  expect_verdict open 0 "unix:$SOCKET"
}

@test "a server whose file was removed is named, although nobody can reach it" {
  unix_server echo
  rm "$SOCKET"
  expect_verdict closed 1 "unix:$SOCKET"
  expect_json '.ports[0].sentence | contains("the file of its socket was removed")' ".ports[0].holders[0].pid == $PEER_PID"
}

@test "a file that a second server replaced belongs to the second" {
  unix_server no_accept
  rm "$SOCKET"
  unix_server echo
  expect_verdict open 0 "unix:$SOCKET"
  expect_json ".ports[0].holders | length == 1" ".ports[0].holders[0].pid == $PEER_PID"
}

@test "a folder that may not be entered, and a socket that may not be written to, are named with their modes" {
  mkdir -m 750 "$OPEN/shut"
  unix_server echo "$OPEN/shut/s.sock"
  expect_verdict_as_nobody rejected 4 "unix:$OPEN/shut/s.sock"
  expect_json ".ports[0].sentence | contains(\"may not enter the folder $OPEN/shut (drwxr-x---, user root, group root)\")" \
    '.ports[0].evidence | any(contains("No socket")) | not'
  SOCKET=$OPEN/s.sock
  unix_server echo
  chmod 660 "$SOCKET"
  chgrp daemon "$SOCKET"
  expect_verdict_as_nobody rejected 4 "unix:$SOCKET"
  expect_json ".ports[0].sentence | contains(\"may not write to the socket $SOCKET (srw-rw----, user root, group daemon)\")" \
    '.ports[0].what_to_do | any(contains("usermod -aG daemon"))'
  ln -s "$OPEN/shut/s.sock" "$OPEN/link"
  expect_verdict_as_nobody rejected 4 "unix:$OPEN/link"
  expect_json ".ports[0].sentence | contains(\"may not enter the folder $OPEN/shut\")"
}

@test "a hidden holder is told by the kernel, and asked what that program wants" {
  SOCKET=$OPEN/s.sock
  start_lopong --tcp --unix "$SOCKET"
  chmod 777 "$SOCKET"
  expect_verdict_as_nobody open 0 "unix:$SOCKET"
  expect_json ".ports[0].evidence | any(contains(\"Process $LOPONG_PID (lopong) called listen() there\"))" \
    '.ports[0].holders_hidden' '.ports[0].evidence | any(contains("lopong'"'"'s hello"))'
}

@test "a listener in another network namespace is reached and said to be there" {
  need_network_namespace
  start_background other unshare --net python3 -I -S "$REPOSITORY/tests/peers/unix_servers.py" echo "$SOCKET"
  wait_until file_contains "$BATS_TEST_TMPDIR/other.out" listening
  expect_verdict open 0 "unix:$SOCKET"
  expect_json '.ports[0].evidence | any(contains("another network namespace"))'
}

@test "a full queue, a server that does not accept and one that does not read are told apart" {
  unix_server full
  expect_verdict queue-full 1 "unix:$SOCKET"
  expect_json '.ports[0].sentence | contains("1 wait, 0 may")'
  unix_server no_accept "$BATS_TEST_TMPDIR/n.sock"
  expect_verdict not-reading 1 "unix:$BATS_TEST_TMPDIR/n.sock"
  expect_json '.ports[0].evidence | any(contains("no process has accepted the connection"))'
  unix_server not_reading "$BATS_TEST_TMPDIR/r.sock"
  expect_verdict not-reading 1 --ask echo "unix:$BATS_TEST_TMPDIR/r.sock"
  expect_json '.ports[0].sentence | contains("does not read from it")'
}

@test "a stopped server is paused, with a full queue, too" {
  unix_server echo
  kill -STOP "$PEER_PID"
  expect_verdict paused 1 "unix:$SOCKET"
  expect_json ".ports[0].what_to_do | any(endswith(\"kill -CONT $PEER_PID\"))" '.ports[0].sentence | contains("has the socket")'
  unix_server full "$BATS_TEST_TMPDIR/f.sock"
  kill -STOP "$PEER_PID"
  expect_verdict paused 1 "unix:$BATS_TEST_TMPDIR/f.sock"
}

@test "a server that hangs up is said to" {
  unix_server close
  expect_verdict hung-up 1 "unix:$SOCKET"
}

@test "sockets of datagrams and of records, and one that does not listen, are said to be that" {
  unix_server datagram
  expect_verdict accepts 0 "unix:$SOCKET"
  expect_json '.ports[0].sentence | contains("SOCK_DGRAM")' ".ports[0].holders[0].pid == $PEER_PID"
  unix_server seqpacket "$BATS_TEST_TMPDIR/q.sock"
  expect_verdict accepts 0 "unix:$BATS_TEST_TMPDIR/q.sock"
  expect_json '.ports[0].sentence | contains("SOCK_SEQPACKET")'
  unix_server only_bound "$BATS_TEST_TMPDIR/b.sock"
  expect_verdict closed 1 "unix:$BATS_TEST_TMPDIR/b.sock"
  expect_json '.ports[0].sentence | contains("listen() was not called")' ".ports[0].holders[0].pid == $PEER_PID"
}

@test "odd names are escaped, quoted for the shell, and too long ones refused with the way out" {
  expect_verdict closed 1 $'unix:'"$BATS_TEST_TMPDIR"$'/a b\e[31m'
  expect_lacks "$(cat "$RESULT")" $'\e'
  expect_verdict closed 1 "unix:$BATS_TEST_TMPDIR/a b"
  expect_json ".ports[0].what_to_do | any(endswith(\"lopong --unix '$BATS_TEST_TMPDIR/a b'\"))"
  loping check "unix:/$(printf 'x%.0s' {1..120})"
  expect_status 2
  expect_contains "$stderr" "more than 103 bytes"
  expect_contains "$stderr" "name it from there"
  loping check unix:
  expect_status 2
}

@test "ports and paths are checked together, and a port's usual unix socket is named beside it" {
  local port path
  # A number of its own: another run of this test would have a socket of the same name.
  port=$(unused_port)
  path=$BATS_TEST_TMPDIR/.s.PGSQL.$port
  unix_server postgres "$path"
  loping check --json "$RESULT" "$port" "unix:$path"
  expect_status 1
  expect_json '.ports | map(.transport) == ["tcp", "unix"]' \
    ".ports[0].evidence | any(contains(\"on a unix socket alone: $path\"))" \
    ".ports[0].what_to_do | any(contains(\"loping check unix:$path\"))" '.ports[0].path == null'
}
