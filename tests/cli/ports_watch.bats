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
  need_terminal
  local port=$PORT screen=$BATS_TEST_TMPDIR/screen unused
  start_lopong --tcp
  unused=$PORT
  start_background terminal python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" --both "$screen" \
    timeout --foreground --preserve-status -s INT "$DEADLINE_SECONDS" "$LOPING" ports --watch --interval 50ms "$port" "$unused"
  local terminal=$BACKGROUND_PID
  wait_until file_contains "$screen" " $unused "
  start_lopong --port "$port" --tcp
  wait_until file_contains "$screen" "+ $port"
  wait_until file_contains "$screen" "~ $unused "
  # Which of the two is said depends on the machine's other connections.
  wait_until grep -qE "note: ~ (unused|not seen in use): nobody was" "$screen"
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

# event FILTER: the first event of EVENTS that the filter in jq's language selects; a condition for wait_until.
event() {
  jq -e -n "first(inputs | select($1))" "$EVENTS" > /dev/null 2>&1
}

ends_with_int() {
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status "$1"
}

@test "with --json each event is an object a line: began, new, gone, ended" {
  local port=$PORT
  EVENTS=$BATS_TEST_TMPDIR/events
  start_loping watch ports --watch --interval 50ms --json "$EVENTS" "$port"
  wait_until event '.event == "began" and .sockets == 0 and .schema_version == 1 and .expect == null'
  start_lopong --port "$port" --tcp
  wait_until event ".event == \"new\" and .socket.port == $port and .socket.state == \"LISTEN\" and
    .socket.holders[0].pid == $LOPONG_PID and .socket.expected == null"
  stop_lopong
  wait_until event ".event == \"gone\" and .socket.port == $port and .socket.state == \"LISTEN\""
  ends_with_int 0
  expect_equal ended "$(tail -n 1 "$EVENTS" | jq -r .event)"
  expect_equal "$(wc -l < "$EVENTS")" "$(jq -c . "$EVENTS" | wc -l)"
  wait_until file_contains "$LOPING_OUT" " + $port/tcp"
}

@test "with --json - stdout holds the events alone" {
  start_loping watch ports --watch --interval 50ms --json - "$PORT"
  EVENTS=$LOPING_OUT
  wait_until event '.event == "began"'
  ends_with_int 0
  expect_equal "began
ended" "$(jq -r .event "$EVENTS")"
  expect_equal "" "$(cat "$LOPING_ERR")"
}

@test "the events are never laid over a file that holds something, and an empty one or a FIFO takes them" {
  EVENTS=$BATS_TEST_TMPDIR/events
  echo PRECIOUS > "$EVENTS"
  ln -s events "$BATS_TEST_TMPDIR/link"
  local one
  for one in "$EVENTS" "$BATS_TEST_TMPDIR/link"; do
    loping ports --watch --json "$one" "$PORT"
    expect_status 3
    expect_contains "$stderr" "--json: '$one' holds something already, and --watch writes each event into its file at once; remove"
    expect_equal PRECIOUS "$(cat "$EVENTS")"
  done
  : > "$EVENTS"
  start_loping watch ports --watch --interval 50ms --json "$EVENTS" "$PORT"
  wait_until event '.event == "began"'
  kill -KILL "$LOPING_PID"
  wait_until process_is_gone "$LOPING_PID"
  event '.event == "began"'
  mkfifo "$BATS_TEST_TMPDIR/fifo"
  start_background reader cat "$BATS_TEST_TMPDIR/fifo"
  EVENTS=$BATS_TEST_TMPDIR/reader.out
  start_loping watch ports --watch --interval 50ms --json "$BATS_TEST_TMPDIR/fifo" "$PORT"
  wait_until event '.event == "began"'
  ends_with_int 0
  wait_until event '.event == "ended"'
}

@test "with --expect what the file does not name is an event of its own, there at first or later, and status 1" {
  local port=$PORT expected=$BATS_TEST_TMPDIR/known.ports
  EVENTS=$BATS_TEST_TMPDIR/events
  start_lopong --tcp
  local first=$PORT
  start_lopong --tcp
  echo "$PORT/tcp lopong" > "$expected"
  start_loping watch ports --watch --interval 50ms --expect "$expected" --json "$EVENTS" "$first" "$port" "$PORT"
  wait_until event ".event == \"unexpected\" and .socket.port == $first and .socket.expected == false"
  start_lopong --port "$port" --tcp
  wait_until event ".event == \"unexpected\" and .socket.port == $port"
  ends_with_int 1
  expect_equal 2 "$(grep -c '"event":"unexpected"' "$EVENTS")"
  expect_equal 1 "$(grep -c " ! $first/tcp on 127.0.0.1: lopong (pid .*; not in $expected" "$LOPING_OUT")"
  expect_equal 1 "$(grep -c " ! $port/tcp on 127.0.0.1: lopong (pid $LOPONG_PID), user .*; not in $expected" "$LOPING_OUT")"
}

@test "with --expect and nothing unexpected the status is 0, and a file with bad lines ends it at once" {
  local expected=$BATS_TEST_TMPDIR/known.ports
  start_lopong --tcp
  echo "$PORT/tcp" > "$expected"
  start_loping watch ports --watch --interval 50ms --expect "$expected" "$PORT"
  wait_until file_contains "$LOPING_ERR" "watching 1 socket"
  ends_with_int 0
  expect_lacks "$(cat "$LOPING_OUT")" " ! "
  echo "lopong" > "$expected"
  loping ports --watch --expect "$expected"
  expect_status 2
}

@test "a listener that nobody connects to is marked unused at the end, and one that somebody uses is not" {
  EVENTS=$BATS_TEST_TMPDIR/events
  local later=$PORT used unused
  start_lopong --tcp
  used=$PORT
  start_lopong --tcp
  unused=$PORT
  start_loping watch ports --watch --interval 50ms --json "$EVENTS" "$used" "$unused" "$later"
  wait_until event '.event == "began"'
  # Closed at once: its rest is what a look sees.
  python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()' "$used"
  # Two more looks.
  start_lopong --port "$later" --tcp
  wait_until event ".event == \"new\" and .socket.port == $later and .socket.state == \"LISTEN\""
  stop_lopong
  wait_until event ".event == \"gone\" and .socket.port == $later and .socket.state == \"LISTEN\""
  ends_with_int 0
  event ".event == \"unused\" and .socket.port == $unused and .looks >= 2 and .connections_missed >= 0 and .since != null"
  expect_equal 1 "$(grep -c '"event":"unused"' "$EVENTS")"
  expect_matches "$(cat "$LOPING_OUT")" " ~ $unused/tcp on 127\.0\.0\.1: lopong .*; (unused|not seen in use) since 20"
  expect_lacks "$(cat "$LOPING_OUT")" " ~ $used/tcp"
  expect_matches "$(cat "$LOPING_ERR")" "nobody was connected at any of [0-9]+ looks at the kernel's table of connections since 20"
  expect_contains "$(cat "$LOPING_ERR")" "(PassiveOpens)"
}
