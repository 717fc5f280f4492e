#!/usr/bin/env bats
# shellcheck disable=SC2154 # run_python sets stderr
# loping ladder: the packets of one connection, and what is told without them.

load ../cli/test_helper

setup() {
  need_network_namespace
  need_other_user
  # The leak sanitizer cannot look into a process that is in namespaces of its own; the others can.
  [ -z "${SANITIZED:-}" ] || export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
}

# in_lab NAME: runs what comes on stdin in the lab of that name, as an ordinary user; its output without the task.
in_lab() {
  run timeout --kill-after=5 "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" "$LOPING" lab "$1"
  output=${output#*exit ends it.$'\n'}
}

# arrows: the packets of the ladder, without times and states: "> SYN", "< SYN ACK", ...
arrows() {
  sed -n -E 's/^.* -- ([A-Z ]*[A-Z]) .*->.*$/> \1/p; s/^.* <- ([A-Z ]*[A-Z]) .*--.*$/< \1/p' <<< "$output" | sed -E 's/ (seq|ack|len) .*//'
}

@test "a connection to lopong: handshake, hello, frame, both ends, each packet with who sent it, and the states" {
  in_lab open <<< 'loping ladder --ascii'
  expect_contains "$output" "one connection to 127.0.0.1:62893 (tcp), lopong (pid "
  expect_equal "> SYN" "$(arrows | sed -n 1p)"
  expect_equal "< SYN ACK" "$(arrows | sed -n 2p)"
  expect_equal "> ACK" "$(arrows | sed -n 3p)"
  expect_equal 2 "$(arrows | grep -c '^> PSH ACK$')"
  expect_equal 2 "$(arrows | grep -c '^< PSH ACK$')"
  expect_equal 1 "$(arrows | grep -c '^> FIN ACK$')"
  expect_equal 1 "$(arrows | grep -c '^< FIN ACK$')"
  grep -qE 'PSH ACK seq 1 ack 1 len 16 ' <<< "$output"
  grep -qE 'PSH ACK seq 17 ack 17 len 64 ' <<< "$output"
  grep -qE '^ +0 ns  SYN_SENT +-- SYN seq 0 -+>  SYN_RECV$' <<< "$output"
  grep -qE 'TIME_WAIT +<- FIN ACK' <<< "$output"
  expect_contains "$output" "after connect() client ESTABLISHED, server ESTABLISHED; after close() client TIME_WAIT, server no socket"
}

@test "times go up from the first packet on" {
  in_lab open <<< 'loping ladder --ascii'
  local times
  times=$(grep -oE '^ +[0-9.]+ (ns|us|ms|s) ' <<< "$output" | awk '{ print $1 * ($2 == "ns" ? 1 : $2 == "us" ? 1e3 : $2 == "ms" ? 1e6 : 1e9) }')
  expect_equal "$times" "$(sort -g <<< "$times")"
  expect_equal 0 "$(head -n 1 <<< "$times")"
}

@test "a port on which nobody listens: a SYN and a reset, and why" {
  in_lab closed <<< 'loping ladder --ascii 2>&1; echo "status $?"'
  expect_equal "> SYN|< RST ACK" "$(arrows | paste -sd '|')"
  expect_contains "$output" "nobody who listens"
  expect_contains "$output" "connection refused (ECONNREFUSED). Why: loping check 62893"
  expect_contains "$output" "status 3"
}

@test "behind a rule that drops, the server's state is not claimed to change; behind one that eats replies, its table is told" {
  in_lab blocked <<< 'loping ladder --ascii -t 200ms 2>&1'
  expect_equal "> SYN" "$(arrows | sort -u)"
  expect_lacks "$output" "->  SYN_RECV"
  expect_contains "$output" "at the end: client SYN_SENT, server no socket"
  in_lab replies-blocked <<< 'loping ladder --ascii -t 200ms 2>&1'
  expect_contains "$output" "at the end: client SYN_SENT, server SYN_RECV"
}

@test "a server that is not known to echo gets a connection and no bytes" {
  in_lab closed << 'LAB'
python3 -I -S -c '
import socket
server = socket.create_server(("127.0.0.1", 8099))
print("ready", flush=True)
connection, _ = server.accept()
print("came", len(connection.recv(100)), flush=True)
connection.close()' > said &
until grep -q ready said; do :; done
loping ladder --ascii 8099
wait
cat said
LAB
  expect_equal 0 "$(arrows | grep -c PSH)"
  expect_contains "$output" "came 0"
  expect_contains "$output" "Nothing was sent to this server"
}

@test "over IPv6, and by the name localhost to the address that has a server" {
  in_lab closed <<< 'lopong --bind ::1 > log 2>&1 & until grep -q listening log; do :; done; loping ladder --ascii "[::1]:62893"; loping ladder --ascii http://[::1]:62893/x'
  expect_equal 2 "$(arrows | grep -c '^< SYN ACK$')"
  expect_contains "$output" "one connection to [::1]:62893 (tcp), lopong (pid "
}

@test "the file for Wireshark holds the same packets, with the process of each end" {
  in_lab open <<< 'loping ladder --ascii --pcap file && base64 < file'
  sed -n '/^[A-Za-z0-9+\/=]\{60,\}$/,$p' <<< "$output" | base64 -d > "$BATS_TEST_TMPDIR/file"
  run_python "$BATS_TEST_TMPDIR/file" "$(arrows | wc -l)" << 'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
packets, comments, at = [], [], 0
while at < len(data):
    kind, total = struct.unpack_from("=II", data, at)
    assert total % 4 == 0 and struct.unpack_from("=I", data, at + total - 4)[0] == total, (at, total)
    body = data[at + 8 : at + total - 4]
    if kind == 0x0A0D0D0A:
        assert struct.unpack_from("=IHH", body) == (0x1A2B3C4D, 1, 0)
        options = body[16:]
    elif kind == 1:
        assert struct.unpack_from("=H", body)[0] == 101
        options = body[8:]
    else:
        assert kind == 6
        _, high, low, kept, whole = struct.unpack_from("=IIIII", body)
        packets.append(((high << 32) + low, body[20 : 20 + kept]))
        assert kept == whole
        options = body[20 + (kept + 3) // 4 * 4 :]
    while options:
        code, length = struct.unpack_from("=HH", options)
        if code == 1:
            comments.append(options[4 : 4 + length].decode())
        if code == 0:
            assert length == 0
        options = options[4 + (length + 3) // 4 * 4 :]
    at += total
assert len(packets) == int(sys.argv[2]), (len(packets), sys.argv[2])
assert [time for time, _ in packets] == sorted(time for time, _ in packets)
assert all(packet[0] >> 4 == 4 and packet[9] == 6 for _, packet in packets)
assert any(comment.startswith("client: loping (pid ") for comment in comments), comments
assert any(comment.startswith("server: lopong (pid ") for comment in comments), comments
PY
  expect_equal "" "$stderr"
  expect_status 0
}

@test "without CAP_NET_RAW the steps are told with the sockets' facts, and a file of packets is refused" {
  need_command setpriv
  in_lab open <<< 'setpriv --bounding-set -net_raw loping ladder; setpriv --bounding-set -net_raw loping ladder --pcap never 2>&1; echo "status $?"; ls'
  expect_contains "$output" "need CAP_NET_RAW, which this user has not (EPERM)"
  expect_contains "$output" "and the connection stands. Three packets went: SYN from port"
  expect_contains "$output" "16 bytes came back: lopong's welcome"
  expect_contains "$output" "64 bytes were back, the same that were sent"
  expect_contains "$output" "the server's FIN came"
  expect_contains "$output" "now: client TIME_WAIT, server no socket"
  expect_contains "$output" "--pcap: nothing was written"
  expect_contains "$output" "status 3 lopong.log"
}

@test "what cannot have a ladder says why" {
  local row
  for row in "unix:/tmp/x|has no packets" "7/udp|so no ladder" "80-90|a ladder is of one connection" "192.0.2.1:80|neither loopback nor" "0|port 0"; do
    run "$LOPING" ladder "${row%|*}"
    expect_status 2
    expect_contains "$output" "${row#*|}"
  done
  run "$LOPING" ladder 1 2
  expect_status 2
}
