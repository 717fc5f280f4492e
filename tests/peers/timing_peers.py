"""Echo servers that are slow, or count wrong, on purpose; on 127.0.0.1.

    timing_peers.py BEHAVIOUR [ARGUMENT...]

    late MS                     each reply leaves MS after its message was read, or later
    late_first COUNT MS         so do the first ones alone
    stall PERIOD_MS STALL_MS    an echo that does nothing for STALL_MS at the end of each PERIOD_MS
    miscount BYTES              lopong's sink, which counts BYTES too many
    bad_source OFFSET           lopong's source, with the byte at OFFSET wrong; prints "far beyond" when loping has read it

Prints "listening on 127.0.0.1:PORT" when ready. One connection at a time. What a busy machine adds to a delay is not
known beforehand: these three say in the end what truly happened, by their own clock, which is loping's as well. For
each message of 64 bytes a line "message SENT READ LEFT" in ns: when loping sent it (as the message says), when it had
been read, and just before its reply left; then a line "end NS", when the connection had ended.
"""

import socket
import struct
import sys
import time

GREETING_BYTES = 16
MESSAGE_BYTES = 64
SEND_TIME_AT = 16  # in the message, by common/wire.h
WELCOME = b"\x8bLOPONG1"
CHUNK_BYTES = 1 << 18


def read_exactly(connection, count):
    """Fewer bytes mean the end."""
    bytes_read = b""
    while len(bytes_read) < count:
        part = connection.recv(count - len(bytes_read))
        if not part:
            break
        bytes_read += part
    return bytes_read


def pass_greeting(connection):
    connection.sendall(read_exactly(connection, GREETING_BYTES))


def welcome(connection):
    """Returns the mode that the hello asked for, and answers it."""
    hello = read_exactly(connection, GREETING_BYTES)
    connection.sendall(WELCOME + hello[8:12] + struct.pack("<I", 1))
    return hello[8]


def messages(connection):
    while len(message := read_exactly(connection, MESSAGE_BYTES)) == MESSAGE_BYTES:
        yield message


def echo_telling_times(connection, before_reply, after_reply):
    pass_greeting(connection)
    lines = []
    for message in messages(connection):
        read_ns = time.monotonic_ns()
        before_reply()
        left_ns = time.monotonic_ns()
        connection.sendall(message)
        sent_ns = struct.unpack("<Q", message[SEND_TIME_AT : SEND_TIME_AT + 8])[0]
        lines.append(f"message {sent_ns} {read_ns} {left_ns}")
        after_reply()
    print("\n".join([*lines, f"end {time.monotonic_ns()}"]), flush=True)


def late(connection, wait_ms):
    echo_telling_times(connection, lambda: time.sleep(float(wait_ms) / 1000), lambda: None)


def late_first(connection, count, wait_ms):
    waits = [float(wait_ms) / 1000] * int(count)
    echo_telling_times(connection, lambda: time.sleep(waits.pop()) if waits else None, lambda: None)


def stall(connection, period_ms, stall_ms):
    period, pause = float(period_ms) / 1000, float(stall_ms) / 1000
    next_stall = time.monotonic() + period - pause

    def stall_when_due():
        nonlocal next_stall
        if time.monotonic() >= next_stall:
            time.sleep(pause)
            next_stall += period

    echo_telling_times(connection, lambda: None, stall_when_due)


def miscount(connection, too_many):
    welcome(connection)
    begin, count = time.monotonic_ns(), 0
    while chunk := connection.recv(CHUNK_BYTES):
        count += len(chunk)
    connection.sendall(struct.pack("<QQ", count + int(too_many), time.monotonic_ns() - begin))


def splitmix64(state):
    mask = (1 << 64) - 1
    while True:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def bad_source(connection, wrong_offset):
    """common/wire/pattern.c's stream of seed 1, whose period is 262,139 bytes."""
    period = 262139
    words = splitmix64(1)
    pattern = b"".join(struct.pack("<Q", next(words)) for _ in range(period // 8 + 1))[:period]
    welcome(connection)
    first = bytearray(pattern * 8)
    first[int(wrong_offset)] ^= 1
    connection.sendall(first)
    # Much more than the buffers between the two hold.
    for _ in range(256):
        connection.sendall(pattern)
    print("far beyond", flush=True)
    while True:
        connection.sendall(pattern)


def main():
    behaviour, arguments = globals()[sys.argv[1]], sys.argv[2:]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection:
                try:
                    behaviour(connection, *arguments)
                except (ConnectionError, BrokenPipeError):
                    pass


main()
