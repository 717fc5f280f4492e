"""Usage: lopong_idle_memory.py PORT PID CLIENTS LIMIT_BYTES

Opens idle connections, each of which was used once, and compares the server's memory per connection with the limit."""

import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from lopong_client import connect, echo, random_bytes, resident_kib


def open_used(port, count):
    clients = [connect(port) for _ in range(count)]
    for index, client in enumerate(clients):
        payload = random_bytes(300, index)
        assert echo(client, payload) == payload
    return clients


def main():
    port, pid, count, limit_bytes = (int(argument) for argument in sys.argv[1:])
    # The first ones pay for what the server has once: the touched part of its buffer, the heap's first page.
    clients = open_used(port, 100)
    before_kib = resident_kib(pid)
    clients += open_used(port, count)
    each = (resident_kib(pid) - before_kib) * 1024 / count
    print(f"{count} idle connections cost the server {each:.0f} bytes each")
    assert each <= limit_bytes, f"{limit_bytes} bytes allowed"


main()
