#!/usr/bin/env bats
# Every byte of every echo is compared, and every datagram accounted for: what a wrong server did is counted exactly,
# the first wrong byte is shown, and the answer is no (exit 1).

load test_helper
load loping_helper

# measures_wrong OFFSET ARGUMENT...: one echo is corrupted, and the first wrong byte is at OFFSET.
measures_wrong() {
  local offset=$1
  shift
  loping_result "$@" "$PORT"
  expect_status 1
  expect_equal "" "$stderr"
  expect_json '.error == null' '.runs[0].errors.corrupted == 1' ".runs[0].errors.first_corrupted_offset == $offset"
  expect_contains "$output" "corrupted: 1"
  expect_contains "$(tr -s ' \n' ' ' <<< "$output")" "offset $offset of its connection's stream"
}

@test "a corrupted byte is found in the first, a middle and the last byte of a message, header and payload alike" {
  local at offsets=(0 5 6 16 24 39 40 63 384 388 447)
  start_peer tcp4 corrupt-one-each "${offsets[@]}"
  # The seventh message of 64 bytes begins at 384.
  for at in "${offsets[@]}"; do
    measures_wrong $at latency "${FAST[@]}"
    expect_json '.runs[0].rtt_ns.count == 49'
  done
}

@test "a corrupted byte is found in messages too small for a header, and in large ones" {
  start_peer tcp4 corrupt 11
  measures_wrong 11 latency "${FAST[@]}" --size 3
  start_peer tcp4 corrupt 3000000
  measures_wrong 3000000 latency "${FAST[@]}" --size 1MiB
}

@test "a corrupted byte is found with many messages in flight" {
  start_peer tcp4 corrupt 1000
  measures_wrong 1000 latency "${FAST[@]}" --depth 16
}

@test "ping finds a corrupted byte" {
  start_peer tcp4 corrupt 70
  measures_wrong 70 ping --count 3 --interval 1ms
  expect_json '.runs[0].rtt_ns.count == 2'
}

@test "throughput finds a corrupted byte in its stream" {
  # In the first write, which comes back whole however short the time is.
  start_peer tcp4 corrupt 123456
  measures_wrong 123456 throughput --warmup 0 --duration 100ms
}

@test "the report card finds a corrupted byte" {
  # In the first message.
  start_peer tcp4 corrupt 50
  loping_result --warmup 0 --duration 30ms "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.corrupted == 1' '.runs[1].errors.corrupted == 1' \
    '[.runs[].errors.first_corrupted_offset] == [50, 50]'
}

@test "of several corrupted echoes the first byte is shown" {
  start_peer tcp4 corrupt 200 300 600
  loping_result latency "${FAST[@]}" "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.corrupted == 3' '.runs[0].errors.first_corrupted_offset == 200' \
    '.runs[0].rtt_ns.count == 47'
}

@test "bytes that nobody sent are corruption, too" {
  start_peer tcp4 extra 64 20
  loping_result latency "${FAST[@]}" "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.corrupted > 0' '.runs[0].errors.first_corrupted_offset == 1280'
}

@test "a server whose times lie outside of the round trip is measured without its legs" {
  local times
  for times in "-5 10" "1000000000 1000000001" "10 5"; do
    # shellcheck disable=SC2086
    start_peer tcp4 stamp -- $times
    loping_result latency "${FAST[@]}" "$PORT"
    expect_status 0
    expect_json '.runs[0].rtt_ns.count == 50' '.runs[0].legs_ns == null' \
      '.runs[0].notes | any(contains("server times that do not lie between"))'
  done
}

# --- datagrams ---------------------------------------------------------------------------------------------------------

# A reply that a busy machine delays must not count as lost.
UDP=(latency --udp --warmup 0 --count 40 --timeout 2s)

@test "swallowed datagrams are counted as lost, and the rest is measured" {
  start_udp_peer swallow 3 17 18
  loping_result "${UDP[@]}" "$PORT"
  expect_status 1
  expect_json '.error == null' '.runs[0].errors.lost == 3' '.runs[0].errors.timed_out == 3' \
    '.runs[0].rtt_ns.count == 37' '.runs[0].errors.duplicated == 0' '.runs[0].errors.reordered == 0'
  expect_contains "$output" "lost: 3, timed out: 3"
}

@test "swallowed datagrams are counted with many in flight" {
  start_udp_peer swallow 1 9 40
  # They wait beside each other, so a machine that is too busy to answer within 2 s can have twice that.
  loping_result "${UDP[@]/2s/4s}" --depth 8 "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.lost == 3' '.runs[0].rtt_ns.count == 37' '.runs[0].errors.corrupted == 0'
}

@test "the last datagram is counted as lost, too, whenever its time is up" {
  # Some runs once ended within the millisecond before it was. A delay by a busy machine changes no sum, and where
  # nothing at all came in three times the limit, that is said instead. A port may serve a second run: 4, 6, ...
  local run
  start_udp_peer swallow 2 4 6 8 10 12
  for run in {1..40}; do
    loping_result latency --udp --warmup 0 --count 2 --timeout 20ms "$PORT"
    expect_json '.error != null or .runs[0].errors.lost + .runs[0].rtt_ns.count == 2'
  done
}

@test "doubled datagrams are counted as duplicated" {
  start_udp_peer double 2 3 30
  loping_result "${UDP[@]}" "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.duplicated == 3' '.runs[0].errors.lost == 0' '.runs[0].rtt_ns.count == 40'
  expect_contains "$output" "duplicated: 3"
}

@test "swapped datagrams are counted as reordered, and that is no data error" {
  start_udp_peer swap 2 9 20
  loping_result "${UDP[@]}" --depth 4 "$PORT"
  expect_status 0
  expect_json '.runs[0].errors.reordered == 3' '.runs[0].errors.lost == 0' '.runs[0].errors.duplicated == 0' \
    '.runs[0].rtt_ns.count == 40'
  expect_contains "$output" "reordered: 3"
}

@test "datagrams of every kind of size carry enough to be told apart" {
  local size
  start_udp_peer swap 5 12
  for size in 1 2 8 39 40 1400; do
    loping_result "${UDP[@]}" --depth 4 --size $size "$PORT"
    expect_status 0
    expect_json '.runs[0].errors.reordered == 2' '.runs[0].errors.lost == 0' '.runs[0].rtt_ns.count == 40'
  done
  start_udp_peer double 5
  for size in 1 2 8 39 40 1400; do
    loping_result "${UDP[@]}" --size $size "$PORT"
    expect_status 1
    expect_json '.runs[0].errors.duplicated == 1' '.runs[0].errors.lost == 0'
  done
}

@test "a reply that comes after the timeout is late, and not lost" {
  # The sixth message leaves when the fifth is given up; the answer to the fifth follows that to the sixth.
  start_udp_peer late 5 1
  loping_result "${UDP[@]}" "$PORT"
  expect_status 0
  expect_json '.runs[0].errors.timed_out == 1' '.runs[0].errors.lost == 0' '.runs[0].errors.reordered == 1' \
    '.runs[0].rtt_ns.count == 40' '.runs[0].rtt_ns.max > 1000000'
  expect_contains "$output" "timed out: 1"
}

@test "a reply that came while loping itself was stopped is not late" {
  start_udp_peer echo
  # With eight in flight there are always some whose replies come while it is stopped.
  start_loping stopped latency --udp --depth 8 --warmup 0 --duration 1h --timeout 200ms --json "$RESULT" \
    --json-stream "$BATS_TEST_TMPDIR/stream" "$PORT"
  wait_until has_begun "$BATS_TEST_TMPDIR/stream"
  kill -STOP "$LOPING_PID"
  # Longer than the time limit: more of it changes nothing.
  sleep 0.5
  kill -CONT "$LOPING_PID"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.runs[0].errors | .timed_out == 0 and .lost == 0' '.runs[0].rtt_ns.max >= 400000000'
}

@test "a late reply that comes twice is late once and duplicated once" {
  start_udp_peer late 5 1 2
  loping_result "${UDP[@]}" "$PORT"
  expect_status 1
  expect_json '.runs[0].errors.timed_out == 1' '.runs[0].errors.lost == 0' '.runs[0].errors.duplicated == 1'
}

@test "a reply that is thousands of messages late is late, and not corrupted" {
  start_udp_peer late 5 6000
  loping_result latency --udp --warmup 0 --count 7000 --timeout 2s "$PORT"
  expect_status 0
  expect_json '.runs[0].errors.corrupted == 0' '.runs[0].errors.lost == 0' '.runs[0].errors.timed_out == 1' \
    '.runs[0].rtt_ns.count == 7000' '.runs[0].rtt_ns.max > 2000000000'
}

@test "a corrupted byte in a datagram is counted, and its offset shown" {
  start_udp_peer corrupt 4 50
  loping_result "${UDP[@]}" "$PORT"
  expect_status 1
  # Three datagrams of 64 bytes came before it.
  expect_json '.runs[0].errors.corrupted == 1' '.runs[0].errors.first_corrupted_offset == 242' \
    '.runs[0].rtt_ns.count == 39'
}

@test "a datagram that came back shorter or longer, or was never sent, is corrupted" {
  local behaviour
  for behaviour in shorten lengthen invent; do
    start_udp_peer $behaviour 4
    loping_result "${UDP[@]}" "$PORT"
    expect_status 1
    expect_json '.runs[0].errors.corrupted == 1'
  done
}

@test "ping says which datagram had no reply, and goes on" {
  start_udp_peer swallow 2
  loping ping --udp --count 3 --interval 1ms --timeout 2s "$PORT"
  expect_status 1
  expect_matches "$output" 'seq=1 64 bytes RTT .*seq=2 no reply within 2.00 s.*seq=3 64 bytes RTT .*2 replies'
  expect_contains "$output" "lost: 1"
}
