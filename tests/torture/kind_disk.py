"""Kind "disk": no room on the disk, descriptors that take nothing or are closed, and readers that stall."""
import contextlib
import os
import re
import shutil
import subprocess
import sys

import runner
import server_life
from oracle import judge, judge_end
from scenarios import ALL, BY_NAME

KIND = "disk"
SHARE = 1
FULL = re.compile(r"no space|ENOSPC|takes no more|make room|bad file|EBADF|broken pipe|EPIPE|cannot write|written", re.I)
STALL_SECONDS = 2
# Bytes that are left on the small disk.
ROOMS = (0, 1, 4096, 8192, 12288, 16384, 32768)
# A server's life is told on it.
STREAMS = ("stdout-full", "stdout-closed", "stdout-broken", "stderr-full", "stderr-closed", "stderr-broken",
           "stdin-closed", "all-closed", "stdout-stalled", "stderr-stalled")


def trials(_bench):
    for scenario in ALL:
        for stream in STREAMS:
            yield f"{scenario.name}:{stream}"
        if scenario.files:
            yield f"{scenario.name}:file-full"
            yield f"{scenario.name}:file-fifo"
            for room in ROOMS:
                yield f"{scenario.name}:room-{room}"
    for name in server_life.LIVES:
        for stream in STREAMS:
            yield f"{name}:{stream}"


def broken_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@contextlib.contextmanager
def stream_of(what):
    """The words before the command, and the descriptors that it gets."""
    name, _, state = what.partition("-")
    held, more, prefix = [], {}, []
    if state == "full":
        more[name] = os.open("/dev/full", os.O_WRONLY)
    elif state == "broken":
        more[name] = broken_pipe()
    elif state == "stalled":
        reading, more[name] = os.pipe()
        held.append(reading)
    elif state == "closed":
        closing = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-", "all": "<&- >&- 2>&-"}[name]
        prefix = ["sh", "-c", f'exec "$@" {closing}', "sh"]
    try:
        yield prefix, more
    finally:
        for descriptor in [*held, *more.values()]:
            os.close(descriptor)


def run_stream(bench, scenario, stream, folder):
    shapes = bench.shapes_of(scenario)
    with stream_of(stream) as (prefix, more):
        outcome = bench.run_scenario(scenario, folder, prefix=prefix, **more)
    # Nothing can be said where stderr takes nothing.
    is_mute = stream.startswith(("stderr", "all"))
    problems = judge_end(outcome, set(scenario.good) | {3})
    if not stream.startswith(("stdout", "all")):
        problems = judge(scenario, outcome, folder, shapes, cause=None)
    elif not stream.endswith("stalled"):
        writes = b"" if scenario.files and scenario.must == "" else b"x"
        if outcome.status == 0 and writes and scenario.name != "explain-port":
            problems.append("status 0, and its stdout took nothing")
        if outcome.status == 3 and not is_mute and not FULL.search(outcome.words()):
            problems.append("the cause is not named")
    if is_mute:
        problems = [one for one in problems if "without a word" not in one]
    return [*problems, outcome.tell()] if problems else []


def run_full_file(bench, scenario, folder):
    """Its first result goes to /dev/full, which is written straight."""
    name = scenario.files[0][0]
    with runner.Folder(bench.folder) as other:
        bench.lay_old_files(scenario, other)
        os.remove(os.path.join(other, name))
        os.symlink("/dev/full", os.path.join(other, name))
        outcome = runner.run(bench.argv(scenario), other)
        problems = judge_end(outcome, {3})
        if outcome.status == 3 and not FULL.search(outcome.words()):
            problems.append("the cause is not named")
    return [*problems, outcome.tell()] if problems else []


def run_fifo(bench, scenario, folder):
    """Somebody reads the result from a FIFO: opened once, or it would wait for a second reader."""
    name, kind = scenario.files[0]
    bench.lay_old_files(scenario, folder)
    path = os.path.join(folder, name)
    os.remove(path)
    os.mkfifo(path)
    with open(os.path.join(folder, ".run.cat"), "wb") as file, subprocess.Popen(["cat", path], stdout=file) as reader:
        outcome = runner.run(bench.argv(scenario), folder)
        try:
            reader.wait(5)
        except subprocess.TimeoutExpired:
            reader.kill()
    problems = judge_end(outcome, set(scenario.good))
    with open(os.path.join(folder, ".run.cat"), encoding="utf-8") as file:
        if not file.read().endswith("\n"):
            problems.append(f"the reader of the FIFO got no whole {kind}")
    return [*problems, outcome.tell()] if problems else []


# Run in a mount namespace of its own: the tmpfs is gone with it.
SMALL_DISK = """
mount -t tmpfs -o size={size},nr_inodes=64 none {folder} || exit 99
{lay}
"$@"
status=$?
cd / && mkdir -p {kept} && cp -R {folder}/. {kept}/
exit $status
"""


def unshare():
    """The words that give a command a mount namespace; as root the user stays the same."""
    return ["unshare", "-m" if os.geteuid() == 0 else "-rm"]


def can_mount():
    return subprocess.run([*unshare(), "true"], capture_output=True, check=False).returncode == 0


def run_small_disk(bench, scenario, room, folder):
    disk, kept = os.path.join(folder, "disk"), os.path.join(folder, "kept")
    os.mkdir(disk)
    # Each old file takes a page; the rest is filled but for the room.
    size = 4096 * (len(scenario.files) + 64)
    lay = "\n".join(f"echo PRECIOUS > {disk}/{name}" for name, _ in scenario.files)
    fill = size - 4096 * len(scenario.files) - room
    lay += f"\nhead -c {fill} /dev/zero > {disk}/fill\ncd {disk}"
    script = SMALL_DISK.format(size=size, folder=disk, lay=lay, kept=kept)
    outcome = runner.run([*unshare(), "bash", "-c", script, "bash", *bench.argv(scenario)], folder)
    if outcome.status == 99:
        return []
    problems = judge(scenario, outcome, kept, bench.shapes_of(scenario), extra=("fill",), cause=FULL)
    shutil.rmtree(kept, ignore_errors=True)
    return [*problems, outcome.tell()] if problems else []


def run_server(bench, name, stream, folder):
    with stream_of(stream) as (prefix, more):
        if stream.startswith(("stdout", "all")):
            return run_server_mute(bench, name, prefix, more, folder)
        problems = server_life.live(bench, folder, name, prefix=prefix, **more)
    return problems


def run_server_mute(bench, name, prefix, more, folder):
    """Its ready line goes nowhere: it says so and ends with 3, or serves on where nobody reads as yet."""
    from bench import Server
    server = Server(bench, folder, server_life.LIVES[name], prefix=prefix, **more)
    try:
        runner.wait_until(lambda: server.process.has_ended() or os.path.exists(server.unix), 10)
        runner.wait_until(server.process.has_ended, 1)
        if not server.process.has_ended():
            server.process.send(15)
        outcome = server.process.finish(10)
        problems = judge_end(outcome, {0, 3})
        if os.path.exists(server.unix):
            problems.append("left its unix socket behind")
        return [*problems, outcome.tell()] if problems else []
    finally:
        server.process.kill()


def run(bench, trial):
    name, what = trial.split(":")
    with runner.Folder(bench.folder) as folder:
        if name in server_life.LIVES:
            return run_server(bench, name, what, folder)
        scenario = BY_NAME[name]
        if what == "file-full":
            return run_full_file(bench, scenario, folder)
        if what == "file-fifo":
            return run_fifo(bench, scenario, folder)
        if what.startswith("room-"):
            return run_small_disk(bench, scenario, int(what[5:]), folder) if can_mount() else []
        return run_stream(bench, scenario, what, folder)


if __name__ == "__main__":
    sys.exit("run scripts/torture.sh")
