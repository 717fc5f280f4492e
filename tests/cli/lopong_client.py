"""What the tests of lopong share: connecting, exact reads, and the bytes of a session, written from the wire format
and not from the program, so that both can be wrong only in different ways."""

import os
import random
import select
import signal
import socket
import struct
import threading
import time

TIMEOUT_SECONDS = 30
STAMPED, SINK, SOURCE = 1, 2, 3
REPLY = 1


def connect(where):
    """`where` is a port of 127.0.0.1, "::1 PORT" or a unix path."""
    where = str(where)
    if where.startswith("/"):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(TIMEOUT_SECONDS)
        client.connect(where)
        return client
    host, port = where.split() if " " in where else ("127.0.0.1", where)
    return socket.create_connection((host, int(port)), TIMEOUT_SECONDS)


def read_exactly(client, count):
    """Fewer bytes mean that the peer ended the connection."""
    parts = []
    while count > 0:
        part = client.recv(min(count, 1 << 20))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_to_end(client):
    return read_exactly(client, 1 << 40)


def ends(client):
    """Does the peer end the connection, in good order or with a reset, without another byte?"""
    try:
        return client.recv(1) == b""
    except (ConnectionResetError, BrokenPipeError):
        return True


def echo(client, payload):
    """Sends and reads at the same time, as a large payload fits no buffer."""
    sender = threading.Thread(target=client.sendall, args=(payload,), daemon=True)
    sender.start()
    answer = read_exactly(client, len(payload))
    sender.join(TIMEOUT_SECONDS)
    return answer


def stuck_client(port):
    """Its unsent echo waits in the server: it does not read, and its own sending is stuck."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    client.connect(("127.0.0.1", int(port)))
    client.settimeout(1)
    sent = 0
    try:
        while True:
            sent += client.send(random_bytes(1 << 20)[sent % 4096 :][:65536])
    except TimeoutError:
        client.settimeout(TIMEOUT_SECONDS)
    return client


def together(count, act):
    """Calls act() in so many threads at the same time; returns what they returned."""
    results = []
    threads = [threading.Thread(target=lambda: results.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count, "one of them failed"
    return results


def until(condition, message=""):
    """For what no descriptor tells."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, message
        time.sleep(0.01)


def signal_at_once(pid, *signals):
    """The process finds all of them, and what was sent before, when it goes on: no time lies between them."""
    os.kill(int(pid), signal.SIGSTOP)
    for each in signals:
        os.kill(int(pid), each)
    os.kill(int(pid), signal.SIGCONT)


def start_reading(client):
    """Reads all that comes, in a thread: returns it and the list of the pieces. The large window lets the rest come in
    few pieces, well within the server's drain. What the server had not read itself is lost with a reset."""
    pieces = []

    def read():
        try:
            while piece := client.recv(1 << 20):
                pieces.append(piece)
        except ConnectionResetError:
            pass

    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
    reader = threading.Thread(target=read)
    reader.start()
    return reader, pieces


def wait_for_end(pid):
    try:
        process = os.pidfd_open(int(pid))
    except ProcessLookupError:
        return
    assert select.select([process], [], [], TIMEOUT_SECONDS)[0], f"process {pid} goes on"
    os.close(process)


def random_bytes(count, seed=1):
    return random.Random(seed).randbytes(count)


def hello(mode, frame_bytes=0, flags=0):
    return b"\x8bLOPING1" + struct.pack("<BBHI", mode, flags, 0, frame_bytes)


def greet(client, mode, frame_bytes=0):
    """Returns the pid in the welcome."""
    client.sendall(hello(mode, frame_bytes))
    return check_welcome(read_exactly(client, 16), mode)


def check_welcome(welcome, mode):
    assert welcome[:8] == b"\x8bLOPONG1", welcome
    got_mode, _, _, pid = struct.unpack("<BBHI", welcome[8:])
    assert got_mode == mode, (got_mode, mode)
    return pid


def frame(sequence, frame_bytes, flags=0, send_ns=77):
    header = b"LPF1" + struct.pack("<BBHQQQQ", 1, flags, 0xFFFF, sequence, send_ns, 0, 0)
    return header + random_bytes(frame_bytes - len(header), sequence)


def check_reply(reply, request):
    """The server's three fields and the reply flag are filled, and nothing else was touched."""
    assert len(reply) == len(request), (len(reply), len(request))
    assert reply[5] == request[5] | REPLY, reply[5]
    _, receive_ns, send_ns = fields = (struct.unpack("<H", reply[6:8])[0],) + struct.unpack("<QQ", reply[24:40])
    assert 0 < receive_ns <= send_ns, fields
    assert reply[:5] == request[:5] and reply[8:24] == request[8:24] and reply[40:] == request[40:]
    return fields


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS:")).split()[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
