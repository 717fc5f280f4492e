#!/usr/bin/env bats
# The kernel has no room to watch one more socket: libuv ends the process on that, and lopong is not to.
load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  need_root
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
}

# fail_watches WHEN: from now on the server's calls of epoll_ctl fail as strace's when= says.
fail_watches() {
  start_background strace strace -f -p "$LOPONG_PID" -o "$BATS_TEST_TMPDIR/calls" -e trace=epoll_ctl \
    -e "inject=epoll_ctl:error=ENOSPC:when=$1"
  wait_until file_contains "$BATS_TEST_TMPDIR/strace.err" attached
}

@test "a connection whose socket cannot be watched is refused and counted, and the next are served" {
  start_lopong --tcp
  fail_watches 1..3
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
for _ in range(3):
    assert ends(connect(sys.argv[1]))
assert echo(connect(sys.argv[1]), b"served") == b"served"
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_OUT")" "refused, no room to watch them: 3"
  expect_equal 1 "$(grep -c "new connections are closed at once, as the kernel has no room to watch their sockets: no space left on device (ENOSPC)" "$LOPONG_ERR")"
  expect_contains "$(cat "$LOPONG_ERR")" "fs.epoll.max_user_watches"
}

@test "where libuv cannot go on without, the reason is said, and the status is 3" {
  start_lopong --tcp
  # From version 1.45 on, libuv hands its changes to an io_uring, where strace lets none of them fail.
  ! find "/proc/$LOPONG_PID/fd" -lname '*io_uring*' | grep -q . || skip "this libuv watches by io_uring"
  # The first is our own look, the second is libuv's call.
  fail_watches 2+
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
assert ends(connect(sys.argv[1]))
PY
  expect_status 0
  wait_lopong
  expect_status 3
  expect_contains "$(cat "$LOPONG_ERR")" "lopong: the kernel has no room to watch one more socket (epoll_ctl: ENOSPC), and libuv cannot go on without"
}

@test "at the start it is a refusal with its reason" {
  local options
  for options in --tcp --udp; do
    # Of libuv's own there are none before; with UDP the first is our own look.
    run_timeout "$DEADLINE_SECONDS" strace -f -qq -o "$BATS_TEST_TMPDIR/calls" -e trace=epoll_ctl \
      -e inject=epoll_ctl:error=ENOSPC "$LOPONG" "$options" --port 0
    expect_status 3
    expect_equal "" "$output"
    expect_contains "$stderr" "ENOSPC"
  done
}
