"""Servers for the tests of loping, right and wrong on purpose, on TCP or a unix socket.

    stream_peers.py [--once] [--tell BYTES] WHERE BEHAVIOUR [ARGUMENT...]

WHERE is tcp4, tcp6 or a unix path. Prints "listening on ADDRESS:PORT" when ready. --once closes the listener with the
first connection. --tell prints "echoed" when that many bytes went back on a connection. Each behaviour is a function
below: its docstring says what is wrong with it. Offsets count from the first byte after the 16 bytes of the greeting,
which all but some send back as it is.
"""

import argparse
import itertools
import socket
import struct
import sys
import threading
import time

GREETING_BYTES = 16
CHUNK_BYTES = 1 << 18
tell_bytes = 0
connection_numbers = itertools.count()


def say(text):
    print(text, flush=True)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


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


def chunks(connection):
    """What comes, with its offset after the greeting."""
    offset = 0
    while True:
        chunk = connection.recv(CHUNK_BYTES)
        if not chunk:
            return
        yield offset, chunk
        offset += len(chunk)


def messages(connection, message_bytes):
    while True:
        message = read_exactly(connection, message_bytes)
        if len(message) < message_bytes:
            return
        yield message


def echo_bytes(connection, count):
    while count > 0:
        chunk = connection.recv(min(count, CHUNK_BYTES))
        if not chunk:
            return
        connection.sendall(chunk)
        count -= len(chunk)


def read_on(connection):
    for _ in chunks(connection):
        pass


def echo(connection):
    """Right."""
    told = False
    for offset, chunk in chunks(connection):
        connection.sendall(chunk)
        if 0 < tell_bytes <= offset + len(chunk) and not told:
            told = True
            say("echoed")


def trickle(connection):
    """Right, but each byte leaves alone."""
    for _, chunk in chunks(connection):
        for value in chunk:
            connection.sendall(bytes([value]))


def drip(connection, whole, pause_ms):
    """Echoes so many bytes after the greeting as they come, then one byte after each pause."""
    pass_greeting(connection)
    echo_bytes(connection, int(whole))
    for _, chunk in chunks(connection):
        for value in chunk:
            time.sleep(float(pause_ms) / 1000)
            connection.sendall(bytes([value]))


def silent_third(connection, count):
    """The third connection falls silent after so many bytes; the others echo on."""
    if next(connection_numbers) == 2:
        silent_after(connection, count)
    else:
        echo(connection)


def slow_first(connection, message_bytes, count, delay_ms):
    """Right, but the first replies are late."""
    pass_greeting(connection)
    for number, message in enumerate(messages(connection, int(message_bytes))):
        if number < int(count):
            time.sleep(float(delay_ms) / 1000)
        connection.sendall(message)


def record(connection, path):
    """Right; what came after the greeting is appended to a file."""
    pass_greeting(connection)
    with open(path, "ab", buffering=0) as file:
        for _, chunk in chunks(connection):
            file.write(chunk)
            connection.sendall(chunk)


def corrupt(connection, *offsets):
    """The bytes at these offsets come back with all bits turned."""
    pass_greeting(connection)
    for start, chunk in chunks(connection):
        chunk = bytearray(chunk)
        for at in map(int, offsets):
            if start <= at < start + len(chunk):
                chunk[at - start] ^= 0xFF
        connection.sendall(chunk)


def corrupt_one_each(connection, *offsets):
    """The byte at the first offset for the first connection, at the second for the second, and so on."""
    corrupt(connection, offsets[next(connection_numbers)])


def stamp(connection, *fields):
    """Answers as lopong does, but with these server times: receive and send, in ns after the client's."""
    frame_bytes = struct.unpack("<I", read_exactly(connection, GREETING_BYTES)[12:])[0]
    connection.sendall(b"\x8bLOPONG1" + struct.pack("<BBHI", 1, 0, 0, 4242))
    for frame in messages(connection, frame_bytes):
        sent_ns = struct.unpack("<Q", frame[16:24])[0]
        times = struct.pack("<QQ", *(sent_ns + int(field) for field in fields))
        connection.sendall(frame[:5] + b"\x01" + frame[6:24] + times + frame[40:])


def extra(connection, message_bytes, number):
    """After its reply number so many, a byte comes that nobody sent."""
    pass_greeting(connection)
    for at, message in enumerate(messages(connection, int(message_bytes)), 1):
        connection.sendall(message + b"!" if at == int(number) else message)


def reset_after(connection, count):
    """Resets the connection when that many bytes have come."""
    pass_greeting(connection)
    for offset, chunk in chunks(connection):
        if offset + len(chunk) > int(count):
            break
        connection.sendall(chunk)
    reset(connection)


def end_after(connection, count):
    """Closes in good order when that many bytes went back."""
    pass_greeting(connection)
    echo_bytes(connection, int(count))


def silent_after(connection, count):
    """Echoes that many bytes, then only reads."""
    pass_greeting(connection)
    echo_bytes(connection, int(count))
    say("silent now")
    read_on(connection)


def silent(connection):
    """Reads, and never answers."""
    read_on(connection)


def deaf(connection):
    """Neither reads nor answers."""
    say("accepted")
    threading.Event().wait()


def hang_up(connection):
    """Closes at once."""


def hang_up_greeted(connection, count):
    """Closes after so many bytes of the greeting went back."""
    connection.sendall(read_exactly(connection, GREETING_BYTES)[: int(count)])


def banner(connection, text):
    """Speaks first, as SSH and SMTP do."""
    connection.sendall(text.encode().decode("unicode_escape").encode("latin-1"))
    read_on(connection)


def http(connection):
    """Waits for a whole line, then refuses it as web servers do."""
    request = b""
    for _, chunk in chunks(connection):
        request += chunk
        if b"\n" in request:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return


def wrong_welcome(connection):
    """A welcome to another mode than the one asked for."""
    read_exactly(connection, GREETING_BYTES)
    connection.sendall(b"\x8bLOPONG1" + struct.pack("<BBHI", 2, 0, 0, 4242))
    read_on(connection)


def greeting_and_more(connection):
    """The greeting comes back with more bytes than it had."""
    connection.sendall(read_exactly(connection, GREETING_BYTES) + b"and more")
    read_on(connection)


BEHAVIOURS = {
    function.__name__.replace("_", "-"): function
    for function in [
        echo, trickle, drip, silent_third, slow_first, record, corrupt, corrupt_one_each, stamp, extra, reset_after, end_after, silent_after, silent, deaf,
        hang_up, hang_up_greeted, banner, http, wrong_welcome, greeting_and_more,
    ]
}  # fmt: skip


def listen(where):
    if where.startswith("/"):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(where)
    elif where == "tcp6":
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    else:
        listener = socket.create_server(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def serve(connection, behaviour, arguments):
    if connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        behaviour(connection, *arguments)
    except (ConnectionError, BrokenPipeError):
        pass
    finally:
        connection.close()


def main():
    global tell_bytes
    parser = argparse.ArgumentParser()
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--tell", type=int, default=0)
    parser.add_argument("where")
    parser.add_argument("behaviour", choices=BEHAVIOURS)
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    tell_bytes = options.tell
    # Threads take turns this often: a peer with many connections answers each in time.
    sys.setswitchinterval(0.0005)
    listener = listen(options.where)
    name = listener.getsockname()
    say(f"listening on {name}" if isinstance(name, str) else f"listening on {name[0]}:{name[1]}")
    while True:
        connection, _ = listener.accept()
        if options.once:
            listener.close()
        work = (connection, BEHAVIOURS[options.behaviour], options.arguments)
        if options.once:
            serve(*work)
            return
        threading.Thread(target=serve, args=work, daemon=True).start()


if __name__ == "__main__":
    main()
