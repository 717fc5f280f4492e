"""One oracle for all trials: what must be true of a program's end, whatever failed."""
import json
import os
import re

from scenarios import parse

PRECIOUS = "PRECIOUS\n"
WRONG_USAGE = 2
NOT_DONE = 3
# A wait is no work: a program that is not asked to busy-poll uses less than this of its time on a CPU.
SPIN_SECONDS = 3.0

# What loping says when it is aborted.
BROKEN_OFF = b"the run was broken off"

# What check says of facts that it has no word for. A call that failed is its own word.
CAUSELESS = b"fits no cause"

# pthread_create(3) has one code for a lack of any kind.
MEMORY = re.compile(r"memory|ENOMEM|the 2 threads that --threads asks for, and refused the next", re.I)
# What is not so on the machine of the trials, and would be said of what was not looked into. A client of the trial beside
# this one may end while it is looked at, and is "a hidden process of this machine" then.
MADE_UP = re.compile(r"very (one|process)\b[^.]*was looked into|another container|(?<!says )the kernel\b|"
                     r"does not tell|(?<!holders_)hidden(?! process of this machine)", re.I)
# The commands that tell who has a port.
LOOKS = ("check", "explain", "ports", "wait")
DESCRIPTORS = re.compile(r"descriptor|too many open files|EMFILE|ENFILE|ulimit", re.I)


def judge_end(outcome, statuses, may_abort=False):
    """Signal, hang, spin, status, and whether a failure was said."""
    problems = []
    if outcome.is_hung:
        problems.append(f"hung: over {outcome.wall:.0f} s, {outcome.cpu:.1f} s of them on a CPU")
    elif outcome.signal:
        problems.append(f"ended by signal {outcome.signal}")
    elif outcome.status == WRONG_USAGE and WRONG_USAGE not in statuses:
        problems.append("status 2 (wrong usage) for a right command line")
    elif outcome.status not in statuses:
        problems.append(f"status {outcome.status}, which is none of {sorted(statuses)}")
    if outcome.cpu > SPIN_SECONDS and outcome.cpu > 0.7 * outcome.wall:
        problems.append(f"spun: {outcome.cpu:.1f} s of {outcome.wall:.1f} s on a CPU")
    if CAUSELESS in outcome.out:
        problems.append("a failure of its own is called a finding without a cause")
    if outcome.left:
        problems.append("left a process behind")
    if BROKEN_OFF in outcome.err and not may_abort:
        problems.append("broken off, which only libuv's poller can be the reason of")
    return problems


def says_failure(outcome, results):
    """A sentence on stderr, an error in a result, or a verdict on stdout."""
    if outcome.err.strip():
        return True
    for value in results:
        if isinstance(value, dict) and (value.get("error") or any(
                one.get("verdict") for one in value.get("ports", []) if isinstance(one, dict))):
            return True
    return b"unknown" in outcome.out or b"Evidence:" in outcome.out


def read_results(scenario, outcome, folder):
    """Returns problems, the results that are new, and the names of those that are."""
    problems, results, new = [], {}, set()
    for name, kind in scenario.files:
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
        except (OSError, ValueError) as error:
            problems.append(f"the result {name} cannot be read: {error}")
            continue
        if text == PRECIOUS:
            continue
        new.add(name)
        try:
            results[name] = parse(text, kind)
        except ValueError as error:
            problems.append(f"the result {name} is neither whole nor the old one: {error}: {text[:80]!r}")
    if scenario.out in ("json", "lines") and outcome.out:
        new.add("-")
        try:
            results["-"] = parse(outcome.out.decode("utf-8"), scenario.out)
        except ValueError as error:
            # Text on stdout is not taken back: a reader is told by the status.
            if outcome.status in scenario.good:
                problems.append(f"stdout is not whole JSON: {error}")
    return problems, results, new


def judge_good(scenario, outcome, results, new, shapes):
    """Nothing may be lost where the status is that of a run without a fault."""
    problems = []
    for name, kind in list(scenario.files) + ([("-", scenario.out)] if scenario.out != "text" else []):
        if name not in new:
            problems.append(f"status {outcome.status}, and the result {name} was not written")
        elif kind == "json" and name in results:
            wrong = shapes[name].problems(results[name][0]) if name in shapes else []
            problems += [f"status {outcome.status}, and {name} is not true: {one}" for one in wrong]
    if scenario.must and scenario.must.encode() not in outcome.out:
        problems.append(f"status {outcome.status}, and stdout lacks {scenario.must!r}")
    return problems


def judge_left(folder, allowed):
    """Files that nobody asked for."""
    left = [name for name in os.listdir(folder) if name not in allowed and not name.startswith(".run.")
            and not name.startswith(".fault")]
    return [f"left behind: {sorted(left)}"] if left else []


def is_undecided(scenario, outcome):
    """Status 3 that is an answer, and no failure."""
    return scenario.undecided in outcome.err and b"cannot write" not in outcome.err and b"out of" not in outcome.err


def judge(scenario, outcome, folder, shapes, extra=(), cause=None, failing=(NOT_DONE,), may_abort=False):
    """All of it, for one command of loping. `failing`: the statuses that the fault may lead to."""
    problems = judge_end(outcome, set(scenario.good) | set(failing), may_abort)
    wrong, results, new = read_results(scenario, outcome, folder)
    problems += wrong
    if BROKEN_OFF not in outcome.err:
        problems += judge_left(folder, {name for name, _ in scenario.files} | set(extra))
    if outcome.is_hung or outcome.signal:
        return problems
    if outcome.status in scenario.good and (outcome.status != NOT_DONE or is_undecided(scenario, outcome)):
        problems += judge_good(scenario, outcome, results, new, shapes)
    elif outcome.status != 0:
        values = [value for values in results.values() for value in values]
        if not says_failure(outcome, values):
            problems.append(f"status {outcome.status} without a word")
        found = MADE_UP.search(" ".join(outcome.words().split()))
        if found and scenario.words[0] in LOOKS and outcome.status == NOT_DONE:
            problems.append(f"a cause is made up: {found.group(0)!r}")
        if cause is not None and outcome.status == NOT_DONE:
            said = outcome.words() + json.dumps(values)
            if not cause.search(said):
                problems.append(f"the cause is not named: {outcome.words()[:300]!r}")
    return problems
