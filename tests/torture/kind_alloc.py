"""Kind "alloc": the N-th allocation fails, for every N, and all from the N-th on, for some."""
import os
import struct

import runner
import server_life
from oracle import BROKEN_OFF, MEMORY, judge
from scenarios import ALL, BY_NAME

KIND = "alloc"
SHARE = 3
# More than any run has that is as it should be; only a run that writes a long result has so many.
MOST = 3000
STICKY_STEP = 7


def environment(bench, folder, which):
    return {"LD_PRELOAD": bench.preload, "FAULT_ALLOCATION": which,
            "FAULT_COUNTER": os.path.join(folder, ".fault-counter")}


def counted(folder):
    with open(os.path.join(folder, ".fault-counter"), "rb") as file:
        return struct.unpack("=QQ", file.read(16))[0]


def is_of_resolver(folder):
    """Did one fail within getaddrinfo()?"""
    with open(os.path.join(folder, ".fault-counter"), "rb") as file:
        return struct.unpack("=QQ", file.read(16))[1] > 0


def count(bench, name):
    with runner.Folder(bench.folder) as folder:
        if name in server_life.LIVES:
            server_life.live(bench, folder, name, environment=environment(bench, folder, "0"))
        else:
            outcome = bench.run_scenario(BY_NAME[name], folder, environment=environment(bench, folder, "0"))
            if outcome.status not in BY_NAME[name].good:
                raise SystemExit(f"torture: {name} without a fault: {outcome.tell()}")
        return min(counted(folder), MOST)


def trials(bench):
    for name in [scenario.name for scenario in ALL] + list(server_life.LIVES):
        most = count(bench, name)
        for number in range(1, most + 1):
            yield f"{name}:{number}"
            if number % STICKY_STEP == 1:
                yield f"{name}:{number}+"


def run(bench, trial):
    name, which = trial.split(":")
    with runner.Folder(bench.folder) as folder:
        faulty = environment(bench, folder, which)
        if name in server_life.LIVES:
            return server_life.live(bench, folder, name, environment=faulty, cause=MEMORY,
                                    is_passing=not which.endswith("+"))
        scenario = BY_NAME[name]
        shapes = bench.shapes_of(scenario)
        outcome = bench.run_scenario(scenario, folder, environment=faulty)
        # glibc's look-up of a name crashes or asserts where it gets no memory (nss_database.c); loping tries before it
        # whether there is some.
        if (outcome.signal or BROKEN_OFF in outcome.err) and is_of_resolver(folder):
            return []
        problems = judge(scenario, outcome, folder, shapes, cause=MEMORY)
        return [*problems, outcome.tell()] if problems else []
