"""A terminal for tests: programs run on it, and what they draw is looked at as a person would (pyte).

    terminal = Terminal(["loping", "latency"], columns=80, lines=24)
    terminal.until(lambda: terminal.shows("measuring"))
    terminal.type("\x03")
    terminal.end()

Nothing depends on how fast the machine is: each wait is for something to be seen.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

DEADLINE_SECONDS = float(os.environ.get("DEADLINE_SECONDS", "30"))
# The end of a frame: all below is erased, and the cursor goes back to the beginning.
FRAME_END = re.compile(rb"\x1b\[J\x1b\[\d+A\r")


class Terminal:
    def __init__(self, command, columns=80, lines=24, environment=()):
        self.screen = pyte.HistoryScreen(columns, lines, history=10000)
        self.stream = pyte.ByteStream(self.screen)
        self.bytes = b""
        self.started = time.monotonic()
        self.status = None
        self.cursor_was_hidden = False
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            # Of several tests at a time, bats 1.13 has these ignored in each; a shell at a terminal has not.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGQUIT, signal.SIG_DFL)
            os.environ.update({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PS1": "$ "})
            os.environ.pop("NO_COLOR", None)
            os.environ.update(environment)
            # Before the program asks.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.execvp(command[0], command)

    def read(self, seconds=0.02):
        """Takes in what has been written; False: nobody writes any more."""
        if self.master < 0:
            return False
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            part = os.read(self.master, 65536)
        except OSError:
            return False
        self.bytes += part
        self.stream.feed(part)
        self.cursor_was_hidden = self.cursor_was_hidden or self.screen.cursor.hidden
        return bool(part)

    def until(self, condition):
        end = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            if time.monotonic() > end or not self.read():
                if condition():
                    return
                self.print()
                sys.exit("still not to be seen")

    def frames(self):
        """How many views were drawn."""
        return len(FRAME_END.findall(self.bytes))

    def more_frames(self, count):
        wanted = self.frames() + count
        self.until(lambda: self.frames() >= wanted)

    def above(self):
        """The lines that scrolled out of sight."""
        return ["".join(line[x].data for x in sorted(line)).rstrip() for line in self.screen.history.top]

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        """All that is to be read, from the first line on."""
        return "\n".join(self.above() + self.lines()).rstrip()

    def shows(self, words):
        return any(words in line for line in self.lines())

    def type(self, keys):
        os.write(self.master, keys.encode())

    def wraps(self):
        return pyte.modes.DECAWM in self.screen.mode

    def resize(self, columns, lines):
        """As terminals do, and pyte does not: the cursor stays in its line, and what is below is cut first. The program,
        which is the one that was started, rests meanwhile: a frame for the old size would be on its way at times."""
        self.kill(signal.SIGSTOP)
        while select.select([self.master], [], [], 0.05)[0] and self.read():
            pass
        screen = self.screen
        shift = max(0, screen.cursor.y - (lines - 1))
        rows = [screen.buffer[y] for y in range(screen.lines)][shift : shift + lines]
        screen.buffer.clear()
        for y, row in enumerate(rows):
            for x in [x for x in row if x >= columns]:
                del row[x]
            screen.buffer[y] = row
        screen.lines, screen.columns = lines, columns
        screen.cursor.y -= shift
        screen.cursor.x = min(screen.cursor.x, columns - 1)
        screen.set_margins()
        screen.cursor_position(screen.cursor.y + 1, screen.cursor.x + 1)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.kill(signal.SIGCONT)

    def kill(self, number):
        os.kill(self.pid, number)

    def close(self):
        """The window is closed."""
        os.close(self.master)
        self.master = -1

    def end(self):
        """Waits for the program's end; its status as a shell tells it."""
        end = time.monotonic() + DEADLINE_SECONDS
        while True:
            is_open = self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                break
            if not is_open:
                time.sleep(0.02)
            if time.monotonic() > end:
                self.print()
                self.kill(signal.SIGKILL)
                os.waitpid(self.pid, 0)
                sys.exit("it does not end")
        while self.master >= 0 and select.select([self.master], [], [], 0)[0] and self.read():
            pass
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def print(self):
        print("--- the screen:")
        for line in self.above():
            print("^" + line)
        for line in self.lines():
            print("|" + line)


def expect(condition, words, terminal=None):
    if condition:
        return
    if terminal is not None:
        terminal.print()
    sys.exit("wanted: " + words)
