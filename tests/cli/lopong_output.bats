#!/usr/bin/env bats
# What lopong says, where nobody reads it, where it cannot be written, and in which order it comes.
load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

@test "a stderr that nobody reads keeps no client waiting, what did not fit is counted, and it ends at a signal" {
  run_python "$LOPONG" << 'PY'
import re, signal, subprocess, sys
from lopong_client import *
CONNECTIONS = 4000
server = subprocess.Popen([sys.argv[1], "--tcp", "--verbose", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
port = re.search(r":(\d+) ", server.stdout.readline())[1]
for number in range(CONNECTIONS):
    with connect(port) as client:
        assert echo(client, b"served") == b"served", number
# The reader is back: whole lines in order, and one that counts those that it missed.
seen, missed, last = 0, 0, {"opened": 0, "closed": 0}
assert "sandbox" in server.stderr.readline()
while seen + missed < 2 * CONNECTIONS:
    line = server.stderr.readline()
    gap = re.fullmatch(r"lopong: ([\d,]+) lines? (?:was|were) left out here, as nobody read what came before\n", line)
    if gap:
        missed += int(gap[1].replace(",", ""))
        continue
    number = re.fullmatch(r"lopong: connection (\d+) (opened|closed): tcp from .*\n", line)
    # The next one may be let in before the end of this one is read.
    assert number and int(number[1]) > last[number[2]], line
    last[number[2]] = int(number[1])
    seen += 1
assert missed > 0 and seen + missed == 2 * CONNECTIONS, (seen, missed)
# And gone again, for good.
for number in range(CONNECTIONS):
    with connect(port) as client:
        assert echo(client, b"served") == b"served", number
server.send_signal(signal.SIGTERM)
assert server.wait(TIMEOUT_SECONDS) == 0
assert "connections: 8,000" in server.stdout.read()
PY
  expect_status 0
}

@test "with --json a gap in the events is an event" {
  run_python "$LOPONG" << 'PY'
import json, signal, subprocess, sys
from lopong_client import *
CONNECTIONS = 3000
server = subprocess.Popen([sys.argv[1], "--tcp", "--json", "--verbose", "--port", "0"], stdout=subprocess.PIPE, text=True)
port = str(json.loads(server.stdout.readline())["port"])
for number in range(CONNECTIONS):
    with connect(port) as client:
        assert echo(client, b"served") == b"served", number
seen, missed = 0, 0
while seen + missed < 2 * CONNECTIONS:
    event = json.loads(server.stdout.readline())
    if event["event"] == "lines_left_out":
        missed += event["lines"]
    else:
        seen += 1
assert missed > 0, seen
server.send_signal(signal.SIGTERM)
assert json.loads(server.stdout.readline())["event"] == "summary"
assert server.wait(TIMEOUT_SECONDS) == 0
PY
  expect_status 0
}

@test "threads that all speak tear no line of each other" {
  run_python "$LOPONG" << 'PY'
import json, signal, subprocess, sys
from lopong_client import *
server = subprocess.Popen([sys.argv[1], "--tcp", "--json", "--verbose", "--threads", "4", "--port", "0"],
                          stdout=subprocess.PIPE, text=True)
port = str(json.loads(server.stdout.readline())["port"])
for _ in range(10):
    clients = [connect(port) for _ in range(40)]
    for client in clients:
        assert echo(client, b"served") == b"served"
        client.close()
server.send_signal(signal.SIGTERM)
events = [json.loads(line)["event"] for line in server.stdout]
assert events.count("connection_opened") == events.count("connection_closed") == 400, len(events)
assert events[-1] == "summary"
assert server.wait(TIMEOUT_SECONDS) == 0
PY
  expect_status 0
}

@test "a ready line that cannot be written ends it with status 3" {
  [ -e /dev/full ] || skip "this system has no /dev/full"
  local option
  for option in --quiet --json; do
    run --separate-stderr timeout --kill-after=5 "$DEADLINE_SECONDS" bash -c '"$LOPONG" --port 0 "$1" > /dev/full' - "$option"
    expect_status 3
    expect_contains "$stderr" "the ready line could not be written to stdout: no space left on device (ENOSPC)"
    run --separate-stderr timeout --kill-after=5 "$DEADLINE_SECONDS" bash -c '"$LOPONG" --port 0 "$1" >&-' - "$option"
    expect_status 3
    expect_contains "$stderr" "the ready line could not be written to stdout: bad file descriptor (EBADF)"
  done
}

@test "its stdout stays as blocking as it was for all who share it" {
  run_python "$LOPONG" << 'PY'
import fcntl, os, signal, subprocess, sys
reader, writer = os.pipe()
before = fcntl.fcntl(writer, fcntl.F_GETFL)
server = subprocess.Popen([sys.argv[1], "--verbose", "--port", "0"], stdout=writer, stderr=writer)
with os.fdopen(os.dup(reader)) as lines:
    while "listening" not in lines.readline():
        pass
assert fcntl.fcntl(writer, fcntl.F_GETFL) == before
server.send_signal(signal.SIGTERM)
assert server.wait(30) == 0
assert fcntl.fcntl(writer, fcntl.F_GETFL) == before
PY
  expect_status 0
}

@test "a terminal that was stopped keeps no client waiting, and its flags stay as they were" {
  need_terminal
  run_python "$LOPONG" << 'PY'
import fcntl, os, pty, re, signal, subprocess, sys
from lopong_client import *
ours, theirs = pty.openpty()
flags = fcntl.fcntl(theirs, fcntl.F_GETFL)
server = subprocess.Popen([sys.argv[1], "--tcp", "--verbose", "--port", "0"], stdout=subprocess.PIPE, stderr=theirs, text=True)
port = re.search(r":(\d+) ", server.stdout.readline())[1]
# Nobody reads at our end, so it takes nothing more after some 100 lines.
for number in range(2000):
    with connect(port) as client:
        assert echo(client, b"served") == b"served", number
assert fcntl.fcntl(theirs, fcntl.F_GETFL) == flags
server.send_signal(signal.SIGTERM)
assert server.wait(TIMEOUT_SECONDS) == 0
PY
  expect_status 0
}
