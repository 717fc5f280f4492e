"""Drives the trials: in an order that a seed decides, several at a time, as long as the minutes last. Ends with a table.

Each kind is a module with KIND, SHARE (of the time), trials(bench) and run(bench, trial), which returns what was wrong.
"""
import argparse
import collections
import concurrent.futures
import itertools
import os
import random
import signal
import sys
import threading
import time
import traceback

import kind_alloc
import kind_calls
import kind_disk
import kind_limit
import kind_load
import kind_peers
from bench import Bench

KINDS = [kind_disk, kind_limit, kind_alloc, kind_calls, kind_peers, kind_load]
BY_NAME = {kind.KIND: kind for kind in KINDS}
SHOWN_LINES = 6


class Figures:
    """Of one kind."""

    def __init__(self):
        self.trials = 0
        self.failures = 0
        self.in_all = 0
        self.seconds = 0.0


class Harness:
    def __init__(self, bench, seconds, workers, shown):
        self.bench = bench
        self.seconds = seconds
        self.workers = workers
        self.shown = shown
        self.figures = collections.OrderedDict()
        self.lock = threading.Lock()
        self.failed = []

    def try_one(self, kind, trial):
        begin = time.monotonic()
        try:
            problems = kind.run(self.bench, trial)
        except Exception:
            problems = ["the harness itself failed: " + traceback.format_exc(limit=4)]
        with self.lock:
            figures = self.figures[kind.KIND]
            figures.trials += 1
            figures.seconds += time.monotonic() - begin
            if problems:
                figures.failures += 1
                self.failed.append(f"{kind.KIND}:{trial}")
                self.tell(kind, trial, problems)

    def tell(self, kind, trial, problems):
        if len(self.failed) > self.shown:
            return
        print(f"FAILED  scripts/torture.sh --trial {kind.KIND}:{trial}")
        for problem in problems[:SHOWN_LINES]:
            print("        " + problem.replace("\n", "\n        "))
        sys.stdout.flush()

    def run_kind(self, kind, seconds):
        figures = self.figures[kind.KIND] = Figures()
        end = time.monotonic() + seconds
        trials = list(kind.trials(self.bench))
        figures.in_all = len(trials)
        random.Random(f"{self.bench.seed}:{kind.KIND}").shuffle(trials)
        waiting = iter(trials)
        with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
            running = set()
            while True:
                more = [] if time.monotonic() >= end else itertools.islice(waiting, self.workers - len(running))
                running |= {pool.submit(self.try_one, kind, trial) for trial in more}
                if not running:
                    break
                _, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
        # What a kind has over is for those that follow.
        return max(0.0, end - time.monotonic())

    def run(self, kinds):
        left = self.seconds
        for number, kind in enumerate(kinds):
            shares = sum(one.SHARE for one in kinds[number:])
            begin = time.monotonic()
            self.run_kind(kind, left * kind.SHARE / shares)
            left = max(0.0, left - (time.monotonic() - begin))
            self.print_row(kind.KIND)

    def print_row(self, name):
        figures = self.figures[name]
        print(f"{name}: {figures.trials} of {figures.in_all} trials, {figures.failures} failed", flush=True)

    def print_table(self):
        print(f"\n{'kind':<10} {'trials':>8} {'of':>8} {'failures':>9}")
        for name, figures in self.figures.items():
            print(f"{name:<10} {figures.trials:>8} {figures.in_all:>8} {figures.failures:>9}")
        trials = sum(one.trials for one in self.figures.values())
        print(f"{trials - len(self.failed)} passed, {len(self.failed)} failed")


def read_options():
    options = argparse.ArgumentParser(prog="scripts/torture.sh", description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--build", default="build", help="the build tree (default build)")
    options.add_argument("--minutes", type=float, default=30, help="how long, in all (default 30)")
    options.add_argument("--seed", type=int, help="of the order; the same seed, the same order")
    options.add_argument("--kind", action="append", choices=sorted(BY_NAME), help="only this kind (repeatable)")
    options.add_argument("--only", help="only trials whose name has this in it")
    options.add_argument("--workers", type=int, default=2, help="trials at a time (default 2)")
    options.add_argument("--shown", type=int, default=40, help="how many failures are told in full (default 40)")
    options.add_argument("--trial", nargs="+", help="only these, as a failure names them")
    options.add_argument("--list", action="store_true", help="name the trials and run none")
    return options.parse_args()


def only(kind, part):
    """The kind with those trials alone whose names have the part."""
    class Part:
        KIND, SHARE, run = kind.KIND, kind.SHARE, staticmethod(kind.run)

        @staticmethod
        def trials(bench):
            return (trial for trial in kind.trials(bench) if part in trial)
    return Part


def run_named(bench, names):
    """One after the other, told in full."""
    failed = 0
    for name in names:
        kind, trial = name.split(":", 1)
        problems = BY_NAME[kind].run(bench, trial)
        failed += bool(problems)
        print(f"{name}: " + ("\n        ".join(["FAILED", *problems]) if problems else "passed"))
    return 1 if failed else 0


def main():
    options = read_options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    bench = Bench(os.path.abspath(options.build), seed, root)
    try:
        if options.trial:
            return run_named(bench, options.trial)
        kinds = [BY_NAME[name] for name in options.kind] if options.kind else KINDS
        if options.only:
            kinds = [only(kind, options.only) for kind in kinds]
        if options.list:
            for kind in kinds:
                print("\n".join(f"{kind.KIND}:{trial}" for trial in kind.trials(bench)))
            return 0
        print(f"torture: {options.minutes:g} minutes, seed {seed} (the same order: --seed {seed})", flush=True)
        harness = Harness(bench, options.minutes * 60, options.workers, options.shown)
        harness.run(kinds)
        harness.print_table()
        return 1 if harness.failed else 0
    finally:
        for problem in bench.close():
            print("FAILED  " + problem)


if __name__ == "__main__":
    sys.exit(main())
