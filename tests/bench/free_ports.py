"""Usage: free_ports.py COUNT

Prints so many TCP ports that are free on 127.0.0.1 and on all addresses, all different, in one line."""

import socket
import sys

held = [socket.create_server(("", 0)) for _ in range(int(sys.argv[1]))]
print(*(each.getsockname()[1] for each in held))
