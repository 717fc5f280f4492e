#!/usr/bin/env bats
# lopong --live: its view, looked at as a person would; and a server that serves as well with it.

load test_helper
load screen_helper

setup() {
  need_screen
}

# The scripts' own verbs.
PRELUDE='
import socket
def port(terminal):
    terminal.until(lambda: terminal.shows("lopong serves"))
    return int(re.search(r"listening on 127\.0\.0\.1:(\d+)", terminal.text()).group(1))
def echo(connection, count):
    for _ in range(count):
        connection.sendall(b"hello")
        assert connection.recv(64) == b"hello"
def row(terminal, label):
    lines = [line for line in terminal.lines() if line.startswith(label)]
    return (re.split(r"  +", lines[0][18:].strip()) if len(lines) == 1 else []) + [None, None]
'

with_prelude() {
  printf '%s\n' "$PRELUDE"
  cat
}

@test "--live shows connections, messages and bytes in place, and at the end only the summary is left" {
  with_prelude << 'PY' | on_screen
terminal = Terminal(["sh", "-c", f"echo before; exec {LOPONG} --live --port 0 --tcp"])
number = port(terminal)
connections = [socket.create_connection(("127.0.0.1", number)) for _ in range(3)]
for connection in connections:
    echo(connection, 100)
terminal.until(lambda: row(terminal, "connections open") [:2] == ["3", "3 at most"])
terminal.until(lambda: row(terminal, "messages a second")[1] == "300")
terminal.until(lambda: row(terminal, "in, a second")[1] == "1.46 KiB")
terminal.until(lambda: any("█" in line for line in terminal.lines()))
expect(terminal.lines()[0] == "before" and not terminal.above(), "nothing scrolls", terminal)
connections[0].close()
terminal.until(lambda: row(terminal, "connections open")[0] == "2" and row(terminal, "closed a second")[1] == "1")
expect(sum("lopong serves" in line for line in terminal.lines()) == 1, "one view", terminal)
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
text = terminal.text()
expect("summary after" in text and "messages: 300" in text, "the summary", terminal)
expect("lopong serves" not in text and "so far" not in text and "^C" not in text, "no view is left", terminal)
expect(not terminal.cursor_was_hidden, "the cursor is there")
PY
}

@test "what is said stands above the view, and refusals are named" {
  with_prelude << 'PY' | on_screen
terminal = Terminal([LOPONG, "--live", "--verbose", "--max-connections", "1", "--port", "0", "--tcp"], lines=40)
number = port(terminal)
kept = socket.create_connection(("127.0.0.1", number))
echo(kept, 1)
refused = socket.create_connection(("127.0.0.1", number))
assert refused.recv(1) == b""
terminal.until(lambda: row(terminal, "refusals a second")[1] == "1")
terminal.until(lambda: terminal.shows("refused, above --max-connections: 1"))
lines = terminal.lines()
said = max(i for i, line in enumerate(lines) if "connection 1 opened" in line or "as many as --max-connections" in line)
view = next(i for i, line in enumerate(lines) if "lopong serves" in line)
expect(said < view and sum("lopong serves" in line for line in lines) == 1, "lines above, one view below", terminal)
expect(b"\x1b[31m" in terminal.bytes, "refusals in their colour, too")
terminal.type("\x03")
terminal.end()
PY
}

@test "--live counts for all threads" {
  with_prelude << 'PY' | on_screen
terminal = Terminal([LOPONG, "--live", "--threads", "3", "--port", "0", "--tcp"])
number = port(terminal)
connections = [socket.create_connection(("127.0.0.1", number)) for _ in range(6)]
for connection in connections:
    echo(connection, 10)
terminal.until(lambda: row(terminal, "connections open")[0] == "6" and row(terminal, "messages a second")[1] == "60")
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
PY
}

@test "Ctrl-Z takes the view away, and fg draws it again" {
  with_prelude << 'PY' | on_screen
terminal = Terminal(["bash", "--norc", "-i"], lines=30)
terminal.until(lambda: terminal.shows("$"))
terminal.type(f"{LOPONG} --live --port 0 --tcp\r")
terminal.until(lambda: terminal.shows("lopong serves"))
# A key that makes a signal throws away what the terminal has not taken yet (termios(3), NOFLSH): not half a frame.
terminal.more_frames(1)
terminal.type("\x1a")
terminal.until(lambda: terminal.shows("Stopped") and terminal.lines()[terminal.screen.cursor.y].startswith("$"))
expect(not terminal.shows("lopong serves"), "no view while it is stopped", terminal)
terminal.type("fg\r")
terminal.until(lambda: terminal.shows("lopong serves"))
terminal.type("\x03")
terminal.until(lambda: terminal.shows("connections: 0") and not terminal.shows("lopong serves"))
terminal.type("exit\r")
terminal.end()
PY
}

@test "a terminal that is resized has the view once" {
  on_screen << 'PY'
terminal = Terminal([LOPONG, "--live", "--port", "0", "--tcp"], lines=30)
terminal.until(lambda: terminal.shows("lopong serves"))
for columns, lines in ((60, 24), (110, 20), (80, 12)):
    terminal.resize(columns, lines)
    terminal.more_frames(2)
    expect(sum("lopong serves" in line for line in terminal.lines()) == 1, "one view", terminal)
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
PY
}

@test "a terminal that takes nothing (Ctrl-S) does not hold up the echo" {
  with_prelude << 'PY' | on_screen
terminal = Terminal([LOPONG, "--live", "--verbose", "--port", "0", "--tcp"])
number = port(terminal)
terminal.type("\x13")
until = time.monotonic() + 1
terminal.until(lambda: time.monotonic() > until)
for _ in range(50):
    with socket.create_connection(("127.0.0.1", number)) as connection:
        connection.settimeout(20)
        echo(connection, 20)
terminal.type("\x11")
terminal.until(lambda: row(terminal, "messages a second")[1] == "1,000")
terminal.type("\x03")
terminal.end()
PY
}

@test "a crash leaves no view" {
  need_plain_build "a sanitizer has handlers of its own"
  on_screen << 'PY'
for number in (signal.SIGSEGV, signal.SIGABRT):
    terminal = Terminal(["sh", "-c", f"ulimit -c 0; exec {LOPONG} --live --port 0 --tcp"])
    terminal.until(lambda: terminal.shows("errors a second"))
    terminal.kill(number)
    expect(terminal.end() != 0, "it ends", terminal)
    expect("lopong serves" not in terminal.text(), f"no view after {number}", terminal)
PY
}

@test "without a terminal --live is refused, and so is one that cannot be redrawn" {
  run --separate-stderr "$LOPONG" --live --port 0
  expect_status 2
  expect_contains "$stderr" "--live: neither stdout nor stderr is a terminal, and the view needs one; leave it out"
  on_screen << 'PY'
terminal = Terminal([LOPONG, "--live", "--port", "0"], environment={"TERM": "dumb"})
expect(terminal.end() == 2, "status 2", terminal)
expect("TERM" in terminal.text(), "why", terminal)
PY
}

@test "with --json in a file the events are there alone, and the view is on the terminal" {
  on_screen "$BATS_TEST_TMPDIR/events" << 'PY'
import json
terminal = Terminal(["sh", "-c", f"exec {LOPONG} --live --json --port 0 --tcp > {sys.argv[4]}"])
terminal.until(lambda: terminal.shows("lopong serves"))
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
events = [json.loads(line)["event"] for line in open(sys.argv[4])]
expect(events == ["listening", "summary"], f"the events: {events}")
PY
}

@test "the view of --live is ASCII where the locale or --ascii say so, and plain without colours" {
  on_screen << 'PY'
run = [LOPONG, "--live", "--port", "0", "--tcp"]
for arguments, environment in ((run, {"LC_ALL": "C", "NO_COLOR": "1"}), (run + ["--ascii", "--no-color"], {})):
    terminal = Terminal(arguments, environment=environment)
    terminal.until(lambda: any(re.match("connections open.*_", line) for line in terminal.lines()))
    terminal.type("\x03")
    terminal.end()
    expect(all(byte < 0x80 for byte in terminal.bytes), "ASCII alone", terminal)
    expect(not re.search(rb"\x1b\[[0-9;]*m", terminal.bytes), "no colours", terminal)
PY
}

@test "--live says which faults are on" {
  with_prelude << 'PY' | on_screen
terminal = Terminal([LOPONG, "--live", "--port", "0", "--tcp", "--fault", "drop=1%"])
terminal.until(lambda: terminal.shows("(tcp), faults on: drop=1%, for "))
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
expect("faults on: drop=1%, seed 1" in terminal.text(), "the summary", terminal)
PY
}
