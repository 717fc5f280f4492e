#!/usr/bin/env bats
# The files that loping writes, what is true of them together, and --fail-if.

load test_helper
load loping_helper

# --- --fail-if --------------------------------------------------------------------------------------------------------

@test "a condition that is not true of the result changes nothing" {
  start_lopong
  loping latency "${FAST[@]}" "$PORT" --fail-if 'p50>10s' --fail-if 'lost>0' --fail-if corrupted --fail-if 'count<50'
  expect_status 0
  expect_equal "" "$stderr"
}

@test "each condition that is true gets a line that says by how much, and the exit status is 1" {
  start_lopong
  loping_result latency "${FAST[@]}" "$PORT" --fail-if 'count>40' --fail-if 'p99 < 1h' --fail-if 'lost'
  expect_status 1
  expect_contains "$stderr" "loping: --fail-if 'count>40': count is 50, 10 (25 %) above 40"
  expect_matches "$stderr" "loping: --fail-if 'p99 < 1h': p99 is [0-9.]+ .?s, .* below 3600 s"
  expect_lacks "$stderr" "'lost'"
  expect_equal 2 "$(wc -l <<< "$stderr")"
  expect_json '.error == null' '.runs[0].rtt_ns.count == 50'
}

@test "the report card's limit on bits a second means its throughput, and its limit on p99 its latency" {
  start_lopong
  loping --duration 50ms --warmup 0 "$PORT" --fail-if 'bits_per_second<1k' --fail-if 'p99<1h'
  expect_status 1
  expect_matches "$stderr" "^loping: --fail-if 'p99<1h': latency, 64 B: p99 is [^$'\n']*$"
}

@test "lost datagrams break a condition of their own" {
  start_udp_peer swallow 3
  loping latency --udp --warmup 0 --count 10 --timeout 2s "$PORT" --fail-if 'lost>0' --fail-if 'lost>1'
  expect_status 1
  expect_contains "$stderr" "'lost>0': lost is 1, 1 above 0"
  expect_lacks "$stderr" "'lost>1'"
}

@test "a condition that is no condition is refused before anything is measured" {
  local expression
  for expression in '' 'p99' 'p99>200' 'p99>1GiB' 'pp>1us' 'lost>few'; do
    loping latency "$(unused_port)" --fail-if "$expression"
    expect_status 2
    expect_contains "$stderr" "--fail-if: '$expression'"
  done
  loping latency --fail-if 'p9x>1us'
  expect_contains "$stderr" "there is no figure 'p9x'; the nearest is p90. Known are count, min,"
}

@test "a figure that the command cannot measure is refused before anything is measured" {
  start_lopong
  loping throughput "$PORT" --fail-if 'p99>1us'
  expect_status 2
  expect_contains "$stderr" "'p99>1us' can never be judged"
  loping latency --size 8 "$PORT" --fail-if 'there.p50>1us'
  expect_status 2
  expect_contains "$stderr" "legs need messages of 40 to 65,536 bytes"
  loping latency "$PORT" --fail-if 'response.p50>1us'
  expect_status 2
  expect_contains "$stderr" "give a --rate as well"
}

@test "a figure that turns out not to be there is no success" {
  start_peer tcp4 echo
  loping latency "${FAST[@]}" "$PORT" --fail-if 'there.p50>1h'
  expect_status 3
  expect_contains "$stderr" "'there.p50>1h' could not be judged: no run measured there.p50"
}

# --- percentiles and raw figures --------------------------------------------------------------------------------------

@test "percentiles are the exact ones of the raw figures within a thousandth" {
  start_lopong
  loping_result latency --warmup 0 --count 20000 "$PORT" --raw "$BATS_TEST_TMPDIR/raw" \
    --percentiles 50,75,99.999,0.1,100
  expect_status 0
  expect_matches "$output" "as asked for: p50 [0-9.]+ .s, p75 .*, p99.999 .*, p0.1 .*, p100 "
  run_python "$RESULT" "$BATS_TEST_TMPDIR/raw" << 'PY'
import json, math, sys
run = json.load(open(sys.argv[1]))["runs"][0]
raw = sorted(int(line) for line in open(sys.argv[2]))
rtt = run["rtt_ns"]
assert len(raw) == 20000 == rtt["count"], len(raw)
assert (raw[0], raw[-1]) == (rtt["min"], rtt["max"])
assert abs(sum(raw) / len(raw) - rtt["mean"]) < 0.001 * rtt["mean"]
asked = [percent for percent, ns in run["percentiles"]]
assert asked == [50, 75, 99.999, 0.1, 100], asked
told = run["percentiles"] + [[50, rtt["p50"]], [90, rtt["p90"]], [99, rtt["p99"]], [99.9, rtt["p99_9"]], [99.99, rtt["p99_99"]]]
for percent, ns in told:
    exact = raw[math.ceil(round(percent / 100 * len(raw), 9)) - 1]
    assert exact <= ns <= exact * 1.001 + 1, (percent, ns, exact)
PY
  expect_status 0
}

@test "percentiles of an open loop are told of the response time as well" {
  start_lopong
  loping_result latency --rate 1000 --duration 100ms --warmup 0 "$PORT" --percentiles 50,99
  expect_status 0
  expect_contains "$output" "of the response time: p50 "
  expect_json '.runs[0].response_percentiles == [[50, .runs[0].response_ns.p50], [99, .runs[0].response_ns.p99]]'
}

@test "without --percentiles there are none in the result file" {
  start_lopong
  loping_result latency "${FAST[@]}" "$PORT"
  expect_json '.runs[0].percentiles == null' '.runs[0].response_percentiles == null'
}

@test "a percentile that is none is refused" {
  loping latency --percentiles 50,200
  expect_status 2
  expect_contains "$stderr" "--percentiles: '200' is no number above 0 and up to 100"
}

# --- CSV --------------------------------------------------------------------------------------------------------------

@test "the CSV file has a row for each run, with the figures of the result file" {
  start_lopong
  loping_result --duration 50ms --warmup 0 "$PORT" --csv "$BATS_TEST_TMPDIR/result.csv"
  expect_status 0
  run_python "$RESULT" "$BATS_TEST_TMPDIR/result.csv" << 'PY'
import csv, json, sys
result = json.load(open(sys.argv[1]))
text = open(sys.argv[2], newline="").read()
assert text.endswith("\r\n") and text.count("\r\n") == 3 == text.count("\n"), text
rows = list(csv.DictReader(open(sys.argv[2], newline=""), strict=True))
assert [row["workload"] for row in rows] == ["latency", "throughput"]
compared = 0
for row, run in zip(rows, result["runs"]):
    assert None not in row and row["started_at"] == result["started_at"]
    for column, cell in row.items():
        value = run
        for key in column.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if "." in column:
            assert (cell == "") == (value is None), (column, cell, value)
            assert cell == "" or float(cell) == float(value), (column, cell, value)
            compared += cell != ""
assert compared > 50, compared
PY
  expect_status 0
}

@test "a text with commas and quotes is one cell of the CSV file" {
  local path="$BATS_TEST_TMPDIR/a,\"b"
  start_lopong --unix "$path" --tcp
  loping latency "${FAST[@]}" "unix:$path" --csv -
  expect_status 0
  expect_contains "$output" "\"${path//\"/\"\"}\""
}

# --- HdrHistogram -----------------------------------------------------------------------------------------------------

@test "the percentile file is what HdrHistogram's plotter reads, in microseconds" {
  start_lopong
  loping_result latency --warmup 0 --count 2000 "$PORT" --hgrm "$BATS_TEST_TMPDIR/result.hgrm"
  expect_status 0
  run_python "$RESULT" "$BATS_TEST_TMPDIR/result.hgrm" << 'PY'
import json, re, sys
rtt = json.load(open(sys.argv[1]))["runs"][0]["rtt_ns"]
lines = open(sys.argv[2]).read().split("\n")
assert lines[0].split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"] and lines[1] == "", lines[:2]
# As the plotter does: four words, the first the value and the last the place on the axis.
points = [line.split() for line in lines[2:] if line and line[0] != "#"]
assert all(len(point) == 4 for point in points)
values = [float(point[0]) for point in points]
shares = [float(point[1]) for point in points]
counts = [int(point[2]) for point in points]
assert values == sorted(values) and shares == sorted(shares) and counts == sorted(counts)
assert (shares[0], shares[-1], counts[-1], points[-1][3]) == (0, 1, 2000, "inf")
for value, share, count, inverse in points[:-1]:
    assert abs(float(inverse) - 1 / (1 - float(share))) < 0.01 and int(count) >= float(share) * 2000
# 1.001 * 1000 is no whole number in floating point.
assert (round(values[shares.index(0.5)] * 1000), round(values[-1] * 1000)) == (rtt["p50"], rtt["max"])
summary = re.findall(r"^#\[(\w+) *= *([0-9.]+), ([\w ]+?) *= *([0-9.]+)\]$", "\n".join(lines), re.M)
assert [(one[0], one[2]) for one in summary] == [
    ("Mean", "StdDeviation"), ("Max", "Total count"), ("Buckets", "SubBuckets")], summary
assert summary[1][3] == "2000" and abs(float(summary[0][1]) * 1000 - rtt["mean"]) < 1
PY
  expect_status 0
}

# --- the stream of events ---------------------------------------------------------------------------------------------

@test "the JSON stream has each slice when it is over, and the result at the end" {
  start_lopong
  loping_result latency --warmup 0 --duration 1900ms "$PORT" --json-stream "$BATS_TEST_TMPDIR/stream"
  expect_status 0
  run_python "$RESULT" "$BATS_TEST_TMPDIR/stream" << 'PY'
import json, sys
result = json.load(open(sys.argv[1]))
events = [json.loads(line) for line in open(sys.argv[2])]
# How many slices, the machine decides: one ends with the first reply after its second.
intervals = result["runs"][0]["intervals"]
assert [event.pop("event") for event in events] == ["interval"] * len(intervals) + ["result"] and intervals, events
assert events[-1] == result
for event, interval in zip(events, intervals):
    assert event == {"run": 0, "workload": "latency", **interval}, event
PY
  expect_status 0
}

@test "the JSON stream comes while it is measured, and is whole after Ctrl-C" {
  start_lopong
  start_loping streaming ping --interval 10ms "$PORT" --json-stream -
  wait_until file_contains "$LOPING_OUT" '"event":"interval"'
  kill -INT "$LOPING_PID"
  wait_loping
  expect_equal 0 "$status"
  expect_equal "interval result" "$(jq -r .event "$LOPING_OUT" | uniq | xargs)"
}

@test "the JSON stream ends with the error" {
  loping latency --json-stream - "$(unused_port)"
  expect_status 3
  expect_equal result "$(jq -r .event <<< "$output")"
  expect_equal ECONNREFUSED "$(jq -r .error.code <<< "$output")"
}

# --- where they go ----------------------------------------------------------------------------------------------------

@test "what goes to stdout stands there alone" {
  start_lopong
  loping latency "${FAST[@]}" "$PORT" --raw -
  expect_status 0
  expect_equal 50 "$(wc -l <<< "$output")"
  expect_equal "" "$(tr -d '0-9\n' <<< "$output")"
}

@test "two files cannot both be stdout" {
  loping latency --json - --csv -
  expect_status 2
  expect_contains "$stderr" "--json and --csv cannot both go to stdout"
}

@test "a file that cannot be written is named before anything is measured" {
  local option
  start_lopong
  for option in json json-stream csv hgrm raw; do
    loping latency --count 1000000000 "$PORT" "--$option" "$BATS_TEST_TMPDIR/no/such/folder"
    expect_status 3
    expect_contains "$stderr" "--$option: cannot write '$BATS_TEST_TMPDIR/no/such/folder': no such file or directory"
  done
}

@test "a file that takes no more is no success, and the others are written" {
  [ -e /dev/full ] || skip "needs /dev/full"
  local option
  start_lopong
  for option in json json-stream csv hgrm raw; do
    rm -f "$BATS_TEST_TMPDIR/good.json"
    if [ "$option" = json ]; then
      loping latency "${FAST[@]}" "$PORT" --json /dev/full --json-stream "$BATS_TEST_TMPDIR/good.json"
    else
      loping latency "${FAST[@]}" "$PORT" "--$option" /dev/full --json "$BATS_TEST_TMPDIR/good.json"
    fi
    expect_status 3
    expect_contains "$stderr" "--$option: cannot write '/dev/full': no space left on device; make room there"
    expect_equal 50 "$(tail -n 1 "$BATS_TEST_TMPDIR/good.json" | jq '.runs[0].rtt_ns.count')"
  done
}

@test "an earlier result is kept when nothing could be measured for want of a target" {
  echo precious > "$BATS_TEST_TMPDIR/old.csv"
  loping latency 192.0.2.1 --csv "$BATS_TEST_TMPDIR/old.csv"
  expect_status 2
  expect_equal precious "$(cat "$BATS_TEST_TMPDIR/old.csv")"
}

@test "connections that are opened one after another have raw figures, percentiles and conditions too" {
  start_lopong
  loping_result connect --warmup 0 --count 100 "$PORT" --raw "$BATS_TEST_TMPDIR/raw" --percentiles 100 \
    --hgrm "$BATS_TEST_TMPDIR/result.hgrm" --fail-if 'handshake.p50>10s' --fail-if 'transaction.count!=100'
  expect_status 0
  expect_equal 100 "$(wc -l < "$BATS_TEST_TMPDIR/raw")"
  expect_json ".runs[0].percentiles == [[100, $(sort -n "$BATS_TEST_TMPDIR/raw" | tail -n 1)]]"
  expect_contains "$(cat "$BATS_TEST_TMPDIR/result.hgrm")" "Total count    =          100]"
}

@test "a lopong of several threads is said to have them, by TCP and UDP, with its pid and its CPUs" {
  [ "$(uname -s)" = Linux ] || skip "no other system's file tells threads"
  start_lopong --threads 3
  local option
  for option in --no-color --udp; do
    loping_result latency $option "${PATIENT[@]}" --warmup 0 --duration 600ms "$PORT"
    expect_status 0
    expect_contains "$output" ", lopong with pid $LOPONG_PID, 3 threads"
    expect_matches "$output" $'\nCPUs used: client [0-9.]+, server [0-9.]+\n'
    expect_json ".runs[0].peer.pid == $LOPONG_PID" '.runs[0].cpu_use.server_threads == 3'
  done
  stop_lopong
  start_lopong --threads 1
  loping_result latency "${FAST[@]}" "$PORT"
  expect_lacks "$output" "thread"
  expect_json '.runs[0].cpu_use.server_threads == 1'
}

@test "one echo is not all of one" {
  start_lopong
  loping ping --count 1 "$PORT"
  expect_status 0
  expect_contains "$output" "check: the one echo came back byte for byte"
}
