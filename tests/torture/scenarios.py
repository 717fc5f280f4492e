"""What the trials run: each command of loping against a server that is well, and what a right end of it looks like.

A word of `words` may name {port}, {closed} (nobody listens there), {unix}, {result} and the fixtures {old}, {new},
{expect}. `files` are the results that it writes: their names, and how they are read.
"""
import json
import os


class Scenario:
    """One command line."""

    def __init__(self, name, words, good=(0,), files=(), out="text", stdin=None, must="", undecided=None):
        self.name = name
        self.words = words.split()
        self.good = good        # statuses of a run without a fault
        self.files = files      # pairs (name, "json", "lines" or "text")
        self.out = out          # what stdout is: "text", "json", "lines"
        self.stdin = stdin      # bytes
        self.must = must        # what stdout says where the status is good
        self.undecided = undecided  # what stderr says where status 3 is good


JSON = (("result", "json"),)
ALL = [
    Scenario("latency", "latency --count 20 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("latency-text", "latency --count 20 --warmup 0 {port}", must="20"),
    Scenario("latency-udp", "latency --udp --count 20 --warmup 0 --json - {port}", out="json"),
    Scenario("latency-unix", "latency --count 20 --warmup 0 --json {result} unix:{unix}", files=JSON),
    Scenario("latency-files", "latency --count 20 --warmup 0 --csv c --hgrm h --raw r --json-stream s {port}",
             files=(("c", "text"), ("h", "text"), ("r", "text"), ("s", "lines"))),
    Scenario("depth", "latency --depth 4 --connections 3 --count 40 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("rate", "latency --rate 4000 --count 20 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("ping", "ping --count 1 {port}", must="1"),
    Scenario("anatomy", "anatomy --count 20 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("throughput", "throughput --duration 10ms --warmup 0 --json {result} {port}", files=JSON),
    Scenario("connect", "connect --count 5 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("sweep", "sweep --duration 1ms --warmup 0 --json {result} {port}", files=JSON),
    Scenario("floor", "latency --floor --count 20 --warmup 0 --json {result} {port}", files=JSON),
    Scenario("compare", "compare --json {result} {old} {new}", good=(0, 1, 3), files=JSON,
             undecided=b"nothing to judge"),
    Scenario("check", "check {port}", must="open"),
    Scenario("check-json", "check --json {result} {port}", files=JSON),
    Scenario("check-udp", "check --json - {port}/udp", out="json"),
    Scenario("check-closed", "check --json {result} {closed}", good=(1,), files=JSON),
    Scenario("check-unix", "check --json {result} unix:{unix}", files=JSON),
    Scenario("check-several", "check {port} {closed}", good=(1,), must="closed"),
    Scenario("wait", "wait --timeout 3s {port}", must="answers"),
    Scenario("wait-json", "wait --timeout 3s --json {result} {port} unix:{unix}", files=JSON),
    Scenario("latency-name", "latency --count 20 --warmup 0 localhost:{port}", must="20"),
    Scenario("check-name", "check localhost:{port}", good=(0, 1), must="open"),
    Scenario("wait-name", "wait --timeout 3s localhost:{port}", must="answers"),
    Scenario("wait-free", "wait --timeout 3s --free {closed}", must="can be bound"),
    Scenario("ports", "ports --json {result} {port}", files=JSON),
    Scenario("ports-text", "ports --tree --peers {port}", must="lopong"),
    Scenario("ports-write", "ports --write {result} {port}", files=(("result", "text"),)),
    Scenario("ports-expect", "ports --expect {expect} {port}", must="lopong"),
    Scenario("explain", "explain ECONNREFUSED", must="ECONNREFUSED"),
    Scenario("explain-port", "explain {port}", must="lopong"),
    Scenario("explain-stdin", "explain -", stdin=b"connect ECONNREFUSED 127.0.0.1:1\n", must="ECONNREFUSED"),
    Scenario("help", "latency --help", must="exit status"),
]
BY_NAME = {scenario.name: scenario for scenario in ALL}


def paths_of(value, path=""):
    """Each place of a JSON value, the elements of an array taken together, with the text or number that stands there."""
    if isinstance(value, dict):
        yield path + "{}", None
        for key, one in value.items():
            yield from paths_of(one, f"{path}.{key}")
    elif isinstance(value, list):
        yield path + "[]", None
        for one in value:
            yield from paths_of(one, path + "[*]")
    else:
        yield path, value


class Shape:
    """What is the same in each of several right results: places, and values that do not change."""

    # What a run sees of the machine around it, and what the figures lead to.
    LOOSE = ("notes", "intervals", "own_addresses", "histogram", "environment", "modes", "delayed", "[*][*]", "evidence", "what_to_do",
             "_percentiles", ".lost", "connected", "floor", "confidence", "command_line", "judged", "conclusion", "spread", "_at", "cpu_use", "placement",
             "parents", "[*].port", "looks", ".connections", ".queued", "left_out", "delta", "percent", "throughput", "rate", "_ns", "batch", ".pid")

    def __init__(self):
        self.common = None      # places that all have
        self.known = set()      # places that any has
        self.values = None

    def add(self, value):
        found = {}
        for path, one in paths_of(value):
            found.setdefault(path, set()).add(one)
        places = set(found)
        self.known |= places
        self.common = places if self.common is None else self.common & places
        fixed = {(path, frozenset(ones)) for path, ones in found.items()}
        self.values = fixed if self.values is None else self.values & fixed

    # A try of its own that the fault took away: the verdict stands without it, and the evidence says so.
    UNTRIED = "could not serve on the port itself"

    def problems(self, value):
        found = {}
        is_untried = any(self.UNTRIED in str(one) for _, one in paths_of(value))
        for path, one in paths_of(value):
            found.setdefault(path, set()).add(one)
        wrong = [f"without {path}" for path in self.common if path not in found and not self._is_loose(path)]
        for path, ones in self.values:
            if is_untried and path.endswith(".sentence"):
                continue
            if path in found and not self._is_loose(path) and frozenset(found[path]) != ones:
                wrong.append(f"{path} is {sorted(map(str, found[path]))[:3]}, not {sorted(map(str, ones))[:3]}")
        return wrong[:5]

    def _is_loose(self, path):
        return any(word in path for word in self.LOOSE)


def parse(text, kind):
    """The values of a result; ValueError where it is not whole."""
    if kind == "json":
        return [json.loads(text)]
    if kind == "lines":
        if text and not text.endswith("\n"):
            raise ValueError("the last line is cut")
        return [json.loads(line) for line in text.splitlines()]
    if not text.endswith("\n"):
        raise ValueError("the last line is cut")
    return [text]


def fixtures(bench, folder):
    """Makes the files that the scenarios read."""
    names = {}
    for name in ("old", "new"):
        path = os.path.join(folder, name + ".json")
        bench.run_well(["latency", "--count", "2000", "--warmup", "0", "--json", path, str(bench.port)], folder)
        names[name] = path
    names["expect"] = os.path.join(folder, "expect.txt")
    with open(names["expect"], "w", encoding="ascii") as file:
        file.write(f"{bench.port}/tcp lopong\n{bench.port}/udp lopong\n")
    return names
