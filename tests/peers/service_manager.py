"""Starts a program as a service manager does: with sockets from descriptor 3 on and the variables of sd_listen_fds(3).

    service_manager.py [SOCKET...] [set:NAME=VALUE...] -- PROGRAM [ARGUMENT...]

SOCKET is one of: tcp (127.0.0.1, a free port), tcp6 (::1), any (0.0.0.0), udp, connected-udp, unix:PATH, unix:@NAME,
unix-datagram:PATH, packets:PATH, unlistening, connection, file, closed. set: puts a variable as it is, in place of the
right one; "PID" in a value is the program's. The ports of TCP and UDP are written to descriptor 2 first, one "port N" a
line.
"""

import os
import socket
import sys


def unix_socket(path, kind):
    made = socket.socket(socket.AF_UNIX, kind)
    made.bind("\0" + path[1:] if path.startswith("@") else path)
    if kind != socket.SOCK_DGRAM:
        made.listen(5)
    return made


def tcp(family, host):
    made = socket.socket(family)
    made.bind((host, 0))
    made.listen(5)
    return made


def udp():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def connected_udp():
    made = udp()
    made.connect(("127.0.0.1", 9))
    return made


def unlistening():
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    return made


def connection():
    # Its peer stays open in the program.
    listening = tcp(socket.AF_INET, "127.0.0.1")
    connected = socket.create_connection(listening.getsockname())
    peer, _ = listening.accept()
    os.dup2(peer.fileno(), 200, inheritable=True)
    return connected


MAKERS = {
    "tcp": lambda rest: tcp(socket.AF_INET, "127.0.0.1"),
    "tcp6": lambda rest: tcp(socket.AF_INET6, "::1"),
    "any": lambda rest: tcp(socket.AF_INET, "0.0.0.0"),
    "udp": lambda rest: udp(),
    "connected-udp": lambda rest: connected_udp(),
    "unix": lambda rest: unix_socket(rest, socket.SOCK_STREAM),
    "unix-datagram": lambda rest: unix_socket(rest, socket.SOCK_DGRAM),
    "packets": lambda rest: unix_socket(rest, socket.SOCK_SEQPACKET),
    "unlistening": lambda rest: unlistening(),
    "connection": lambda rest: connection(),
    "file": lambda rest: open(os.devnull, "rb"),
}


def make(word):
    kind, _, rest = word.partition(":")
    if kind == "closed":
        return None
    made = MAKERS[kind](rest)
    if kind in ("tcp", "tcp6", "any", "udp"):
        print("port", made.getsockname()[1], file=sys.stderr, flush=True)
    return made


def main():
    at = sys.argv.index("--")
    words, command = sys.argv[1:at], sys.argv[at + 1 :]
    made = [make(word) for word in words if not word.startswith("set:")]
    # First out of the way, so that no descriptor is overwritten before it has moved.
    moved = [one and os.dup2(one.fileno(), 100 + i, inheritable=False) for i, one in enumerate(made)]
    os.closerange(3, 3 + len(made))
    for i, descriptor in enumerate(moved):
        if descriptor is not None:
            os.dup2(descriptor, 3 + i, inheritable=True)
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = str(len(made))
    for word in words:
        if word.startswith("set:"):
            name, _, value = word[4:].partition("=")
            os.environ[name] = value.replace("PID", str(os.getpid()))
    os.execv(command[0], command)


main()
