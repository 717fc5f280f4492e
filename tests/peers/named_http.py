"""A web server that calls itself NAME, to the system and to its clients: named_http.py NAME ADDRESS PORT."""

import socket
import sys

NAME, ADDRESS, PORT = sys.argv[1:]
with open("/proc/self/comm", "w", encoding="ascii") as comm:
    comm.write(NAME)
server = socket.socket(socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET)
if ":" in ADDRESS:
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((ADDRESS, int(PORT)))
server.listen()
print("listening", flush=True)
while True:
    client, _ = server.accept()
    with client:
        try:
            request = client.recv(4096)
            body = b"" if request.startswith(b"HEAD") else NAME.encode()
            client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(NAME) + body)
        except OSError:
            pass
