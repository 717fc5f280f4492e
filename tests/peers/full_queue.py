"""A server that accepts no one and whose queue is full: the kernel lets every further client wait, and answers nothing.
Prints "listening on ADDRESS:PORT" when that is so. (listen(2): the queue takes one connection more than its backlog.)
"""

import socket
import threading

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
waiting = [socket.create_connection(listener.getsockname()) for _ in range(2)]
print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
threading.Event().wait()
