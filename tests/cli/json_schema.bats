#!/usr/bin/env bats
# What is printed as JSON, held against the schemas that the programs print themselves (json_schema.py says how). The JSON
# of all other tests is held against them by run-tests.sh; here is one of every kind.

load test_helper
load loping_helper

setup() {
  need_json_validator
  cd "$BATS_TEST_TMPDIR" || return 1
}

# expect_kinds KIND... -- FILE...: all that stands in the files is as its schema says, and is of these kinds.
expect_kinds() {
  local kinds=()
  while [ "$1" != -- ]; do
    kinds+=("$1")
    shift
  done
  shift
  run --separate-stderr "$PYTHON" "$REPOSITORY/tests/cli/json_schema.py" files "$LOPING" "$LOPONG" "$@"
  expect_status 0
  expect_equal "$(printf '%s\n' "${kinds[@]}" | sort)" "$output"
}

# measure NAME ARGUMENT...
measure() {
  local file=$1.json
  shift
  loping "$@" --json "$file"
}

@test "the schemas are schemas by draft 2020-12" {
  run --separate-stderr "$PYTHON" "$REPOSITORY/tests/cli/json_schema.py" schemas "$LOPING" "$LOPONG"
  expect_status 0
  local name
  for name in result check ports explain compare wait events watch; do
    run --separate-stderr bash -c "\"\$LOPING\" schema $name | jq -e '.\"\$schema\"' "
    expect_status 0
    expect_equal '"https://json-schema.org/draft/2020-12/schema"' "$output"
  done
}

@test "a name that has no schema is refused, and so are two" {
  loping schema nosuch
  expect_status 2
  expect_contains "$stderr" "there is no schema 'nosuch'; name result, check, ports, explain, compare, wait, grade, events or watch"
  loping schema result check
  expect_status 2
}

@test "every object forbids what it does not name, requires what it names, and says what it is" {
  # shellcheck disable=SC2016 # jq's
  local filter='[.["$defs"] | to_entries[] | select(
      .value.additionalProperties != false
      or (.value.required | sort) != (.value.properties | keys)
      or (.value.description | length) == 0
      or any(.value.properties[]; (.description | length) < 3)) | .key]'
  run --separate-stderr bash -c "\"\$LOPING\" schema | jq -c '$filter'"
  expect_equal "[]" "$output"
  run --separate-stderr bash -c "\"\$LOPONG\" --schema | jq -c '$filter'"
  expect_equal "[]" "$output"
}

@test "every number with a unit has it in its name or in its sentence" {
  # shellcheck disable=SC2016
  local filter='[.["$defs"].distribution.properties | to_entries[] | select(.key != "count" and (.value.description | contains("nanoseconds") | not)) | .key]
    + [.["$defs"][].properties | to_entries[] | select(.key | endswith("_ns")) | select(.value["$ref"] == null and .value.anyOf == null)
       | select(.value.description | contains("nanoseconds") | not) | .key]'
  run --separate-stderr bash -c "\"\$LOPING\" schema | jq -c '$filter'"
  expect_equal "[]" "$output"
}

@test "what is wrong with an object is found: a field too much, one too few, another type" {
  start_lopong
  loping_result latency "${FAST[@]}" "$PORT"
  jq -c '.runs[0].new_figure = 1 | del(.runs[0].peer.pid) | .runs[0].rtt_ns.p50 = "many"' "$RESULT" > wrong.txt
  run --separate-stderr "$PYTHON" "$REPOSITORY/tests/cli/json_schema.py" files "$LOPING" "$LOPONG" wrong.txt
  rm wrong.txt
  expect_status 1
  expect_contains "$output" "'new_figure' was unexpected"
  expect_contains "$output" "'pid' is a required property"
  expect_contains "$output" "'many' is not of type 'integer'"
}

@test "the whole schema tells one kind from another" {
  start_lopong
  loping_result latency "${FAST[@]}" "$PORT"
  "$LOPING" schema > schema.json
  run --separate-stderr "$PYTHON" - schema.json "$RESULT" << 'PY'
import json, sys
from jsonschema import Draft202012Validator
schema, result = (json.load(open(path)) for path in sys.argv[1:])
Draft202012Validator(schema).validate(result)
assert not Draft202012Validator(schema).is_valid({"schema_version": 1})
PY
  expect_status 0
}

@test "results of every workload, of every transport" {
  start_lopong --tcp --udp --unix "$BATS_TEST_TMPDIR/socket"
  measure report_card --duration 200ms "$PORT"
  measure latency latency "${FAST[@]}" --connections 2 --depth 4 --percentiles 50,99.9 "$PORT"
  measure udp latency "${FAST[@]}" --udp "$PORT"
  measure unix latency "${FAST[@]}" "unix:$BATS_TEST_TMPDIR/socket"
  measure rate latency --duration 1200ms --warmup 0 --rate 500 --percentiles 50 "$PORT"
  measure busy latency "${FAST[@]}" --busy-poll --no-nodelay "$PORT"
  measure ping ping --count 2 --interval 10ms "$PORT"
  measure connect connect "${FAST[@]}" "$PORT"
  measure sweep sweep --duration 100ms --sizes 64,1KiB "$PORT"
  measure echo throughput --duration 200ms "$PORT"
  measure up throughput --duration 200ms --direction up --zero-copy "$PORT"
  measure down throughput --duration 200ms --direction down "$PORT"
  [ "$(find . -name '*.json' | wc -l)" -eq 12 ]
  expect_kinds result -- ./*.json
}

@test "results of anatomy, with a floor, and with confidence" {
  [ "$(uname -s)" = Linux ] && [ -z "${PLATFORM:-}" ] || skip "needs Linux's own files"
  start_lopong
  measure anatomy anatomy "${FAST[@]}" "$PORT"
  measure floor latency --duration 3500ms --floor "$PORT"
  expect_kinds result -- anatomy.json floor.json
}

@test "results of runs that failed, that lost messages, and that were interrupted" {
  measure refused latency "${FAST[@]}" "$(unused_port)"
  expect_status 3
  measure no_file latency "${FAST[@]}" "unix:$BATS_TEST_TMPDIR/nothing"
  expect_status 3
  start_lopong
  start_loping interrupted latency --duration 60s --json-stream stream.jsonl --json interrupted.json "$PORT"
  wait_until has_begun stream.jsonl
  kill -INT "$LOPING_PID"
  wait_loping
  expect_equal true "$(jq .runs[0].interrupted interrupted.json)"
  expect_kinds result -- ./*.json
  expect_contains "$(cat stream.jsonl)" '"event":"interval"'
  expect_kinds interval_event result_event -- stream.jsonl
}

@test "check: open, another server, closed, silent, a unix socket, and many" {
  start_lopong --tcp --udp --unix "$BATS_TEST_TMPDIR/socket"
  loping check "$PORT" --json open.json
  loping check --udp "$PORT" --json udp.json
  loping check "unix:$BATS_TEST_TMPDIR/socket" --json unix.json
  loping check "unix:$BATS_TEST_TMPDIR/nothing" --json nothing.json
  loping check "$(unused_port)" --json closed.json
  loping check 1-64 --json many.json
  start_peer tcp4 silent
  loping check --timeout 300ms "$PORT" --json silent.json
  start_peer tcp4 hang-up
  loping check "$PORT" --json hung_up.json
  start_peer tcp4 banner "SSH-2.0-x"
  loping check "$PORT" --json answers.json
  kill -STOP "$LOPONG_PID"
  loping check --timeout 300ms "$(sed -n -E 's/.*:([0-9]+) \(tcp\)$/\1/p' "$LOPONG_OUT" | head -n 1)" --json paused.json
  expect_kinds check -- ./*.json
}

@test "wait: what came, what did not, what is free, and an HTTP status" {
  start_lopong
  loping wait "$PORT" --json came.json
  loping wait "$(unused_port)" --timeout 100ms --json missed.json
  loping wait --free "$PORT" --timeout 100ms --json taken.json
  loping wait --free "$(unused_port)" --json free.json
  loping wait --http 200 "$PORT" --timeout 100ms --json http.json
  expect_kinds wait -- ./*.json
}

@test "ports: two servers that share a number" {
  [ "$(uname -s)" = Linux ] && [ -z "${PLATFORM:-}" ] || skip "only Linux tells who listens"
  grep -q '^0*1 ' /proc/net/if_inet6 2> /dev/null || skip "needs ::1"
  start_lopong --tcp
  start_lopong --tcp --bind ::1 --port "$PORT"
  loping ports "$PORT" --json two.json
  expect_equal "$PORT" "$(jq '.two_servers[0].port' two.json)"
  expect_kinds ports -- two.json
}

@test "ports: the list, its peers, its file, and the events of --watch" {
  [ "$(uname -s)" = Linux ] && [ -z "${PLATFORM:-}" ] || skip "only Linux tells who listens"
  start_lopong
  echo "$PORT lopong" > expect.txt
  echo "1 nobody" >> expect.txt
  loping ports --json list.json
  loping ports --peers --tree --json peers.json
  loping ports --expect expect.txt --json expect.json "$PORT"
  expect_kinds ports -- ./*.json
  local port
  port=$(unused_port)
  start_loping watch ports --watch --interval 50ms --json events.jsonl --expect expect.txt "$port" "$PORT"
  wait_until file_contains events.jsonl '"event":"began"'
  start_lopong --port "$port"
  wait_until file_contains events.jsonl "\"port\":$PORT,"
  stop_lopong
  wait_until file_contains events.jsonl '"event":"gone"'
  kill -INT "$LOPING_PID"
  wait_loping
  expect_kinds watch_began watch_change watch_unused watch_ended -- events.jsonl
}

@test "explain: each kind of subject" {
  start_lopong
  local word
  for word in ECONNREFUSED "errno 98" -111 "$PORT" 127.0.0.1 ::1 127.0.0.0/8 "127.0.0.1:$PORT" localhost blocked p99 TIME_WAIT \
    "http://localhost:$PORT/x" "Error: listen EADDRINUSE: address already in use 127.0.0.1:$PORT" \
    "connect ECONNREFUSED nosuch.invalid:80" "read ECONNRESET"; do
    loping explain --json "explain.$((number += 1)).json" -- "$word"
    expect_status 0
    expect_equal "$word" "$(jq -r .word "explain.$number.json")"
  done
  [ "$number" -eq 16 ]
  expect_kinds explain -- explain.*.json
}

@test "explain --json writes what it prints, and a dash writes it alone to stdout" {
  loping explain ECONNREFUSED --json both.json
  expect_contains "$output" "$(jq -r '.explanations[0].what_happened' both.json)"
  loping explain ECONNREFUSED --json -
  expect_equal "$(cat both.json)" "$output"
  loping explain --json -
  expect_status 2
  expect_contains "$stderr" "--json: there is no word to explain"
  loping explain nosuchword --json none.json
  expect_status 2
  [ ! -e none.json ]
}

@test "compare: the same, a regression, another workload, and several files" {
  start_lopong
  measure a latency --duration 3500ms --warmup 0 "$PORT"
  measure b latency --duration 3500ms --warmup 0 --busy-poll "$PORT"
  measure other throughput --duration 100ms "$PORT"
  loping compare a.json b.json --json ab.json
  loping compare b.json a.json other.json --json ba.json
  loping compare a.json other.json --json none.json
  loping compare --base a.json --new b.json a.json --json sides.json
  expect_kinds compare -- ab.json ba.json none.json sides.json
}

@test "every event of lopong" {
  start_lopong --json --verbose --unix "$BATS_TEST_TMPDIR/socket" --tcp
  loping latency "${FAST[@]}" "$PORT"
  local first=$LOPONG_OUT
  stop_lopong
  expect_kinds listening connection_opened connection_closed summary -- "$first"
  start_lopong
  run --separate-stderr timeout 10 "$LOPONG" --json --port "$PORT"
  expect_status 3
  printf '%s\n' "$output" > failed.jsonl
  expect_kinds bind_failed -- failed.jsonl
}

@test "what a test makes is kept for the judgement at the end: files, and what a run prints" {
  export JSON_FOLDER=$BATS_TEST_TMPDIR/kept
  start_lopong --json
  loping check "$PORT" --json made.json
  loping check "$PORT" --json -
  echo '{"schema_version": 1, "made": "by a test"}' > other.json
  keep_json_files
  local folder=$JSON_FOLDER/json_schema.$BATS_TEST_NUMBER
  expect_contains "$(cat "$folder/test")" "json_schema.bats: what a test makes is kept"
  expect_equal "$(cat made.json)" "$(cat "$folder"/*.made.json)"
  expect_equal "$output" "$(cat "$folder/stdout.1")"
  expect_equal "$(cat "$LOPONG_OUT")" "$(cat "$folder"/*."$(basename "$LOPONG_OUT")")"
  [ "$(find "$folder" -name '*other*' | wc -l)" -eq 0 ]
}
