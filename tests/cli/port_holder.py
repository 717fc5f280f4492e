"""Holds a port in one of the ways in which a port can be held, for the tests of what lopong says then.

    port_holder.py KIND [ADDRESS]

Prints "ready PORT" (and further numbers, see the kinds) when it does, and stays until it is killed. Ports lie outside
the range that this machine lends to outgoing connections, but for the kind that is about that range.
"""
import os
import random
import signal
import socket
import sys

kind = sys.argv[1]
address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
family = socket.AF_INET6 if ":" in address else socket.AF_INET
kept = []  # what must stay open


def lent_range():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as setting:
        return [int(word) for word in setting.read().split()]


def open_socket(socket_type=socket.SOCK_STREAM, reuse=True):
    """A socket bound to a port outside the lent range."""
    first, last = lent_range()
    outside = [port for port in range(10000, 65536) if not first <= port <= last]
    while True:
        made = socket.socket(family, socket_type)
        if reuse and socket_type == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            made.bind((address, random.choice(outside)))
        except OSError:
            made.close()
            continue
        kept.append(made)
        return made


def port_of(made):
    return made.getsockname()[1]


def connect_from_lent(target):
    """A client whose port is of the lent range, and of no other connection: what is bound by name is lent to nobody."""
    first, last = lent_range()
    while True:
        client = socket.socket(family)
        try:
            client.bind((address, random.randint(first, last)))
            client.connect(target)
            return client
        except OSError:
            client.close()


def connect_pair(reuse):
    """A listener, a client of it, and the connection that it accepted."""
    listener = open_socket(reuse=reuse)
    listener.listen()
    client = connect_from_lent((address, port_of(listener)))
    accepted, _ = listener.accept()
    kept.extend([client, accepted])
    return listener, client, accepted


def ready(*numbers):
    # One write: with PYTHONUNBUFFERED print() makes one of each word, and a reader could see half a line.
    sys.stdout.write(" ".join(["ready", *map(str, numbers)]) + "\n")
    sys.stdout.flush()


def hold_listening():
    listener = open_socket()
    listener.listen()
    ready(port_of(listener))


def hold_bound():
    ready(port_of(open_socket(reuse=False)))


def hold_udp():
    ready(port_of(open_socket(socket.SOCK_DGRAM)))


def hold_inherited():
    """ready PORT PID PID PID"""
    listener = open_socket()
    listener.listen()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            # Ends with its parent, whose end of the pipe closes then.
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            watch_parent()
        children.append(child)
    ready(port_of(listener), os.getpid(), *children)


def hold_outgoing():
    """A client whose port is in the lent range; its server's is not. ready PORT REMOTE_PORT"""
    listener, client, _ = connect_pair(reuse=True)
    ready(port_of(client), port_of(listener))


def hold_clients():
    """A listener, with two connections that it accepted. ready PORT"""
    listener, _, _ = connect_pair(reuse=True)
    kept.append(socket.create_connection((address, port_of(listener))))
    kept.append(listener.accept()[0])
    ready(port_of(listener))


def hold_time_wait():
    """The server closes first: its end waits in TIME_WAIT, and nobody listens any more."""
    listener, client, accepted = connect_pair(reuse=False)
    port = port_of(listener)
    listener.close()
    accepted.close()
    client.recv(1)
    client.close()
    ready(port)


def hold_close_wait():
    """The client closes, and the server keeps its end: a descriptor leak."""
    listener, client, accepted = connect_pair(reuse=False)
    port = port_of(listener)
    listener.close()
    client.close()
    accepted.recv(1)
    ready(port)


def hold_orphan():
    """The server closes its end and the client does not: the kernel alone keeps the server's end."""
    listener, client, accepted = connect_pair(reuse=False)
    port = port_of(listener)
    listener.close()
    accepted.close()
    client.recv(1)
    ready(port)


def hold_unix():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    kept.append(listener)
    ready()


lifeline = os.pipe()


def watch_parent():
    os.close(lifeline[1])
    os.read(lifeline[0], 1)
    os._exit(0)


globals()["hold_" + kind]()
while True:
    signal.pause()
