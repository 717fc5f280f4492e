"""An echo server that answers each message in two small writes with Nagle's algorithm on, as many a server does.

usage: two_writes.py MESSAGE_BYTES

Prints "listening on 127.0.0.1:PORT" when it is ready. The first 16 bytes of a connection, loping's greeting, go back at
once; then every whole message goes back in two halves.
"""
import socket
import sys

GREETING_BYTES = 16


def read_whole(connection, count):
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise ConnectionError
        received += part
    return received


def serve(connection, message_bytes):
    connection.sendall(read_whole(connection, GREETING_BYTES))
    while True:
        message = read_whole(connection, message_bytes)
        connection.sendall(message[: message_bytes // 2])
        connection.sendall(message[message_bytes // 2 :])


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                serve(connection, int(sys.argv[1]))
            except OSError:
                pass


main()
