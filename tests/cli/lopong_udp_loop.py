"""Sends one UDP datagram to an echo server as if another echo server had sent it (raw socket; needs root).

usage: lopong_udp_loop.py TO_PORT FROM_PORT
"""
import socket
import struct
import sys

to_port, from_port = int(sys.argv[1]), int(sys.argv[2])
payload = b"who goes first?"
# RFC 768; a checksum of 0 means that there is none.
header = struct.pack("!HHHH", from_port, to_port, 8 + len(payload), 0)
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as raw:
    raw.sendto(header + payload, ("127.0.0.1", 0))
