"""Runs one program of a trial: in a session of its own, with a deadline, and tells all that can be seen of its end.

Knows no trial and judges nothing.
"""
import ctypes
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

DEADLINE_SECONDS = 20
# A tracer outlives its program by a moment; looks of 10 ms.
SESSION_LOOKS = 100


PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """What a program leaves behind becomes a child of this process, to be told and reaped here."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(group):
    """Those of a group that have ended."""
    try:
        while os.waitpid(-group, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def is_readable(descriptor, seconds):
    """Also of a descriptor that is too large for select(2)."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


class Outcome:
    """How a program ended, what it said and what it took."""

    def __init__(self):
        self.status = None      # exit status; None where a signal ended it
        self.signal = 0
        self.is_hung = False    # the deadline ended it
        self.out = b""
        self.err = b""
        self.wall = 0.0
        self.cpu = 0.0
        self.left = False       # a process of its session outlived it

    def words(self):
        return (self.out + b"\n" + self.err).decode("utf-8", "replace")

    def tell(self):
        """A short account for the report of a failure."""
        end = "hung" if self.is_hung else f"signal {self.signal}" if self.signal else f"status {self.status}"
        err = self.err.decode("utf-8", "replace").strip()
        out = self.out.decode("utf-8", "replace").strip()
        return f"{end}; stderr: {err[:400]!r}; stdout: {out[:200]!r}"


class Process:
    """A program that runs. Its output goes to files, unless descriptors are given for it."""

    def __init__(self, argv, folder, environment=None, stdin=None, stdout=None, stderr=None, name="run"):
        self.folder = folder
        self.out_path = os.path.join(folder, f".{name}.out")
        self.err_path = os.path.join(folder, f".{name}.err")
        whole = dict(os.environ, LC_ALL="C", NO_COLOR="1")
        whole.update(environment or {})
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.began = time.monotonic()
            self.popen = subprocess.Popen(
                argv, cwd=folder, env=whole, start_new_session=True,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=out if stdout is None else stdout, stderr=err if stderr is None else stderr)
        self.pid = self.popen.pid
        self.pidfd = os.pidfd_open(self.pid)
        self.is_over = False

    def send(self, number):
        signal.pidfd_send_signal(self.pidfd, number)

    def cpu_seconds(self):
        """What it has used of the CPUs so far."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rsplit(") ", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            return 0.0

    def has_ended(self):
        return is_readable(self.pidfd, 0)

    def _end_session(self, outcome):
        """Nothing of it may go on: what does is told, and ended."""
        for attempt in range(SESSION_LOOKS):
            reap(self.pid)
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return
            except PermissionError:
                pass
            if attempt < SESSION_LOOKS - 1:
                time.sleep(0.01)
        outcome.left = not outcome.is_hung
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        reap(self.pid)

    def finish(self, deadline=DEADLINE_SECONDS):
        outcome = Outcome()
        if not is_readable(self.pidfd, max(0, deadline)):
            outcome.is_hung = True
            os.killpg(self.pid, signal.SIGKILL)
        _, state, used = os.wait4(self.pid, 0)
        outcome.wall = time.monotonic() - self.began
        outcome.cpu = used.ru_utime + used.ru_stime
        outcome.signal = os.WTERMSIG(state) if os.WIFSIGNALED(state) else 0
        outcome.status = os.WEXITSTATUS(state) if os.WIFEXITED(state) else None
        self.popen.returncode = 0
        self.is_over = True
        os.close(self.pidfd)
        self._end_session(outcome)
        outcome.out, outcome.err = self.output()
        return outcome

    def output(self):
        texts = []
        for path in (self.out_path, self.err_path):
            with open(path, "rb") as file:
                texts.append(file.read())
        return texts

    def kill(self):
        if self.is_over:
            return
        try:
            self.send(signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.finish(5)


def run(argv, folder, deadline=DEADLINE_SECONDS, **more):
    return Process(argv, folder, **more).finish(deadline)


def wait_until(is_so, seconds=10):
    """Asks again and again; true as soon as it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.005)
    return False


class Folder:
    """A folder for one trial, gone with all that is in it."""

    def __init__(self, parent):
        self.path = tempfile.mkdtemp(prefix="t", dir=parent)

    def __enter__(self):
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
