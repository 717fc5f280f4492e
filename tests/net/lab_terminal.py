"""Works in a lab on a terminal: lab_terminal.py LOPING. Ends with 0 when all came that should."""

import os
import pty
import re
import sys

loping = sys.argv[1]
child, terminal = pty.fork()
if child == 0:
    os.environ.update(SHELL="/bin/bash", TERM="dumb", HOME="/nowhere")
    os.execl(loping, loping, "lab", "closed")

seen = b""


def wait_for(pattern):
    """Waits for the pattern, and forgets what came up to its end."""
    global seen
    while not (found := re.search(pattern, seen)):
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            sys.exit(f"never came: {pattern!r}; last: {seen[-2000:]!r}")
    seen = seen[found.end() :]


def say(line):
    os.write(terminal, line)


wait_for(rb"# closed")
wait_for(rb"loping lab --check ANSWER judges")
wait_for(rb"\(lab closed\) ")
# Not before it runs is the terminal no longer the shell's own.
say(b"sh -c 'echo begun; exec cat'\n")
wait_for(rb"\nbegun\r\n")
say(b"heard\n")
wait_for(rb"heard\r\nheard")
say(b"\x03")
wait_for(rb"\(lab closed\) ")
say(b"echo still $((6 * 7))\n")
wait_for(rb"still 42")
say(b"loping lab --check closed\n")
wait_for(rb"right: closed")
say(b"exit 5\n")
_, status = os.waitpid(child, 0)
sys.exit(0 if os.waitstatus_to_exitcode(status) == 5 else f"ended with {status}")
