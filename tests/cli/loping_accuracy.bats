#!/usr/bin/env bats
# Figures that must be right: against servers that are slow on purpose, and on a schedule. How slow a server truly was it
# tells itself, and how late a busy machine made a message the result does; the figures are held to that.

load test_helper
load loping_helper

@test "replies that are 5 ms late are measured as late as the server says, each of them" {
  start_server_script timing_peers.py late 5
  loping_result latency --warmup 0 --count 100 --raw "$BATS_TEST_TMPDIR/raw" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.min >= 5000000' '.runs[0].rtt_ns.count == 100'
  expect_true_times "$BATS_TEST_TMPDIR/raw"
}

@test "a stall of 200 ms is in the open loop's response time, and one slow round trip of the closed loop" {
  start_server_script timing_peers.py stall 1000 200
  loping_result latency --rate 1000 --duration 2s --warmup 0 "$PORT"
  expect_status 0
  # A fifth of the messages fall due during a stall.
  expect_json '.runs[0].response_ns.p99 > 100000000' '.runs[0].response_ns.count == 2000' \
    '.runs[0].response_ns.max >= .runs[0].rtt_ns.max'
  start_server_script timing_peers.py stall 1000 200
  loping_result latency --duration 2s --warmup 0 --raw "$BATS_TEST_TMPDIR/raw" "$PORT"
  expect_status 0
  # A stall is not said of a machine that makes every round trip slow.
  expect_json '.runs[0].response_ns == null' '.runs[0].rtt_ns.max < 1000 * .runs[0].rtt_ns.p50 or
    (.runs[0].notes | any(contains("in a closed loop")) and any(contains("--rate")))'
  expect_true_times "$BATS_TEST_TMPDIR/raw"
}

# expect_true_schedule RATE MEASURED: by the times that the messages carried to the server.
expect_true_schedule() {
  wait_until file_contains "$PEER_OUT" "end "
  run_python "$PEER_OUT" "$RESULT" "$1" "$2" << 'PY'
import json, sys
sent = [int(line.split()[1]) for line in open(sys.argv[1]) if line.startswith("message")]
run, rate, measured = json.load(open(sys.argv[2]))["runs"][0], int(sys.argv[3]), int(sys.argv[4])
# By how much each was late, more or less the same unknown: the moment of the first.
late = [sent_ns - number * 1_000_000_000 // rate for number, sent_ns in enumerate(sent)]
told = run["pacing_error_ns"]
spread = max(late[-measured:]) - min(late[-measured:])
# Numbers of a histogram are up to a thousandth too large; whole numbers of ns are rounded.
assert spread - 2 <= told["max"] - told["min"] * 0.999 and told["max"] * 0.999 - told["min"] <= spread + 2, (spread, told)
took = sent[-1] - sent[-measured]
most, least = (1e9 * (measured - 1) / (took + error) for error in (told["min"] * 0.999, told["max"]))
assert least * 0.999999 <= run["achieved_per_second"] <= most * 1.000001, (least, run["achieved_per_second"], most)
# A busy machine makes some late; a lateness that stays was added up.
if rate <= 1000:
    half = len(late) // 2
    assert min(late[half:]) - min(late[:half]) < 10_000_000, "the second half is late"
PY
  expect_status 0
}

@test "the schedule of an open loop is kept at 100, 1,000 and 20,000 a second, and what was late is said" {
  local rate count
  # Of the highest rate no more than the server, a script, also manages when it gets little of a CPU.
  for rate in 100 1000 20000; do
    count=$((rate * 3 / 2 < 5000 ? rate * 3 / 2 : 5000))
    start_server_script timing_peers.py late 0
    loping_result latency --rate $rate --count $count --warmup 100ms --timeout "${DEADLINE_SECONDS}s" "$PORT"
    expect_status 0
    expect_json ".runs[0].workload.rate_per_second == $rate" ".runs[0].rtt_ns.count == $count" \
      '.runs[0].pacing_error_ns.p99 > 0' '.runs[0].workload.depth | type == "number" or . == null'
    expect_true_schedule $rate $count
  done
}

@test "an open loop over several connections and over UDP keeps its schedule, too" {
  start_lopong
  loping_result latency --rate 2000 --duration 200ms --warmup 0 --connections 7 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 400'
  # No more than a socket's buffer holds: a side that gets no CPU for a while loses none.
  loping_result latency --udp --rate 2000 --count 200 --warmup 0 "${PATIENT[@]}" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 200' '.runs[0].errors.lost == 0'
}

@test "response time is never less than service time" {
  start_lopong
  loping_result latency --rate 5000 --duration 300ms --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0] | .response_ns.min >= .rtt_ns.min and .response_ns.mean >= .rtt_ns.mean and
    .response_ns.p99 >= .rtt_ns.p99 * 0.999'
}

@test "a rate and a depth contradict each other" {
  loping latency --rate 100 --depth 4
  expect_status 2
  expect_contains "$stderr" "--rate and --depth contradict"
}

@test "up: the server's count is compared with the client's" {
  start_lopong
  loping_result throughput --direction up --duration 200ms --warmup 50ms --connections 3 "$PORT"
  expect_status 0
  expect_json '.runs[0].server_count | .server_bytes == .client_bytes and .server_bytes > 0 and .bits_per_second > 0' \
    '.runs[0].throughput.bytes_sent > 0' '.runs[0].workload.direction == "up"'
  start_server_script timing_peers.py miscount 1
  loping_result throughput --direction up --duration 100ms --warmup 0 "$PORT"
  expect_status 1
  expect_json '.runs[0].server_count | .server_bytes == .client_bytes + 1'
}

@test "down: every byte of the source is compared" {
  start_lopong
  loping_result throughput --direction down --duration 200ms --warmup 50ms --connections 3 --seed 7 "$PORT"
  expect_status 0
  expect_json '.runs[0].throughput.bytes_received > 0' '.runs[0].errors.corrupted == 0' '.runs[0].workload.seed == 1'
  start_server_script timing_peers.py bad_source 1234567
  start_loping wrong throughput --direction down --duration 1h --warmup 0 --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" "far beyond"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 1
  expect_json '.runs[0].errors.corrupted == 1' '.runs[0].errors.first_corrupted_offset == 1234567'
}

@test "up and down against a plain echo server are refused in words" {
  local direction
  start_peer tcp4 echo
  for direction in up down; do
    loping throughput --direction $direction "$PORT"
    expect_status 3
    expect_contains "$stderr" "plain echo server"
    expect_contains "$stderr" "lopong --port 0"
  done
}

@test "connect: just --count transactions, each a handshake and a round trip, over TCP and unix sockets" {
  start_lopong --tcp --unix "$BATS_TEST_TMPDIR/socket"
  local target
  for target in "$PORT" "unix:$BATS_TEST_TMPDIR/socket"; do
    loping_result connect --count 300 --warmup 0 --connections 4 "$target"
    expect_status 0
    expect_json '.runs[0].transaction_ns.count == 300' '.runs[0].handshake_ns.count == 300' \
      '.runs[0].rtt_ns.count == 300' '.runs[0].errors.corrupted == 0' \
      '.runs[0] | .transaction_ns.mean >= .handshake_ns.mean + .rtt_ns.mean - 1'
  done
  stop_lopong
  # Of each target 300, the first connection of each of 4 lanes, and the one that asks who echoes.
  expect_contains "$(cat "$LOPONG_OUT")" "connections: 610"
}

@test "connect goes on from other source addresses when the client ports run out, and says so" {
  need_root
  # shellcheck disable=SC2016 # for the inner shell
  run_timeout "$DEADLINE_SECONDS" unshare -n sh -c '
    ip link set lo up
    echo "40000 40049" > /proc/sys/net/ipv4/ip_local_port_range
    mkfifo "$3/ready"
    "$1" --tcp --port 7777 > "$3/ready" 2>&1 &
    server=$!
    # Stays open, so that the server can also say its end.
    exec 5< "$3/ready"
    read -r line <&5
    "$2" connect --count 300 --warmup 0 --json "$3/result" 7777
    status=$?
    kill "$server"
    wait "$server"
    exit "$status"' sh "$LOPONG" "$LOPING" "$BATS_TEST_TMPDIR"
  expect_status 0
  expect_contains "$output" "source addresses"
  RESULT=$BATS_TEST_TMPDIR/result expect_json '.runs[0].transaction_ns.count == 300' '.runs[0].source_addresses >= 6'
}

@test "sweep: a line and two runs for each size, and the knee in words" {
  start_lopong
  loping_result sweep --sizes 1,64,4KiB --duration 50ms --warmup 0 "$PORT"
  expect_status 0
  expect_json '[.runs[].workload.payload_bytes] == [1, 1, 64, 64, 4096, 4096]' \
    '[.runs[].workload.name] == ["latency", "throughput", "latency", "throughput", "latency", "throughput"]'
  expect_contains "$output" "4 KiB"
  expect_contains "$output" "latency:"
  expect_contains "$output" "throughput:"
}

@test "sweep: sizes that cannot be are named" {
  local sizes
  for sizes in "" 0 2MiB 64,64 64,1 64,,128 64,x 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25; do
    loping sweep --sizes "$sizes"
    expect_status 2
    expect_contains "$stderr" "--sizes: "
  done
}

@test "busy-poll is said where it was measured" {
  start_lopong --busy-poll
  loping_result latency --busy-poll --count 200 --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0].workload.wait == "busy-poll"' '.runs[0].rtt_ns.count == 200'
  loping_result latency --busy-poll --udp --count 200 --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 200' '.runs[0].errors.lost == 0'
  loping latency --busy-poll --count 20 --connections 100 "$PORT"
  expect_status 0
  expect_contains "$output" "busy-poll"
}
