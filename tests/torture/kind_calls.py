"""Kind "calls": a system call fails, at each of its first occurrences or from one on for ever, by strace's injection."""
import collections
import os
import re

import runner
import server_life
from oracle import judge
from scenarios import ALL, BY_NAME

KIND = "calls"
SHARE = 4
OCCURRENCES = 20
# From these occurrences on, for ever.
STICKY = (1, 2, 5)
# libuv wakes its loops by descriptors of its own, and reads the CPUs from /proc/stat: it ends the process where one of
# these reads or writes fails, which no kernel does. Nor does it miss room on a socket.
IMPOSSIBLE = re.compile(r"(read|write)\(\d+<(anon_inode:\[eventfd\]|pipe:|/proc/stat>).*\(INJECTED\)|"
                        r"write\(\d+<socket:.* (ENOSPC|EIO) .*\(INJECTED\)")
# These pass by themselves, and who is told of them asks again for as long as it takes; where no write works at all, no
# word can be said.
NEVER_STICKY = {"EINTR", "ECONNABORTED", ("write", "ENOSPC"), ("write", "EIO")}

# What the manual page of each call allows, of a machine's lacks and of a policy: never the peer's doing, which would be
# the truth. The program must tell these apart from what they are not.
ERRORS = {
    "socket": ("EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"),
    # EPERM is a policy's answer, and a finding about the port.
    "connect": ("ENOMEM", "EINTR"),
    "bind": ("ENOMEM",),
    "listen": ("ENOMEM",),
    "accept4": ("EMFILE", "ENFILE", "ENOMEM", "EPERM", "EINTR", "ECONNABORTED"),
    "setsockopt": ("ENOMEM",),
    "getsockname": ("ENOBUFS",),
    "getpeername": ("ENOBUFS",),
    "sendto": ("ENOBUFS", "ENOMEM", "EINTR"),
    "sendmsg": ("ENOBUFS", "ENOMEM", "EINTR"),
    "sendmmsg": ("ENOBUFS", "ENOMEM", "EINTR"),
    "recvfrom": ("ENOMEM", "EINTR"),
    "recvmsg": ("ENOMEM", "EINTR"),
    "read": ("EINTR", "ENOMEM"),
    "splice": ("EINVAL", "ENOMEM"),
    "write": ("EINTR", "ENOSPC", "EIO"),
    "writev": ("ENOMEM", "EINTR"),
    "openat": ("EMFILE", "ENFILE", "ENOMEM", "EINTR"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EIO", "ENOSPC", "EACCES"),
    "fchmod": ("EIO", "EPERM"),
    "epoll_create1": ("EMFILE", "ENOMEM"),
    "epoll_ctl": ("ENOMEM", "ENOSPC"),
    "epoll_wait": ("EINTR",),
    "epoll_pwait": ("EINTR",),
    "pipe2": ("EMFILE", "ENFILE"),
    "eventfd2": ("EMFILE", "ENFILE", "ENOMEM"),
    "timerfd_create": ("EMFILE", "ENOMEM"),
    "clone3": ("EAGAIN", "ENOMEM"),
    "mmap": ("ENOMEM",),
    "getdents64": ("ENOMEM",),
    "statx": ("ENOMEM",),
    "newfstatat": ("ENOMEM",),
    "readlink": ("ENOMEM",),
    "readlinkat": ("ENOMEM",),
    "sched_setaffinity": ("EPERM",),
    "ioctl": ("ENOMEM",),
    "fcntl": ("ENOMEM",),
}


def strace_prefix(*words):
    return ["strace", "-D", "-f", "-qq", "-y", "--seccomp-bpf", "-o", ".fault-calls", *words]


def is_impossible(folder):
    """Was it a failure that no kernel has?"""
    try:
        with open(os.path.join(folder, ".fault-calls"), encoding="utf-8", errors="replace") as file:
            return IMPOSSIBLE.search(file.read()) is not None
    except OSError:
        return False


def count_calls(bench, name):
    """How often the program calls what, after the loader's work is done."""
    with runner.Folder(bench.folder) as folder:
        trace = os.path.join(folder, ".fault-trace")
        prefix = ["strace", "-D", "-f", "-qq", "-o", trace]
        if name in server_life.LIVES:
            server_life.live(bench, folder, name, prefix=prefix)
        else:
            bench.run_scenario(BY_NAME[name], folder, prefix=prefix)
        with open(trace, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    counts, loader = collections.Counter(), {}
    is_loaded = False
    for line in lines:
        found = re.match(r"\d+\s+(\w+)\(", line)
        if not found:
            continue
        counts[found.group(1)] += 1
        # glibc's loader ends with this, once it has mapped everything.
        if found.group(1) == "munmap" and not is_loaded:
            is_loaded, loader = True, dict(counts)
    return counts, loader


def trials(bench):
    for name in [scenario.name for scenario in ALL] + list(server_life.LIVES):
        counts, loader = count_calls(bench, name)
        for call in sorted(set(counts) & set(ERRORS)):
            before = loader.get(call, 0)
            for error in ERRORS[call]:
                for number in range(before + 1, min(counts[call], before + OCCURRENCES) + 1):
                    yield f"{name}:{call}:{error}:{number}"
                for number in STICKY if NEVER_STICKY.isdisjoint((error, (call, error))) else ():
                    if before + number <= counts[call]:
                        yield f"{name}:{call}:{error}:{before + number}+"


def run(bench, trial):
    name, call, error, when = trial.split(":")
    prefix = strace_prefix("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}")
    with runner.Folder(bench.folder) as folder:
        if name in server_life.LIVES:
            problems = server_life.live(bench, folder, name, prefix=prefix, is_passing=not when.endswith("+"))
            return [] if is_impossible(folder) else problems
        scenario = BY_NAME[name]
        shapes = bench.shapes_of(scenario)
        outcome = bench.run_scenario(scenario, folder, prefix=prefix)
        problems = [] if is_impossible(folder) else judge(
            scenario, outcome, folder, shapes, may_abort=call in ("epoll_ctl", "pipe2"))
        return [*problems, outcome.tell()] if problems else []
