"""What all trials share: the build, a server that is well, fixtures, and what right results look like."""
import itertools
import os
import random
import re
import socket
import shutil
import tempfile
import threading

import runner
from scenarios import ALL, Shape, fixtures, parse

BASELINE_RUNS = 4


def free_port(numbers):
    """Below those that systems hand out, so that it stays free. Other threads take others."""
    for port in numbers:
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise SystemExit("torture: no port is free")


class Server:
    """A lopong of one's own: TCP, UDP and a unix socket."""

    def __init__(self, bench, folder, words=(), prefix=(), environment=None, transports=("--tcp", "--udp"), **more):
        self.unix = os.path.join(folder, "s")
        argv = [*prefix, bench.lopong, "--port", "0", *transports, "--unix", self.unix, *words]
        self.process = runner.Process(argv, folder, environment=environment, name=more.pop("name", "server"), **more)
        self.port = None

    def is_ready(self):
        """Ready, or over."""
        if self.process.has_ended():
            return True
        out = self.process.output()[0].decode("utf-8", "replace")
        ports = re.findall(r"127\.0\.0\.1:(\d+)\b|\"port\":(\d+)", out)
        if ports and self.unix in out.replace("\n", "") and out.endswith("\n"):
            self.port = int(ports[0][0] or ports[0][1])
            return True
        return False

    def wait_ready(self, seconds=15):
        return runner.wait_until(self.is_ready, seconds) and self.port is not None

    def echoes(self, seconds=5):
        """Is a new connection served?"""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as one:
                one.sendall(b"well?")
                got = b""
                while len(got) < 5:
                    piece = one.recv(5 - len(got))
                    if not piece:
                        return False
                    got += piece
                return got == b"well?"
        except OSError:
            return False

    def stop(self, seconds=10):
        self.process.send(15)
        return self.process.finish(seconds)


class Bench:
    """One for a whole run of the harness."""

    def __init__(self, build, seed, root):
        self.build = build
        self.seed = seed
        self.root = root
        self.lopong = os.path.join(build, "lopong")
        self.loping = os.path.join(build, "loping")
        self.preload = os.path.join(build, "tests/torture/fault_preload.so")
        runner.adopt_orphans()
        self.folder = tempfile.mkdtemp(prefix="torture-")
        self.well = Server(self, self.folder)
        if not self.well.wait_ready():
            raise SystemExit("torture: the server did not start: " + self.well.process.finish(0).tell())
        self.port = self.well.port
        self.threads = threading.local()
        self.next_closed = itertools.cycle(range(12000, 32000))
        self.names = {}
        self.shapes = {}
        self.names = fixtures(self, self.folder)

    def random(self, what):
        """Reproducible for one seed and one trial."""
        return random.Random(f"{self.seed}:{what}")

    def closed(self):
        """One of its own for each trial: what a fault leaves at it, such as TIME_WAIT, is not the next one's."""
        return free_port(self.next_closed)

    def argv(self, scenario, result="result"):
        values = dict(self.names, port=self.port, closed=self.closed(), unix=self.well.unix, result=result)
        return [self.loping] + [word.format(**values) for word in scenario.words]

    def run_well(self, words, folder):
        outcome = runner.run([self.loping, *words], folder)
        if outcome.status != 0:
            raise SystemExit("torture: a run without a fault failed: " + outcome.tell())
        return outcome

    def shapes_of(self, scenario):
        """What its results look like without a fault; learnt at the first need."""
        if scenario.name not in self.shapes:
            shapes = {}
            for _ in range(BASELINE_RUNS):
                with runner.Folder(self.folder) as folder:
                    outcome = self.run_scenario(scenario, folder)
                    if outcome.status not in scenario.good:
                        raise SystemExit(f"torture: {scenario.name} without a fault: {outcome.tell()}")
                    self._learn(scenario, outcome, folder, shapes)
            self.shapes[scenario.name] = shapes
        return self.shapes[scenario.name]

    @staticmethod
    def _learn(scenario, outcome, folder, shapes):
        for name, kind in scenario.files:
            if kind == "json":
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    shapes.setdefault(name, Shape()).add(parse(file.read(), kind)[0])
        if scenario.out == "json":
            shapes.setdefault("-", Shape()).add(parse(outcome.out.decode(), "json")[0])

    def lay_old_files(self, scenario, folder):
        for name, _ in scenario.files:
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write("PRECIOUS\n")

    def run_scenario(self, scenario, folder, prefix=(), environment=None, deadline=runner.DEADLINE_SECONDS, **more):
        self.lay_old_files(scenario, folder)
        stdin = more.pop("stdin", None)
        feed = None
        if scenario.stdin is not None and stdin is None:
            reading, writing = os.pipe()
            os.write(writing, scenario.stdin)
            os.close(writing)
            stdin = feed = reading
        try:
            return runner.run([*prefix, *self.argv(scenario)], folder, deadline, environment=environment, stdin=stdin,
                              **more)
        finally:
            if feed is not None:
                os.close(feed)

    def close(self):
        outcome = self.well.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        return [] if outcome.status == 0 else ["the server that was well: " + outcome.tell()]


ALL_SCENARIOS = ALL
