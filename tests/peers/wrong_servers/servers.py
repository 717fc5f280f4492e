"""servers.py MISTAKE [PATH]: echo servers in Python, right ones and others with one mistake each, as students make them.
At a port that the system picks, or at a unix socket."""

import asyncio
import http.server
import os
import socket
import socketserver
import sys
import threading

mistake = sys.argv[1]
path = sys.argv[2] if len(sys.argv) > 2 else None


def ready(made):
    where = f"unix:{path}" if path else "127.0.0.1:%d" % made.getsockname()[1]
    print("listening on", where, flush=True)
    return made


def listener():
    made = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(path or ("127.0.0.1", 0))
    made.listen(64)
    return ready(made)


def threads(serve):
    def one(client):
        with client:
            try:
                serve(client)
            except (ConnectionError, UnicodeError):
                pass

    server = listener()
    while True:
        client, _ = server.accept()
        threading.Thread(target=one, args=(client,), daemon=True).start()


def changed(change):
    """Each read is sent back as `change` makes it."""

    def serve(client):
        while chunk := client.recv(4096):
            client.sendall(change(chunk))

    return lambda: threads(serve)


def speaks_first(client):
    client.sendall(b"Welcome to my server!\n")
    while chunk := client.recv(4096):
        client.sendall(chunk)


def waits_for_newline(client):
    with client.makefile("rb") as lines:
        while line := lines.readline():
            client.sendall(line)


def waits_for_end(client):
    chunks = []
    while chunk := client.recv(65536):
        chunks.append(chunk)
    client.sendall(b"".join(chunks))


def one_recv(client):
    client.sendall(client.recv(1024))


def stops_at_control_d(client):
    while chunk := client.recv(4096):
        client.sendall(chunk.split(b"\x04")[0])
        if b"\x04" in chunk:
            return


def first_line(chunk):
    line, newline, _ = chunk.partition(b"\n")
    return line + newline


def dies_at_reset():
    """One client after the other; an error of one ends them all."""
    server = listener()

    def serve(client):
        with client:
            while chunk := client.recv(4096):
                client.sendall(chunk)

    def one(client):
        try:
            serve(client)
        except ConnectionResetError as error:
            print(error, file=sys.stderr)
            os._exit(1)
        except ConnectionError:
            pass

    while True:
        client, _ = server.accept()
        threading.Thread(target=one, args=(client,), daemon=True).start()


def dies_at_text():
    server = listener()
    while True:
        client, _ = server.accept()
        with client:
            while chunk := client.recv(4096):
                client.sendall(chunk.decode().encode())


def datagrams(answer):
    server = ready_datagrams()
    while True:
        data, asker = server.recvfrom(65535)
        reply = answer(data)
        if reply is not None:
            server.sendto(reply, asker)


def ready_datagrams():
    made = socket.socket(type=socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return ready(made)


def right_asyncio():
    async def echo(reader, writer):
        try:
            while chunk := await reader.read(4096):
                writer.write(chunk)
                await writer.drain()
            writer.close()
            await writer.wait_closed()
        except ConnectionError:
            writer.transport.abort()

    async def serve():
        server = await asyncio.start_server(echo, sock=listener())
        await server.serve_forever()

    asyncio.run(serve())


def right_socketserver():
    class Echo(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                while chunk := self.request.recv(4096):
                    self.request.sendall(chunk)
            except ConnectionError:
                pass

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Echo) as server:
        ready(server.socket)
        server.serve_forever()


def web():
    """No echo server at all."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        ready(server.socket)
        server.serve_forever()


servers = {
    "web": web,
    "right-asyncio": right_asyncio,
    "right-socketserver": right_socketserver,
    "adds-newline": changed(lambda chunk: chunk + b"\n"),
    "adds-words-before": changed(lambda chunk: b"You said: " + chunk),
    "strips-line-end": changed(lambda chunk: chunk.strip()),
    "changes-letters": changed(lambda chunk: chunk.upper()),
    "changes-line-ends": changed(lambda chunk: chunk.replace(b"\n", b"\r\n")),
    "strips-high-bit": changed(lambda chunk: bytes(byte & 0x7F for byte in chunk)),
    "replaces-text": changed(lambda chunk: chunk.decode("utf-8", "replace").encode()),
    "refuses-text": changed(lambda chunk: chunk.decode("utf-8").encode()),
    "drops-after-newline": changed(first_line),
    "dies-at-text": dies_at_text,
    "speaks-first": lambda: threads(speaks_first),
    "waits-for-newline": lambda: threads(waits_for_newline),
    "waits-for-end": lambda: threads(waits_for_end),
    "one-recv": lambda: threads(one_recv),
    "stops-at-byte": lambda: threads(stops_at_control_d),
    "dies-at-reset": dies_at_reset,
    "udp-right": lambda: datagrams(lambda data: data),
    "udp-ignores-empty": lambda: datagrams(lambda data: data or None),
    "udp-adds-newline": lambda: datagrams(lambda data: data + b"\n"),
    "udp-takes-bytes-for-text": lambda: datagrams(lambda data: data.decode("latin-1").encode("utf-8")),
}
servers[mistake]()
