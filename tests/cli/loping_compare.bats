#!/usr/bin/env bats
# compare: what it says of result files, real and made, and with which exit status.

load test_helper
load loping_helper

# make_result FILE P50 [JQ]: a result of 20 slices around a p50 of P50 ns, changed by a filter of jq.
make_result() {
  jq -n --argjson p50 "$2" '
    def near(i; x): (x * (1 + ([3, -1, 4, -1, -5, 9, -2, 6, -5, 3, -5, -8, 9, 7, -9, 3, 2, -3, 8, -4][i]) / 1000)) | floor;
    {schema_version: 1, tool: "loping", version: "0.1.0", started_at: "2026-11-22T00:00:00Z",
     environment: {release: "6.1", load_1m: 0.5},
     runs: [{workload: {name: "latency", direction: null, transport: "tcp", payload_bytes: 64, connections: 1, depth: 1},
             rtt_ns: {count: 200000, p50: $p50, p99: ($p50 * 3), p99_9: ($p50 * 9)},
             throughput: {bytes_received: 1280000, round_trips_per_second: (1e9 / $p50)},
             errors: {lost: 0, corrupted: 0},
             intervals: [range(20) | {duration_ns: 1000000000, round_trips: near(.; 1e9 / $p50), bytes_moved: 0,
                                      rtt_p50_ns: near(.; $p50), rtt_p99_ns: near(.; $p50 * 3)}]}]}' |
    jq "${3:-.}" > "$1"
}

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

@test "a result compared with itself is within noise" {
  make_result a.json 20000
  loping compare a.json a.json
  expect_status 0
  expect_equal "" "$stderr"
  expect_matches "$output" "round trip p50 +20.0 us +20.0 us +\+0.0 % +within noise"
  expect_contains "$output" "no regression"
  expect_contains "$output" "Verdicts by the ranks of the one-second slices"
}

@test "two runs of one server with one another give a verdict for every figure that has slices" {
  start_lopong
  local file
  for file in a b; do
    loping latency --duration 4500ms --warmup 50ms "$PORT" --json "$file.json"
    expect_status 0
  done
  loping compare a.json b.json --threshold 100% --json -
  # Of a machine that is busy in one of the runs the second can be a regression.
  expect_status "$(jq .exit_status <<< "$output")"
  expect_status $(($(jq .regressions <<< "$output") > 0))
  expect_equal '["p50","p99","bits_per_second","round_trips_per_second"]' \
    "$(jq -c '[.comparisons[0].runs[0].figures[] | select(.verdict != null) | .name]' <<< "$output")"
  local slices='[.runs[0].intervals[] | select(.duration_ns >= 500000000)] | length'
  [ "$(jq "$slices" a.json)" -ge 3 ]
  expect_equal "$(jq "$slices" a.json) $(jq "$slices" b.json)" \
    "$(jq -r '.comparisons[0].runs[0] | "\(.baseline_slices) \(.slices)"' <<< "$output")"
}

@test "a slow-down by a tenth is a regression" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare a.json b.json
  expect_status 1
  expect_matches "$output" "round trip p50 +20.0 us +22.0 us +\+10.0 % +worse"
  expect_matches "$output" "round trips a second +50,000 +45,455 +-9.1 % +worse"
  expect_contains "$output" "regression: round trip p50 of latency (tcp, 64 B): +10.0 %"
  expect_lacks "$output" "no regression"
}

@test "a speed-up is better, and no regression" {
  make_result a.json 22000
  make_result b.json 20000
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p50 .* better"
}

@test "worse by less than the threshold is said, and is no regression" {
  make_result a.json 20000
  make_result b.json 20600
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p50 .* worse"$'\n'" +not by more than 5 %"
  loping compare a.json b.json --threshold 2%
  expect_status 1
  loping compare a.json b.json --threshold 0
  expect_status 1
  loping compare a.json b.json --threshold 3.1
  expect_status 0
}

@test "with too few slices there are figures and no verdict, and nothing was judged" {
  make_result a.json 20000
  make_result b.json 40000 '.runs[0].intervals |= .[:2]'
  loping compare a.json b.json
  expect_status 3
  expect_contains "$stderr" "nothing to judge: no verdict on latency (tcp, 64 B): that needs 3 full one-second slices on each side; measure longer"
  expect_lacks "$output" "no regression"
  expect_matches "$output" "round trip p50 +20.0 us +40.0 us +\+100.0 % +not enough slices"
}

@test "figures that no slice has of its own stand without a verdict" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].rtt_ns.p99_9 = 900000'
  loping compare a.json b.json
  expect_status 0
  expect_matches "$output" "round trip p99.9 +180 us +900 us +\+400.0 %"$'\n'
}

@test "what differs in machine and workload is said, and other workloads are not judged" {
  make_result a.json 20000
  make_result b.json 40000 '.environment.release = "6.2" | .environment.load_1m = 9'
  loping compare a.json b.json
  expect_status 1
  expect_contains "$output" "differs: release: 6.1, then 6.2"
  expect_lacks "$output" load_1m
  make_result c.json 40000 '.runs[0].workload.depth = 8'
  loping compare a.json c.json
  expect_status 3
  expect_contains "$output" "not the same workload: depth: 1, then 8"
  expect_contains "$stderr" "nothing to judge: no verdict on latency (tcp, 64 B): the baseline measured another workload (depth)"
  expect_matches "$output" "round trip p50 .* not comparable"
}

@test "several files are each compared with the first" {
  make_result a.json 20000
  make_result b.json 20100
  make_result c.json 30000
  loping compare a.json b.json c.json --json result.json
  expect_status 1
  expect_contains "$output" "against   b.json"
  expect_contains "$output" "against   c.json"
  expect_equal '[0,3]' "$(jq -c '[.comparisons[].runs[0].figures | map(select(.regression)) | length]' result.json)"
  expect_equal 3 "$(jq .regressions result.json)"
  expect_equal '"a.json"' "$(jq .baseline result.json)"
  expect_equal worse "$(jq -r '.comparisons[1].runs[0].figures[] | select(.name == "p50").verdict' result.json)"
}

@test "runs are matched whatever their order, and one without a baseline is told" {
  make_result a.json 20000 '.runs += [.runs[0] | .workload.payload_bytes = 1024]'
  make_result b.json 20000 '.runs |= [(.[0] | .workload.payload_bytes = 1024), .[0], (.[0] | .workload.name = "connect")]'
  loping compare a.json b.json
  expect_status 0
  expect_lacks "$output" "not the same workload"
  expect_contains "$output" "connect (tcp, 64 B): not in the baseline"
}

@test "files with nothing in common are no success" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].workload.name = "connect"'
  loping compare a.json b.json
  expect_status 3
  expect_contains "$stderr" "no run of these files measured the same kind of thing"
}

@test "results of the first version are compared with today's" {
  loping compare "$REPOSITORY/tests/golden/ping_oldest.json" "$REPOSITORY/tests/golden/ping_oldest.json"
  expect_status 0
  expect_contains "$output" "one-second slices: 4, then 4"
  loping compare "$REPOSITORY/tests/golden/throughput_oldest.json" "$REPOSITORY/tests/golden/throughput_oldest.json"
  expect_status 0
  expect_matches "$output" "rate, one way .* within noise"
  expect_lacks "$output" "round trips a second"
}

@test "a run that failed before it measured anything leaves nothing to judge" {
  make_result good.json 20000
  # Port 1 has no server: to bind it takes privileges that no test uses.
  loping latency --duration 100ms 127.0.0.1:1 --json failed.json
  expect_status 3
  local order
  for order in "good.json failed.json" "failed.json good.json" "failed.json failed.json"; do
    # shellcheck disable=SC2086 # two words
    loping compare $order
    expect_status 3
    expect_contains "$stderr" "nothing to judge: latency (tcp, 64 B) of 'failed.json' failed: cannot connect to 127.0.0.1:1"
    expect_contains "$stderr" "(ECONNREFUSED); measured nothing"
    expect_lacks "$output" "no regression"
    # shellcheck disable=SC2086 # two words
    loping compare $order --json -
    expect_status 3
    jq -e '.conclusion == "nothing to judge" and .exit_status == 3 and (.reasons | length) >= 1' <<< "$output"
  done
  make_result empty.json 20000 '.runs[0] |= {workload}'
  loping compare good.json empty.json
  expect_status 3
  expect_contains "$stderr" "latency (tcp, 64 B) of 'empty.json' measured nothing"
}

@test "a run that failed half way is worse than one that did not" {
  make_result a.json 20000
  make_result b.json 20000 '.error = {code: "ECONNRESET", what_happened: "lost after 210 MiB.\u001b[31m"}'
  loping compare a.json b.json
  expect_status 1
  expect_contains "$output" "regression: latency (tcp, 64 B) failed, and did not in the baseline"
  expect_contains "$(tr '\n' ' ' <<< "$output" | tr -s ' ')" "latency (tcp, 64 B) of 'b.json' failed: lost after 210 MiB."
  expect_lacks "$output" $'\e'
  expect_lacks "$output" "no regression"
  loping compare b.json a.json
  expect_status 0
  expect_contains "$output" "nothing got worse, but not every run is sound"
  expect_lacks "$output" "no regression"
  loping compare a.json b.json --json -
  expect_status 1
  jq -e '.conclusion == "worse" and .comparisons[0].runs[0].runs[0].failed and .exit_status == 1' <<< "$output"
}

@test "an interrupted run is judged by what it measured, and called interrupted" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].interrupted = true'
  loping compare a.json b.json
  expect_status 0
  expect_contains "$output" "latency (tcp, 64 B) of 'b.json' was interrupted"
  expect_contains "$output" "nothing got worse, but not every run is sound"
  expect_lacks "$output" "no regression"
  loping compare b.json a.json
  expect_contains "$output" "latency (tcp, 64 B) of 'b.json' was interrupted"
  make_result c.json 30000 '.runs[0].interrupted = true'
  loping compare a.json c.json
  expect_status 1
  make_result d.json 30000 '.runs[0].interrupted = 7'
  loping compare a.json d.json
  expect_status 3
  expect_contains "$stderr" "runs[0].interrupted is a number, and true or false is expected"
}

@test "lost messages are judged, whatever the figures say" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].errors.lost = 136'
  loping compare a.json b.json
  expect_status 1
  expect_matches "$output" "lost +0 +136 +worse"
  expect_contains "$output" "regression: lost of latency (tcp, 64 B): 0, then 136"
  loping compare a.json b.json --json - --threshold 100%
  expect_status 1
  expect_equal worse "$(jq -r '.comparisons[0].runs[0].figures[] | select(.name == "lost").verdict' <<< "$output")"
  jq -e '.comparisons[0].runs[0].runs[0].faults == "lost 136" and .regressions == 1' <<< "$output"
  loping compare b.json a.json
  expect_status 0
  expect_matches "$output" "lost +136 +0 .* better"
  expect_contains "$output" "latency (tcp, 64 B) of 'b.json' lost 136"
  expect_lacks "$output" "no regression"
  # As lossy as before: not worse, and not sound.
  make_result c.json 20000 '.runs[0].errors.lost = 140'
  loping compare b.json c.json
  expect_status 0
  expect_matches "$output" "lost +136 +140 .* within noise"
  expect_contains "$output" "nothing got worse, but not every run is sound"
  make_result d.json 20000 '.runs[0].errors.lost = 400'
  loping compare b.json d.json
  expect_status 1
  make_result e.json 20000 '.runs[0].errors.corrupted = 1'
  loping compare a.json e.json
  expect_status 1
}

@test "a sweep that ended early says which runs are missing" {
  make_result a.json 20000 '.runs += [.runs[0] | .workload.direction = "up"]'
  make_result b.json 20000
  loping compare a.json b.json
  expect_status 0
  expect_contains "$output" "latency up (tcp, 64 B) is in the baseline, and not in 'b.json'"
  loping compare a.json b.json --json -
  expect_equal 1 "$(jq '.comparisons[0].runs_missing' <<< "$output")"
}

@test "a first second that does not belong is said and left out" {
  local slow='.runs[0].intervals[0] |= (.rtt_p50_ns = 58300 | .round_trips = 17000)'
  make_result a.json 20000 "$slow"
  make_result b.json 22000 "$slow"
  loping compare a.json b.json
  expect_status 1
  expect_contains "$(tr '\n' ' ' <<< "$output" | tr -s ' ')" \
    "The first second of 'a.json' does not belong to the others (p50 58.3 us, theirs 20.0 us), and is left out of the verdicts."
  expect_matches "$output" "round trip p50 .* worse"
  loping compare a.json b.json --json -
  expect_equal '[true,true]' "$(jq -c '.comparisons[0].runs[0] | [.baseline_runs[0], .runs[0]] | map(.first_slice_left_out)' <<< "$output")"
  make_result c.json 20000
  loping compare c.json c.json
  expect_lacks "$output" "does not belong"
}

@test "the smallest change worth naming is the user's to say" {
  make_result a.json 20000
  make_result b.json 20600
  loping compare a.json b.json --threshold 0
  expect_status 1
  loping compare a.json b.json --threshold 0 --smallest 4%
  expect_status 0
  expect_matches "$output" "round trip p50 .* within noise"
  make_result c.json 20300
  loping compare a.json c.json --threshold 0
  expect_status 0
  loping compare a.json c.json --threshold 0 --smallest 0
  expect_status 1
}

@test "several files of a side show how much runs differ" {
  local i p50=(20000 23000 21500 22900 20100 21600)
  for i in 0 1 2 3 4 5; do make_result "$i.json" "${p50[i]}"; done
  # Any two of them differ by more than their slices do.
  loping compare 0.json 1.json
  expect_status 1
  loping compare --base 0.json 1.json 2.json --new 3.json 4.json 5.json --json result.json
  expect_status 0
  expect_contains "$output" "one-second slices: 60 of 3 runs, then 60 of 3 runs"
  expect_contains "$output" "no regression"
  expect_equal '["0.json","1.json","2.json"] ["3.json","4.json","5.json"]' \
    "$(jq -rc '"\(.baseline_files) \(.comparisons[0].files)"' result.json)"
  # Each side's middle run stands for it.
  expect_equal '[21500,21600]' \
    "$(jq -c '.comparisons[0].runs[0].figures[] | select(.part == "rtt_ns" and .name == "p50") | [.baseline, .value]' result.json)"
}

@test "runs that were measured in turn are compared round by round" {
  local i level=(20000 21000 24000 29000 30000 26000 23000 20500)
  # The machine drifts by half; the new side is slower by a tenth in each round, and is measured first in every other.
  for i in 0 1 2 3 4 5 6 7; do
    make_result "a$i.json" "${level[i]}" ".started_at = \"2026-11-22T00:0$i:0$((i % 2 * 3))Z\""
    make_result "b$i.json" "$((level[i] * 11 / 10))" ".started_at = \"2026-11-22T00:0$i:02Z\""
    make_result "c$i.json" "$((level[i] * 11 / 10))" ".started_at = \"2026-11-22T00:1$i:02Z\""
  done
  # In any order on the command line.
  loping compare --new b7.json b[0-6].json --base a*.json --json result.json
  expect_status 1
  expect_contains "$output" "measured in turn: 8 rounds"
  expect_contains "$output" "round by round"
  expect_lacks "$output" "Welch"
  expect_equal '[8,null,"worse"]' "$(jq -c '.comparisons[0].runs[0].figures[] |
    select(.part == "rtt_ns" and .name == "p50") | [.rounds, .effective_slices, .verdict]' result.json)"
  jq -e '.comparisons[0].runs[0].figures[] | select(.part == "rtt_ns" and .name == "p50") |
    .slices_change_percent > 9.9 and .slices_change_percent < 10.1' result.json
  # One side after the other: the drift cannot be told from the change.
  loping compare --base a*.json --new c*.json --json result.json
  expect_status 0
  expect_lacks "$output" "in turn"
  expect_contains "$output" "Welch"
  jq -e '[.comparisons[0].runs[0].figures[].rounds] | all(. == null)' result.json
  # Seven rounds are too few.
  loping compare --base a[0-6].json --new b[0-6].json
  expect_lacks "$output" "in turn"
}

@test "the files of a side stand behind one option or behind several" {
  local i
  for i in a1 a2 b1 b2; do make_result $i.json 20000; done
  local words
  for words in "--base a1.json a2.json --new b1.json b2.json" "--base a1.json --base a2.json --new b1.json --new b2.json" \
    "--new b1.json b2.json --quiet --base a1.json a2.json" "--base a1.json --new b1.json b2.json --base=a2.json"; do
    # shellcheck disable=SC2086 # words
    loping compare $words --json result.json
    expect_status 0
    expect_equal '["a1.json","a2.json"] ["b1.json","b2.json"]' \
      "$(jq -rc '"\(.baseline_files) \(.comparisons[0].files)"' result.json)"
  done
}

@test "a file that is no result is named with what is wrong with it" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].rtt_ns.p99 = "fast"'
  loping compare a.json b.json
  expect_status 3
  expect_equal "" "$output"
  expect_contains "$stderr" "'b.json' is no result file that can be compared: runs[0].rtt_ns.p99 is a text, and a number is expected"
  loping compare a.json none.json
  expect_status 3
  expect_contains "$stderr" "'none.json' cannot be read: no such file or directory"
  echo hello > c.json
  loping compare c.json a.json
  expect_status 3
  expect_contains "$stderr" "'c.json' is no result file: it holds no JSON object"
  echo '{"runs": hello}' > c.json
  loping compare c.json a.json
  expect_status 3
  expect_contains "$stderr" "'c.json' is not JSON: line 1"
}

@test "a file without an end is not read for ever" {
  [ -e /dev/zero ] || skip "needs /dev/zero"
  make_result a.json 20000
  loping compare a.json /dev/zero
  expect_status 3
  expect_contains "$stderr" "'/dev/zero' is no result file"
}

@test "64 MiB of rubbish are refused in little memory" {
  need_plain_build "counts memory"
  make_result a.json 20000
  { printf '{"runs":['; yes '[],' | tr -d '\n' | head -c 67000000; printf '[]]}'; } > b.json
  { yes ' ' | tr -d '\n' | head -c 70000000; } > c.json
  # A parser would want 2.8 GB for the first.
  run_timeout "$DEADLINE_SECONDS" prlimit --data=100000000 "$LOPING" compare a.json b.json
  expect_status 3
  expect_contains "$stderr" "'b.json' has more than 250,000 objects and arrays, and no result file of loping has"
  run_timeout "$DEADLINE_SECONDS" prlimit --data=100000000 "$LOPING" compare a.json c.json
  expect_status 3
  expect_contains "$stderr" "'c.json' is larger than 64 MiB, and no result file of loping is"
}

@test "a number that nothing can have is refused by its name" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].rtt_ns.p99 = 1e300'
  make_result c.json 20000 '.runs[0].intervals[1].round_trips = 1e19'
  loping compare a.json b.json
  expect_status 3
  expect_contains "$stderr" "runs[0].rtt_ns.p99 is 1e+300, more than can be measured"
  loping compare a.json c.json
  expect_status 3
  expect_contains "$stderr" "runs[0].intervals[1].round_trips is 1e+19, more than can be measured"
}

@test "what a file holds cannot reach the terminal as a control sequence" {
  make_result a.json 20000
  make_result b.json 20000 '.runs[0].workload.transport = "\u001b[31m" | .environment.release = "\u001b]0;x\u0007" | .started_at = "\u001b"'
  loping compare a.json b.json
  expect_status 3
  expect_lacks "$output$stderr" $'\e'
}

@test "--quiet leaves only what is better or worse" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare --quiet a.json b.json
  expect_status 1
  expect_contains "$output" "round trip p50"
  expect_lacks "$output" "p99.9"
  expect_lacks "$output" "Welch"
}

@test "with JSON on stdout nothing else stands there" {
  make_result a.json 20000
  make_result b.json 22000
  loping compare a.json b.json --json -
  expect_status 1
  jq -e '.threshold_percent == 5 and .alpha == 0.01' <<< "$output"
  expect_contains "$stderr" "regression: round trip p50"
  loping compare a.json b.json --json /dev/full
  expect_status 3
}

@test "wrong usage is refused" {
  loping compare
  expect_status 2
  expect_contains "$stderr" "compare needs two result files or more"
  loping compare a.json
  expect_status 2
  loping compare a.json b.json --threshold few
  expect_status 2
  expect_contains "$stderr" "--threshold: 'few' is no percentage from 0 to 100; give one such as 5%"
  loping compare --help
  expect_status 0
  expect_contains "$output" "usage: loping compare [options] BASELINE FILE [FILE ...]"
  loping compare --base a.json
  expect_status 2
  expect_contains "$stderr" "--base and --new belong together: give the files of both sides"
  loping compare c.json --base a.json --new b.json
  expect_status 2
  expect_contains "$stderr" "'c.json' is on neither side; write the files of both behind --base and --new"
  loping compare a.json b.json --smallest few
  expect_status 2
  expect_contains "$stderr" "--smallest: 'few' is no percentage from 0 to 100"
}
