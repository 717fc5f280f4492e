#!/usr/bin/env bats
# Sockets that a service manager gives to lopong (sd_listen_fds(3)), and what lopong tells it (sd_notify(3)).

# shellcheck disable=SC2154 # stderr is set by run_timeout
load test_helper

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  [ "$(uname -s)" = Linux ] || skip "service managers of this kind are Linux's"
  [ "${PLATFORM:-linux}" = linux ] || skip "this build takes no sockets"
  MANAGER=$REPOSITORY/tests/peers/service_manager.py
}

# start_given SOCKET... -- ARGUMENT...: starts lopong with these; waits for its ready line or its end.
start_given() {
  local words=()
  while [ "$1" != -- ]; do
    words+=("$1")
    shift
  done
  shift
  start_background given python3 "$MANAGER" "${words[@]}" -- "$LOPONG" "$@"
  LOPONG_PID=$BACKGROUND_PID
  LOPONG_OUT=$BATS_TEST_TMPDIR/given.out
  LOPONG_ERR=$BATS_TEST_TMPDIR/given.err
  wait_until lopong_is_ready_or_gone
}

# given_port N: of the Nth socket with one.
given_port() {
  sed -n 's/^port //p' "$LOPONG_ERR" | sed -n "${1}p"
}

# run_given SOCKET... -- PROGRAM ARGUMENT...: for a lopong that does not start.
run_given() {
  run_timeout "$DEADLINE_SECONDS" python3 "$MANAGER" "$@"
}

expect_echo() {
  python3 -c '
import sys
from lopong_client import *
assert echo(connect(sys.argv[1]), b"hello") == b"hello"' "$1"
}

expect_datagram() {
  python3 -c '
import socket, sys
client = socket.socket(type=socket.SOCK_DGRAM)
client.settimeout(30)
client.sendto(b"hello", ("127.0.0.1", int(sys.argv[1])))
assert client.recv(100) == b"hello"' "$1"
}

@test "a TCP socket that was given is served, and no other" {
  start_given tcp -- --quiet
  expect_equal "listening on 127.0.0.1:$(given_port 1) (tcp)" "$(cat "$LOPONG_OUT")"
  expect_echo "$(given_port 1)"
  stop_lopong
  expect_status 0
}

@test "UDP, IPv6 and unix sockets are served together, each with its ready line" {
  start_given tcp tcp6 udp "unix:$BATS_TEST_TMPDIR/given.sock" "unix:@lopong-given-$$" -- --quiet
  wanted="listening on 127.0.0.1:$(given_port 1) (tcp)
listening on [::1]:$(given_port 2) (tcp)
listening on 127.0.0.1:$(given_port 3) (udp)
listening on unix:$BATS_TEST_TMPDIR/given.sock (unix)
listening on unix:@lopong-given-$$ (unix)"
  expect_equal "$wanted" "$(cat "$LOPONG_OUT")"
  expect_echo "$(given_port 1)"
  expect_echo "::1 $(given_port 2)"
  expect_datagram "$(given_port 3)"
  expect_echo "$BATS_TEST_TMPDIR/given.sock"
}

@test "a path that lopong did not make stays when it ends" {
  start_given "unix:$BATS_TEST_TMPDIR/given.sock" -- --quiet
  expect_echo "$BATS_TEST_TMPDIR/given.sock"
  stop_lopong
  expect_status 0
  [ -S "$BATS_TEST_TMPDIR/given.sock" ]
  expect_equal "" "$(cat "$LOPONG_ERR")"
}

@test "several threads serve given sockets" {
  start_given tcp "unix:$BATS_TEST_TMPDIR/given.sock" -- --quiet --threads 3
  for _ in 1 2 3 4; do
    expect_echo "$(given_port 1)"
    expect_echo "$BATS_TEST_TMPDIR/given.sock"
  done
  stop_lopong
  expect_status 0
}

@test "what was given is closed on exec and does not block" {
  start_given udp -- --quiet
  # O_NONBLOCK and O_CLOEXEC are 02004000 in octal digits, beside O_RDWR.
  expect_matches "$(cat "/proc/$LOPONG_PID/fdinfo/3")" "flags:.0?2004002"
  expect_datagram "$(given_port 1)"
}

@test "sockets meant for another process are ignored, and so is a count without a process" {
  start_given tcp set:LISTEN_PID=1 -- --tcp --port 0
  expect_lacks "$(cat "$LOPONG_OUT")" ":$(given_port 1) "
  expect_matches "$(cat "$LOPONG_OUT")" "^listening on 127.0.0.1:[0-9]+ \(tcp\)"
}

@test "a wrong LISTEN_FDS or LISTEN_PID is an error that names the variable" {
  for value in '' x -1 0 1x 65 99999999999999999999; do
    run_given tcp "set:LISTEN_FDS=$value" -- "$LOPONG" --port 0
    expect_status 3
    expect_contains "$stderr" "LISTEN_FDS=$value, which is "
    expect_contains "$stderr" "unset LISTEN_FDS and LISTEN_PID to start lopong by hand"
  done
  run_given tcp set:LISTEN_PID=me -- "$LOPONG" --port 0
  expect_status 3
  expect_contains "$stderr" "LISTEN_PID=me, which is no process id"
}

@test "each kind of descriptor that cannot be served is refused in words" {
  local socket words
  while IFS='|' read -r socket words; do
    rm -f "$BATS_TEST_TMPDIR/x"
    run_given tcp "${socket/PATH/$BATS_TEST_TMPDIR/x}" -- "$LOPONG"
    expect_status 3
    expect_contains "$stderr" "descriptor 4, which the service manager gave (LISTEN_FDS), $words"
  done << 'TABLE'
closed|is not open
file|is no socket
unlistening|does not listen
connection|is a connection; lopong accepts them itself, so set Accept=no
connected-udp|is connected to one peer
unix-datagram:PATH|is a unix socket of datagrams
packets:PATH|is a socket of packets
TABLE
}

@test "an option that asks for what was not given contradicts, and is an error" {
  local options words
  while IFS='|' read -r options words; do
    # shellcheck disable=SC2086 # the options are words
    run_given tcp -- "$LOPONG" $options
    expect_status 2
    expect_contains "$stderr" "$words"
    expect_equal "" "$output"
  done << 'TABLE'
--bind 127.0.0.1|--bind names what lopong is to open, but the service manager gave its sockets
--unix /tmp/x|--unix names what lopong is to open
--try-ports 3|--try-ports names what lopong is to open
--udp|the service manager gave a socket for tcp
--tcp --udp|--udp, but among the sockets that the service manager gave (LISTEN_FDS) is none of that kind
TABLE
}

@test "--port loses to what was given, and that is said" {
  start_given tcp -- --quiet --tcp --port 7
  expect_equal "listening on 127.0.0.1:$(given_port 1) (tcp)" "$(cat "$LOPONG_OUT")"
  expect_contains "$(cat "$LOPONG_ERR")" "--port is not used, as the service manager gave the sockets (LISTEN_FDS)"
}

@test "a given socket that other machines can reach needs --allow-remote" {
  run_given any -- "$LOPONG"
  expect_status 2
  expect_contains "$stderr" "the service manager gave a socket on 0.0.0.0 (LISTEN_FDS): other machines can reach"
  expect_contains "$stderr" "add --allow-remote to serve others too"
  start_given any -- --allow-remote
  expect_contains "$(cat "$LOPONG_OUT")" "listening on 0.0.0.0:$(given_port 1) (tcp)"
}

# listen_for_news NAME: what comes to the datagram socket NAME goes to news.out, until STOPPING=1.
listen_for_news() {
  start_background news python3 -c '
import socket, sys
name = sys.argv[1]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("\0" + name[1:] if name.startswith("@") else name)
print("bound", flush=True)
while True:
    news = manager.recv(4096).decode()
    print(news, end="", flush=True)
    if "STOPPING" in news: break' "$1"
  wait_until file_contains "$BATS_TEST_TMPDIR/news.out" bound
}

expect_news_at() {
  listen_for_news "$1"
  NOTIFY_SOCKET=$1 start_lopong
  wait_until file_contains "$BATS_TEST_TMPDIR/news.out" READY=1
  expect_lacks "$(cat "$BATS_TEST_TMPDIR/news.out")" STOPPING
  stop_lopong
  expect_status 0
  wait_until file_contains "$BATS_TEST_TMPDIR/news.out" STOPPING=1
  expect_equal "bound READY=1 STOPPING=1" "$(one_line "$(cat "$BATS_TEST_TMPDIR/news.out")")"
  expect_lacks "$(cat "$LOPONG_ERR")" NOTIFY_SOCKET
}

@test "readiness and the end are told to NOTIFY_SOCKET, from within the sandbox, at a path" {
  expect_news_at "$BATS_TEST_TMPDIR/notify"
}

@test "readiness and the end are told to NOTIFY_SOCKET at an abstract name" {
  expect_news_at "@lopong-notify-$$"
}

@test "a NOTIFY_SOCKET that nobody hears is said, and lopong serves" {
  for name in "$BATS_TEST_TMPDIR/nobody" @ vsock:2:1 "/$(printf 'x%.0s' {1..200})"; do
    NOTIFY_SOCKET=$name start_lopong --tcp
    wait_until file_contains "$LOPONG_ERR" NOTIFY_SOCKET
    expect_contains "$(cat "$LOPONG_ERR")" "cannot be told that lopong is ready or ends: "
    # shellcheck disable=SC2153 # set by start_lopong
    expect_echo "$PORT"
    stop_lopong
    expect_status 0
  done
}

@test "systemd-socket-activate starts lopong at the first connection, which is served" {
  need_command systemd-socket-activate
  port=$(unused_port)
  start_background activate systemd-socket-activate --listen="127.0.0.1:$port" "$LOPONG" --quiet
  wait_until file_contains "$BATS_TEST_TMPDIR/activate.err" "Listening on"
  expect_echo "$port"
  expect_contains "$(cat "$BATS_TEST_TMPDIR/activate.out")" "listening on 127.0.0.1:$port (tcp)"
  LOPONG_PID=$BACKGROUND_PID
  stop_lopong
  expect_status 0
}
