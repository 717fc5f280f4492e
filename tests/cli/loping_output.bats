#!/usr/bin/env bats
# What loping shows, and where: results on stdout, everything else on stderr; progress and colours only on a terminal;
# and an output that takes no more is no success.

load test_helper
load loping_helper

ESCAPE=$'\e'

# in_terminal [--both] ARGUMENT...: loping with stderr (and stdout) on a terminal; its bytes are in SHOWN.
in_terminal() {
  need_terminal
  local both=()
  if [ "$1" = --both ]; then
    both=(--both)
    shift
  fi
  SHOWN=$BATS_TEST_TMPDIR/shown
  run_timeout "$DEADLINE_SECONDS" python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" ${both[@]+"${both[@]}"} "$SHOWN" \
    "$LOPING" "$@" < /dev/null
}

# --- results -------------------------------------------------------------------------------------------------------------

@test "latency names the peer, what was measured, the round trip, its half with its label, the legs and the check" {
  start_lopong --tcp
  loping latency --warmup 50ms --count 2000 "$PORT"
  expect_status 0
  expect_equal "" "$stderr"
  expect_contains "$output" "latency to 127.0.0.1:$PORT (tcp), lopong with pid $LOPONG_PID"
  expect_contains "$output" "64 B messages, 1 connection, 1 in flight"
  local words
  words=$(tr -s ' \n' ' ' <<< "$output")
  expect_contains "$words" "measured after 50.0 ms of warm-up that is not counted"
  expect_contains "$words" "round trip (RTT), from just before the send call to just after the last byte of its echo is read"
  expect_matches "$output" 'min +p50 +p90 +p99 +p99\.9 +p99\.99 +max'
  expect_matches "$output" 'half of the p50 round trip: [0-9.]+ (ns|us|ms) \(RTT/2, not a measured one-way time\)'
  expect_matches "$output" 'legs at p50: there [0-9.]+ .s, server [0-9.]+ .s, back [0-9.]+ .s'
  expect_contains "$output" "check: all 2,000 echoes came back byte for byte"
}

@test "a figure of half a round trip never stands without its label" {
  start_peer tcp4 echo
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 2 --interval 1ms" "--warmup 0 --duration 30ms"; do
    # shellcheck disable=SC2086
    loping $command "$PORT"
    expect_status 0
    expect_contains "$output" RTT
    expect_equal "" "$(grep -iE 'half|one-way|RTT/2' <<< "$output" | grep -v 'RTT/2, not a measured one-way time')"
  done
}

@test "a run without a warm-up says so" {
  start_peer tcp4 echo
  loping latency --warmup 0 --count 50 "$PORT"
  expect_contains "$(tr '\n' ' ' <<< "$output")" "measured without a warm-up"
}

@test "the slow replies of the warm-up are not among the figures" {
  # The first 2 replies are 150 ms late, and the warm-up lasts until after them.
  start_server_script timing_peers.py late_first 2 150
  loping_result latency --warmup 2s --count 200 --raw "$BATS_TEST_TMPDIR/raw" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 200' '.runs[0].workload.warmup_ns == 2000000000'
  expect_true_times "$BATS_TEST_TMPDIR/raw"
  [ "$MESSAGES" -gt 202 ]
  loping_result latency --warmup 0 --count 200 "$PORT"
  expect_json '.runs[0].rtt_ns.count == 200' '.runs[0].rtt_ns.max >= 150000000' '.runs[0].workload.warmup_ns == 0'
}

@test "a warm-up that nobody named goes on until the rate has settled, and the report says how long it was" {
  # The first half of the usual 200 ms passes without a reply, and the rate rises after it.
  start_server_script timing_peers.py late_first 2 150
  loping_result latency --count 200 "$PORT"
  expect_status 0
  expect_json '.runs[0].workload.warmup_ns > 250000000' '.runs[0].workload.warmup_ns < 10000000000'
  expect_lacks "$output" "after 200 ms of warm-up"
  expect_matches "$(tr '\n' ' ' <<< "$output")" "after [0-9.]+ m?s of warm-up that is not counted"
  loping_result latency --warmup 200ms --count 200 "$PORT"
  expect_json '.runs[0].workload.warmup_ns == 200000000'
}

@test "the report card shows latency, throughput and the machine, within 80 columns" {
  start_lopong --tcp
  loping --warmup 10ms --duration 50ms --quiet "$PORT"
  expect_status 0
  expect_matches "$output" 'LATENCY.*RTT  p50 .*legs at p50.*check: all .*THROUGHPUT.*bit/s each way.*check: every byte.*MACHINE'
  expect_equal "" "$(grep -v ^MACHINE <<< "$output" | awk 'length > 80')"
}

@test "ping prints a line for each reply, with the legs where the server tells them" {
  start_lopong --tcp
  loping ping --count 3 --interval 1ms "$PORT"
  expect_status 0
  expect_equal 3 "$(grep -cE '^seq=[123] 64 bytes RTT [0-9.]+ .s \(there [0-9.]+ .s, server [0-9.]+ .s, back [0-9.]+ .s\)$' <<< "$output")"
  start_peer tcp4 echo
  loping ping --count 2 --interval 1ms --size 5 "$PORT"
  expect_equal 2 "$(grep -cE '^seq=[12] 5 bytes RTT [0-9.]+ .s$' <<< "$output")"
}

@test "ping's lines come one by one, also into a pipe" {
  start_lopong --tcp
  start_loping run ping --interval 1h "$PORT"
  wait_until file_contains "$LOPING_OUT" "seq=1 "
}

@test "ping keeps its interval" {
  start_lopong --tcp
  loping_result ping --count 5 --interval 20ms "$PORT"
  # Four waits lie between five pings.
  expect_json '.runs[0].workload.interval_ns == 20000000' '.runs[0].workload.duration_ns >= 78000000'
}

# --- quiet, colours, progress ----------------------------------------------------------------------------------------------

@test "--quiet leaves out the notes, not the results" {
  start_peer tcp4 echo
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 2 --interval 1ms" "throughput --warmup 0 --duration 30ms" \
    "--warmup 0 --duration 30ms"; do
    # shellcheck disable=SC2086
    loping $command --quiet "$PORT"
    expect_status 0
    expect_lacks "$output" "note:"
    expect_contains "$output" "check"
  done
}

@test "in a pipe there is no progress and no colour" {
  start_peer tcp4 echo
  local command
  for command in "latency --warmup 0 --duration 600ms" "throughput --warmup 0 --duration 300ms" "ping --count 2 --interval 1ms"; do
    # shellcheck disable=SC2086
    loping $command "$PORT"
    expect_status 0
    expect_equal "" "$stderr"
    expect_lacks "$output" "$ESCAPE"
    expect_lacks "$output" $'\r'
  done
}

@test "with --no-live, a line of progress on a terminal is shown while it runs, and taken away at the end" {
  start_peer tcp4 echo
  in_terminal latency --no-live --warmup 300ms --duration 600ms "$PORT"
  expect_status 0
  local shown
  shown=$(cat "$SHOWN")
  expect_contains "$shown" "latency: warming up"
  expect_matches "$shown" 'latency: 0\.[0-9] of 0\.6 s, [0-9,]+ round trips'
  # The last thing on the terminal is the erased line.
  expect_equal "$(printf '\r\e[K' | od -An -c)" "$(tail -c 4 "$SHOWN" | od -An -c)"
  # Results go to stdout, which is no terminal here.
  expect_contains "$output" "round trip (RTT)"
  expect_lacks "$output" "$ESCAPE"
}

@test "throughput shows its progress on a terminal" {
  start_peer tcp4 echo
  in_terminal throughput --no-live --warmup 0 --duration 600ms "$PORT"
  expect_status 0
  expect_matches "$(cat "$SHOWN")" 'throughput: 0\.[0-9] of 0\.6 s, [0-9.]+ .bit/s'
}

@test "--quiet shows no progress on a terminal" {
  start_peer tcp4 echo
  in_terminal latency --quiet --warmup 0 --duration 600ms "$PORT"
  expect_status 0
  expect_equal "" "$(cat "$SHOWN")"
}

@test "a failure on a terminal comes after the progress line is gone" {
  start_peer tcp4 silent-after 640
  in_terminal latency --no-live --warmup 0 --timeout 2s "$PORT"
  expect_status 3
  expect_matches "$(tr -d '\n' < "$SHOWN")" $'latency: 0.*\r\e\\[Kloping: lost 127'
}

@test "colours are for terminals, unless --no-color or NO_COLOR say otherwise" {
  start_peer tcp4 echo
  in_terminal --both latency "${FAST[@]}" "$PORT"
  expect_contains "$(cat "$SHOWN")" "$ESCAPE[1m"
  NO_COLOR='' in_terminal --both latency "${FAST[@]}" "$PORT"
  expect_contains "$(cat "$SHOWN")" "$ESCAPE[1m"
  in_terminal --both latency --no-color "${FAST[@]}" "$PORT"
  expect_lacks "$(cat "$SHOWN")" "$ESCAPE[1m"
  NO_COLOR=1 in_terminal --both latency "${FAST[@]}" "$PORT"
  expect_lacks "$(cat "$SHOWN")" "$ESCAPE[1m"
  TEST_TERM=dumb in_terminal --both latency "${FAST[@]}" "$PORT"
  expect_lacks "$(cat "$SHOWN")" "$ESCAPE[1m"
}

@test "CLICOLOR_FORCE colours without a terminal, unless it is 0 or colours are forbidden, and never a result file" {
  start_peer tcp4 echo
  CLICOLOR_FORCE=1 loping latency "${FAST[@]}" "$PORT"
  expect_contains "$output" "$ESCAPE[1m"
  CLICOLOR_FORCE=0 loping latency "${FAST[@]}" "$PORT"
  expect_lacks "$output" "$ESCAPE"
  CLICOLOR_FORCE=1 NO_COLOR=1 loping latency "${FAST[@]}" "$PORT"
  expect_lacks "$output" "$ESCAPE"
  CLICOLOR_FORCE=1 loping latency --no-color "${FAST[@]}" "$PORT"
  expect_lacks "$output" "$ESCAPE"
  CLICOLOR_FORCE=1 loping latency --json - "${FAST[@]}" "$PORT"
  expect_status 0
  expect_lacks "$output" "$ESCAPE"
}

@test "each colour of a report reaches the terminal as a colour" {
  start_lopong --tcp
  CLICOLOR_FORCE=1 loping --warmup 0 --duration 30ms "$PORT"
  expect_contains "$output" "$ESCAPE[36m#"
  expect_lacks "$output" 'x1b['
}

@test "the report's bars are blocks where the locale is UTF-8, and ASCII otherwise or with --ascii" {
  start_lopong --tcp
  local card=(--warmup 0 --duration 30ms)
  LC_ALL=C.UTF-8 loping "${card[@]}" "$PORT"
  expect_contains "$output" "█"
  expect_lacks "$output" "###"
  LC_ALL=C.UTF-8 loping "${card[@]}" --ascii "$PORT"
  expect_contains "$output" "###"
  expect_equal "" "$(tr -d '\n\40-\176' <<< "$output")"
  LC_ALL=C loping "${card[@]}" "$PORT"
  expect_equal "" "$(tr -d '\n\40-\176' <<< "$output")"
}

# --- outputs that take no more ---------------------------------------------------------------------------------------------

@test "with --json - nothing but the result is on stdout" {
  start_lopong --tcp
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 2 --interval 1ms" "throughput --warmup 0 --duration 30ms" \
    "--warmup 0 --duration 30ms"; do
    # shellcheck disable=SC2086
    loping $command --json - "$PORT"
    expect_status 0
    expect_equal 1 "$(wc -l <<< "$output")"
    jq -e '.tool == "loping" and .error == null' <<< "$output"
  done
}

@test "a reader that goes away does not crash or hang it" {
  start_lopong --tcp
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 20 --interval 1ms" "--warmup 0 --duration 30ms" \
    "latency --warmup 0 --count 50 --json -" "--help"; do
    # shellcheck disable=SC2086,SC2016
    run timeout "$DEADLINE_SECONDS" bash -c '"$@" 2> /dev/null | head -c 1 | wc -c; exit ${PIPESTATUS[0]}' _ "$LOPING" $command "$PORT"
    expect_equal 1 "$(tr -d ' ' <<< "$output")"
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || expect_status "0 or 3"
  done
}

@test "a closed stdout is no success, and nothing is printed into a socket" {
  start_lopong --tcp
  local command
  for command in "latency --warmup 0 --count 50" "throughput --warmup 0 --duration 30ms"; do
    # shellcheck disable=SC2086,SC2016
    run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'exec "$@" >&-' _ "$LOPING" $command --json "$RESULT" "$PORT"
    expect_status 3
    expect_equal "loping: stdout takes no more; the results are not complete" "$stderr"
    expect_json '.error == null' '.runs[0].errors.corrupted == 0' '.runs[0].throughput.bytes_received > 0'
  done
  # Whose lines are lost from the first on has nobody who reads it.
  # shellcheck disable=SC2016
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'exec "$@" >&-' _ "$LOPING" ping --count 3 --interval 1ms "$PORT"
  expect_status 3
  expect_contains "$stderr" "nobody reads the output any more"
}

@test "nothing is printed into a socket where a container has no /dev/null, either" {
  need_network_namespace
  start_lopong --tcp
  # shellcheck disable=SC2016
  run --separate-stderr timeout "$DEADLINE_SECONDS" unshare --mount sh -c 'mount -t tmpfs tmpfs /dev && exec "$@" >&-' \
    alone "$LOPING" latency --warmup 0 --count 50 --json "$RESULT" "$PORT"
  expect_status 3
  expect_equal "loping: stdout takes no more; the results are not complete" "$stderr"
  expect_json '.error == null' '.runs[0].errors.corrupted == 0'
}

@test "closed stdin and stderr do not disturb it" {
  start_lopong --tcp
  # shellcheck disable=SC2016
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'exec "$@" <&- 2>&-' _ "$LOPING" ping --count 3 --interval 1ms "$PORT"
  expect_status 0
  expect_contains "$output" "3 replies"
  # shellcheck disable=SC2016
  run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'exec "$@" <&- 2>&- >&-' _ "$LOPING" latency "$(unused_port)"
  expect_status 3
}

@test "a full stdout is no success" {
  [ -c /dev/full ] || skip "there is no /dev/full here"
  start_lopong --tcp
  local command
  for command in "latency --warmup 0 --count 50" "ping --count 3 --interval 1ms" "latency --warmup 0 --count 50 --json -" \
    "--help" "--version"; do
    # shellcheck disable=SC2086,SC2016
    run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'exec "$@" > /dev/full' _ "$LOPING" $command "$PORT"
    expect_status 3
    expect_contains "$stderr" "stdout takes no more"
  done
}
