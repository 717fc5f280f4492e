"""Puts a BPF program that drops every packet somewhere, and keeps it there for its own life: bpf_drop.py WHERE [CGROUP].

WHERE is xdp or tcx (on lo), or egress or connect4 (of the control group whose folder is CGROUP). Prints "ready"; ends with
status 77 where the kernel does not have it.
"""

import ctypes
import os
import signal
import socket
import struct
import sys

SYS_BPF = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
PROG_LOAD, LINK_CREATE = 5, 28
#                program type, attach type, what it returns to drop
WHERES = {"xdp": (6, 37, 1), "tcx": (3, 46, 2), "egress": (8, 1, 0), "connect4": (18, 10, 0)}

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes.ljust(128, b"\0"))
    result = libc.syscall(SYS_BPF, command, buffer, 128)
    if result < 0:
        print("no", os.strerror(ctypes.get_errno()), flush=True)
        sys.exit(77)
    return result


program_type, attach_type, drop = WHERES[sys.argv[1]]
instructions = struct.pack("<BBhi", 0xB7, 0, 0, drop) + struct.pack("<BBhi", 0x95, 0, 0, 0)
code, licence = ctypes.create_string_buffer(instructions), ctypes.create_string_buffer(b"GPL")
program = bpf(
    PROG_LOAD,
    struct.pack("<IIQQIIQII16sII", program_type, 2, ctypes.addressof(code), ctypes.addressof(licence), 0, 0, 0, 0, 0, b"drop", 0, attach_type),
)
target = os.open(sys.argv[2], os.O_RDONLY) if len(sys.argv) > 2 else socket.if_nametoindex("lo")
link = bpf(LINK_CREATE, struct.pack("<IIII", program, target, attach_type, 2 if sys.argv[1] == "xdp" else 0))
print("ready", flush=True)
signal.pause()
