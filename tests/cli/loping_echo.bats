#!/usr/bin/env bats
# loping measures every echo server: lopong with its extras, and any plain one without them, over each transport.

load test_helper
load loping_helper

setup() {
  SOCKET=$BATS_TEST_TMPDIR/echo.sock
}

# measures COMMAND TARGET KIND: the result says what was measured, against whom, and that all was sound.
measures() {
  local arguments=("${FAST[@]}")
  case $1 in
    latency*) ;;
    ping*) arguments=(--count 3 --interval 1ms) ;;
    *) arguments=(--warmup 10ms --duration 50ms) ;;
  esac
  # shellcheck disable=SC2086 # $1 may be two words, or none for the report card
  loping_result $1 "${arguments[@]}" "$2"
  expect_status 0
  expect_equal "" "$stderr"
  expect_json '.error == null' '[.runs[].errors | del(.first_corrupted_offset) | add] | add == 0' \
    ".runs | all(.peer.kind == \"$3\")" '.runs | all(.interrupted == false)'
}

# measures_all TARGET KIND: every command.
measures_all() {
  measures latency "$1" "$2"
  expect_json '.runs[0].rtt_ns.count == 50' '.runs[0].workload.name == "latency"'
  measures ping "$1" "$2"
  expect_json '.runs[0].rtt_ns.count == 3' '.runs[0].workload.name == "ping"'
  measures throughput "$1" "$2"
  expect_json '.runs[0].throughput.bytes_received > 0' '.runs[0].workload.direction == "echo"'
  measures "" "$1" "$2"
  expect_json '[.runs[].workload.name] == ["latency", "throughput"]' '.runs[0].rtt_ns.count > 0' \
    '.runs[1].throughput.bytes_received > 0'
}

@test "every command measures lopong over TCP on IPv4" {
  start_lopong --tcp
  measures_all "$PORT" lopong
  expect_json ".runs[0].peer.pid == $LOPONG_PID" ".runs[0].workload.port == $PORT" \
    '.runs[0].workload.address == "127.0.0.1"' '.runs[0].workload.transport == "tcp"'
}

@test "every command measures lopong over TCP on IPv6" {
  start_lopong --tcp --bind ::1
  measures_all "[::1]:$PORT" lopong
  expect_json '.runs[0].workload.address == "::1"'
}

@test "every command measures lopong over a unix socket" {
  start_lopong --tcp --unix "$SOCKET"
  measures_all "unix:$SOCKET" lopong
  expect_json ".runs[0].workload.address == \"$SOCKET\"" '.runs[0].workload.port == null' \
    '.runs[0].workload.transport == "unix"'
}

@test "latency and ping measure lopong over UDP on both families" {
  start_lopong --udp --bind localhost
  local target
  for target in "127.0.0.1:$PORT" "[::1]:$PORT"; do
    measures "latency --udp --depth 4" "$target" lopong
    expect_json '.runs[0].legs_ns.there.count == 50' '.runs[0].workload.transport == "udp"'
    measures "ping --udp" "$target" lopong
  done
}

@test "every command measures a plain echo server over TCP and a unix socket, without legs" {
  start_peer tcp4 echo
  measures_all "$PORT" plain-echo
  expect_json '.runs[0].legs_ns == null' '.runs[0].peer.pid == null'
  start_peer tcp6 echo
  measures_all "[::1]:$PORT" plain-echo
  start_peer "$SOCKET" echo
  measures_all "unix:$SOCKET" plain-echo
}

@test "latency and ping measure a plain UDP echo server" {
  start_udp_peer echo
  measures "latency --udp --depth 4" "$PORT" plain-echo
  expect_json '.runs[0].legs_ns == null'
  measures "ping --udp" "$PORT" plain-echo
}

# Each command gets a server of its own, which serves one connection and closes its listener.
@test "a server that takes one connection is enough for latency, ping and throughput" {
  local command
  for command in latency ping throughput; do
    start_peer --once tcp4 echo
    case $command in
      latency) loping_result latency "${FAST[@]}" "$PORT" ;;
      ping) loping_result ping --count 3 --interval 1ms "$PORT" ;;
      throughput) loping_result throughput --warmup 0 --duration 50ms "$PORT" ;;
    esac
    expect_status 0
    expect_equal "" "$stderr"
    expect_json '.error == null' '.runs[0].throughput.bytes_received > 0'
  done
}

@test "socat is measured, with and without fork" {
  need_command socat
  PORT=$(unused_port)
  start_background socat socat "TCP4-LISTEN:$PORT,bind=127.0.0.1,fork,reuseaddr,nodelay" EXEC:cat
  wait_until nc -z 127.0.0.1 "$PORT"
  measures_all "$PORT" plain-echo
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 2 --interval 1ms" "throughput --warmup 0 --duration 50ms"; do
    PORT=$(unused_port)
    # In larger blocks than 4,096 bytes it can wait for room in its own pipe, which only itself would read.
    start_background socat socat -b 4096 -d -d "TCP4-LISTEN:$PORT,bind=127.0.0.1,nodelay" PIPE
    wait_until grep -q "listening on" "$BATS_TEST_TMPDIR/socat.err"
    # shellcheck disable=SC2086
    loping_result $command "$PORT"
    expect_status 0
    expect_equal "" "$stderr"
    expect_json '.error == null'
    rm "$BATS_TEST_TMPDIR/socat.err"
  done
}

@test "nc with cat behind it is measured" {
  need_command nc
  PORT=$(unused_port)
  mkfifo "$BATS_TEST_TMPDIR/loop"
  # shellcheck disable=SC2016
  start_background nc bash -c 'exec nc -v -l 127.0.0.1 "$1" < "$2" | cat > "$2"' _ "$PORT" "$BATS_TEST_TMPDIR/loop"
  wait_until grep -q Listening "$BATS_TEST_TMPDIR/nc.err"
  loping_result latency "${FAST[@]}" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 50' '.runs[0].peer.kind == "plain-echo"'
}

@test "messages of every size from 1 byte to 1 MiB come back byte for byte over TCP, with legs from 40 to 65536" {
  start_lopong --tcp
  local size legs
  for size in 1 2 7 8 9 39 40 41 64 65536 65537 1MiB; do
    loping_result latency --warmup 0 --count 20 --size "$size" "$PORT"
    expect_status 0
    expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].errors.corrupted == 0' '.runs[0].peer.kind == "lopong"'
    legs=$(from_json '.runs[0] | (.legs_ns != null) == (.workload.payload_bytes >= 40 and .workload.payload_bytes <= 65536)')
    expect_equal "$size: true" "$size: $legs"
  done
}

@test "datagrams of every size from 1 to 65507 bytes come back byte for byte, and lopong is known by each" {
  start_lopong --udp
  local size
  for size in 1 2 7 8 39 40 41 1472 1473 65507; do
    loping_result latency --udp --warmup 0 --count 20 --size "$size" "$PORT"
    expect_status 0
    expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].errors.corrupted == 0' '.runs[0].peer.kind == "lopong"'
  done
}

@test "over IPv6 a datagram is 20 bytes larger, and comes back whole" {
  start_lopong --bind ::1 --udp
  local size
  for size in 65508 65527; do
    loping_result latency --warmup 0 --count 20 --size "$size" "[::1]:$PORT/udp"
    expect_status 0
    expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].errors.corrupted == 0' '.runs[0].peer.kind == "lopong"'
  done
}

@test "small datagrams of a plain UDP echo server are measured and said to be from one" {
  start_udp_peer echo
  loping_result latency --udp --size 10 "${FAST[@]}" "$PORT"
  expect_status 0
  expect_json '.runs[0].peer.kind == "plain-echo"' '.runs[0].rtt_ns.count == 50'
}

@test "an echo that comes a byte at a time is measured like any other" {
  start_peer tcp4 trickle
  loping_result latency --warmup 0 --count 20 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 20' '.runs[0].peer.kind == "plain-echo"'
}

@test "exactly --count round trips are measured, whatever the connections and their depth" {
  start_lopong --tcp --udp
  local arguments
  for arguments in "" "--connections 7" "--depth 5" "--connections 3 --depth 4" "--udp --connections 3 --depth 4"; do
    # shellcheck disable=SC2086
    loping_result latency --warmup 20ms --count 1001 $arguments "$PORT"
    expect_status 0
    expect_json '.runs[0].rtt_ns.count == 1001' '.runs[0].throughput.bytes_received == 64064' \
      '.runs[0].throughput.bytes_sent == 64064'
  done
  loping_result latency --warmup 0 --count 1 --connections 5 --depth 8 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 1' '.runs[0].workload.connections == 5' '.runs[0].workload.depth == 8'
}

@test "200 connections at once are all measured" {
  start_lopong --tcp
  loping_result latency --connections 200 --warmup 0 --count 2000 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 2000' '.runs[0].errors.connection_failures == 0'
  loping_result throughput --connections 20 --warmup 0 --duration 100ms "$PORT"
  expect_status 0
  expect_json '.runs[0].throughput.bytes_received > 0' '.runs[0].errors.corrupted == 0'
}

@test "a duration that is over before the first echo lasts until it has come" {
  # The first reply takes longer than all the time to measure, in the warm-up as well as without one.
  start_peer tcp4 slow-first 64 1 300
  loping_result latency --warmup 10ms --duration 20ms "$PORT"
  expect_status 0
  expect_equal "" "$stderr"
  expect_json '.runs[0].rtt_ns.count >= 1' '.runs[0].interrupted == false'
  start_peer tcp4 slow-first 65536 1 300
  loping_result throughput --size 64KiB --warmup 0 --duration 20ms "$PORT"
  expect_status 0
  expect_equal "" "$stderr"
  expect_json '.runs[0].throughput | .bytes_received > 0 and .bits_per_second > 0' '.runs[0].interrupted == false'
}

@test "localhost reaches a server that is on one of its addresses only" {
  getent ahosts localhost | grep -q '^::1 ' || skip "localhost is IPv4 alone here"
  start_lopong --tcp --bind 127.0.0.1
  loping_result latency "${FAST[@]}" "localhost:$PORT"
  expect_status 0
  expect_json '.runs[0].workload.address == "127.0.0.1"'
  start_lopong --tcp --bind ::1
  loping_result latency "${FAST[@]}" "localhost:$PORT"
  expect_status 0
  expect_json '.runs[0].workload.address == "::1"'
}
