"""Usage: compare_pairs.py --build DIR [options]; `make bench BENCH_ARGS=--compare` calls it.

Does `loping compare` deserve its verdict on this machine? Measures pairs of the same server (A/A), which compare should
call noise, and pairs of which the second server spins so that its round trips take a tenth longer (A/B), which it should
call a regression; each with client and server on CPUs of their own, where both poll ("apart"), and on one, where both wait
("shared"). Only when it is asked for: on CPUs of their own, where both wait ("apart-waiting"): each message then wakes an
idle CPU, which takes a virtual machine's host into the measurement. The runs of both sides of a pair alternate, each with a
server process of its own, and which side begins does too. Prints a table, writes JSON.

Exit status: 0 each goal is met, 1 a goal is missed, 2 wrong usage, 3 something could not be measured.
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import typing

SLOWER = 0.10
FALSE_FIGURES_MAX = 0.01  # of all figures with a verdict, better or worse though nothing changed
FOUND_MIN = 0.9  # of the pairs that were slower by a tenth
BASE_RUNS = 3


class Place(typing.NamedTuple):
    """Where the server runs, and whether both sides poll instead of sleeping until something comes."""

    cpu: int | None
    polls: bool


class Failed(Exception):
    """Something could not be measured; says what."""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def spinning_server(options, place, spin_ns):
    """Yields the port of an echo server that spins for so long before each reply."""
    command = [os.path.join(options.build, "tests/bench/spinning_echo"), str(place.cpu), str(round(spin_ns))]
    if place.polls:
        command.append("poll")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as server:
        try:
            ready = re.search(r":(\d+) ", server.stdout.readline())
            if ready is None:
                raise Failed("the server printed no ready line")
            yield int(ready[1])
        finally:
            server.kill()


def measure(options, place, spin_ns, seconds, path):
    command = [options.loping, "latency", "--quiet", "--duration", f"{seconds}s", "--cpu", str(options.client_cpu)]
    if place.polls:
        command.append("--busy")
    # A server of its own for each run, as for a user who starts the program again: processes of one program differ.
    with spinning_server(options, place, spin_ns) as port:
        done = subprocess.run(
            command + ["--json", path, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )
    if done.returncode != 0:
        raise Failed(f"loping latency exited {done.returncode}: {done.stderr.strip()}")


def p50_of(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["runs"][0]["rtt_ns"]["p50"]


def alternate(options, place, spins_ns, rounds, seconds, folder):
    """Measures both servers in turn; returns the files of each side."""
    files = ([], [])
    for number in range(rounds):
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            path = os.path.join(folder, f"{'ab'[side]}{number}.json")
            measure(options, place, spins_ns[side], seconds, path)
            files[side].append(path)
    return files


def find_spin_ns(options, place, folder):
    """A tenth of the round trip of now: a shared machine is half as fast again an hour later."""
    path = os.path.join(folder, "base.json")
    p50s = []
    for _ in range(BASE_RUNS):
        measure(options, place, 0, options.seconds, path)
        p50s.append(p50_of(path))
    return SLOWER * statistics.median(p50s)


def compare(options, files):
    command = [options.loping, "compare", "--base", *files[0], "--new", *files[1], "--json", "-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise Failed(f"loping compare exited {done.returncode}: {done.stderr.strip()}")
    report = json.loads(done.stdout)
    figures = [figure for figure in report["comparisons"][0]["runs"][0]["figures"] if figure["p_value"] is not None]
    return {
        "status": done.returncode,
        "figures": {figure["name"]: [figure["verdict"], figure["slices_change_percent"]] for figure in figures},
        "left_out": sum(
            run["first_slice_left_out"]
            for side in ("baseline_runs", "runs")
            for run in report["comparisons"][0]["runs"][0][side]
        ),
    }


def measure_pairs(options, place, is_slower, folder, label):
    pairs = []
    for number in range(options.pairs):
        spin_ns = find_spin_ns(options, place, folder) if is_slower else 0
        files = alternate(options, place, (0, spin_ns), options.runs, options.seconds, folder)
        pairs.append(compare(options, files) | {"spin_ns": round(spin_ns)})
        verdicts = ", ".join(f"{name} {verdict}" for name, (verdict, _) in pairs[-1]["figures"].items())
        say(f"{label}, pair {number + 1} of {options.pairs}: {verdicts}")
    return pairs


def summarise(pairs):
    verdicts = [verdict for pair in pairs for verdict, _ in pair["figures"].values()]
    changes = [pair["figures"]["p50"][1] for pair in pairs if "p50" in pair["figures"]]
    return {
        "pairs": len(pairs),
        "spin_ns_each": [pair["spin_ns"] for pair in pairs],
        "figures": len(verdicts),
        "named": sum(verdict in ("better", "worse") for verdict in verdicts),
        "regressions": sum(pair["status"] == 1 for pair in pairs),
        "p50_change_percent": statistics.median(changes) if changes else None,
        "p50_change_percent_each": changes,
        "first_slices_left_out": sum(pair["left_out"] for pair in pairs),
    }


def measure_placement(options, name, place, folder):
    same = summarise(measure_pairs(options, place, False, folder, f"{name}, A/A"))
    slower = summarise(measure_pairs(options, place, True, folder, f"{name}, A/B"))
    return {"placement": name, "same": same, "slower": slower}


def judge(placements):
    """The goals, each with what came and whether it is met. Figures are rare, so those of all placements count at once."""
    figures = sum(one["same"]["figures"] for one in placements)
    named = sum(one["same"]["named"] for one in placements)
    regressions = sum(one["same"]["regressions"] for one in placements)
    goals = [
        ("A/A figures called better or worse", f"{named} of {figures}", named <= FALSE_FIGURES_MAX * figures),
        ("A/A pairs called a regression", f"{regressions}", regressions == 0),
    ]
    for one in placements:
        found, pairs = one["slower"]["regressions"], one["slower"]["pairs"]
        goals.append((f"A/B pairs found, {one['placement']}", f"{found} of {pairs}", found >= FOUND_MIN * pairs))
    return goals


def print_table(placements, goals):
    head = ("placement", "A/A named", "A/A regressions", "A/B found", "A/B p50", "first seconds left out")
    lines = [head]
    for one in placements:
        same, slower = one["same"], one["slower"]
        lines.append(
            (
                one["placement"],
                f"{same['named']} of {same['figures']} figures",
                f"{same['regressions']} of {same['pairs']} pairs",
                f"{slower['regressions']} of {slower['pairs']} pairs",
                "-" if slower["p50_change_percent"] is None else f"{slower['p50_change_percent']:+.1f} %",
                str(same["first_slices_left_out"] + slower["first_slices_left_out"]),
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
    print()
    for goal, came, is_met in goals:
        print(f"{goal}: {came}: {'met' if is_met else 'MISSED'}")


def read_options():
    parser = argparse.ArgumentParser(description="Does loping compare deserve its verdict on this machine?")
    parser.add_argument("--build", default="build", help="the build tree (default build)")
    parser.add_argument("--pairs", type=int, default=20, help="of each kind and placement (default 20)")
    parser.add_argument("--runs", type=int, default=16, help="of each side of a pair (default 16)")
    parser.add_argument("--seconds", type=int, default=1, help="of a run (default 1)")
    parser.add_argument("--placement", choices=("apart", "shared", "apart-waiting"), help="only this one")
    parser.add_argument("--json", help="where the figures go (default BUILD/bench/compare.json)")
    options = parser.parse_args()
    if not (options.pairs >= 1 and 1 <= options.runs <= 16 and options.seconds >= 1):
        parser.error("--pairs and --seconds are at least 1, --runs is from 1 to 16")
    options.loping = os.path.join(options.build, "loping")
    options.json = options.json or os.path.join(options.build, "bench", "compare.json")
    return options


def main():
    options = read_options()
    cpus = sorted(os.sched_getaffinity(0))
    options.client_cpu = cpus[0]
    other = cpus[1] if len(cpus) > 1 else None
    places = {"apart": Place(other, True), "shared": Place(cpus[0], False), "apart-waiting": Place(other, False)}
    placements = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, place in places.items():
                if name != options.placement and (options.placement or name == "apart-waiting"):
                    continue
                if place.cpu is None:
                    say(f"{name}: this process may use one CPU only, so it is not measured")
                    continue
                placements.append(measure_placement(options, name, place, folder))
    except (Failed, OSError) as error:
        say(str(error))
        sys.exit(3)
    if not placements:
        sys.exit(3)
    goals = judge(placements)
    print_table(placements, goals)
    os.makedirs(os.path.dirname(options.json) or ".", exist_ok=True)
    with open(options.json, "w", encoding="utf-8") as file:
        json.dump(
            {"runs": options.runs, "seconds": options.seconds, "placements": placements, "goals": goals}, file, indent=1
        )
        file.write("\n")
    sys.exit(0 if all(is_met for _, _, is_met in goals) else 1)


if __name__ == "__main__":
    main()
