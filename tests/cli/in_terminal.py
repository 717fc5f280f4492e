"""Runs a command with stderr, or stdout and stderr, on a terminal of its own, and copies what the terminal gets.

    in_terminal.py [--both] CAPTURE COMMAND ARGUMENT...

CAPTURE is the file for the terminal's bytes, written as they come. Without --both, stdout is passed on. Ends with the
command's exit status.
"""

import os
import pty
import subprocess
import sys

arguments = sys.argv[1:]
has_both = arguments[0] == "--both"
capture, *command = arguments[1:] if has_both else arguments
master, slave = pty.openpty()
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave if has_both else None, stderr=slave)
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
