#!/usr/bin/env bats
# loping ports --watch: what comes and goes, in a pipe and on a terminal.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who listens"
  PORT=$(unused_port)
}

@test "in a pipe each change is a line with its time, and Ctrl-C ends it well" {
  local port=$PORT
  start_loping watch ports --watch --interval 50ms "$port"
  wait_until file_contains "$LOPING_ERR" "watching 0 sockets; changes follow"
  start_lopong --port "$port" --tcp
  wait_until file_contains "$LOPING_OUT" " + $port/tcp on 127.0.0.1: lopong (pid $LOPONG_PID), user $(id -un)"
  stop_lopong
  wait_until file_contains "$LOPING_OUT" " - $port/tcp on 127.0.0.1: lopong (pid $LOPONG_PID)"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_equal "" "$(grep -vE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z [+-] ' "$LOPING_OUT")"
  # A look between bind() and listen() sees a socket that does not listen yet come and go, too.
  expect_equal 1 "$(grep ' + ' "$LOPING_OUT" | grep -vc "bound, does not listen")"
  expect_equal "$(grep -c ' + ' "$LOPING_OUT")" "$(grep -c ' - ' "$LOPING_OUT")"
}

@test "on a terminal the list is drawn anew, and changes are marked" {
  local port=$PORT screen=$BATS_TEST_TMPDIR/screen
  start_background terminal python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" --both "$screen" \
    timeout --foreground --preserve-status -s INT "$DEADLINE_SECONDS" "$LOPING" ports --watch --interval 50ms "$port"
  local terminal=$BACKGROUND_PID
  wait_until file_contains "$screen" "None of the"
  start_lopong --port "$port" --tcp
  wait_until file_contains "$screen" "+ $port"
  stop_lopong
  wait_until file_contains "$screen" "- $port"
  pkill -INT -P "$(pgrep -P "$terminal")"
  wait_until process_is_gone "$terminal"
  status=0
  wait "$terminal" || status=$?
  expect_status 0
}

@test "SIGTERM ends it as well" {
  start_loping watch ports --watch --interval 50ms "$PORT"
  wait_until file_contains "$LOPING_ERR" "watching"
  kill -TERM "$LOPING_PID"
  wait_loping
  expect_status 0
}
