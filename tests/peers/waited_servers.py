"""Servers of 127.0.0.1 that others wait for. What each sees of its clients is printed, a line each.

    waited_servers.py [--port PORT] KIND

Prints "listening on 127.0.0.1:PORT". Kinds: "counts" takes clients at once; "late" takes none before SIGUSR1;
"hangs-up" closes every connection at once until SIGUSR1 came; "unready" answers HTTP with 503 until SIGUSR1 came, and
then with 200; "time-wait" ends a connection of its own first, so that a rest of it stays, and then gives the port up.
"""
import argparse
import signal
import socket


def say(text):
    print(text, flush=True)


def read_to_end(connection):
    count = 0
    try:
        while True:
            got = connection.recv(4096)
            if not got:
                return count, "end"
            count += len(got)
    except ConnectionResetError:
        return count, "reset"


def count_clients(listener):
    while True:
        connection, _ = listener.accept()
        count, end = read_to_end(connection)
        connection.close()
        say(f"client sent {count} bytes, then {end}")


def is_ready():
    return READY[0]


READY = [False]


def on_ready(*_):
    READY[0] = True
    say("ready")


def hang_up(listener):
    while not is_ready():
        connection, _ = listener.accept()
        connection.close()
        say("hung up")
    count_clients(listener)


def answer_http(listener):
    while True:
        connection, _ = listener.accept()
        request = connection.recv(4096)
        status = "200 OK" if is_ready() else "503 Service Unavailable"
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        connection.close()
        say(f"asked {request!r}")


def leave_time_wait(listener):
    with socket.create_connection(listener.getsockname()) as client:
        connection, _ = listener.accept()
        connection.close()
        client.recv(1)
    listener.close()
    say("left")
    signal.pause()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("kind")
    options = parser.parse_args()
    if options.kind == "late":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    else:
        signal.signal(signal.SIGUSR1, on_ready)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    listener.listen(16)
    say(f"listening on 127.0.0.1:{listener.getsockname()[1]}")
    if options.kind == "late":
        signal.sigwait([signal.SIGUSR1])
    kinds = {"hangs-up": hang_up, "unready": answer_http, "time-wait": leave_time_wait}
    kinds.get(options.kind, count_clients)(listener)


main()
