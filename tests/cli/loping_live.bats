#!/usr/bin/env bats
# The view of a run on a terminal, looked at as a person would: drawn in place while it runs, and without a trace of it
# afterwards, however the run ends. The terminal is tests/cli/screen.py.

load test_helper
load screen_helper

setup() {
  need_screen
  start_lopong --tcp
}

@test "while a run goes on its view is redrawn in place, nothing scrolls, and only the report stays" {
  on_screen << 'PY'
terminal = Terminal(["sh", "-c", f"echo before; exec {LOPING} latency --warmup 0 --duration 2s {PORT}"])
terminal.until(lambda: terminal.shows("measuring") and terminal.shows("last second"))
first = terminal.lines().index("before")
terminal.more_frames(5)
lines = terminal.lines()
expect(lines[first] == "before" and lines[first + 1] == "", "what was there stays where it was", terminal)
expect(not terminal.above(), "nothing scrolls", terminal)
for words in ("latency to 127.0.0.1:" + PORT + " (tcp), 64 B", "p99 each 0.1 s", "round trips by duration", " left"):
    expect(sum(words in line for line in lines) == 1, f"'{words}' once", terminal)
expect(any("█" in line for line in lines) and any("━" in line for line in lines), "blocks and lines", terminal)
expect(terminal.screen.cursor.x == 0 and terminal.screen.cursor.y == first + 1, "the cursor at the view's corner")
frames = terminal.frames()
expect(terminal.end() == 0, "status 0", terminal)
text = terminal.text()
expect(text.startswith("before\nlatency to 127.0.0.1:"), "the report follows what was there", terminal)
for words in ("last second", "measuring", "━", " left"):
    expect(words not in text, f"no '{words}' is left", terminal)
expect("check: all" in text, "the report", terminal)
expect(not terminal.cursor_was_hidden, "the cursor is never hidden")
modes = set(re.findall(rb"\x1b\[\?\d+[hl]", terminal.bytes))
expect(modes <= {b"\x1b[?7l", b"\x1b[?7h"} and terminal.wraps(), "no mode but wrapping is touched, and that is on again")
PY
}

@test "ten frames a second at most, and each is one write" {
  need_command strace
  need_plain_build "strace and a sanitizer exclude each other"
  on_screen "$BATS_TEST_TMPDIR/trace" << 'PY'
trace = sys.argv[4]
terminal = Terminal(["strace", "-f", "-ttt", "-e", "trace=write", "-s", "200000", "-o", trace, LOPING, "latency",
                     "--warmup", "0", "--duration", "1500ms", "--connections", "1", "--quiet", PORT])
expect(terminal.end() == 0 and terminal.frames() == 0, "--quiet has no view", terminal)
terminal = Terminal(["strace", "-f", "-ttt", "-e", "trace=write", "-s", "200000", "-o", trace, LOPING, "latency",
                     "--warmup", "0", "--duration", "1500ms", PORT])
expect(terminal.end() == 0, "status 0", terminal)
writes = [line for line in open(trace, errors="replace") if re.search(r"write\(2, ", line)]
whole = [line for line in writes if "last second" in line]
expect(len(whole) >= 2 and len(whole) == terminal.frames(), f"a write for each frame: {len(whole)}, {terminal.frames()}, {len(writes)}")
expect(all(re.search(r"A\\r", line) for line in whole), "each to its end")
moments = [float(re.search(r"\d+\.\d+", line).group()) for line in whole]
# The loop's clock counts milliseconds.
expect(all(b - a > 0.097 for a, b in zip(moments, moments[1:])), f"a tenth of a second between them: {moments}")
PY
}

@test "Ctrl-C takes the view away, and what was measured is reported" {
  on_screen << 'PY'
terminal = Terminal([LOPING, "latency", "--warmup", "0", "--duration", "1h", PORT])
terminal.until(lambda: terminal.shows("measuring"))
terminal.more_frames(2)
terminal.type("\x03")
expect(terminal.end() == 0, "status 0", terminal)
text = terminal.text()
expect("check: all" in text and "last second" not in text and "━" not in text, "the report alone", terminal)
expect("^C" not in text, "not even the echo of the key", terminal)
PY
}

@test "Ctrl-Z takes the view away and stops the program, and fg draws it again" {
  on_screen << 'PY'
terminal = Terminal(["bash", "--norc", "-i"])
terminal.until(lambda: terminal.shows("$"))
terminal.type(f"{LOPING} latency --warmup 0 --duration 1h {PORT}\r")
terminal.until(lambda: terminal.shows("measuring"))
terminal.more_frames(2)
terminal.type("\x1a")
terminal.until(lambda: terminal.shows("Stopped") and terminal.lines()[terminal.screen.cursor.y].startswith("$"))
expect(not terminal.shows("last second") and not terminal.shows("measuring"), "no view while it is stopped", terminal)
frames = terminal.frames()
terminal.type("stty -a | grep -o ' echo '\r")
terminal.until(lambda: terminal.shows(" echo"))
expect(terminal.frames() == frames, "nothing is drawn while it is stopped", terminal)
terminal.type("fg\r")
terminal.until(lambda: terminal.shows("measuring"))
terminal.more_frames(2)
terminal.type("\x03")
terminal.until(lambda: terminal.shows("check: all") and terminal.lines()[terminal.screen.cursor.y].startswith("$"))
expect("last second" not in terminal.text(), "no view is left", terminal)
terminal.type("exit\r")
terminal.end()
PY
}

@test "in the background nothing is drawn" {
  on_screen << 'PY'
terminal = Terminal(["bash", "--norc", "-i"])
terminal.until(lambda: terminal.shows("$"))
terminal.type(f"{LOPING} latency --warmup 0 --duration 1s {PORT} > /dev/null & wait; echo over\r")
terminal.until(lambda: "over" in terminal.lines())
expect(terminal.frames() == 0, "no view", terminal)
terminal.type("exit\r")
terminal.end()
PY
}

@test "a terminal that is resized has the view at its new size, and no remains of the old" {
  on_screen << 'PY'
terminal = Terminal(["sh", "-c", f"echo before; exec {LOPING} latency --warmup 0 --duration 1h {PORT}"], columns=100)
terminal.until(lambda: terminal.shows("measuring"))
for columns, lines in ((64, 24), (120, 30), (80, 20), (64, 12)):
    terminal.resize(columns, lines)
    terminal.more_frames(2)
    shown = terminal.lines()
    for words in ("latency to", "last second", "so far"):
        expect(sum(words in line for line in shown) == 1, f"'{words}' once at {columns} x {lines}", terminal)
    expect(max(map(len, shown)) < columns, "as wide as the terminal", terminal)
terminal.resize(30, 5)
terminal.until(lambda: not terminal.shows("last second"))
terminal.resize(80, 24)
terminal.until(lambda: terminal.shows("last second"))
terminal.type("\x03")
terminal.end()
expect("last second" not in terminal.text(), "no view is left", terminal)
PY
}

@test "a crash leaves no view" {
  need_plain_build "a sanitizer has handlers of its own"
  on_screen << 'PY'
for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGQUIT, signal.SIGABRT):
    terminal = Terminal(["sh", "-c", f"ulimit -c 0; echo before; exec {LOPING} latency --warmup 0 --duration 1h {PORT}"])
    terminal.until(lambda: terminal.shows("last second"))
    terminal.kill(number)
    status = terminal.end()
    expect(status == (3 if number == signal.SIGABRT else -number), f"it ends by {number}: {status}", terminal)
    text = terminal.text()
    expect(text.startswith("before") and "last second" not in text, f"no view after {number}", terminal)
    expect(not terminal.screen.cursor.hidden, "the cursor is there")
PY
}

@test "a terminal that is closed ends the run" {
  on_screen << 'PY'
terminal = Terminal([LOPING, "latency", "--warmup", "0", "--duration", "1h", PORT])
terminal.until(lambda: terminal.shows("last second"))
terminal.close()
terminal.end()
PY
}

@test "a terminal that takes nothing (Ctrl-S) does not hold up the run, and Ctrl-Q shows the view again" {
  on_screen << 'PY'
import socket, threading
listener = socket.create_server(("127.0.0.1", 0))
echoes = [0]
def serve():
    connection = listener.accept()[0]
    while part := connection.recv(65536):
        connection.sendall(part)
        echoes[0] += 1
threading.Thread(target=serve, daemon=True).start()
terminal = Terminal([LOPING, "latency", "--warmup", "0", "--duration", "1h", "--timeout", "1h", str(listener.getsockname()[1])])
terminal.until(lambda: terminal.shows("last second"))
terminal.type("\x13")
# Longer than it takes to draw several times.
until, frames = time.monotonic() + 1.5, terminal.frames()
terminal.until(lambda: time.monotonic() > until)
stopped, begun = terminal.frames(), echoes[0]
expect(stopped <= frames + 2, "the terminal is stopped", terminal)
terminal.until(lambda: echoes[0] > begun + 100)
expect(terminal.frames() == stopped, "the terminal is still stopped", terminal)
terminal.type("\x11")
terminal.more_frames(2)
terminal.type("\x03")
terminal.end()
expect("check: all" in terminal.text(), "the report", terminal)
PY
}

@test "without a terminal that can be redrawn there is a line of progress, and with --no-live" {
  on_screen << 'PY'
run = [LOPING, "latency", "--warmup", "0", "--duration", "700ms", PORT]
for arguments, options in (
    (run, {"environment": {"TERM": "dumb"}}),
    (run, {"columns": 39}),
    (run, {"lines": 7}),
    (run + ["--no-live"], {}),
):
    terminal = Terminal(arguments, **options)
    terminal.end()
    expect(terminal.frames() == 0, "no view", terminal)
    expect(b"latency: 0." in terminal.bytes, "a line of progress", terminal)
    expect("latency: 0." not in terminal.text(), "which does not stay", terminal)
PY
}

@test "the view is ASCII where the locale or --ascii say so, and plain without colours" {
  on_screen << 'PY'
run = [LOPING, "latency", "--warmup", "0", "--duration", "700ms", PORT]
for arguments, environment in ((run, {"LC_ALL": "C"}), (run + ["--ascii"], {})):
    terminal = Terminal(arguments, environment=environment)
    terminal.end()
    expect(terminal.frames() > 0, "a view", terminal)
    expect(all(byte < 0x80 for byte in terminal.bytes), "ASCII alone", terminal)
    expect(b"[=" in terminal.bytes and b"#" in terminal.bytes, "drawn all the same", terminal)
for arguments, environment, has_colour in (
    (run, {}, True),
    (run, {"NO_COLOR": "1"}, False),
    (run + ["--no-color"], {"CLICOLOR_FORCE": "1"}, False),
):
    terminal = Terminal(arguments, environment=environment)
    terminal.end()
    expect((b"\x1b[36m" in terminal.bytes) == has_colour, f"colours: {has_colour}", terminal)
    expect(has_colour or not re.search(rb"\x1b\[[0-9;]*m", terminal.bytes), "and no other dress", terminal)
PY
}

@test "the report card's two runs have one view after the other, and throughput shows its rate" {
  on_screen << 'PY'
terminal = Terminal([LOPING, "--warmup", "0", "--duration", "1s", PORT])
terminal.until(lambda: terminal.shows("latency (1 of 2)"))
terminal.until(lambda: terminal.shows("throughput (2 of 2)") and terminal.shows("bit rate, each 0.1 s"))
expect(not terminal.shows("latency (1 of 2)"), "not both", terminal)
expect(terminal.end() == 0, "status 0", terminal)
text = terminal.text()
expect("THROUGHPUT" in text and "(2 of 2)" not in text, "the card alone", terminal)
PY
}

@test "a failure is told when the view is gone" {
  on_screen "$LOPONG_PID" << 'PY'
terminal = Terminal([LOPING, "latency", "--warmup", "0", "--duration", "1h", PORT])
terminal.until(lambda: terminal.shows("last second"))
os.kill(int(sys.argv[4]), signal.SIGKILL)
expect(terminal.end() == 3, "status 3", terminal)
text = terminal.text()
expect("loping: lost 127.0.0.1" in text and "last second" not in text, "the reason alone", terminal)
PY
}

@test "ping has a moving graph below its lines, and only the lines stay" {
  on_screen << 'PY'
terminal = Terminal([LOPING, "ping", "--interval", "20ms", "--count", "80", PORT], lines=16)
terminal.until(lambda: terminal.shows("RTT of the last") and terminal.shows("seq="))
terminal.until(lambda: terminal.shows("RTT of the last 60 replies") and terminal.shows("█"))
shown = terminal.lines()
graph = next(i for i, line in enumerate(shown) if "RTT of the last" in line)
expect(all(not line.startswith("seq=") for line in shown[graph:]), "lines above, graph below", terminal)
expect(sum("RTT of the last" in line for line in shown) == 1, "one graph", terminal)
expect(terminal.end() == 0, "status 0", terminal)
lines = terminal.text().split("\n")
numbers = [int(re.match(r"seq=(\d+) ", line).group(1)) for line in lines if line.startswith("seq=")]
expect(len(numbers) == 80 and numbers == sorted(numbers), f"each reply once, in order: {numbers}", terminal)
at = max(i for i, line in enumerate(lines) if line.startswith("seq="))
expect(at == 79 and lines[80] == "" and lines[81].startswith("ping to "), "then the summary", terminal)
expect("RTT of the last" not in terminal.text(), "no graph stays", terminal)
PY
}

@test "a line of ping that is too long for its terminal goes on at a blank, under its own beginning" {
  on_screen << 'PY'
terminal = Terminal([LOPING, "ping", "--interval", "20ms", "--count", "30", PORT], columns=48, lines=16)
expect(terminal.end() == 0, "status 0", terminal)
lines = terminal.text().split("\n")[:60]
expect(all(line.startswith("seq=") for line in lines[0::2]), "a reply begins each second line", terminal)
expect(all(line.startswith("  ") and line.endswith(")") for line in lines[1::2]), "and goes on indented", terminal)
PY
}

@test "ping into a pipe has its lines there at once, and no graph on the terminal" {
  on_screen << 'PY'
terminal = Terminal(["sh", "-c", f"{LOPING} ping --interval 20ms --count 30 {PORT} | cat"])
terminal.end()
expect(terminal.frames() == 0, "no view", terminal)
expect(terminal.text().count("seq=") == 30, "the lines", terminal)
PY
}
