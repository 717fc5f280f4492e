"""A server's life under a fault: it starts, serves streams and datagrams, and ends. Judged by what a user would see."""
import json
import os
import re
import socket

import runner
from bench import Server
from oracle import SPIN_SECONDS

# Each way a user starts it.
LIVES = {
    "server": (),
    "server-json": ("--json", "--verbose"),
    "server-threads": ("--threads", "2", "--verbose"),
    "server-stale": (),
    "server-limits": ("--idle-timeout", "1m", "--max-connections", "50"),
}
# It begins where a server that was killed has left its socket.
STALE = "server-stale"
# Nobody has anything that a life wants.
NOT_SO = re.compile(rb"already listens|in use|Something exists|is not a socket")
ECHO_SECONDS = 5
NO_ANSWER = "no answer and no refusal"
# What lopong cannot go on without, and says so: its ready line, and the kernel's watch of a socket.
SAID_ENDS = (b"the ready line could not be written", b"to watch one more socket")


def echo_stream(family, where, payload):
    """What came of one connection: "echoed", "refused" or a sentence of what is wrong."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.settimeout(ECHO_SECONDS)
            one.connect(where)
            one.sendall(payload)
            got = b""
            while len(got) < len(payload):
                piece = one.recv(len(payload) - len(got))
                if not piece:
                    return "refused" if payload.startswith(got) else "other bytes came back"
                got += piece
            return "echoed" if got == payload else "other bytes came back"
    except TimeoutError:
        return NO_ANSWER
    except OSError:
        return "refused"


def echo_much(port):
    """A stream that carries much, which goes through the kernel: the same answers."""
    piece = os.urandom(128 * 1024)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ECHO_SECONDS) as one:
            for _ in range(12):
                one.sendall(piece)
                got = b""
                while len(got) < len(piece):
                    more = one.recv(len(piece) - len(got))
                    if not more:
                        return "refused" if piece.startswith(got) else "other bytes came back"
                    got += more
                if got != piece:
                    return "other bytes came back"
            return "echoed"
    except TimeoutError:
        return NO_ANSWER
    except OSError:
        return "refused"


def echo_datagram(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(0.3)
        try:
            one.sendto(b"datagram", ("127.0.0.1", port))
            return "echoed" if one.recv(100) == b"datagram" else "other bytes came back"
        except OSError:
            return "lost"


def use(server, rounds=3):
    """Clients of each kind; what is worse than a refusal is told."""
    problems = []
    for number in range(rounds):
        payload = bytes(f"round {number} ", "ascii") * (1 if number == 0 else 3000)
        for name, family, where in (("TCP", socket.AF_INET, ("127.0.0.1", server.port)),
                                    ("unix", socket.AF_UNIX, server.unix)):
            came = echo_stream(family, where, payload)
            if came not in ("echoed", "refused"):
                problems.append(f"a {name} connection: {came}")
        came = echo_much(server.port) if number == rounds - 1 else "echoed"
        if came not in ("echoed", "refused"):
            problems.append(f"a stream that carries much: {came}")
        came = echo_datagram(server.port)
        if came not in ("echoed", "lost"):
            problems.append(f"a datagram: {came}")
    return problems


def judge_start(outcome, cause):
    """It ended before it was ready."""
    if outcome.is_hung:
        return ["neither ready nor over after 15 s"]
    if outcome.signal:
        return [f"ended by signal {outcome.signal} at its start: {outcome.tell()}"]
    problems = []
    # The loader itself needs a descriptor to read a library.
    if outcome.status == 127 and b"error while loading shared libraries" in outcome.err:
        return []
    if outcome.status != 3:
        problems.append(f"status {outcome.status} at its start")
    if NOT_SO.search(outcome.err):
        problems.append(f"its own failure is told as another's socket: {outcome.words()[:300]!r}")
    if not outcome.err.strip():
        problems.append("it did not start, without a word")
    elif cause is not None and not cause.search(outcome.words()):
        problems.append(f"the cause is not named: {outcome.words()[:300]!r}")
    return problems


def judge_end(server, outcome):
    problems = []
    if outcome.is_hung:
        problems.append("SIGTERM did not end it in 10 s")
    elif outcome.signal:
        problems.append(f"ended by signal {outcome.signal}")
    elif outcome.status not in (0, 3) or (outcome.status == 3 and not outcome.err.strip()):
        problems.append(f"status {outcome.status} at its end")
    if outcome.cpu > SPIN_SECONDS and outcome.cpu > 0.7 * outcome.wall:
        problems.append(f"spun: {outcome.cpu:.1f} s of {outcome.wall:.1f} s")
    if outcome.left:
        problems.append("left a process behind")
    left = [name for name in os.listdir(os.path.dirname(server.unix)) if not name.startswith((".server", ".fault"))]
    if left:
        problems.append(f"left behind: {sorted(left)}")
    return problems


def judge_events(outcome, is_ended):
    """Each line of stdout is a whole event; the last one of a life that came to its end well is the summary."""
    events = []
    for line in outcome.out.decode("utf-8", "replace").splitlines():
        try:
            events.append(json.loads(line)["event"])
        except (ValueError, KeyError, TypeError):
            return [f"no whole event: {line[:200]!r}"]
    if is_ended and outcome.status == 0 and (not events or events[-1] != "summary"):
        return [f"status 0, and the summary is missing: {events[-3:]}"]
    return []


def said_why_it_ends(outcome):
    return outcome.status == 3 and any(words in outcome.err for words in SAID_ENDS)


def leave_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path)


def live(bench, folder, name, prefix=(), environment=None, cause=None, is_passing=True, **more):
    """Runs one life. `is_passing`: the fault is over in the end, and a new connection must be served then."""
    if name == STALE:
        leave_socket(os.path.join(folder, "s"))
    server = Server(bench, folder, LIVES[name], prefix=prefix, environment=environment, **more)
    try:
        if not server.wait_ready():
            return judge_start(server.process.finish(0), cause)
        problems = use(server)
        if not is_passing:
            # Who connects may wait in the queue for as long as it lasts.
            problems = [one for one in problems if NO_ANSWER not in one]
        if server.process.has_ended():
            outcome = server.process.finish(0)
            if said_why_it_ends(outcome):
                return judge_start(outcome, cause)
            return problems + [f"it ended while it served: {outcome.tell()}"]
        # The fault may come with this very connection, which is refused then; the next one is served.
        is_serving = not is_passing or server.echoes() or server.echoes()
        outcome = server.stop()
        if said_why_it_ends(outcome):
            return judge_start(outcome, cause)
        if not is_serving:
            problems.append("it does not serve when the fault has passed")
        problems += judge_end(server, outcome)
        if "--json" in LIVES[name]:
            problems += judge_events(outcome, not outcome.is_hung and not outcome.signal)
        return [*problems, outcome.tell()] if problems else []
    finally:
        server.process.kill()


__all__ = ["LIVES", "live", "runner"]
