"""Usage: free_ports.py COUNT

Prints so many different TCP ports that nobody has on any address, in one line. They lie outside the range that the
system hands out to clients, because a client's port in TIME_WAIT would be in a server's way later on; only where
nothing is free outside are they from that range."""

import random
import socket
import sys

FIRST, LAST = 10000, 65535


def clients_range():
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
            first, last = map(int, file.read().split())
    except OSError:
        return range(0)
    return range(first, last + 1)


def is_free(port):
    try:
        socket.create_server(("", port)).close()
    except OSError:
        return False
    return True


def main():
    count = int(sys.argv[1])
    of_clients = clients_range()
    outside = [port for port in range(FIRST, LAST + 1) if port not in of_clients]
    inside = [port for port in range(FIRST, LAST + 1) if port in of_clients]
    random.shuffle(outside)
    random.shuffle(inside)
    found = []
    for port in outside + inside:
        if len(found) < count and is_free(port):
            found.append(port)
    print(*found)


main()
