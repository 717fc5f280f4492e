"""Kind "load": thousands of connections, clients that never read, resets, floods of datagrams, and ends amid it."""
import contextlib
import os
import random
import resource
import signal
import socket
import struct
import threading
import time

import runner
from bench import Server
from oracle import judge_end

KIND = "load"
SHARE = 2
IDLE, ACTIVE, NEVER_READING, RESETTING = 10000, 500, 200, 3000
# Of one client that does not read: less than what the kernel lends it by itself, so that the machine is not short by it.
CLIENT_BUFFER_BYTES = 32768
# Of those that read after all.
READERS = 50
# Connections from one address of 127.0.0.0/8, whose ports are some 28,000, with those that rest.
FROM_ONE_ADDRESS = 2500
# One at a time has so many descriptors; the trials beside it need a few hundred, or as many as do not read.
CROWD = threading.Lock()
BESIDE = 1500
FLOOD_DATAGRAMS = 50000
SECONDS = 5
# What new connections may wait for while others do their worst.
ANSWER_SECONDS = 10
REPEATS = 30
PATTERN = b"".join(struct.pack(">Q", number) for number in range(8192))
# socket.h; Python has it from 3.13 on.
IP_BIND_ADDRESS_NO_PORT = 24


def trials(_bench):
    for number in range(REPEATS):
        for what in SHAPES:
            for end in ("term", "kill", "term-amid"):
                yield f"{what}:{end}:{number}"


class Clients:
    """Connections that are closed together."""

    def __init__(self, server):
        self.server = server
        self.all = []

    def open(self, count, buffer_bytes=0):
        """As many as this process may. Returns what is wrong where it gets fewer."""
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        most = min(count, max(limit - BESIDE, limit // 10))
        for number in range(most):
            one = socket.socket()
            one.settimeout(ANSWER_SECONDS)
            try:
                if buffer_bytes:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
                one.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
                one.bind((f"127.0.0.{1 + number // FROM_ONE_ADDRESS}", 0))
                one.connect(("127.0.0.1", self.server.port))
            except OSError as error:
                one.close()
                return [f"connection {number + 1} of {most}: {error}"]
            self.all.append(one)
        return []

    def close(self):
        for one in self.all:
            one.close()


def echo_once(one, payload):
    one.sendall(payload)
    got = b""
    while len(got) < len(payload):
        piece = one.recv(len(payload) - len(got))
        if not piece:
            return False
        got += piece
    return got == payload


def idle_and_active(clients, rng):
    """Most say nothing, some are echoed to all the time, and nobody is lost."""
    problems = clients.open(ACTIVE + IDLE)
    if problems:
        return problems
    end = time.monotonic() + SECONDS
    active = clients.all[:ACTIVE]
    while time.monotonic() < end:
        one = rng.choice(active)
        if not echo_once(one, rng.randbytes(rng.randrange(1, 3000))):
            return ["an active connection was lost or got other bytes"]
    for one in rng.sample(clients.all, min(200, len(clients.all))):
        if not echo_once(one, b"still there"):
            return [*problems, "an idle connection was lost"]
    return problems


def send_until_stuck(clients):
    """How much each has sent when none takes more."""
    sent = dict.fromkeys(clients, 0)
    for one in clients:
        one.setblocking(False)
    quiet = time.monotonic()
    while time.monotonic() - quiet < 0.5:
        for one in clients:
            try:
                at = sent[one] % len(PATTERN)
                sent[one] += one.send(PATTERN[at:] + PATTERN[:at])
                quiet = time.monotonic()
            except OSError:
                continue
    return sent


def reads_all(one, count):
    one.settimeout(ANSWER_SECONDS)
    one.shutdown(socket.SHUT_WR)
    got = 0
    while piece := one.recv(1 << 20):
        at = got % len(PATTERN)
        if piece != (PATTERN * (len(piece) // len(PATTERN) + 2))[at : at + len(piece)]:
            return False
        got += len(piece)
    return got == count


def never_read(clients, rng):
    """They send until nothing more is taken, and others are served meanwhile. Those that read after all get every byte."""
    problems = clients.open(NEVER_READING, CLIENT_BUFFER_BYTES)
    if problems:
        return problems
    sent = send_until_stuck(clients.all)
    if not clients.server.echoes(ANSWER_SECONDS):
        return [f"beside them a new connection is not served within {ANSWER_SECONDS} s"]
    for one in rng.sample(clients.all, READERS):
        try:
            if not reads_all(one, sent[one]):
                return ["one that reads after all gets other bytes than it sent"]
        except OSError as error:
            return [f"one that reads after all does not get every byte: {error}"]
    return []


def resets(clients, rng):
    for _ in range(RESETTING):
        with socket.socket() as one:
            one.settimeout(ANSWER_SECONDS)
            try:
                one.connect(("127.0.0.1", clients.server.port))
                one.send(rng.randbytes(rng.randrange(1, 100)))
            except OSError:
                continue
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return []


def datagrams(clients, rng):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.setblocking(False)
        payload = rng.randbytes(1400)
        for _ in range(FLOOD_DATAGRAMS):
            try:
                one.sendto(payload[:rng.randrange(1400)], ("127.0.0.1", clients.server.port))
            except OSError:
                continue
    return []


SHAPES = {"idle-active": idle_and_active, "never-read": never_read, "resets": resets, "datagrams": datagrams}


def spins(process):
    """Does it use a CPU although nothing is asked of it?"""
    before = process.cpu_seconds()
    time.sleep(0.5)
    return process.cpu_seconds() - before > 0.4


def judge_last(server, end, outcome):
    if end == "kill":
        problems = [] if outcome.signal == signal.SIGKILL else ["kill -9 did not end it"]
    else:
        # 3: connections whose echo was not sent were cut off.
        problems = judge_end(outcome, {0, 3})
        if os.path.exists(server.unix):
            problems.append("left its unix socket behind")
    # The next one starts where a killed one was.
    return problems


def run(bench, trial):
    what, end, number = trial.split(":")
    with CROWD if what == "idle-active" else contextlib.nullcontext():
        return live(bench, what, end, number)


def live(bench, what, end, number):
    rng = random.Random(f"{what}{number}")
    with runner.Folder(bench.folder) as folder:
        server = Server(bench, folder)
        clients = Clients(server)
        try:
            if not server.wait_ready():
                return ["it did not start: " + server.process.finish(0).tell()]
            problems = SHAPES[what](clients, rng)
            if not server.process.has_ended() and not server.echoes(ANSWER_SECONDS):
                problems.append(f"a new connection is not served within {ANSWER_SECONDS} s")
            if end == "term":
                clients.close()
                if not server.process.has_ended() and spins(server.process):
                    problems.append("it spins when all have gone")
            if not server.process.has_ended():
                server.process.send(signal.SIGKILL if end == "kill" else signal.SIGTERM)
            outcome = server.process.finish(15)
            problems += judge_last(server, end, outcome)
            problems += start_again(bench, folder) if end == "kill" else []
            return [*problems, outcome.tell()] if problems else []
        finally:
            clients.close()
            server.process.kill()


def start_again(bench, folder):
    """What a killed one left does not stand in the way of the next, and is gone after it."""
    again = Server(bench, folder, name="again")
    try:
        if not again.wait_ready():
            return ["after kill -9 it does not start again: " + again.process.finish(0).tell()]
        problems = judge_end(again.stop(), {0})
        left = [name for name in os.listdir(folder) if not name.startswith((".server", ".again"))]
        return [*problems, f"left behind: {left}"] if left else problems
    finally:
        again.process.kill()
