"""UDP servers for the tests of loping, right and wrong on purpose.

    datagram_peers.py WHERE BEHAVIOUR [ARGUMENT...]

WHERE is udp4 or udp6. Prints "listening on ADDRESS:PORT" when ready. Each client's datagrams are numbered as they come,
from 1. Each behaviour gets the number and the bytes, and yields what goes back; `held` is the client's own.
"""

import collections
import socket
import sys


def echo(held, number, datagram):
    """Right."""
    yield datagram


def silent(held, number, datagram):
    """Never answers."""
    yield from ()


def swallow(held, number, datagram, *numbers):
    """These are not answered."""
    if str(number) not in numbers:
        yield datagram


def double(held, number, datagram, *numbers):
    """These are answered twice."""
    yield datagram
    if str(number) in numbers:
        yield datagram


def swap(held, number, datagram, *numbers):
    """Each of these is answered after the one that follows it."""
    if str(number) in numbers:
        held[number] = datagram
        return
    yield datagram
    if number - 1 in held:
        yield held.pop(number - 1)


def late(held, number, datagram, which, others, times="1"):
    """That one is answered only when so many others have come after it."""
    if number == int(which):
        held["late"] = datagram
        return
    yield datagram
    if number == int(which) + int(others):
        for _ in range(int(times)):
            yield held["late"]


def corrupt(held, number, datagram, which, offset):
    """One byte of that one comes back with all bits turned."""
    if number == int(which):
        datagram = bytearray(datagram)
        datagram[int(offset)] ^= 0xFF
    yield datagram


def shorten(held, number, datagram, which):
    """That one comes back without its last byte."""
    yield datagram[:-1] if number == int(which) else datagram


def lengthen(held, number, datagram, which):
    """That one comes back with a byte more."""
    yield datagram + b"!" if number == int(which) else datagram


def invent(held, number, datagram, which):
    """Before that one, an answer comes to a message that was never sent."""
    if number == int(which):
        yield datagram[:8] + b"\xff" * 8 + datagram[16:]
    yield datagram


BEHAVIOURS = {function.__name__: function for function in [
    echo, silent, swallow, double, swap, late, corrupt, shorten, lengthen, invent]}  # fmt: skip


def main():
    where, behaviour, *arguments = sys.argv[1:]
    is_ipv6 = where == "udp6"
    server = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("::1" if is_ipv6 else "127.0.0.1", 0))
    print(f"listening on {server.getsockname()[0]}:{server.getsockname()[1]}", flush=True)
    numbers = collections.Counter()
    held = collections.defaultdict(dict)
    while True:
        datagram, client = server.recvfrom(70000)
        numbers[client] += 1
        for answer in BEHAVIOURS[behaviour](held[client], numbers[client], datagram, *arguments):
            server.sendto(answer, client)


if __name__ == "__main__":
    main()
