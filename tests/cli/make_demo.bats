#!/usr/bin/env bats
# `make demo`: the pair at work, whatever else has the port, and nothing left behind.

load test_helper

# make would rebuild a sanitized tree with plain flags; the script is what the target runs.
demo() {
  cd "$REPOSITORY" || return
  run_timeout 60 scripts/demo.sh "$BUILD"
}

@test "the demo shows both outputs and the server's summary" {
  demo
  expect_status 0
  expect_contains "$output" "server: listening on 127.0.0.1:628"
  expect_contains "$output" "LATENCY"
  expect_contains "$output" "THROUGHPUT"
  expect_matches "$output" "server: +connections: [1-9]"
}

@test "the demo takes another port when 62893 is taken, and says so" {
  start_background holder python3 -c '
import socket, time
holder = socket.socket()
holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
while True:
    try:
        holder.bind(("127.0.0.1", 62893))
        holder.listen()
        break
    except OSError:
        time.sleep(0.05)  # another demo has it for a moment; whoever had it could be gone when ours begins
print("held", flush=True)
time.sleep(600)'
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" held
  demo
  expect_status 0
  expect_matches "$output" "Port 62893 is taken on this machine, so the server took (628|629)[0-9]+\."
}

@test "Ctrl-C ends the demo early with both summaries and leaves no process" {
  need_terminal
  cd "$REPOSITORY"
  run_python "$BUILD" << 'PY'
import os, pty, re, signal, sys, time
pid, terminal = pty.fork()
if pid == 0:
    # Of several tests at a time, bats 1.13 has it ignored in each; a shell at a terminal has not.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv("scripts/demo.sh", ["scripts/demo.sh", sys.argv[1]])
seen = b""
pressed = False
end = time.monotonic() + 50
while time.monotonic() < end:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    seen += piece
    # The progress line of the first measurement, with something measured: the first may be of its warm-up.
    if not pressed and re.search(rb"latency: [0-9.]+ of [^,]*, [1-9]", seen):
        os.write(terminal, b"\x03")
        pressed = True
_, status = os.waitpid(pid, 0)
print(seen.decode(errors="replace"))
print("pressed:", pressed, "status:", os.waitstatus_to_exitcode(status))
PY
  expect_status 0
  expect_contains "$output" "pressed: True status: 130"
  expect_contains "$output" "RTT"
  expect_contains "$output" "summary after"
  expect_matches "$output" "lopong with pid ([0-9]+)"
  wait_until process_is_gone "${BASH_REMATCH[1]}"
}

@test "the demo shows the server's words when it cannot start" {
  mkdir "$BATS_TEST_TMPDIR/programs"
  printf '#!/bin/sh\necho "no room here" >&2\nexit 3\n' > "$BATS_TEST_TMPDIR/programs/lopong"
  chmod +x "$BATS_TEST_TMPDIR/programs/lopong"
  cd "$REPOSITORY"
  run_timeout 30 scripts/demo.sh "$BATS_TEST_TMPDIR/programs"
  expect_status 1
  expect_contains "$output" "server: no room here"
}

@test "the demo leaves no server behind when nobody reads its output" {
  cd "$REPOSITORY"
  # The reader goes after the line that names the server's pid, before the demo's last one. Python gives its child the
  # default SIGPIPE, which ends a shell; where a test begins, the signal may be ignored.
  run_python "$BUILD" << 'PY'
import subprocess, sys
demo = subprocess.Popen(["scripts/demo.sh", sys.argv[1]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
for line in demo.stdout:
    if "lopong with pid" in line:
        print(line)
        break
demo.stdout.close()
demo.wait()
PY
  expect_matches "$output" "lopong with pid ([0-9]+)"
  wait_until process_is_gone "${BASH_REMATCH[1]}"
}
