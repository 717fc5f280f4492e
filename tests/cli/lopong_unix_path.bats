#!/usr/bin/env bats
# What lopong does with what stands at a unix socket's path: dead sockets are removed, everything else is left alone.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  SOCKET=$BATS_TEST_TMPDIR/path.sock
}

make_stale_socket() {
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$1"
}

echoes() {
  python3 -c '
import sys
from lopong_client import *
assert echo(connect(sys.argv[1]), b"echo") == b"echo"' "$1"
}

start_unix() {
  start_background server "$LOPONG" --unix "$SOCKET"
  LOPONG_PID=$BACKGROUND_PID
  LOPONG_OUT=$BATS_TEST_TMPDIR/server.out
  LOPONG_ERR=$BATS_TEST_TMPDIR/server.err
  wait_until lopong_is_ready_or_gone
}

@test "--unix alone serves only the path" {
  start_unix
  expect_equal "listening on unix:$SOCKET (unix)" "$(cat "$LOPONG_OUT")"
  echoes "$SOCKET"
}

@test "the socket is removed at the end" {
  start_unix
  [ -S "$SOCKET" ]
  stop_lopong
  expect_status 0
  expect_equal "" "$(find "$BATS_TEST_TMPDIR" -type s)"
}

@test "a socket that nobody listens on is removed, which is said, and nothing else stays behind" {
  make_stale_socket "$SOCKET"
  start_unix
  expect_contains "$(cat "$LOPONG_ERR")" "removed $SOCKET, a socket that an earlier server left"
  echoes "$SOCKET"
  expect_equal "$SOCKET" "$(find "$BATS_TEST_TMPDIR" -type s)"
}

@test "the socket of a server that was killed is taken over by the next" {
  start_unix
  kill -KILL "$LOPONG_PID"
  wait_until process_is_gone "$LOPONG_PID"
  start_unix
  echoes "$SOCKET"
}

@test "a live socket is never removed, even when its server is stopped or its queue is full" {
  start_unix
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$SOCKET"
  expect_status 3
  kill -STOP "$LOPONG_PID"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$SOCKET"
  expect_status 3
  kill -CONT "$LOPONG_PID"
  echoes "$SOCKET"
  start_background full python3 -c '
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(0)
clients = [socket.socket(socket.AF_UNIX) for _ in range(10)]
for client in clients:
    client.setblocking(False)
    try:
        client.connect(sys.argv[1])
    except BlockingIOError:
        break
print("ready", flush=True)
time.sleep(600)' "$BATS_TEST_TMPDIR/full.sock"
  wait_until file_contains "$BATS_TEST_TMPDIR/full.out" ready
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$BATS_TEST_TMPDIR/full.sock"
  expect_status 3
  # shellcheck disable=SC2154 # set by run
  expect_contains "$stderr" "A server already listens on $BATS_TEST_TMPDIR/full.sock"
  [ -S "$BATS_TEST_TMPDIR/full.sock" ]
}

@test "a file that is no socket is never touched" {
  echo precious > "$SOCKET"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$SOCKET"
  expect_status 3
  expect_equal precious "$(cat "$SOCKET")"
  ln -s "$SOCKET" "$SOCKET.link"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$SOCKET.link"
  expect_status 3
  [ -L "$SOCKET.link" ]
}

@test "a server that was slow to remove a dead socket leaves the new one of a quicker server alone" {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  make_stale_socket "$SOCKET"
  # The slow one has found the socket dead, and waits 6 s before it moves it aside. The quick one waits for it for 2 s.
  start_background slow strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e 'trace=/^rename' \
    -e 'inject=/^rename:delay_enter=6000000' "$LOPONG" --unix "$SOCKET"
  local slow=$BACKGROUND_PID
  wait_until file_contains "$BATS_TEST_TMPDIR/calls" rename
  start_unix
  expect_equal "" "$(cat "$BATS_TEST_TMPDIR/slow.err")"
  wait_until process_is_gone "$slow"
  expect_contains "$(cat "$BATS_TEST_TMPDIR/slow.err")" "already listens on $SOCKET"
  echoes "$SOCKET"
  expect_equal "$SOCKET" "$(find "$BATS_TEST_TMPDIR" -type s)"
}

@test "a path that is bound and not listened on yet is not taken for a dead one" {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  # -D: the server is what start_background starts and ends, strace is the one beside it.
  start_background first strace -D -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=listen \
    -e inject=listen:delay_enter=700000 "$LOPONG" --unix "$SOCKET"
  wait_until file_contains "$BATS_TEST_TMPDIR/calls" listen
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix "$SOCKET"
  expect_status 3
  # shellcheck disable=SC2154 # set by run
  expect_contains "$stderr" "already listens on $SOCKET"
  echoes "$SOCKET"
}

@test "a path without a folder is in the current one" {
  cd "$BATS_TEST_TMPDIR" || return 1
  make_stale_socket here.sock
  SOCKET=here.sock start_unix
  expect_contains "$(cat "$LOPONG_ERR")" "removed here.sock"
  echoes "$PWD/here.sock"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --unix here.sock
  expect_status 3
  # shellcheck disable=SC2154 # set by run
  expect_contains "$stderr" "already listens on here.sock"
}

@test "of many servers that start at once on a dead socket exactly one serves the path" {
  make_stale_socket "$SOCKET"
  local i pids=()
  for i in {1..12}; do
    start_background "racer$i" "$LOPONG" --unix "$SOCKET"
    pids+=("$BACKGROUND_PID")
  done
  for i in {1..12}; do
    LOPONG_OUT=$BATS_TEST_TMPDIR/racer$i.out
    LOPONG_PID=${pids[$((i - 1))]}
    wait_until lopong_is_ready_or_gone
  done
  echoes "$SOCKET"
  # Who is ready and cannot be reached would be one whose socket another removed.
  local serving=0
  for i in {1..12}; do
    if kill -0 "${pids[$((i - 1))]}" 2> /dev/null; then serving=$((serving + 1)); fi
  done
  expect_equal 1 "$serving"
}

@test "bytes in the path that could steer a terminal are escaped" {
  SOCKET=$BATS_TEST_TMPDIR/$'e\e[31m.sock'
  start_unix
  expect_contains "$(cat "$LOPONG_OUT")" 'e\x1b[31m.sock (unix)'
  expect_lacks "$(cat "$LOPONG_OUT")" $'\e'
}

@test "what a server that was killed amid removing a dead socket has left is cleared, and nothing else" {
  local folder=$BATS_TEST_TMPDIR/folder dead alive=$BASHPID name
  mkdir "$folder"
  true &
  dead=$!
  wait "$dead"
  make_stale_socket "$folder/.lopong.$dead"
  for name in ".lopong.$alive" ".lopong.${dead}x" ".lopong.0$dead" "lopong.$dead"; do
    make_stale_socket "$folder/$name"
  done
  start_background live "$LOPONG" --unix "$folder/live"
  wait_until file_contains "$BATS_TEST_TMPDIR/live.out" listening
  mv "$folder/live" "$folder/.lopong.$((dead + 1))"
  SOCKET=$folder/path.sock
  start_unix
  echoes "$SOCKET"
  expect_equal "$(printf '%s\n' ".lopong.$((dead + 1))" ".lopong.$alive" ".lopong.${dead}x" ".lopong.0$dead" \
    "lopong.$dead" path.sock | LC_ALL=C sort)" "$(find "$folder" -type s -printf '%f\n' | LC_ALL=C sort)"
  stop_lopong
  expect_status 0
  # And one that is no socket.
  echo precious > "$folder/.lopong.$dead"
  start_unix
  expect_equal precious "$(cat "$folder/.lopong.$dead")"
}

# fails_at INJECTION WORDS: with strace's injection lopong ends, blames itself with the words, and leaves the socket.
fails_at() {
  make_stale_socket "$SOCKET"
  run_timeout "$DEADLINE_SECONDS" strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e "trace=${1%%:*}" -e "inject=$1" \
    "$LOPONG" --unix "$SOCKET"
  grep -q INJECTED "$BATS_TEST_TMPDIR/calls"
  expect_status 3
  # shellcheck disable=SC2154 # set by run
  expect_contains "$stderr" "$2"
  expect_lacks "$stderr" "already listens"
  expect_lacks "$stderr" "in use"
  expect_lacks "$stderr" "Something exists"
  expect_equal "$SOCKET" "$(find "$BATS_TEST_TMPDIR" -type s)"
  rm "$SOCKET"
}

@test "a socket that could not be asked, for a reason of lopong's own, is not said to be in use" {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  fails_at connect:error=ENOMEM:when=1 "not enough memory (ENOMEM)"
  fails_at connect:error=ENOMEM:when=2 "not enough memory (ENOMEM)"
  fails_at socket:error=EMFILE:when=1 "no file descriptor is left (EMFILE)"
  fails_at socket:error=EMFILE:when=2 "no file descriptor is left (EMFILE)"
}

@test "the folder's lock is lent while it serves, and held when the path is removed" {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  start_background server strace -D -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=flock,unlink "$LOPONG" --unix "$SOCKET"
  # shellcheck disable=SC2034 # for stop_lopong
  LOPONG_PID=$BACKGROUND_PID LOPONG_OUT=$BATS_TEST_TMPDIR/server.out LOPONG_ERR=$BATS_TEST_TMPDIR/server.err
  wait_until lopong_is_ready_or_gone
  run flock --nonblock "$BATS_TEST_TMPDIR" true
  expect_status 0
  stop_lopong
  expect_status 0
  [ ! -e "$SOCKET" ]
  local calls
  calls=$(grep -oE 'LOCK_EX|LOCK_UN|unlink' "$BATS_TEST_TMPDIR/calls" | uniq | tr '\n' ' ')
  expect_equal "LOCK_EX LOCK_UN LOCK_EX unlink LOCK_UN LOCK_EX " "$calls"
}
