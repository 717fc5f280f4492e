"""Runs a command with stderr, or stdout and stderr, on a terminal of its own, and copies what the terminal gets.

    in_terminal.py [--both] [--columns N] CAPTURE COMMAND ARGUMENT...

CAPTURE is the file for the terminal's bytes, written as they come. Without --both, stdout is passed on. Ends with the
command's exit status.
"""

import argparse
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

parser = argparse.ArgumentParser()
parser.add_argument("--both", action="store_true")
parser.add_argument("--columns", type=int, default=80)
parser.add_argument("capture")
parser.add_argument("command", nargs=argparse.REMAINDER)
given = parser.parse_args()
has_both, capture, command = given.both, given.capture, given.command
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, given.columns, 0, 0))
# The tests' own may have none, or a dumb one.
environment = dict(os.environ, TERM=os.environ.get("TEST_TERM", "xterm"))
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave if has_both else None, stderr=slave, env=environment)
os.close(slave)
with open(capture, "wb", buffering=0) as file:
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            # EIO: the last process that had the terminal is gone (pty(7)).
            break
        if not part:
            break
        file.write(part)
sys.exit(process.wait())
