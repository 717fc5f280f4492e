#!/usr/bin/env bats
# UDP: stamped frames, the guard against endless loops, and sends that fail.

load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

@test "a datagram that is a whole request frame comes back stamped" {
  start_lopong --udp
  run_python "$PORT" << 'PY'
import socket, sys, time
from lopong_client import *
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(TIMEOUT_SECONDS)
    client.connect(("127.0.0.1", int(sys.argv[1])))
    for size in 40, 41, 1000, 65507:
        request = frame(size, size)
        before = time.monotonic_ns()
        client.send(request)
        reply = client.recv(70000)
        _, receive_ns, send_ns = check_reply(reply, request)
        assert before <= receive_ns <= send_ns <= time.monotonic_ns()
    for almost in frame(1, 40)[:39], b"LPF2" + frame(1, 40)[4:], b"LPF1\x02" + frame(1, 40)[5:]:
        client.send(almost)
        assert client.recv(70000) == almost
PY
  expect_status 0
}

@test "a datagram that carries the reply flag gets no answer, and is counted" {
  start_lopong --udp
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(TIMEOUT_SECONDS)
    client.connect(("127.0.0.1", int(sys.argv[1])))
    client.send(frame(1, 64, flags=REPLY))
    client.send(b"the next one")
    assert client.recv(70000) == b"the next one"
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "UDP datagrams refused: 1"
}

@test "a datagram from a port below 1024 or from our own echo port gets no answer" {
  need_root
  start_lopong --udp --bind localhost
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
port = int(sys.argv[1])
def bound(host, source):
    client = socket.socket(type=socket.SOCK_DGRAM)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    client.bind((host, source))
    client.settimeout(TIMEOUT_SECONDS)
    return client
def low_port():
    for source in range(1023, 600, -1):
        try:
            return bound("127.0.0.1", source)
        except OSError:
            pass
# 127.0.0.5 with the server's own port: what another of its sockets would look like.
silent = [low_port(), bound("127.0.0.5", port)]
for client in silent:
    client.sendto(b"who answers this answers for ever", ("127.0.0.1", port))
with bound("127.0.0.1", 0) as client:
    client.sendto(b"this is answered", ("127.0.0.1", port))
    assert client.recv(99) == b"this is answered"
# All three were handled in order, so an answer would be there by now.
for client in silent:
    client.setblocking(False)
    try:
        raise AssertionError(client.recv(99))
    except BlockingIOError:
        pass
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "UDP datagrams refused: 2"
}

@test "a firewall that forbids the answers (EPERM) is counted and survived" {
  need_network_namespace
  need_command nft
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c '
    set -e
    ip link set lo up
    mkfifo "$2/ready"
    "$1" --udp --tcp --port 7777 > "$2/ready" 2> "$2/err" &
    server=$!
    exec 5< "$2/ready"
    read -r _ <&5; read -r _ <&5
    nft add table inet t
    nft add chain inet t out "{ type filter hook output priority 0; }"
    nft add rule inet t out udp sport 7777 drop
    python3 -c "
import socket
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.connect((\"127.0.0.1\", 7777))
    for _ in range(5):
        client.send(b\"lost\")
# TCP on the same loop shows that the datagrams were handled.
with socket.create_connection((\"127.0.0.1\", 7777)) as tcp:
    tcp.sendall(b\"x\")
    assert tcp.recv(1) == b\"x\"
"
    nft delete table inet t
    python3 -c "
import socket
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(20)
    client.connect((\"127.0.0.1\", 7777))
    client.send(b\"back again\")
    assert client.recv(99) == b\"back again\"
"
    kill -TERM $server
    cat <&5
    wait $server' _ "$LOPONG" "$BATS_TEST_TMPDIR"
  expect_status 0
  expect_contains "$output" "UDP answers dropped: 5"
}

@test "a flood of datagrams leaves the server serving" {
  start_lopong --udp
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
flood = socket.socket(type=socket.SOCK_DGRAM)
flood.connect(("127.0.0.1", int(sys.argv[1])))
for number in range(20000):
    flood.send(bytes(1000))
flood.close()
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.connect(("127.0.0.1", int(sys.argv[1])))
    client.settimeout(1)
    for _ in range(TIMEOUT_SECONDS):
        client.send(b"here?")
        try:
            assert client.recv(99) == b"here?"
            break
        except TimeoutError:
            pass
    else:
        raise AssertionError("no answer")
PY
  expect_status 0
}

@test "two servers of different ports do not bounce one datagram for ever" {
  need_root
  start_lopong --udp
  local first_port=$PORT
  start_lopong --udp
  python3 "$REPOSITORY/tests/cli/lopong_udp_loop.py" "$first_port" "$PORT"
  # Both have had their turn when they answered this one: an endless loop would have counted thousands by then.
  run_python "$first_port" "$PORT" << 'PY'
import socket, sys
for port in sys.argv[1:]:
    for _ in range(100):
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            client.connect(("127.0.0.1", int(port)))
            client.send(b"next")
            assert client.recv(100) == b"next"
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "  messages: 100"
}

@test "a loop with an echo server of another kind is cut, and said once" {
  start_lopong --udp
  run_python "$PORT" "$(unused_port)" << 'PY'
import socket, sys
lopong = ("127.0.0.1", int(sys.argv[1]))
with socket.socket(type=socket.SOCK_DGRAM) as other:
    other.bind(("127.0.0.1", int(sys.argv[2])))
    other.settimeout(5)
    for loop in range(2):
        # As if a forged datagram had come here first.
        other.sendto(b"who goes first? %d" % loop, lopong)
        rounds = 0
        try:
            while rounds < 50_000:
                bytes, source = other.recvfrom(100)
                other.sendto(bytes, source)
                rounds += 1
        except TimeoutError:
            pass
        assert rounds < 50_000, "it goes on for ever"
    # And it is answered as before.
    other.sendto(b"something new", lopong)
    assert other.recv(100) == b"something new"
PY
  expect_status 0
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "UDP loops cut: 2"
  expect_contains "$(cat "$LOPONG_ERR")" "lopong: 1,000 datagrams came from 127.0.0.1:"
  expect_equal 1 "$(grep -c "datagrams came from" "$LOPONG_ERR")"
}

@test "a client that asks with the same bytes at full rate is answered each time" {
  start_lopong --udp
  run_python "$PORT" << 'PY'
import socket, sys
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(30)
    client.connect(("127.0.0.1", int(sys.argv[1])))
    for _ in range(20_000):
        client.send(b"same")
        assert client.recv(10) == b"same"
PY
  expect_status 0
  stop_lopong
  expect_lacks "$(cat "$LOPONG_OUT")" "loops cut"
}

@test "what was sent to many at once gets no answer" {
  need_network_namespace
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c '
    set -eE
    ip link set lo up multicast on
    ip route add default dev lo
    ip -6 route add ff00::/8 dev lo table local
    mkfifo "$2/ready"
    "$1" --udp --bind 0.0.0.0 --bind :: --allow-remote --port 7777 > "$2/ready" 2> "$2/err" &
    server=$!
    trap "kill -KILL $server" ERR
    exec 5< "$2/ready"
    read -r _ <&5; read -r _ <&5
    python3 -c "
import socket
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(20)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    for many in \"127.255.255.255\", \"255.255.255.255\", \"224.0.0.1\":
        client.sendto(many.encode(), (many, 7777))
    client.sendto(b\"for one\", (\"127.0.0.1\", 7777))
    assert client.recv(99) == b\"for one\"
with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
    client.settimeout(20)
    client.sendto(b\"many\", (\"ff02::1\", 7777, 0, socket.if_nametoindex(\"lo\")))
    client.sendto(b\"for one\", (\"::1\", 7777))
    assert client.recv(99) == b\"for one\"
"
    kill -TERM $server
    cat <&5
    wait $server' _ "$LOPONG" "$BATS_TEST_TMPDIR"
  expect_status 0
  expect_contains "$output" "messages: 2"
}
