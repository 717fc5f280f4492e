"""Kind "limit": every limit of descriptors from 3 to 40."""
import runner
import server_life
from oracle import DESCRIPTORS, judge
from scenarios import ALL, BY_NAME

KIND = "limit"
SHARE = 1
LEAST, MOST = 3, 40


def trials(_bench):
    for name in [scenario.name for scenario in ALL] + list(server_life.LIVES):
        for number in range(LEAST, MOST + 1):
            yield f"{name}:{number}"


def run(bench, trial):
    name, number = trial.split(":")
    prefix = ["prlimit", f"--nofile={number}:{number}"]
    with runner.Folder(bench.folder) as folder:
        if name in server_life.LIVES:
            return server_life.live(bench, folder, name, prefix=prefix, cause=DESCRIPTORS, is_passing=False)
        scenario = BY_NAME[name]
        shapes = bench.shapes_of(scenario)
        outcome = bench.run_scenario(scenario, folder, prefix=prefix)
        # The loader itself needs one to read a library.
        if outcome.status == 127 and b"error while loading shared libraries" in outcome.err:
            return []
        problems = judge(scenario, outcome, folder, shapes, cause=DESCRIPTORS)
        return [*problems, outcome.tell()] if problems else []
