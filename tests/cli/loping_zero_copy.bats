#!/usr/bin/env bats
# loping throughput --zero-copy: the bytes stay the same, and the report says who read them and who did not.

load test_helper
load loping_helper

BRIEF=(--warmup 0 --duration 200ms)

# What the programs are built for, as in the Makefile: elsewhere than on Linux they read and write as usual, and say so.
PLATFORM=${PLATFORM:-$([ "$(uname -s)" = Linux ] && echo linux || echo portable)}
POSSIBLE=$([ "$PLATFORM" = linux ] && echo true || echo false)

# expect_told TEXT: where zero-copy is possible the report says so, and elsewhere not.
expect_told() {
  if $POSSIBLE; then expect_contains "$output" "$1"; else expect_lacks "$output" "$1"; fi
}

@test "up: the server's count is the client's, and the report says that nobody read the bytes" {
  start_lopong --tcp
  loping throughput --zero-copy --direction up "${BRIEF[@]}" --json "$RESULT" "$PORT"
  expect_status 0
  expect_told "sent without a copy"
  expect_told "the server counted every byte and discarded it unread"
  expect_told "note: The receiver discarded what came without reading it."
  $POSSIBLE || expect_contains "$output" "Despite --zero-copy"
  expect_json ".runs[0].workload | .zero_copy and .sent_by_reference == $POSSIBLE and .discarded_unread == $POSSIBLE" \
    '.runs[0].server_count | .server_bytes == .client_bytes and .server_bytes > 0'
}

@test "echo and down: every byte comes back, and the client discards it unread" {
  local direction
  start_lopong --tcp
  for direction in echo down; do
    loping throughput --zero-copy --direction $direction "${BRIEF[@]}" --json "$RESULT" "$PORT"
    expect_status 0
    expect_told "the client counted every byte and discarded it unread"
    expect_json '.runs[0].throughput.bytes_received > 0' ".runs[0].workload.discarded_unread == $POSSIBLE" \
      ".runs[0].workload.sent_by_reference == $([ $direction = echo ] && echo $POSSIBLE || echo false)"
  done
}

@test "without --zero-copy the bytes are read and compared" {
  start_lopong --tcp
  loping throughput "${BRIEF[@]}" --json "$RESULT" "$PORT"
  expect_status 0
  expect_contains "$output" "every byte that was read is the byte that was sent"
  expect_json '.runs[0].workload | .zero_copy == false and .sent_by_reference == false and .discarded_unread == false'
  loping_result latency "${FAST[@]}" "$PORT"
  expect_json '.runs[0].workload | .zero_copy == null and .sent_by_reference == null and .discarded_unread == null'
}

has_grown() {
  [ "$(stat -c %s "$1" 2> /dev/null || echo 0)" -gt 600000 ]
}

# The peer keeps what it got: the shorter stream must be the beginning of the longer one.
@test "what is sent without a copy is byte for byte what is sent with one" {
  local how size most=0 least=0
  for how in copied uncopied; do
    start_peer tcp4 record "$BATS_TEST_TMPDIR/$how"
    start_loping $how throughput $([ $how = copied ] || echo --zero-copy) --size 300001 --warmup 0 --duration 1h "$PORT"
    # More than the pattern's period, so that its end and its beginning have met.
    wait_until has_grown "$BATS_TEST_TMPDIR/$how"
    kill -INT "$LOPING_PID"
    wait_loping
    expect_status 0
    size=$(stat -c %s "$BATS_TEST_TMPDIR/$how")
    if [ "$least" -eq 0 ] || [ "$size" -lt "$least" ]; then least=$size; fi
    [ "$size" -le "$most" ] || most=$size
  done
  # At the end of each file stands the connection that asks who echoes.
  cmp -n $((least - 4096)) "$BATS_TEST_TMPDIR/copied" "$BATS_TEST_TMPDIR/uncopied"
}

@test "many connections and Ctrl-C keep their counts" {
  start_lopong --tcp
  start_loping interrupted throughput --zero-copy --direction up --connections 8 --duration 1h --warmup 0 \
    --json-stream "$BATS_TEST_TMPDIR/stream" --json "$RESULT" "$PORT"
  wait_until has_begun "$BATS_TEST_TMPDIR/stream"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json '.runs[0].interrupted' '.runs[0].server_count | .server_bytes == .client_bytes and .server_bytes > 0'
}

@test "a unix socket and a command that is no stream are refused" {
  loping throughput --zero-copy "unix:$BATS_TEST_TMPDIR/none"
  expect_status 2
  expect_contains "$stderr" "--zero-copy is about TCP"
  loping latency --zero-copy 62893
  expect_status 2
  expect_contains "$stderr" "--zero-copy"
}
