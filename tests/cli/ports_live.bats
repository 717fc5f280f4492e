#!/usr/bin/env bats
# loping ports --watch on a terminal, looked at as a person would.

load test_helper
load screen_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who listens"
  need_screen
}

@test "the table is drawn in place, what comes and goes is marked, and the last table stays" {
  PORT=$(unused_port)
  on_screen << 'PY'
import subprocess
terminal = Terminal(["sh", "-c", f"echo before; exec {LOPING} ports --watch --interval 50ms {PORT}"])
terminal.until(lambda: terminal.shows("Ctrl-C ends"))
server = subprocess.Popen([LOPONG, "--port", PORT, "--tcp", "--quiet"], stdout=subprocess.PIPE)
server.stdout.readline()
terminal.until(lambda: terminal.shows("+ " + PORT))
expect(b"\x1b[32m+ " in terminal.bytes, "in its colour, too")
server.terminate()
server.wait()
terminal.until(lambda: terminal.shows("- " + PORT))
lines = terminal.lines()
expect(lines[0] == "before" and not terminal.above(), "nothing scrolls, and what was there stays", terminal)
expect(sum("Ctrl-C ends" in line for line in lines) == 1, "one view", terminal)
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
text = terminal.text()
expect("Ctrl-C ends" not in text, "no view is left", terminal)
expect(text.count("- " + PORT) == 1 and text.startswith("before\n"), "the last table, once", terminal)
expect(b"\x1b[H" not in terminal.bytes and b"\x1b[2J" not in terminal.bytes, "the rest of the screen is nobody's")
PY
}

@test "Ctrl-Z takes the table away, and fg draws it again" {
  start_lopong --tcp
  on_screen << 'PY'
terminal = Terminal(["bash", "--norc", "-i"])
terminal.until(lambda: terminal.shows("$"))
terminal.type(f"{LOPING} ports --watch --interval 50ms {PORT}\r")
terminal.until(lambda: terminal.shows("Ctrl-C ends"))
terminal.more_frames(1)
terminal.type("\x1a")
terminal.until(lambda: terminal.shows("Stopped") and terminal.lines()[terminal.screen.cursor.y].startswith("$"))
expect(not terminal.shows("Ctrl-C ends"), "no view while it is stopped", terminal)
terminal.type("fg\r")
terminal.until(lambda: terminal.shows("Ctrl-C ends"))
terminal.type("\x03")
terminal.until(lambda: terminal.lines()[terminal.screen.cursor.y].startswith("$") and not terminal.shows("Ctrl-C ends"))
terminal.type("exit\r")
terminal.end()
PY
}

@test "a terminal that is resized has the table at its new size, once" {
  start_lopong --tcp
  on_screen << 'PY'
terminal = Terminal([LOPING, "ports", "--watch", "--interval", "50ms", PORT], columns=100)
terminal.until(lambda: terminal.shows("Ctrl-C ends"))
for columns, lines in ((60, 20), (90, 12), (80, 24)):
    terminal.resize(columns, lines)
    terminal.more_frames(2)
    shown = terminal.lines()
    expect(sum("Ctrl-C ends" in line for line in shown) == 1, f"one view at {columns} x {lines}", terminal)
    view = shown[next(y for y, line in enumerate(shown) if "Ctrl-C ends" in line) :]
    expect(max(map(len, view)) < columns, "as wide as the terminal", terminal)
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
PY
}

@test "a dumb terminal has the changes as lines" {
  PORT=$(unused_port)
  on_screen << 'PY'
terminal = Terminal([LOPING, "ports", "--watch", "--interval", "50ms", PORT], environment={"TERM": "dumb"})
terminal.until(lambda: terminal.shows("changes follow"))
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
expect(terminal.frames() == 0, "no view", terminal)
PY
}
