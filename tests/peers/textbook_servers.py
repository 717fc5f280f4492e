"""Servers as textbooks and manuals write them: textbook_servers.py KIND PORT [FOLDER]. None of them expects a reset."""

import asyncio
import http.server
import socket
import socketserver
import ssl
import sys
import threading

kind, port = sys.argv[1], int(sys.argv[2])
where = ("127.0.0.1", port)


def listener():
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(where)
    made.listen()
    return made


def iterative():
    """One client after the other; an error of one ends them all."""
    server = listener()
    while True:
        client, _ = server.accept()
        while chunk := client.recv(1024):
            client.sendall(chunk)
        client.close()


def web():
    http.server.test(http.server.SimpleHTTPRequestHandler, http.server.ThreadingHTTPServer, port=port, bind=where[0])


def streams():
    async def echo(reader, writer):
        while chunk := await reader.read(1024):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def serve():
        server = await asyncio.start_server(echo, *where)
        await server.serve_forever()

    asyncio.run(serve())


def handlers():
    class Echo(socketserver.StreamRequestHandler):
        def handle(self):
            while line := self.rfile.readline():
                self.wfile.write(line)

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer(where, Echo).serve_forever()


def secured():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3] + "/cert", sys.argv[3] + "/key")
    server = listener()

    def serve(client):
        try:
            client = context.wrap_socket(client, server_side=True)
            client.sendall(client.recv(99))
        except OSError:
            pass
        client.close()

    while True:
        threading.Thread(target=serve, args=[server.accept()[0]], daemon=True).start()


def own_protocol():
    """Closes what does not begin with its own magic."""
    server = listener()

    def serve(client):
        if client.recv(4) == b"\x01OWN":
            client.sendall(b"\x02OWN")
        client.close()

    while True:
        threading.Thread(target=serve, args=[server.accept()[0]], daemon=True).start()


globals()[kind]()
