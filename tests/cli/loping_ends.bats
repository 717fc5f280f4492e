#!/usr/bin/env bats
# Every run ends, whatever the peer or the reader of the output does; and what it says of its end agrees with what came
# before it.

load test_helper
load loping_helper

said() {
  tr -s ' \n' ' ' <<< "$output $stderr"
}

@test "a stream to a server that drips: the counting stops at the duration, and the waiting at the time limit" {
  start_peer tcp4 drip 100 5
  loping_result throughput --size 64KiB --duration 100ms --timeout 2s "$PORT"
  expect_status 0
  expect_contains "$(said)" "not all had come 2.00 s later (--timeout), and it was not waited for any longer"
  expect_json '.error == null' '.runs[0].interrupted == false' '.runs[0].errors.timed_out == 0' \
    '.runs[0].throughput.bytes_received > 0'
}

@test "one Ctrl-C ends a stream to a server that drips, with its summary" {
  start_peer --tell 1 tcp4 drip 100 5
  start_loping run throughput --size 64KiB --warmup 0 --duration 1h --timeout 1s --json "$RESULT" "$PORT"
  # The first interval is over: something is counted.
  wait_until connection_stands "$PORT"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_json '.runs[0].interrupted == true'
  expect_contains "$(cat "$LOPING_OUT" "$LOPING_ERR")" nterrupted
}

connection_stands() {
  ss -tn state established "dport = :$1" | grep -q "127.0.0.1:$1"
}

@test "a message that comes back byte by byte is said to be slow, not silent" {
  start_peer tcp4 drip 0 100
  loping_result latency --warmup 0 --timeout 1s "$PORT"
  expect_status 3
  expect_matches "$(said)" "only [0-9]+ of an echo's 64 bytes came within 1.00 s"
  expect_contains "$(said)" "a longer --timeout waits for it"
  expect_lacks "$(said)" "no echo server"
}

@test "a connection's echo has the time limit in all, however it comes" {
  start_peer tcp4 drip 0 50
  loping_result connect --size 4KiB --warmup 0 --timeout 1s "$PORT"
  expect_status 3
  expect_json '.runs[0].errors.timed_out == 1'
}

@test "a stream that the server ends: the bytes that came before are said, and no word of no echo" {
  start_peer tcp4 end-after 3000000
  loping_result throughput --warmup 0 --duration 1h "$PORT"
  expect_status 3
  expect_matches "$(said)" "lost 127.0.0.1:$PORT \(tcp\) after [0-9.]+ [MK]iB \([0-9.]+ [mu]?s\): "
  expect_matches "$(said)" "Measured before it: [0-9.]+ [MK]iB\."
  expect_lacks "$(said)" "before the first echo"
  expect_lacks "$(said)" "no echo server"
  expect_json '.error.what_happened | test("after [0-9.]+ [MK]iB")' '.runs[0].interrupted == false'
}

@test "of ten connections one falls silent: which share, after how much, and no word of no echo" {
  start_peer tcp4 silent-third 1000000
  loping_result throughput --connections 10 --size 4KiB --warmup 0 --duration 1h --timeout 2s "$PORT"
  expect_status 3
  expect_contains "$(said)" "on 1 of 10 connections, after 977 KiB there, no echo came within 2.00 s"
  expect_lacks "$(said)" "no echo server"
}

@test "round trips of the warm-up are said to be that" {
  start_peer tcp4 silent-after 6400
  loping_result latency --warmup 1h --timeout 1s "$PORT"
  expect_status 3
  expect_contains "$(said)" "after 100 round trips of the warm-up"
  expect_contains "$(said)" "Measured before it: nothing, it was still warming up."
}

@test "a server that echoes the greeting alone is stuck, not no echo server" {
  start_peer tcp4 silent-after 0
  loping_result throughput --timeout 1s "$PORT"
  expect_status 3
  expect_contains "$(said)" "It echoed the first bytes, and then no more: it is stuck."
  expect_lacks "$(said)" "no echo server"
}

@test "ping ends at once when nobody reads its lines any more" {
  start_lopong --tcp
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c '
    "$LOPING" ping --interval 10ms --json "$RESULT" "$1" | head -1
    exit "${PIPESTATUS[0]}"' - "$PORT"
  expect_status 3
  expect_contains "$stderr" "nobody reads the output any more"
  expect_json '.error.what_happened | contains("nobody reads")' '.runs[0].interrupted == false'
}

@test "a run without lines ends as well when its reader is gone" {
  start_lopong --tcp
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c '
    "$LOPING" latency --duration 1h "$1" | true
    exit "${PIPESTATUS[0]}"' - "$PORT"
  expect_status 3
  expect_contains "$stderr" "nobody reads the output any more"
}

@test "the terminal's end (SIGHUP) gives the full summary and a whole result file" {
  start_peer --tell 6400 tcp4 echo
  start_loping run latency --warmup 0 --duration 1h --json "$RESULT" "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
  kill -HUP "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_contains "$(cat "$LOPING_OUT")" "Interrupted: the figures are those of the time until then."
  expect_json '.error == null' '.runs[0].interrupted == true' '.runs[0].rtt_ns.count >= 100'
}

@test "under nohup a SIGHUP is nothing" {
  start_peer --tell 6400 tcp4 echo
  start_background run nohup "$LOPING" latency --warmup 0 --duration 1h --json "$RESULT" "$PORT"
  LOPING_PID=$BACKGROUND_PID
  wait_until file_contains "$PEER_OUT" echoed
  kill -HUP "$LOPING_PID"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_json '.runs[0].interrupted == true'
}

@test "a schedule that no machine keeps is given up, and what was possible is said" {
  start_lopong --tcp
  loping_result latency --connections 50 --rate 1000000 --warmup 10ms --duration 1s "$PORT"
  expect_status 0
  expect_matches "$(said)" "Beyond capacity: of 1,000,000 messages at 1,000,000 a second, [0-9,]+ had left after [0-9.]+ m?s: [0-9,]+ a second were possible"
  expect_json '.runs[0].errors.lost == 0' '.runs[0].rtt_ns.count < 1000000' '.runs[0].interrupted == false'
}

@test "a rate of few messages is that of the schedule, and digits show what a threshold sees" {
  start_lopong --tcp
  loping_result latency --rate 10 --count 2 --warmup 0 --fail-if 'round_trips_per_second<9.5' \
    --fail-if 'round_trips_per_second>10.5' "$PORT"
  expect_status 0
  expect_json '.runs[0].throughput.round_trips_per_second | . > 9.5 and . <= 10'
  loping_result ping --interval 100ms --count 2 --fail-if 'round_trips_per_second<10.5' "$PORT"
  expect_status 1
  expect_matches "$(said)" "round_trips_per_second is (10|9\.[0-9]+), [0-9.]+ \([0-9.]+ %\) below 10\.5"
}

@test "a datagram that comes after the time limit counts with its time, and is not lost" {
  # The second is answered when twenty more have come; it is given up before.
  start_udp_peer late 2 20
  loping_result latency --udp --warmup 0 --count 50 --timeout 200ms "$PORT"
  expect_status 0
  expect_json '.runs[0].errors.lost == 0' '.runs[0].errors.timed_out == 1' '.runs[0].rtt_ns.count == 50' \
    '.runs[0].rtt_ns.max > 200000000'
}

@test "a payload is printed as it was given" {
  start_lopong --tcp
  local size
  for size in 1472 1473; do
    loping_result latency "${FAST[@]}" --size "$size" "$PORT"
    expect_contains "$output" "1,${size:1} B messages"
  done
  loping_result latency "${FAST[@]}" --size 64KiB "$PORT"
  expect_contains "$output" "64 KiB messages"
}

@test "the server's share of the CPUs is told of every workload that can know who it is" {
  start_lopong --tcp --udp
  local arguments
  for arguments in "throughput" "connect" "latency --size 10" "latency --udp" "throughput --direction up"; do
    # shellcheck disable=SC2086
    loping_result $arguments --warmup 0 --duration 50ms "$PORT"
    expect_json '.runs[0].cpu_use.server_cpus | type == "number"'
  done
}

@test "one round trip is one, not many" {
  start_lopong --tcp
  loping_result latency --warmup 0 --count 1 "$PORT"
  expect_contains "$output" "Only 1 round trip:"
}

@test "a watch ends when its reader is gone, and with the terminal" {
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c '"$LOPING" ports --watch | true; exit "${PIPESTATUS[0]}"'
  expect_status 3
  expect_contains "$stderr" "nobody reads the output any more: the watch was ended"
  start_loping watch ports --watch
  wait_until file_contains "$LOPING_ERR" watching
  kill -HUP "$LOPING_PID"
  wait_loping
  expect_status 0
}

@test "a wait ends with the terminal, and says so" {
  start_loping wait wait --timeout 1h "$(unused_port)"
  wait_until handles_hang_up "$LOPING_PID"
  kill -HUP "$LOPING_PID"
  wait_loping
  expect_status 3
  expect_contains "$(cat "$LOPING_ERR")" SIGHUP
}

# Bit 0 of the mask is signal 1 (proc_pid_status(5), SigCgt).
handles_hang_up() {
  local mask
  [ -r "/proc/$1/status" ] || return 0
  # Until it is loping itself, it is a shell, which may catch the signal as well.
  [ "/proc/$1/exe" -ef "$LOPING" ] || return 1
  mask=$(sed -n 's/^SigCgt:\t*//p' "/proc/$1/status")
  ((16#${mask: -1} & 1))
}

@test "with few descriptors there is a sentence and status 3, never a crash" {
  need_command prlimit
  local limit command
  start_lopong --tcp
  # The leak check of a sanitizer needs a descriptor of its own, and hangs for want of one.
  export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
  # With the fewest the system cannot load the program (127).
  for limit in 4 5 6 7 8 9 10 12 14 16; do
    for command in "latency --count 3" "ping --count 1" "throughput --duration 20ms" "check" "ports" \
      "wait --timeout 1s"; do
      # shellcheck disable=SC2086
      run_timeout "$DEADLINE_SECONDS" prlimit "--nofile=$limit:$limit" "$LOPING" $command "$PORT"
      [ "$status" -ne 0 ] && [ "$status" -ne 127 ] || continue
      expect_status 3
      expect_matches "$output $stderr" "descriptors?|open files|EMFILE"
    done
  done
  for limit in 4 5 6; do
    run_timeout "$DEADLINE_SECONDS" prlimit "--nofile=$limit:$limit" "$LOPONG" --port 0 3>&- 4>&-
    [ "$status" -ne 127 ] && [ "$limit" -lt 6 ] || continue
    expect_status 3
    expect_contains "$stderr" "too few file descriptors are left to begin with"
  done
}
