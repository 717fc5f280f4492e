"""Usage: account.py [--build DIR]

Where the time goes: for each mode, and both sides, the system calls, the user instructions and the copied bytes of one
unit (a message, or a MiB that came back). System calls are counted by strace, instructions by callgrind, copies by
copy_count.c; none of them tells time, and each slows what it counts: a stream then moves in larger or smaller pieces
than it does otherwise. Two runs of different length are compared, so that what a run costs once is in neither."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

MIB = 1 << 20
# name, unit, options of the server, command of the client, what is varied, (short, long), what a result counts
MODES = (
    ("round trip", "message", (), ("latency", "--warmup", "0"), "--count", (2000, 42000), "round trips"),
    ("busy round trip", "message", ("--busy-poll",), ("latency", "--busy-poll", "--warmup", "0"), "--count",
     (2000, 42000), "round trips"),
    ("64 x 16 messages", "message", (), ("latency", "--connections", "64", "--depth", "16", "--warmup", "0"), "--count",
     (5000, 30000), "round trips"),
    ("connect", "transaction", (), ("connect", "--warmup", "0"), "--count", (300, 1300), "round trips"),
    ("echo of a stream", "MiB", (), ("throughput", "--warmup", "0"), "--duration", ("1s", "3s"), "bytes"),
    ("the same, zero-copy", "MiB", (), ("throughput", "--zero-copy", "--warmup", "0"), "--duration", ("1s", "3s"), "bytes"),
    ("stream up", "MiB", (), ("throughput", "--direction", "up", "--warmup", "0"), "--duration", ("1s", "3s"), "bytes"),
)
SIDES = ("client", "server")


def free_port():
    """One that the system lends to no client."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "free_ports.py")
    return subprocess.run([sys.executable, script, "1"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def counted(result, what):
    run = result["runs"][0]
    if what == "round trips":
        return run["rtt_ns"]["count"]
    return max(run["throughput"]["bytes_received"], run["throughput"]["bytes_sent"])


class Counter:
    """How one side is wrapped, and what its report says."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder

    def path(self, side):
        return os.path.join(self.folder, side)

    def environment(self, side):
        del side
        return {}

    def server_options(self):
        return ()


class Calls(Counter):
    def prefix(self, side):
        return ["strace", "-D", "-f", "-qq", "-o", self.path(side)]

    def figures(self, side):
        with open(self.path(side), encoding="utf-8", errors="replace") as file:
            return [sum(1 for line in file if "(" in line and "resumed" not in line)]


class Instructions(Counter):
    def prefix(self, side):
        return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.path(side)}"]

    def server_options(self):
        # What it counts is written when the server has given up writing.
        return ("--no-sandbox",)

    def figures(self, side):
        with open(self.path(side), encoding="utf-8") as file:
            return [int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M)[1])]


class Copies(Counter):
    def prefix(self, side):
        del side
        return []

    def environment(self, side):
        return {"LD_PRELOAD": os.path.join(self.options.build, "tests/bench/copy_count.so"), "COPY_COUNT": self.path(side)}

    def figures(self, side):
        with open(self.path(side), encoding="utf-8") as file:
            return [int(word) for word in file.read().split()]


def run_once(options, counter, mode, length):
    """What a run counts, and the figures of each side."""
    _, _, server_options, command, varied, _, what = mode
    server = subprocess.Popen(
        counter.prefix("server") + [options.build + "/lopong", "--quiet", "--tcp", "--port", free_port(), *server_options,
                                    *counter.server_options()],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **counter.environment("server")})
    try:
        port = re.search(r":(\d+)", server.stdout.readline())[1]
        client = subprocess.run(
            counter.prefix("client") + [options.build + "/loping", *command, varied, str(length), "--timeout", "30s",
                                        "--json", "-", port],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=300,
            env={**os.environ, **counter.environment("client")})
        count = counted(json.loads(client.stdout), what)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    return count, {side: counter.figures(side) for side in SIDES}


def figures_of(options, kind, mode):
    """By side: the figures of one unit."""
    runs = []
    for length in mode[5]:
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run_once(options, kind(options, folder), mode, length))
    units = runs[1][0] - runs[0][0]
    return {side: [(after - before) / units for before, after in zip(runs[0][1][side], runs[1][1][side])]
            for side in SIDES}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    print("                                          system   user instr.  copied by the program, and between")
    print("mode                  side    for each     calls                it and the kernel: bytes a byte")
    for mode in MODES:
        name, unit, *_, what = mode
        calls, instructions, copies = (figures_of(options, kind, mode) for kind in (Calls, Instructions, Copies))
        scale = MIB if what == "bytes" else 1
        for side in SIDES:
            # A pipe that is full at the end of one run and not of the other makes a byte of difference.
            own, kernel = (max(0, each) for each in copies[side])
            # A message of 64 B, one way.
            size = 1 if what == "bytes" else 64
            print(f"{name:21} {side:7} {unit:11} {calls[side][0] * scale:7.2f} {instructions[side][0] * scale:11,.0f}"
                  f"  {own / size:9.2f} {kernel / size:9.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
