# What the tests of loping share, beside test_helper: servers that are wrong on purpose, calls of loping, and questions
# to the result file.
# shellcheck shell=bash

RESULT=$BATS_TEST_TMPDIR/result.json
# No warm-up and few round trips: what most tests need.
FAST=(--warmup 0 --count 50)
# For replies that must all count, however long a busy machine takes.
# shellcheck disable=SC2034 # for the tests
PATIENT=(--timeout "${DEADLINE_SECONDS}s")
export RESULT PYTHONDONTWRITEBYTECODE=1

peer_is_ready_or_gone() {
  grep -q '^listening on ' "$PEER_OUT" || process_is_gone "$PEER_PID"
}

# start_server_script SCRIPT ARGUMENT...: starts one of tests/peers and waits for its ready line. Sets PEER_PID, PEER_OUT
# and PORT (empty for a unix socket).
start_server_script() {
  local script=$1 name=peer.${#STARTED_PIDS[@]}
  shift
  PEER_OUT=$BATS_TEST_TMPDIR/$name.out
  start_background "$name" python3 -I -S "$REPOSITORY/tests/peers/$script" "$@"
  PEER_PID=$BACKGROUND_PID
  if ! wait_until peer_is_ready_or_gone || ! grep -q listening "$PEER_OUT"; then
    echo "$script $* did not get ready. It said:"
    cat "$PEER_OUT" "$BATS_TEST_TMPDIR/$name.err"
    return 1
  fi
  PORT=$(sed -n -E 's/^listening on .*:([0-9]+)$/\1/p' "$PEER_OUT")
}

# start_peer [--once] [--tell BYTES] WHERE BEHAVIOUR ARGUMENT...: see tests/peers/stream_peers.py
start_peer() {
  start_server_script stream_peers.py "$@"
}

# start_udp_peer BEHAVIOUR ARGUMENT...: see tests/peers/datagram_peers.py
start_udp_peer() {
  start_server_script datagram_peers.py udp4 "$@"
}

# has_begun FILE: something stands in the file that will be FILE when it is whole.
has_begun() {
  [ -s "$(find "$(dirname "$1")" -name "$(basename "$1").*.new")" ]
}

# loping ARGUMENT...: like `run`; sets status, output (stdout) and stderr. A run that hangs has status 124.
loping() {
  run_timeout "$DEADLINE_SECONDS" "$LOPING" "$@" < /dev/null
}

# loping_result ARGUMENT...: the same, with the result file in RESULT.
loping_result() {
  rm -f "$RESULT"
  loping "$@" --json "$RESULT"
}

# start_loping NAME ARGUMENT...: in the background; sets LOPING_PID, LOPING_OUT and LOPING_ERR.
start_loping() {
  local name=$1
  shift
  start_background "$name" "$LOPING" "$@"
  LOPING_PID=$BACKGROUND_PID
  # shellcheck disable=SC2034 # for the tests
  LOPING_OUT=$BATS_TEST_TMPDIR/$name.out
  # shellcheck disable=SC2034
  LOPING_ERR=$BATS_TEST_TMPDIR/$name.err
}

# wait_loping: waits for the end of the last start_loping and sets status.
wait_loping() {
  wait_until process_is_gone "$LOPING_PID" || return 1
  status=0
  wait "$LOPING_PID" || status=$?
}

# expect_true_times RAW: of the last peer, one of timing_peers.py. Each round trip of a closed loop of one connection took
# as long as the server's clock says: at least from the sending to the leaving of the reply, and at most to the sending
# of the next message, which left at once. Where the warm-up sent more, the last ones are the measured ones. Sets
# MESSAGES to how many there were in all.
expect_true_times() {
  wait_until file_contains "$PEER_OUT" "end "
  run_python "$PEER_OUT" "$1" << 'PY'
import sys
lines = [line.split() for line in open(sys.argv[1])]
messages = [tuple(map(int, line[1:])) for line in lines if line[0] == "message"]
end_ns = next(int(line[1]) for line in lines if line[0] == "end")
rtts = [int(line) for line in open(sys.argv[2])]
print(len(messages))
assert 0 < len(rtts) <= len(messages), (len(rtts), len(messages))
next_sent = [sent for sent, _, _ in messages[1:]] + [end_ns]
messages, next_sent = messages[-len(rtts) :], next_sent[-len(rtts) :]
last_left = 0
for number, ((sent, read, left), after, rtt) in enumerate(zip(messages, next_sent, rtts), 1):
    assert last_left <= sent <= read <= left, f"message {number} says {sent}, and was read at {read}"
    assert left - sent <= rtt <= after - sent, f"round trip {number}: {rtt} ns, truly {left - sent} to {after - sent}"
    last_left = left
PY
  expect_status 0
  # shellcheck disable=SC2154 # set by run
  MESSAGES=$output
}

# expect_json FILTER...: each is a condition in jq's language on the result file.
expect_json() {
  local filter all
  all=$(printf '(%s) and ' "$@")
  if jq -e "$all true" "$RESULT" > "$BATS_TEST_TMPDIR/jq.out" 2>&1; then return 0; fi
  for filter in "$@"; do
    jq -e "$filter" "$RESULT" > "$BATS_TEST_TMPDIR/jq.out" 2>&1 && continue
    printf 'not true of the result file: %s\njq said: %s\nthe file: %s\n' "$filter" \
      "$(cat "$BATS_TEST_TMPDIR/jq.out")" "$(jq -c 'del(.runs[].histogram)' "$RESULT" 2>&1 || cat "$RESULT")"
    return 1
  done
}

# from_json FILTER: one value.
from_json() {
  jq -r "$1" "$RESULT"
}
