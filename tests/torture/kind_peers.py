"""Kind "peers": servers that trickle, hang, vanish, lie; clients that do; and files that are no results (any more)."""
import json
import os
import random
import socket
import struct
import threading
import time

import runner
from bench import Server
from oracle import judge, judge_end
from scenarios import Scenario

KIND = "peers"
SHARE = 2
ROUNDS = 12
MUTATIONS = 400

COMMANDS = [
    Scenario("latency", "latency --count 20 --warmup 0 --timeout 400ms --json {result} {port}"),
    Scenario("connect", "connect --count 5 --warmup 0 --timeout 400ms --json {result} {port}"),
    Scenario("throughput", "throughput --duration 50ms --warmup 0 --timeout 400ms --json {result} {port}"),
    Scenario("anatomy", "anatomy --count 20 --warmup 0 --timeout 400ms --json {result} {port}"),
    Scenario("ping", "ping --count 2 --timeout 400ms --json {result} {port}"),
    Scenario("check", "check --timeout 400ms --json {result} {port}"),
    Scenario("wait", "wait --timeout 1s --json {result} {port}"),
    Scenario("wait-http", "wait --http 200 --timeout 1s --json {result} {port}"),
    Scenario("explain", "explain {port}"),
]
for one in COMMANDS:
    one.files = (("result", "json"),) if "--json" in one.words else ()
    one.good = (0, 1, 4)
BY_NAME = {scenario.name: scenario for scenario in COMMANDS}


class Liar(threading.Thread):
    """A server that does what its manner says, to each that connects, until it is closed."""

    def __init__(self, manner, rng):
        super().__init__(daemon=True)
        self.manner = manner
        self.rng = rng
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.1)
        self.port = self.listener.getsockname()[1]
        self.is_over = False
        self.open = []

    def run(self):
        while not self.is_over:
            try:
                one, _ = self.listener.accept()
            except OSError:
                continue
            one.settimeout(0.2)
            self.open.append(one)
            threading.Thread(target=self.serve, args=(one,), daemon=True).start()

    def serve(self, one):
        try:
            while not self.is_over:
                try:
                    got = one.recv(65536)
                except TimeoutError:
                    continue
                if not got or not MANNERS[self.manner](self, one, got):
                    break
        except OSError:
            pass
        finally:
            one.close()

    def close(self):
        self.is_over = True
        self.join(2)
        self.listener.close()
        for one in self.open:
            one.close()


def trickle(liar, one, got):
    for byte in got[:40]:
        one.sendall(bytes([byte]))
        time.sleep(0.01)
    return True


def hang(_liar, _one, _got):
    return True


def vanish(_liar, _one, _got):
    return False


def reset(_liar, one, _got):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def garbage(liar, one, got):
    one.sendall(liar.rng.randbytes(max(1, len(got))))
    return True


def short(liar, one, got):
    one.sendall(got[:liar.rng.randrange(len(got))])
    return True


def extra(liar, one, got):
    one.sendall(got + liar.rng.randbytes(liar.rng.randrange(1, 5000)))
    return True


def flip(liar, one, got):
    changed = bytearray(got)
    changed[liar.rng.randrange(len(changed))] ^= 1 << liar.rng.randrange(8)
    one.sendall(changed)
    return True


def half(liar, one, got):
    """Echoes a while, then is gone in the middle of a message."""
    if liar.rng.random() < 0.8:
        one.sendall(got)
        return True
    one.sendall(got[:len(got) // 2])
    return False


def doubled(_liar, one, got):
    one.sendall(got + got)
    return True


def flood(_liar, one, got):
    """Answers more than it was asked for, and goes on."""
    for _ in range(20):
        one.sendall(got * 50)
    return True


MANNERS = {"trickle": trickle, "hang": hang, "vanish": vanish, "reset": reset, "garbage": garbage, "short": short,
           "extra": extra, "flip": flip, "half": half, "doubled": doubled, "flood": flood}
# Such a server cannot be measured without a loss, so that status 0 would be a lie. (A flipped bit can stand where only
# the server writes.)
DISHONEST = ("hang", "vanish", "reset", "garbage", "short")
MEASURING = ("latency", "throughput", "anatomy", "connect")


def trials(_bench):
    for name in BY_NAME:
        for manner in MANNERS:
            for number in range(ROUNDS):
                yield f"server:{name}:{manner}:{number}"
    for number in range(ROUNDS * 10):
        yield f"client:{number}"
    for number in range(MUTATIONS):
        yield f"file:compare:{number}"
        yield f"file:expect:{number}"


def run_server(bench, name, manner, number, folder):
    liar = Liar(manner, random.Random(f"{manner}{number}"))
    liar.start()
    try:
        scenario = BY_NAME[name]
        bench.lay_old_files(scenario, folder)
        words = [word.format(result="result", port=liar.port) for word in scenario.words]
        outcome = runner.run([bench.loping, *words], folder)
        problems = judge(scenario, outcome, folder, {})
        if outcome.status == 0 and manner in DISHONEST and name in MEASURING:
            problems.append("status 0 of a server that lied")
        if outcome.status in (1, 3, 4) and not outcome.out.strip() and not outcome.err.strip() and not scenario.files:
            problems.append("nothing was said")
        return [*problems, outcome.tell()] if problems else []
    finally:
        liar.close()


HELLO = b"LOPONG"


def one_hostile_client(server, rng):
    """A connection that does a few things a client should not."""
    is_unix = rng.random() < 0.3
    family, where = (socket.AF_UNIX, server.unix) if is_unix else (socket.AF_INET, ("127.0.0.1", server.port))
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(1)
        try:
            one.connect(where)
            for _ in range(rng.randrange(1, 6)):
                act = rng.randrange(5)
                if act == 0:
                    one.sendall(rng.randbytes(rng.randrange(1, 3000)))
                elif act == 1:
                    one.sendall(HELLO + rng.randbytes(rng.randrange(1, 64)))
                elif act == 2:
                    one.recv(rng.randrange(1, 1000)) if rng.random() < 0.3 else None
                elif act == 3:
                    one.shutdown(socket.SHUT_WR)
                else:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
        except OSError:
            pass


def run_clients(bench, number, folder):
    rng = random.Random(f"clients{number}")
    server = Server(bench, folder, ("--verbose",) if rng.random() < 0.5 else ())
    try:
        if not server.wait_ready():
            return ["it did not start: " + server.process.finish(0).tell()]
        for _ in range(40):
            one_hostile_client(server, rng)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
                datagram.sendto(rng.randbytes(rng.randrange(0, 1500)), ("127.0.0.1", server.port))
        problems = [] if server.process.has_ended() or server.echoes() else ["it does not serve after that"]
        outcome = server.stop()
        problems += judge_end(outcome, {0})
        return [*problems, outcome.tell()[-600:]] if problems else []
    finally:
        server.process.kill()


def mutate_value(value, rng):
    """One place of a result becomes something that loping never writes."""
    odd = [None, True, -1, 1e308, 2**63 - 1, -2**63, "", "x" * 5000, [], {}, [[[]]], "\u061c\x1b[2J", 0.5, {"a": 1}]
    places = []

    def walk(part):
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for key, child in items:
            places.append((part, key))
            walk(child)
    walk(value)
    for _ in range(rng.randrange(1, 4)):
        part, key = rng.choice(places)
        if (isinstance(part, dict) and key in part) or (isinstance(part, list) and key < len(part)):
            if rng.random() < 0.2:
                del part[key]
            else:
                part[key] = rng.choice(odd)
    return json.dumps(value).encode()


def mutate_bytes(text, rng):
    changed = bytearray(text)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(changed) + 1)
        act = rng.randrange(4)
        if act == 0 and changed:
            changed[min(at, len(changed) - 1)] = rng.randrange(256)
        elif act == 1:
            del changed[at:at + rng.randrange(1, 200)]
        elif act == 2:
            changed[at:at] = rng.randbytes(rng.randrange(1, 50))
        else:
            changed[at:at] = rng.choice([b"[" * 3000, b"{\"a\":" * 500, b"\0", b"\xff\xfe", b"1e999", b"9" * 400])
    return bytes(changed)


def run_file(bench, what, number, folder):
    rng = random.Random(f"{what}{number}")
    path = bench.names["old" if what == "compare" else "expect"]
    with open(path, "rb") as file:
        text = file.read()
    odd = os.path.join(folder, ".fault-odd")
    with open(odd, "wb") as file:
        file.write(mutate_value(json.loads(text), rng) if what == "compare" and rng.random() < 0.6
                   else mutate_bytes(text, rng))
    words = ["compare", "--json", "result", odd, bench.names["new"]] if what == "compare" else \
            ["ports", "--json", "result", "--expect", odd, str(bench.port)]
    scenario = Scenario(what, " ".join(words[:1]), good=(0, 1, 3), files=(("result", "json"),), undecided=b"")
    bench.lay_old_files(scenario, folder)
    outcome = runner.run([bench.loping, *words], folder)
    # A line of --expect that is none is a wrong word of the user's.
    problems = judge_end(outcome, {0, 1, 3} if what == "compare" else {0, 1, 2, 3})
    if outcome.status == 3 and not outcome.err.strip():
        problems.append("status 3 without a word")
    if any(byte < 32 and byte not in (9, 10) for byte in outcome.out + outcome.err):
        problems.append("raw control characters reach the terminal")
    return [*problems, outcome.tell()] if problems else []


def run(bench, trial):
    what, *rest = trial.split(":")
    with runner.Folder(bench.folder) as folder:
        if what == "server":
            return run_server(bench, *rest, folder)
        if what == "client":
            return run_clients(bench, rest[0], folder)
        return run_file(bench, *rest, folder)
