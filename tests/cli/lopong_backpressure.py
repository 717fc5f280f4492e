"""Usage: lopong_backpressure.py PORT PID CLIENTS LIMIT_KIB

Every client sends without reading until the kernel takes no more from anyone, then the server's memory is looked at,
then every client goes on sending while it reads, and compares every byte."""

import select
import socket
import sys
import time

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from lopong_client import TIMEOUT_SECONDS, random_bytes, resident_kib

PATTERN = random_bytes(1 << 20)
DOUBLED = PATTERN * 2
SEND_BYTES = 128 * 1024
BUFFER_BYTES = 32 * 1024
# After so long without a byte taken from any client all of them are stuck.
STUCK_SECONDS = 0.5


class Client:
    def __init__(self, port, index):
        # Small buffers, so that the bytes wait in the server and not in the kernel's memory.
        self.socket = socket.socket()
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.shift = index * 997  # each sends bytes of its own
        self.sent = self.received = 0

    def slice(self, position, count):
        at = (position + self.shift) % len(PATTERN)
        return DOUBLED[at : at + count]

    def send(self):
        try:
            count = self.socket.send(self.slice(self.sent, SEND_BYTES))
        except BlockingIOError:
            return 0
        self.sent += count
        return count

    def receive(self):
        part = self.socket.recv(SEND_BYTES)
        assert part == self.slice(self.received, len(part)), f"wrong byte after {self.received}"
        self.received += len(part)
        return part


def fill(clients):
    """Sends until nothing moves any more."""
    poller = select.epoll()
    by_fd = {client.socket.fileno(): client for client in clients}
    for fd in by_fd:
        poller.register(fd, select.EPOLLOUT)
    while events := poller.poll(STUCK_SECONDS):
        for fd, _ in events:
            by_fd[fd].send()


def drain(clients):
    """Each ends its sending side, reads everything and finds the end."""
    poller = select.epoll()
    by_fd = {client.socket.fileno(): client for client in clients}
    for fd, client in by_fd.items():
        client.socket.shutdown(socket.SHUT_WR)
        poller.register(fd, select.EPOLLIN)
    deadline = time.monotonic() + 4 * TIMEOUT_SECONDS
    while by_fd:
        assert time.monotonic() < deadline, f"{len(by_fd)} clients still wait"
        for fd, _ in poller.poll(1):
            if by_fd[fd].receive():
                continue
            client = by_fd.pop(fd)
            poller.unregister(fd)
            assert client.received == client.sent, f"sent {client.sent}, got back {client.received}"


def main():
    port, pid, count, limit_kib = (int(argument) for argument in sys.argv[1:])
    clients = [Client(port, index) for index in range(count)]
    fill(clients)
    resident = resident_kib(pid)
    total = sum(client.sent for client in clients)
    print(f"{count} clients sent {total >> 20} MiB and read nothing; the server has {resident >> 10} MiB resident")
    assert resident < limit_kib, f"{resident} KiB resident, {limit_kib} allowed"
    drain(clients)
    print(f"all {total} bytes came back in order")


main()
