#!/usr/bin/env bats
# Abstract unix sockets, and several paths of one server: served, measured, named, and removed only while they are its
# own.

load test_helper
load loping_helper

setup() {
  need_command jq python3
  [ "$(uname -s)" = Linux ] || skip "abstract unix sockets are Linux's"
  NAME=@loping-test-$$-$RANDOM
  ONE=$BATS_TEST_TMPDIR/one.sock
  OTHER=$BATS_TEST_TMPDIR/other.sock
}

measures() {
  loping_result latency "${FAST[@]}" "$1"
  expect_status 0
  expect_json '.runs[0].workload.transport == "unix" and .runs[0].workload.address == "'"${1#unix:}"'"' \
    ".runs[0].peer.pid == $LOPONG_PID"
  expect_contains "$output" "latency to $1 (unix), lopong with pid $LOPONG_PID"
}

@test "an abstract name is served and measured by every workload, and no file is made" {
  start_lopong --unix "$NAME" --port 0 --tcp
  expect_contains "$(cat "$LOPONG_OUT")" "listening on unix:$NAME (unix)"
  measures "unix:$NAME"
  loping latency --busy-poll "${FAST[@]}" "unix:$NAME"
  expect_status 0
  loping throughput --duration 50ms "unix:$NAME"
  expect_status 0
  # More than any stack would bear if each began within the one before.
  loping connect --count 30000 --warmup 0 "unix:$NAME"
  expect_status 0
  loping_result wait "unix:$NAME"
  expect_status 0
  loping check "unix:$NAME"
  expect_status 0
  expect_contains "$output" "unix:$NAME: open"
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" . -maxdepth 1 -name "*$NAME*")"
  stop_lopong
  expect_status 0
  loping latency "${FAST[@]}" "unix:$NAME"
  expect_status 3
  expect_contains "$stderr" "cannot connect to unix:$NAME: connection refused (ECONNREFUSED)"
}

@test "an abstract name is announced in JSON, and a second server learns who has it" {
  start_lopong --json --unix "$NAME" --tcp
  expect_equal "$NAME" "$(jq -r 'select(.transport == "unix").address' "$LOPONG_OUT")"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$NAME"
  expect_status 3
  expect_contains "$stderr" "cannot listen on unix:$NAME: the name is in use (EADDRINUSE)"
  expect_contains "$stderr" "The holder is process $LOPONG_PID"
  expect_contains "$stderr" "loping unix:$NAME"
}

@test "several --unix are all served, and removed at the end" {
  start_lopong --tcp --unix "$ONE" --unix "$NAME" --unix "$OTHER"
  measures "unix:$ONE"
  measures "unix:$OTHER"
  measures "unix:$NAME"
  stop_lopong
  expect_status 0
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" -type s)"
}

@test "a path that another server has by now is not removed" {
  start_lopong --tcp --unix "$ONE" --unix "$OTHER"
  local first=$LOPONG_PID
  rm "$ONE"
  start_lopong --tcp --unix "$ONE"
  kill "$first"
  wait_until process_is_gone "$first"
  expect_equal "$ONE" "$(find "$BATS_TEST_TMPDIR" -type s)"
  measures "unix:$ONE"
}

@test "one path twice is refused, however it is written" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$ONE" --unix "$ONE"
  expect_status 2
  expect_contains "$stderr" "'$ONE' is named twice"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$ONE" --unix "$BATS_TEST_TMPDIR/./one.sock"
  expect_status 2
  expect_contains "$stderr" "are the same path; leave one out"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix @
  expect_status 2
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" -type s)"
}

@test "a path that cannot be had leaves none of the others behind" {
  touch "$OTHER"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$ONE" --unix "$OTHER"
  expect_status 3
  expect_contains "$stderr" "$OTHER exists and is not a socket"
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" -type s)"
}
