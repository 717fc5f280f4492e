#!/usr/bin/env bats
# An error of accept(2) or recvmsg(2) that passes: the port stays, and who waits is served.
load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

# The calls that fail, as strace's inject= has it. -D: the server is what is started and ended, strace is the one beside it.
start_failing() {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the server"
  # shellcheck disable=SC2034 # for start_lopong
  LOPONG_WRAPPER=(strace -D -f -qq -o "$BATS_TEST_TMPDIR/calls" -e "trace=${1%%:*}" -e "inject=$1")
  start_lopong "${@:2}"
}

times_said() {
  tr '\n' ' ' < "$LOPONG_ERR" | grep -oF -- "$1" | wc -l
}

@test "accept without memory: the socket stays open, who waits is served, and it is said once" {
  local error
  for error in ENOMEM EPERM ENOBUFS; do
    start_failing "accept4:error=$error:when=1..4" --tcp
    local before
    before=$(ss -Htlne "sport = :$PORT" | grep -o 'ino:[0-9]*')
    run_python "$PORT" << 'PY'
import sys
from lopong_client import *
clients = [connect(sys.argv[1]) for _ in range(20)]
for number, client in enumerate(clients):
    assert echo(client, b"%d" % number) == b"%d" % number
PY
    expect_status 0
    expect_equal "$before" "$(ss -Htlne "sport = :$PORT" | grep -o 'ino:[0-9]*')"
    wait_until file_contains "$LOPONG_ERR" "127.0.0.1:$PORT works again"
    stop_lopong
    expect_status 0
    expect_contains "$(cat "$LOPONG_ERR")" "taking connections on 127.0.0.1:$PORT pauses: "
    expect_equal "1 1" "$(times_said pauses) $(times_said "127.0.0.1:$PORT works again")"
    expect_contains "$(cat "$LOPONG_OUT")" "accept errors: 4"
    expect_contains "$(cat "$LOPONG_OUT")" "connections: 20"
    expect_lacks "$(cat "$LOPONG_OUT")" "refused"
  done
}

@test "connections that ended in the queue are no error of the listener" {
  start_failing "accept4:error=ECONNABORTED:when=1..3" --tcp
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
assert echo(connect(sys.argv[1]), b"served") == b"served"
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_lacks "$(cat "$LOPONG_ERR")" "pauses"
  expect_lacks "$(cat "$LOPONG_OUT")" "accept errors"
}

@test "without a descriptor who waits for long is closed, and all is well when there are some again" {
  need_command prlimit
  start_lopong --tcp
  local before
  before=$(ss -Htlne "sport = :$PORT" | grep -o 'ino:[0-9]*')
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, resource, sys, time
from lopong_client import *
port, pid = sys.argv[1], int(sys.argv[2])
old = connect(port)
assert echo(old, b"before") == b"before"
limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, limits[1]))
waiting = [connect(port) for _ in range(5)]
assert echo(old, b"goes on") == b"goes on"
resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
for client in waiting:
    assert echo(client, b"has waited") == b"has waited" or ends(client)
# The one number that becomes free is that of the reserve.
reserve = max(number for number in map(int, os.listdir("/proc/%d/fd" % pid))
              if os.readlink("/proc/%d/fd/%d" % (pid, number)) == "/dev/null")
resource.prlimit(pid, resource.RLIMIT_NOFILE, (reserve + 1, limits[1]))
late = [connect(port) for _ in range(5)]
assert all(ends(client) for client in late)
assert echo(old, b"goes on") == b"goes on"
resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
deadline = time.monotonic() + TIMEOUT_SECONDS
while True:
    assert time.monotonic() < deadline
    try:
        if echo(connect(port), b"after") == b"after":
            break
    except ConnectionResetError:
        pass
PY
  expect_status 0
  expect_equal "$before" "$(ss -Htlne "sport = :$PORT" | grep -o 'ino:[0-9]*')"
  stop_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_ERR")" "pauses: too many open files (EMFILE). The port stays open, and who connects waits until that works again"
  expect_contains "$(cat "$LOPONG_ERR")" "who waits on 127.0.0.1:$PORT is closed, as no file descriptor became free within 1 s"
  expect_matches "$(cat "$LOPONG_OUT")" "refused, out of descriptors: [5-9]"
}

@test "recvmsg that keeps failing: datagrams wait, it is said once, and nothing spins" {
  start_failing "recvmsg:error=ENOMEM:when=1..7" --udp
  run_python "$PORT" << 'PY'
import socket, sys
client = socket.socket(type=socket.SOCK_DGRAM)
client.settimeout(30)
client.connect(("127.0.0.1", int(sys.argv[1])))
for number in range(5):
    client.send(b"%d" % number)
assert [client.recv(10) for _ in range(5)] == [b"%d" % number for number in range(5)]
PY
  expect_status 0
  stop_lopong
  expect_status 0
  expect_contains "$(cat "$LOPONG_ERR")" "receiving datagrams on 127.0.0.1:$PORT pauses: not enough memory (ENOMEM)"
  expect_equal "1 1" "$(times_said pauses) $(times_said "127.0.0.1:$PORT works again")"
  # One of the seven was the look at this machine's addresses.
  expect_matches "$(cat "$LOPONG_OUT")" "UDP receive errors: [2-7]"
}
