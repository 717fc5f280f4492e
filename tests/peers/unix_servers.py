"""Unix sockets as loping check meets them: unix_servers.py KIND PATH. A PATH that begins with @ is an abstract name.

Prints "listening on PATH" once the socket is as KIND says, and then serves until it is ended.
"""

import os
import signal
import socket
import sys

KIND, PATH = sys.argv[1:]
ADDRESS = "\0" + PATH[1:] if PATH.startswith("@") else PATH
TYPES = {"datagram": socket.SOCK_DGRAM, "seqpacket": socket.SOCK_SEQPACKET}

server = socket.socket(socket.AF_UNIX, TYPES.get(KIND, socket.SOCK_STREAM))
server.bind(ADDRESS)
if KIND not in ("datagram", "only_bound"):
    server.listen(0 if KIND == "full" else 8)
if not PATH.startswith("@"):
    os.chmod(PATH, 0o777)

kept = []
if KIND == "full":
    kept.append(socket.socket(socket.AF_UNIX))
    kept[0].connect(ADDRESS)
print(f"listening on {PATH}", flush=True)
if KIND == "stale":
    sys.exit()


def serve(connection):
    """Answers one client as KIND says, and returns at its end."""
    if KIND == "ssh":
        connection.sendall(b"SSH-2.0-test\r\n")
    while data := connection.recv(4096):
        if KIND == "echo":
            connection.sendall(data)
        elif KIND == "http":
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nServer: test\r\nContent-Length: 0\r\n\r\n")
        elif KIND == "redis" and data == b"PING\r\n":
            connection.sendall(b"+PONG\r\n")
        elif KIND == "postgres" and len(data) == 8:
            connection.sendall(b"N")


if KIND in ("datagram", "seqpacket", "only_bound", "full", "no_accept"):
    signal.pause()
while True:
    client, _ = server.accept()
    if KIND == "close":
        client.close()
    elif KIND == "not_reading":
        kept.append(client)
    else:
        try:
            serve(client)
        except OSError:
            pass
        client.close()
        print("served", flush=True)
