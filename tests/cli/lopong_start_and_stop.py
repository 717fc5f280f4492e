"""Usage: lopong_start_and_stop.py COMMAND...

Starts a server, waits for its first ready line, ends it, and passes on what it wrote and its exit status. The hints
follow the ready lines, and the signal is answered after both."""

import signal
import subprocess
import sys

server = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
print(server.stdout.readline(), end="")
server.send_signal(signal.SIGTERM)
print(server.stdout.read(), end="")
sys.exit(server.wait())
