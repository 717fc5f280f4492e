"""Usage: lopong_stuck.py held PORT CLIENTS | reset PORT CLIENTS

Clients with the system's own buffers that send until nothing is taken from anyone, and do not read. "held": prints the
bytes that the kernel holds for each of the server's sockets, then reads, and compares every byte. "reset": waits until
the server has reset some, while one that reads goes on."""

import re
import select
import socket
import subprocess
import sys
import time

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from lopong_client import TIMEOUT_SECONDS, echo, random_bytes

PIECE = random_bytes(1 << 16)
STUCK_SECONDS = 0.5


def connect_all(port, count):
    clients = [socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS) for _ in range(count)]
    for client in clients:
        client.setblocking(False)
    return clients


def fill(clients):
    """Sends until nothing moves any more; returns how much each sent."""
    sent = {client: 0 for client in clients}
    poller = select.epoll()
    by_fd = {client.fileno(): client for client in clients}
    for fd in by_fd:
        poller.register(fd, select.EPOLLOUT)
    while events := poller.poll(STUCK_SECONDS):
        for fd, _ in events:
            client = by_fd[fd]
            try:
                sent[client] += client.send(PIECE[sent[client] % len(PIECE) :])
            except BlockingIOError:
                pass
            except OSError:
                poller.unregister(fd)
    return sent


def server_sockets(port):
    """Received and not read, and sent or to be sent, of each of the server's connections."""
    lines = subprocess.run(
        ["ss", "-tmnH", "state", "established", f"sport = :{port}"], capture_output=True, text=True, check=True
    ).stdout
    return [(int(read), int(sent)) for read, sent in re.findall(r"skmem:\(r(\d+),.*?,w(\d+),", lines)]


def drain(client, count):
    position = 0
    client.setblocking(True)
    client.settimeout(TIMEOUT_SECONDS)
    while position < count:
        part = client.recv(1 << 16)
        at = position % len(PIECE)
        assert part and part == (PIECE + PIECE)[at : at + len(part)], f"wrong bytes after {position}"
        position += len(part)


def look_at_held(port, count):
    clients = connect_all(port, count)
    sent = fill(clients)
    sockets = server_sockets(port)
    assert len(sockets) == count, f"{len(sockets)} of {count} connections"
    print(max(read for read, _ in sockets), max(written for _, written in sockets))
    # What stands in the client's own buffers is sent and echoed as well.
    for client in clients:
        drain(client, sent[client])


def wait_for_resets(port, count):
    reader = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
    clients = connect_all(port, count)
    fill(clients)
    poller = select.poll()
    for client in clients:
        poller.register(client, 0)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not (gone := poller.poll(100)):
        assert echo(reader, PIECE) == PIECE
        assert time.monotonic() < deadline, "nobody was reset"
    assert all(events & select.POLLERR for _, events in gone), gone
    assert echo(reader, PIECE) == PIECE


what, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
{"held": look_at_held, "reset": wait_for_resets}[what](port, count)
