"""Servers for the laboratory, right and wrong on purpose: lab_servers.py KIND ADDRESS PORT. Prints "ready"."""

import os
import resource
import signal
import socket
import struct
import sys
import threading

kind, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
connections = []


def ready():
    print("ready", flush=True)


def tcp_listener(backlog=16, listen=True):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if kind == "on_device":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"dummy0")
    if kind == "v6only":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind((address, port))
    if listen:
        listener.listen(backlog)
    return listener


def echo_stream(connection):
    try:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)
    except OSError:
        pass
    connection.close()


def accept_with(function):
    listener = tcp_listener()
    ready()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=function, args=[connection], daemon=True).start()


def banner(connection):
    connection.sendall(b"SSH-2.0-\x1b[31mtest\r\n")
    connection.recv(1)


def read_on(connection):
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def close_now(connection):
    connection.close()


def reset_now(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def wait_for_ever(*_):
    threading.Event().wait()


def full_queue():
    """The queue takes one connection more than its backlog, listen(2)."""
    listener = tcp_listener(backlog=0)
    connections.append(socket.create_connection((address, port)))
    ready()
    wait_for_ever(listener)


def full_queue_beside():
    """The same, and another connection, to another server, has the only client port that the system may lend."""
    listener = tcp_listener(backlog=0)
    waiting = socket.socket()
    waiting.bind((address, 41000))
    waiting.connect((address, port))
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as lent:
        lent.write("40000 40000")
    other = socket.create_server((address, port + 1))
    connections.extend([waiting, socket.create_connection((address, port + 1)), other.accept()[0]])
    ready()
    wait_for_ever(listener, other)


def stopped():
    """Stops itself once it listens."""
    tcp_listener_kept = tcp_listener()
    ready()
    os.kill(os.getpid(), signal.SIGSTOP)
    wait_for_ever(tcp_listener_kept)


def stopped_full():
    listener = tcp_listener(backlog=0)
    connections.append(socket.create_connection((address, port)))
    ready()
    os.kill(os.getpid(), signal.SIGSTOP)
    wait_for_ever(listener)


def no_accept():
    listener = tcp_listener()
    ready()
    wait_for_ever(listener)


def out_of_descriptors():
    """accept() fails for ever: every descriptor that the process may have is open."""
    listener = tcp_listener()
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    try:
        while True:
            connections.append(os.dup(0))
    except OSError:
        ready()
    wait_for_ever(listener)


def only_bound():
    listener = tcp_listener(listen=False)
    ready()
    wait_for_ever(listener)


def udp_socket():
    receiver = socket.socket(family, socket.SOCK_DGRAM)
    receiver.bind((address, port))
    return receiver


def udp_echo():
    receiver = udp_socket()
    ready()
    while True:
        datagram, client = receiver.recvfrom(65536)
        try:
            receiver.sendto(datagram, client)
        except OSError:
            pass


def udp_silent():
    receiver = udp_socket()
    ready()
    while True:
        receiver.recvfrom(65536)


def udp_unread():
    receiver = udp_socket()
    ready()
    wait_for_ever(receiver)


def udp_stopped():
    receiver = udp_socket()
    ready()
    os.kill(os.getpid(), signal.SIGSTOP)
    wait_for_ever(receiver)


def udp_full():
    receiver = udp_socket()
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        for _ in range(100):
            sender.sendto(b"x" * 512, (address, port))
        for _ in range(100):
            sender.sendto(b"x", (address, port))
    ready()
    wait_for_ever(receiver)


BEHAVIOURS = {
    "echo": lambda: accept_with(echo_stream),
    "v6only": lambda: accept_with(echo_stream),
    "on_device": lambda: accept_with(echo_stream),
    "banner": lambda: accept_with(banner),
    "read_on": lambda: accept_with(read_on),
    "not_reading": lambda: accept_with(wait_for_ever),
    "close_now": lambda: accept_with(close_now),
    "reset_now": lambda: accept_with(reset_now),
}
BEHAVIOURS.get(kind, globals().get(kind))()
