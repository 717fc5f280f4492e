#!/usr/bin/env bats
# --fault: what lopong does wrong on purpose is what loping finds wrong, each by its own count. The server's summary,
# its report and its flags are one side; what came, or did not, is the other.

load test_helper
load loping_helper

# Enough for each fault to come about by the default seed, and few enough for each loss to be waited for.
MESSAGES=(--warmup 0 --count 600 --depth 8 --timeout 1s)

# start_faults SPEC OPTION...
start_faults() {
  local spec=$1
  shift
  start_lopong --json --fault "$spec" "$@"
}

# target TRANSPORT: its options for lopong, and the words that lead loping there.
serve() {
  local spec=$1 transport=$2
  case $transport in
    unix)
      start_faults "$spec" --tcp --unix "$BATS_TEST_TMPDIR/socket.$BATS_TEST_NUMBER"
      TARGET=("unix:$BATS_TEST_TMPDIR/socket.$BATS_TEST_NUMBER")
      ;;
    udp)
      start_faults "$spec" --udp
      TARGET=(--udp "$PORT")
      ;;
    tcp)
      start_faults "$spec" --tcp
      TARGET=("$PORT")
      ;;
  esac
}

# injected FAULT: how often, by the summary of the server that has ended.
injected() {
  jq -s --arg fault "$1" '[.[] | select(.event == "summary") | .faults.injected[] | select(.fault == $fault).count] | add // 0' \
    "$LOPONG_OUT"
}

# expect_both_sides FAULT [CONDITION]: the server's summary, its report to loping, and what came say the same number, which
# is not 0; and the condition on the run holds for it, as $n.
expect_both_sides() {
  local count
  stop_lopong
  expect_status 0
  count=$(injected "$1")
  [ "$count" -gt 0 ] || { echo "no $1 came about" && cat "$LOPONG_OUT" && return 1; }
  jq -e --arg fault "$1" --argjson n "$count" \
    ".runs[0] | (.faults.by_fault[] | select(.fault == \$fault) | .injected == \$n and .seen == \$n) and (${2:-true})" \
    "$RESULT" > /dev/null || {
    echo "lopong made $count of $1; loping says:"
    jq -c '.runs[0] | .faults, .errors' "$RESULT"
    return 1
  }
}

@test "drop: each answer that was left out is lost, and no other" {
  local transport
  for transport in tcp udp unix; do
    serve drop=2% "$transport"
    loping_result latency "${MESSAGES[@]}" --size 200 "${TARGET[@]}"
    expect_status 1
    expect_both_sides drop '.errors.lost == $n and .errors.corrupted == 0 and .rtt_ns.count == 600 - $n'
  done
}

@test "a server that said that it drops is measured to the end, also where nothing comes back" {
  start_faults drop=100% --udp
  loping_result latency --udp --count 20 --warmup 0 --timeout 20ms "$PORT"
  expect_lacks "$stderr" "no echo server"
  expect_json '.runs[0].errors.lost == 20' '.runs[0].faults.by_fault == [.runs[0].faults.by_fault[] | select(.fault == "drop" and .injected == 20 and .seen == 20)]'
}

@test "duplicate: each extra copy is counted, also that of the last message" {
  local transport share
  for transport in tcp udp unix; do
    for share in 5% 100%; do
      serve "duplicate=$share" "$transport"
      loping_result latency "${MESSAGES[@]}" --size 200 "${TARGET[@]}"
      expect_status 1
      expect_both_sides duplicate '.errors.duplicated == $n and .errors.lost == 0 and .rtt_ns.count == 600'
    done
    expect_equal 600 "$(injected duplicate)"
  done
}

@test "corrupt: each changed answer is found, and the run goes on" {
  local transport size
  for transport in tcp udp unix; do
    for size in 40 64 200; do
      serve corrupt=5% "$transport"
      loping_result latency "${MESSAGES[@]}" --size "$size" "${TARGET[@]}"
      expect_status 1
      expect_both_sides corrupt '.errors.corrupted == $n and .errors.lost == 0 and .rtt_ns.count == 600 - $n'
    done
  done
}

@test "truncate: each answer that was cut short is found, and the next one too" {
  local transport
  for transport in tcp udp unix; do
    serve truncate=5% "$transport"
    loping_result latency "${MESSAGES[@]}" --size 200 "${TARGET[@]}"
    expect_status 1
    expect_both_sides truncate '.errors.corrupted == $n and .errors.lost == 0 and .rtt_ns.count == 600 - $n'
  done
}

@test "reorder: each answer that left behind a later one came behind it" {
  serve reorder=5% udp
  loping_result latency "${MESSAGES[@]}" --size 200 "${TARGET[@]}"
  expect_status 0
  expect_both_sides reorder '.errors.reordered == $n and .errors.lost == 0 and .rtt_ns.count == 600'
}

@test "delay: the server's leg is what the server held it for, and no less than was asked for" {
  local transport
  for transport in tcp udp unix; do
    serve delay=20ms "$transport"
    loping_result latency --warmup 0 --count 20 "${PATIENT[@]}" "${TARGET[@]}"
    expect_status 0
    # The means are of doubles; the histogram has three digits.
    expect_both_sides delay '.rtt_ns.count == 20 and .legs_ns.server.min >= 19900000 and
      (.faults.by_fault[0] as $delay | ($delay.injected_held_ns / 20 - .legs_ns.server.mean | fabs) < 200000 and
       $delay.seen_rtt_ns >= $delay.injected_held_ns and $delay.injected_held_ns >= 20 * 20000000)'
  done
}

@test "delay on a share of the messages, and by distributions: just those are longer" {
  local spec
  for spec in delay=5ms@10% delay=1ms-5ms@20% delay=exp:2ms@20% delay=normal:4ms/100us@20%; do
    serve "$spec" tcp
    loping_result latency --warmup 0 --count 300 --depth 8 "${PATIENT[@]}" "${TARGET[@]}"
    expect_status 0
    # On a stream none overtakes another.
    expect_both_sides delay '$n < 150 and .rtt_ns.count == 300 and .errors.reordered == 0'
  done
}

@test "stall: an open loop sees all that it held up, a closed one one each time" {
  serve stall=200ms/1s tcp
  loping_result latency --warmup 0 --rate 500 --duration 2500ms "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 0
  # Of those that fell due in the first half of a stall each waited for the other half. One stall at least was whole.
  expect_both_sides stall '([.response_histogram[] | select(.[0] >= 99000000)[1]] | add) >= 45 and .response_ns.max >= 195000000'
  serve stall=200ms/1s tcp
  loping_result latency --warmup 0 --duration 2500ms "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 0
  expect_both_sides stall '$n <= 3 and .rtt_ns.max >= 150000000 and .faults.by_fault[0].seen_rtt_ns >= .faults.by_fault[0].injected_held_ns'
}

@test "several at once are told apart" {
  local transport
  for transport in tcp udp; do
    serve drop=1%,duplicate=5%,corrupt=5%,truncate=5%,delay=1ms@5% "$transport"
    loping_result latency "${MESSAGES[@]}" --size 200 "${TARGET[@]}"
    expect_status 1
    stop_lopong
    local fault
    for fault in drop duplicate corrupt truncate delay; do
      expect_json ".runs[0].faults.by_fault[] | select(.fault == \"$fault\") | .injected == .seen and .seen == $(injected $fault)"
    done
    expect_json '.runs[0].errors.corrupted == ([.runs[0].faults.by_fault[] | select(.fault == ("corrupt", "truncate")).seen] | add)'
  done
}

@test "reset: after so many messages, or bytes, and loping says that the server did it" {
  serve reset=100 tcp
  loping_result latency --warmup 0 "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 3
  expect_contains "$(one_line "$stderr")" "after 100 round trips"
  expect_contains "$(one_line "$stderr")" "Faults on: reset=100. This lopong fails on purpose"
  expect_json '.error.code == "ECONNRESET"' '.runs[0].rtt_ns.count == 100'
  expect_both_sides reset
  serve reset=1KiB tcp
  loping_result latency --warmup 0 "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 3
  # The hello is 16 bytes, each message 64.
  expect_json '.error.code == "ECONNRESET"' '.runs[0].rtt_ns.count == 15'
  expect_both_sides reset
}

@test "stop-reading: what was sent before it came back, and nothing after it" {
  serve stop-reading=1KiB tcp
  loping_result latency --warmup 0 --timeout 1s "${TARGET[@]}"
  expect_status 3
  expect_json '.error.code == "ETIMEDOUT"' '.runs[0].rtt_ns.count == 16' \
    '.runs[0].faults.by_fault == [{fault: "stop-reading", injected: 1, injected_held_ns: null, seen: null, seen_rtt_ns: null}]'
  expect_contains "$(one_line "$stderr")" "Faults on: stop-reading=1KiB"
}

@test "compare gives no verdict between a run with faults and one without" {
  serve delay=5ms tcp
  loping latency --warmup 0 --duration 1s "${TARGET[@]}" --json "$BATS_TEST_TMPDIR/faulty.json"
  start_lopong --tcp
  loping latency --warmup 0 --duration 1s "$PORT" --json "$BATS_TEST_TMPDIR/sound.json"
  loping compare "$BATS_TEST_TMPDIR/sound.json" "$BATS_TEST_TMPDIR/faulty.json"
  expect_status 3
  expect_contains "$(one_line "$output")" "not the same workload: faults of the server: "
  expect_contains "$(one_line "$output")" "delay=5ms"
  expect_contains "$(one_line "$output")" "no verdict on latency"
}

@test "anatomy takes a delay for the server's part, and not for a wrong byte" {
  [ "$(uname -s)" = Linux ] || skip "anatomy needs Linux"
  serve delay=2ms tcp
  loping_result anatomy --warmup 0 --duration 1500ms "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 0
  expect_json '.runs[0].errors.corrupted == 0' '.runs[0].faults.spec == "delay=2ms"' '.runs[0].legs_ns.server.min >= 1990000'
}

# checks_as SPEC TRANSPORT VERDICT: loping check's, with the fault beside it.
checks_as() {
  serve "$1" "$2"
  run_timeout "$DEADLINE_SECONDS" "$LOPING" check --timeout 1s "${TARGET[@]}"
  expect_contains "$output" ": $3"
  expect_contains "$(one_line "$output")" "Faults on: $1. This lopong fails on purpose"
}

@test "check tells silent, refusing, closing and reading no more apart, and whose doing it is" {
  need_command ss
  checks_as silent tcp not-echo
  checks_as refuse tcp closed
  checks_as close tcp hung-up
  checks_as stop-reading tcp not-reading
  checks_as drop=1% tcp open
}

@test "slow-accept: who comes waits, one after the other" {
  serve slow-accept=100ms tcp
  loping_result connect --warmup 0 --count 3 "${PATIENT[@]}" "${TARGET[@]}"
  expect_status 0
  expect_json '.runs[0].rtt_ns.min >= 95000000' '.runs[0].faults.by_fault[0].injected >= 3'
}

@test "the same seed does the same again, and another one something else" {
  local seed first
  for seed in 1 1 2; do
    start_faults drop=5%,duplicate=5%,corrupt=5% --fault-seed "$seed" --udp
    loping_result latency --udp --warmup 0 --count 300 --depth 4 --timeout 1s "$PORT"
    stop_lopong
    jq -c 'select(.event == "summary").faults.injected' "$LOPONG_OUT" > "$BATS_TEST_TMPDIR/made"
    if [ -z "${first:-}" ]; then
      first=$(cat "$BATS_TEST_TMPDIR/made")
    elif [ "$seed" = 1 ]; then
      expect_equal "$first" "$(cat "$BATS_TEST_TMPDIR/made")"
    fi
    expect_json ".runs[0].faults.seed == $seed"
  done
  [ "$first" != "$(cat "$BATS_TEST_TMPDIR/made")" ]
}

@test "it is announced at the start, in each event, in the summary and in loping's report" {
  start_lopong --fault drop=1% --fault delay=1ms@5% --fault-seed 7 --tcp --udp
  expect_contains "$(one_line "$(cat "$LOPONG_ERR")")" "faults on: drop=1%,delay=1ms@5%, seed 7: this server fails on purpose"
  loping_result latency --warmup 0 --count 200 --timeout 1s "$PORT"
  local said
  said=$(one_line "$output")
  expect_contains "$said" "faults on: drop=1%,delay=1ms@5%, seed 7"
  expect_matches "$said" 'injected [0-9]+ delays? of [0-9.]+ ms on average, seen [0-9]+'
  expect_contains "$said" "seen lost"
  expect_contains "$said" "note: Faults on: drop=1%,delay=1ms@5%. The server fails on purpose"
  # A stream without frames, and one that is not measured by messages.
  for words in "latency --size 8" "connect" "throughput" "throughput --direction up"; do
    # shellcheck disable=SC2086 # words
    loping_result $words --duration 300ms --timeout 300ms "$PORT"
    expect_json '.runs[0].faults.spec == "drop=1%,delay=1ms@5%"' '.runs[0].faults.seed == 7'
  done
  loping_result latency --udp --size 8 --duration 300ms "$PORT"
  expect_json '.runs[0].faults.spec == "drop=1%,delay=1ms@5%"'
  stop_lopong
  expect_contains "$(cat "$LOPONG_OUT")" "faults on: drop=1%,delay=1ms@5%, seed 7"
  expect_matches "$(cat "$LOPONG_OUT")" 'drop: [0-9]+'
  start_faults reorder=1%,drop=1% --tcp --udp
  expect_contains "$(cat "$LOPONG_OUT")" '"faults":{"spec":"reorder=1%,drop=1%","seed":1}'
  expect_contains "$(one_line "$(cat "$LOPONG_ERR")")" "reorder only over UDP"
}

@test "without --fault nothing is said, and the question for faults is bytes like any others" {
  start_lopong --json --tcp --udp
  expect_contains "$(cat "$LOPONG_OUT")" '"faults":null'
  loping_result latency "${FAST[@]}" "$PORT"
  expect_json '.runs[0].faults == null'
  loping_result latency --udp "${FAST[@]}" "$PORT"
  expect_json '.runs[0].faults == null' '.runs[0].errors.corrupted == 0'
  run_python "$PORT" << 'PY'
import socket, sys
question = b"\x8bLOPING1\x04\0\0\0\r\n\r\n"
for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
    with socket.socket(type=kind) as client:
        client.settimeout(30)
        client.connect(("127.0.0.1", int(sys.argv[1])))
        client.send(question)
        assert client.recv(99) == question
PY
  expect_status 0
}

@test "a client that knows no sessions sees the effect alone" {
  start_faults duplicate=100% --tcp --udp
  run_python "$PORT" << 'PY'
import socket, sys
port = int(sys.argv[1])
with socket.create_connection(("127.0.0.1", port), 30) as client:
    client.sendall(b"plain")
    got = b""
    while len(got) < 10:
        got += client.recv(99)
    assert got == b"plainplain", got
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(30)
    client.connect(("127.0.0.1", port))
    client.send(b"plain")
    assert [client.recv(99), client.recv(99)] == [b"plain", b"plain"]
PY
  expect_status 0
}

@test "what is held when the server ends is sent first, and what is held stays bounded" {
  start_faults delay=1s --tcp --max-unsent 16KiB
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import os, signal, socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) as client:
    client.settimeout(30)
    client.sendall(b"held")
    client.shutdown(socket.SHUT_WR)
    assert client.recv(99) == b"held"
    assert client.recv(99) == b""
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) as client:
    client.setblocking(False)
    sent = 0
    try:
        # The server reads no more than it may hold; the rest fills the kernel's buffers.
        while sent < 1 << 28:
            sent += client.send(b"x" * 65536)
    except BlockingIOError:
        pass
    assert sent < 1 << 28, sent
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) as client:
    client.sendall(b"held")
    client.settimeout(0.2)
    try:
        raise AssertionError(client.recv(99))
    except TimeoutError:
        pass
    os.kill(int(sys.argv[2]), signal.SIGTERM)
    client.settimeout(30)
    assert client.recv(99) == b"held"
    assert client.recv(99) == b""
PY
  expect_status 0
  wait_lopong
}

# refuses PART -- ARGUMENT...: exit status 2, and a sentence with that part.
refuses() {
  local part=$1
  shift 2
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" "$@"
  expect_status 2
  expect_equal "" "$output"
  expect_contains "$(one_line "$stderr")" "$part"
}

@test "a wrong spec is refused with its reason and the grammar" {
  refuses "--fault: 'bogus' is no fault that lopong knows. One of: delay=2ms" -- --fault bogus
  refuses "--fault: 'drop=1' needs a share of the messages" -- --fault drop=1
  refuses "--fault: 'drop=2%' is asked for twice" -- --fault drop=1% --fault drop=2%
  refuses "--fault: 'reorder' is a fault of UDP, and only TCP is served" -- --fault reorder=1% --tcp
  refuses "--fault: 'refuse' is a fault of TCP and unix sockets, and only UDP is served" -- --fault refuse --udp
  refuses "--fault and --threads contradict each other" -- --fault drop=1% --threads 2
  refuses "--fault-seed has no use without --fault" -- --fault-seed 2
}

@test "drop=?: the share follows from the seed alone, loping is told neither share nor count, and the summary tells both" {
  serve 'drop=?' udp
  # A lost message holds up those that are sent depth later: with few at a time a hundred losses take a minute.
  loping_result latency --warmup 0 --count 600 --depth 100 --timeout 1s "${TARGET[@]}"
  expect_status 1
  expect_json '.runs[0].faults.by_fault == [{fault: "drop", injected: null, injected_held_ns: null, seen: .runs[0].errors.lost, seen_rtt_ns: null}]' \
    '.runs[0].errors.lost > 0'
  local lost
  lost=$(from_json '.runs[0].errors.lost')
  stop_lopong
  expect_equal "$lost" "$(injected drop)"
}

@test "greet: the server speaks first, and is taken for what it says" {
  serve greet=SSH-2.0-test tcp
  loping check --json - "$PORT"
  jq -e '.ports[0] | .verdict == "answers" and .protocol == "SSH"' <<< "$output"
}

@test "stop-reading: a thousand clients come and go, and the server lives" {
  serve stop-reading tcp
  run_python "$PORT" << 'PY'
import socket, struct, sys
for number in range(1000):
    client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    if number % 3 == 0:
        client.sendall(b"x")
    if number % 2 == 0:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
PY
  expect_equal "" "$stderr"
  kill -0 "$LOPONG_PID"
  stop_lopong
  expect_status 0
}
