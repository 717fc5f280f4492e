#!/usr/bin/env bats
# loping wait for unix sockets: until one is listened on and answers, says an HTTP status, or could be bound.

load test_helper
load loping_helper

setup() {
  need_command jq python3
  SOCKET=$BATS_TEST_TMPDIR/s.sock
  NAME=@loping-test-$$-$RANDOM
}

unix_server() {
  start_server_script unix_servers.py "$1" "${2:-$SOCKET}"
}

need_abstract_names() {
  [ "$(uname -s)" = Linux ] || skip "abstract unix sockets are Linux's"
}

@test "a path and an abstract name that come later are waited for" {
  need_abstract_names
  start_loping wait wait --json "$RESULT" "unix:$SOCKET" "unix:$NAME"
  kill -0 "$LOPING_PID"
  start_lopong --tcp --unix "$SOCKET" --unix "$NAME"
  wait_loping
  expect_status 0
  expect_matches "$(cat "$LOPING_OUT")" "unix:$SOCKET answers, after "
  expect_matches "$(cat "$LOPING_OUT")" "unix:$NAME answers, after "
  expect_json '[.ports[] | .is_reached] == [true, true]' '.ports[0].port == null and .ports[0].address == null' \
    ".ports[0].path == \"$SOCKET\" and .ports[1].path == \"$NAME\" and .ports[1].transport == \"unix\""
}

@test "who listens and takes nobody does not answer, and check says why" {
  unix_server no_accept
  loping_result wait --timeout 100ms "unix:$SOCKET"
  expect_status 1
  expect_contains "$stderr" "unix:$SOCKET does not answer after"
  expect_json '.ports[0].is_reached == false and .ports[0].check.transport == "unix"' ".ports[0].check.path == \"$SOCKET\""
}

@test "--http asks over a unix socket" {
  unix_server http
  loping wait --http 404 "unix:$SOCKET"
  expect_status 0
  expect_contains "$output" "unix:$SOCKET says HTTP 404, after "
  loping wait --http 200 --timeout 2s "unix:$SOCKET"
  expect_status 1
  expect_contains "$stderr" "it said 404 last"
  expect_contains "$output" "curl -I --unix-socket '$SOCKET' http://localhost/"
}

@test "--free: a path that nobody has, or whose server has ended, can be bound, and is left as it was" {
  loping_result wait --free "unix:$SOCKET"
  expect_status 0
  expect_contains "$output" "unix:$SOCKET can be bound, after "
  expect_json '.ports[0].connections == 0'
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" -type s)"
  unix_server stale
  loping wait --free "unix:$SOCKET"
  expect_status 0
  [ -S "$SOCKET" ]
}

@test "--free: a server at the path is waited for, and its end is seen" {
  start_lopong --tcp --unix "$SOCKET"
  loping_result wait --free --timeout 100ms "unix:$SOCKET"
  expect_status 1
  expect_contains "$stderr" "unix:$SOCKET is still taken after"
  expect_contains "$output" "loping wait --free --timeout 5m unix:$SOCKET"
  # Seen in the table of sockets: the server is not troubled.
  [ "$(uname -s)" != Linux ] || expect_json '.ports[0].connections == 0'
  start_loping free wait --free "unix:$SOCKET"
  stop_lopong
  wait_loping
  expect_status 0
  expect_contains "$(cat "$LOPING_OUT")" "unix:$SOCKET can be bound, after "
}

@test "--free: an abstract name is free as soon as its server ends" {
  need_abstract_names
  start_lopong --tcp --unix "$NAME"
  loping wait --free --timeout 100ms "unix:$NAME"
  expect_status 1
  start_loping free wait --free "unix:$NAME"
  stop_lopong
  wait_loping
  expect_status 0
}

@test "--free: a path that can never be bound is not waited for" {
  loping wait --free "unix:$BATS_TEST_TMPDIR/none/s.sock"
  expect_status 1
  expect_contains "$stderr" "cannot be bound, and waiting does not change that: no such file or directory (ENOENT)"
}

@test "a path is written as text for a terminal" {
  loping wait --timeout 20ms "unix:$BATS_TEST_TMPDIR/"$'\e[31m'
  expect_status 1
  expect_contains "$stderr" '\x1b[31m does not answer'
  expect_lacks "$stderr$output" $'\e'
}
