#!/usr/bin/env bats
# loping anatomy: the parts of a round trip add up to it, over TCP and UDP, and who cannot tell its times is refused.

load test_helper
load loping_helper

# The parts in their order.
PARTS='["to_server_socket", "server_wakeup", "server_asking", "server_read", "server", "to_client_socket",
        "client_wakeup", "client_asking", "client_read"]'

# dissects TARGET OPTION...: the result has every part, of the same round trips, and they add up.
dissects() {
  local count=${COUNT:-500}
  loping_result anatomy --count "$count" --warmup 10ms "$@"
  expect_status 0
  expect_equal "" "$stderr"
  expect_json '.error == null' '.runs[0].workload.name == "anatomy"' '.runs[0].peer.kind == "lopong"' \
    "(.runs[0].anatomy_ns | keys) == ($PARTS | sort)" \
    '.runs[0].rtt_ns.count as $n | .runs[0].anatomy_ns | all(.count == $n)' \
    '.runs[0].rtt_ns.count > 0 and .runs[0].rtt_ns.count + .runs[0].anatomy_left_out == '"$count" \
    '.runs[0] | ([.anatomy_ns[].mean] | add) as $sum | ($sum - .rtt_ns.mean | fabs) < 0.001 * .rtt_ns.mean' \
    '.runs[0] | ([.anatomy_total_ns | .carrying, .waking, .asking, .reading, .answering | .mean] | add) as $sum
       | ($sum - .rtt_ns.mean | fabs) < 0.001 * .rtt_ns.mean' \
    '.runs[0].anatomy_total_ns.send_call.count == .runs[0].rtt_ns.count' \
    '.runs[0].anatomy_clock_error_ns > 0'
}

# dissects_most TARGET OPTION...: and hardly any is left out.
dissects_most() {
  dissects "$@"
  expect_json ".runs[0].anatomy_left_out <= ${COUNT:-500} / 10"
}

@test "the parts of a round trip add up to it over TCP on both families" {
  start_lopong --tcp
  dissects_most "$PORT"
  start_lopong --tcp --bind ::1
  dissects_most "[::1]:$PORT"
}

@test "the parts of a round trip add up to it over UDP" {
  start_lopong --udp
  dissects_most --udp "$PORT"
}

@test "a larger message is dissected, too, and one that the peer gets in pieces" {
  start_lopong
  dissects_most "$PORT" --size 64KiB
  dissects_most --udp "$PORT" --size 1400
}

@test "the whole send calls of both sides are told beside the parts" {
  start_lopong
  dissects_most "$PORT"
  expect_json ".runs[0].anatomy_total_ns.server_send_call.count >= 498"
  dissects_most --udp "$PORT"
  expect_json ".runs[0].anatomy_total_ns.server_send_call.count >= 498"
}

@test "the legs by the programs' stamps agree with the parts" {
  start_lopong --tcp
  dissects_most "$PORT"
  expect_json '.runs[0] | .legs_ns as $legs | .anatomy_ns
       | ([.to_server_socket, .server_wakeup, .server_asking, .server_read | .mean] | add) as $there
       | ([.to_client_socket, .client_wakeup, .client_asking, .client_read | .mean] | add) as $back
       | ($there - $legs.there.mean | fabs) < 0.001 * $there and ($back - $legs.back.mean | fabs) < 0.001 * $back
         and (.server.mean - $legs.server.mean | fabs) <= 0.001 * .server.mean'
}

@test "the report names each part, says what dominates and how the parts add up" {
  start_lopong --tcp
  loping anatomy --count 200 "$PORT"
  expect_status 0
  expect_contains "$output" "loping's send call, to the server's socket"
  expect_contains "$output" "the server wakes up"
  expect_contains "$output" "loping wakes up"
  expect_matches "$output" "takes [0-9.]+ [un]s of [0-9.]+ [um]s"
  expect_contains "$(tr -s ' \n' ' ' <<< "$output")" "percentiles need not add up"
  expect_contains "$output" "all 200 echoes came back byte for byte"
}

@test "two anatomies at once do not disturb each other" {
  start_lopong
  start_loping other anatomy --udp --duration 300ms "$PORT" --json "$BATS_TEST_TMPDIR/other.json"
  dissects_most --udp "$PORT"
  wait_loping
  expect_equal 0 "$status"
  jq -e '.runs[0].errors | .corrupted == 0 and .lost == 0' "$BATS_TEST_TMPDIR/other.json"
}

@test "a measurement without kernel times goes on as before while an anatomy runs on the same socket" {
  start_lopong --udp
  start_loping other anatomy --udp --duration 300ms "$PORT"
  loping_result latency --udp --duration 200ms --size 64 "$PORT"
  expect_status 0
  expect_json '.runs[0].errors | .corrupted == 0 and .lost == 0' '.runs[0].legs_ns.there.count > 0'
  wait_loping
  expect_equal 0 "$status"
}

@test "a plain echo server is refused: it knows no kernel times" {
  start_peer tcp4 echo
  loping_result anatomy "$PORT"
  expect_status 3
  expect_json '.error.code == "NO_KERNEL_TIMES"'
  expect_contains "$stderr" "tells no kernel times"
  expect_contains "$stderr" "only lopong adds its times"
  expect_contains "$stderr" "loping latency"
}

@test "a plain UDP echo server is refused, too" {
  start_udp_peer echo
  loping_result anatomy --udp "$PORT"
  expect_status 3
  expect_json '.error.code == "NO_KERNEL_TIMES"' '.runs[0].peer.kind == "plain-echo"'
}

@test "a unix socket is refused: its kernel side notes no time" {
  start_lopong --tcp --unix "$BATS_TEST_TMPDIR/echo.sock"
  loping anatomy "unix:$BATS_TEST_TMPDIR/echo.sock"
  expect_status 2
  expect_contains "$stderr" "no receive time for unix sockets"
}

@test "a size without room for the times is refused with the sizes that have it" {
  start_lopong --tcp
  loping anatomy --size 63 "$PORT"
  expect_status 2
  expect_contains "$stderr" "64 to 65536 bytes"
  loping anatomy --size 65537 "$PORT"
  expect_status 2
}

@test "nobody there is explained as for every other measurement" {
  loping anatomy "$(unused_port)"
  expect_status 3
  expect_contains "$stderr" "ECONNREFUSED"
}

@test "busy-polling sides are dissected, too" {
  start_lopong --busy-poll
  # Each waits for the other's whole time slice where they share a CPU, and what was late on both sides is left out: how
  # many that are is the machine's affair.
  COUNT=100 dissects --busy-poll "$PORT"
  COUNT=100 dissects --busy-poll --udp "$PORT"
}

@test "a lopong that tells no kernel times is refused as such" {
  start_peer tcp4 stamp 1 2
  loping_result anatomy "$PORT"
  expect_status 3
  expect_json '.error.code == "NO_KERNEL_TIMES"' '.runs[0].peer.kind == "lopong"'
  expect_contains "$(tr -s ' \n' ' ' <<< "$stderr")" "This lopong does not tell its own"
}

@test "beside the parts a wide terminal shows where in a round trip each stands, one after the other" {
  need_terminal
  local shown=$BATS_TEST_TMPDIR/shown
  start_lopong --tcp
  # wide_bars COLUMNS: for each part, where its bar begins and ends.
  wide_bars() {
    LC_ALL=C run_timeout "$DEADLINE_SECONDS" python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" --both --columns "$1" "$shown" \
      "$LOPING" anatomy --no-live --no-color --count 300 --warmup 0 "$PORT"
    expect_status 0
    tr -d '\r' < "$shown" | awk '/RTT/ { exit } match($0, /#+/) { print RSTART, RSTART + RLENGTH - 1 }'
  }
  run wide_bars 120
  expect_equal 9 "$(wc -l <<< "$output")"
  # Each begins where the one before ended, or in the next column.
  expect_equal "" "$(awk 'NR > 1 && ($1 < last || $1 > last + 1) { print "a gap before part " NR } { last = $2 }' <<< "$output")"
  run wide_bars 80
  expect_equal "" "$output"
}
