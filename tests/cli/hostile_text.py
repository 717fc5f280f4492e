"""Usage: hostile_text.py options|files|servers|processes LOPING LOPONG

Feeds a text that would harm a terminal through everything that takes one, and looks at the bytes of what is printed: no
control character but the line feed, nothing invisible, nothing that turns the direction of writing, and valid UTF-8."""

import concurrent.futures
import json
import os
import re
import socket
import subprocess
import sys
import threading
import unicodedata

LOPING, LOPONG = sys.argv[2:4]
GOLDEN = os.path.join(os.environ["REPOSITORY"], "tests", "golden", "ping_oldest.json")
COMMANDS = ["", "ping", "latency", "anatomy", "throughput", "connect", "sweep", "compare", "check", "wait", "grade", "ports", "explain", "help"]
# A title, a colour, C1's CSI as UTF-8 and as a bare byte, carriage return, backspace, delete, directions, joiners, a
# byte-order mark, tags, and bytes that are no UTF-8.
TEXT = (
    b"a\x1b]0;title\x07b\x1b[31mc\xc2\x9bd\x9be\rf\bg\x7fh\xd8\x9ci\xe2\x80\xaej\xe2\x81\xa6k\xe2\x80\x8bl\xef\xbb\xbfm"
    b"\xf3\xa0\x80\x81n\xe2\x80\xa8o\xffp\xc3"
)
TIMEOUT_SECONDS = 30
failures = []


def find_harm(output):
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {output[error.start]:#x} is no UTF-8"
    for character in text:
        # Control, format, private and unassigned ones, and the separators of lines and paragraphs.
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"):
            return f"U+{ord(character):04X}"
    return None


def run(*words, stdin=b""):
    try:
        done = subprocess.run(words, input=stdin, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        failures.append(f"hangs: {words}")
        return b""
    for name, output in (("stdout", done.stdout), ("stderr", done.stderr)):
        harm = find_harm(output)
        if harm:
            failures.append(f"{harm} on {name} of {words}: {output!r}")
    if done.returncode < 0:
        failures.append(f"signal {-done.returncode}: {words}")
    return done.stdout + done.stderr


def run_all(calls):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        outputs = list(pool.map(lambda call: run(*call), calls))
    assert len(outputs) > 5
    return b"".join(outputs)


def options_of(*words):
    text = subprocess.run([*words, "--help-all"], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"(--[a-z][a-z-]*)[ =][A-Z]", text)))


def feed_options():
    """As the value of each option, as a target, and as a word of its own."""
    calls = []
    for command in COMMANDS:
        words = [LOPING, command] if command else [LOPING]
        for option in options_of(*words):
            # Those that write a file take any name.
            if option not in ("--json", "--csv", "--hgrm", "--raw", "--json-stream", "--write"):
                calls.append([*words, option, TEXT, "1"])
        for target in (TEXT, b"unix:" + TEXT, b"unix:@" + TEXT, b"127.0.0.1:" + TEXT, b"[" + TEXT + b"]:1", b"--" + TEXT):
            # A path that may come to be is waited for.
            calls.append([*words, target] + (["--timeout", "100ms"] if command == "wait" else []))
    # One that serves the path ends at once for want of an address.
    calls += [[LOPONG, option, TEXT, "--port", "0", "--tcp", "--bind", "203.0.113.1"] for option in options_of(LOPONG)]
    calls += [[LOPONG, TEXT], [LOPONG, b"--" + TEXT]]
    assert len(calls) > 150, len(calls)
    assert b"\\x1b" in run_all(calls)


def feed_files():
    """As the name of each file that is read or written, as what stands in it, and as a line that is pasted."""
    folder = TEXT.replace(b"/", b"")
    os.mkdir(folder)
    place = os.path.join(folder, TEXT)
    with open(GOLDEN, encoding="utf-8") as file:
        result = json.load(file)
    hostile = TEXT.decode("utf-8", "replace")

    def taint(value):
        if isinstance(value, dict):
            return {key: taint(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [taint(inner) for inner in value]
        return hostile if isinstance(value, str) else value

    tainted = taint(result)
    tainted["tool"], tainted["schema_version"] = "loping", 1
    with open(place, "w", encoding="utf-8") as file:
        json.dump(tainted, file)
    with open("expected", "wb") as file:
        file.write(b"1/tcp " + TEXT + b"\n" + TEXT + b"\n")
    nowhere = os.path.join(folder, b"none", TEXT)
    calls = [
        [LOPING, "compare", GOLDEN, place],
        [LOPING, "compare", place, place],
        [LOPING, "compare", place, place, "--json", "-"],
        [LOPING, "compare", nowhere, GOLDEN],
        [LOPING, "ports", "--expect", "expected"],
        [LOPING, "ports", "--expect", nowhere],
        [LOPING, "explain", TEXT],
        [LOPING, "explain", b"EADDRINUSE " + TEXT],
    ]
    for command in ("latency", "compare", "check", "ports", "wait"):
        arguments = [GOLDEN, GOLDEN] if command == "compare" else ["1"]
        calls.append([LOPING, command, *arguments, "--json", nowhere])
    for option in ("--csv", "--hgrm", "--raw", "--json-stream"):
        calls.append([LOPING, "latency", option, nowhere, "1"])
    calls += [[LOPONG, "--unix", nowhere], [LOPONG, "--unix", place]]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    # Names that can be written, whose commands say them where all goes well.
    written = os.path.join(folder, b"written" + TEXT)
    calls.append([LOPING, "ports", "--write", written, "1"])
    for command in ("latency", "check", "ports", "wait"):
        timeout = ["--timeout", "100ms"] if command == "wait" else []
        calls.append([LOPING, command, port, *timeout, "--json", written + command.encode()])
    calls.append([LOPING, "compare", GOLDEN, GOLDEN, "--json", written + b"compare"])
    for option in ("--csv", "--hgrm", "--raw", "--json-stream"):
        calls.append([LOPING, "latency", "--count", "5", option, written + option.encode(), port])
    # And that two options name.
    calls.append([LOPING, "latency", "--csv", written + b"2", "--json", written + b"2", port])
    calls.append([LOPING, "compare", place, GOLDEN, "--json", place])
    calls.append([LOPING, "ports", "--watch", "--json", place])
    assert b"\\x1b" in run_all(calls)
    run(LOPING, "explain", "-", stdin=b"Error: listen EADDRINUSE: address already in use " + TEXT + b":3000\n")


class Server(threading.Thread):
    """Says the text to whoever comes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.listener.getsockname()[1])

    def run(self):
        while True:
            client, _ = self.listener.accept()
            client.sendall(b"HTTP/1.1 200 " + TEXT + b"\r\nServer: " + TEXT + b"\r\n\r\n" + TEXT)
            client.close()


def feed_servers():
    """As the first bytes of a server."""
    server = Server()
    server.start()
    calls = [[LOPING, command, server.port] for command in ("check", "explain")]
    calls += [[LOPING, command, "--count", "3", "--warmup", "0", server.port] for command in ("ping", "latency", "connect")]
    calls += [[LOPING, "throughput", "--duration", "50ms", server.port], [LOPING, "check", "--json", "-", server.port]]
    calls += [[LOPING, "wait", "--timeout", "300ms", "--http", "/", server.port]]
    calls += [[LOPING, "wait", "--timeout", "300ms", "--json", "-", server.port]]
    run_all(calls)


def feed_processes():
    """As the name, the arguments, the folder and the socket's path of a process that has a port."""
    folder = TEXT.replace(b"/", b"")
    os.makedirs(folder, exist_ok=True)
    program = (
        "import ctypes, socket, sys\n"
        "name = sys.stdin.buffer.readline()[:-1]\n"
        "ctypes.CDLL(None).prctl(15, name[:15], 0, 0, 0)\n"
        "sockets = [socket.create_server(('127.0.0.1', 0)), socket.socket(socket.AF_UNIX)]\n"
        "sockets[1].bind(b's' + name[:60]); sockets[1].listen()\n"
        "print(sockets[0].getsockname()[1], flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, TEXT], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdin.write(TEXT.replace(b"\n", b"") + b"\n")
        process.stdin.flush()
        port = process.stdout.readline().decode().strip()
        path = b"unix:" + os.path.join(folder, b"s" + TEXT[:60])
        calls = [[LOPING, "ports", "--tree"], [LOPING, "ports"], [LOPING, "ports", "--json", "-"], [LOPING, "check", port]]
        calls += [[LOPING, "explain", port], [LOPING, "latency", "--count", "1", "--timeout", "200ms", port]]
        calls += [[LOPING, "check", path], [LOPING, "wait", "--timeout", "200ms", path], [LOPING, "ports", "--write", "-"]]
        calls += [[LOPONG, "--port", port], [LOPONG, "--port", port, "--json"]]
        calls += [[LOPONG, "--unix", path.removeprefix(b"unix:")]]
        assert b"\\x1b" in run_all(calls)
        process.stdin.close()


os.chdir(sys.argv[4])
{"options": feed_options, "files": feed_files, "servers": feed_servers, "processes": feed_processes}[sys.argv[1]]()
for failure in failures[:10]:
    print(failure)
sys.exit(1 if failures else 0)
