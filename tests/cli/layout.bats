#!/usr/bin/env bats
# Every text for people is laid out for its terminal: 40, 60, 80 and 132 columns; 80 in pipes and files.

load test_helper
load loping_helper

# lines_fit COLUMNS FILE: each line is at most so wide, but for one that holds a single word, or a command to copy.
lines_fit() {
  run_python "$1" "$2" << 'PY'
import re, sys, unicodedata
columns, path = int(sys.argv[1]), sys.argv[2]
text = re.sub(r"\x1b\[[0-9;]*[mK]", "", open(path, encoding="utf-8").read().replace("\r\n", "\n"))
commands = r" {4}(sudo |loping|lopong|ss|lsof|kill|ip|nft|iptables|ls|rm|sysctl|systemctl|npm|cat) "
is_wrong = False
for line in text.split("\n"):
    line = line.split("\r")[-1]
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)
    if width > columns and len(line.split()) > 1 and not re.match(commands, line):
        print(f"{width} columns: {line}")
        is_wrong = True
for figure, unit in re.findall(r"([0-9])\n +(ns|us|ms|s|B|KiB|MiB|GiB|%|[kMGT]?bit/s)\b", text):
    print(f"parted: {figure} {unit}")
    is_wrong = True
sys.exit(is_wrong)
PY
}

# fits ARGUMENT...: what loping says with these on a terminal of each width.
fits() {
  local columns
  need_terminal
  for columns in 40 60 80 132; do
    timeout "$DEADLINE_SECONDS" python3 -I "$REPOSITORY/tests/cli/in_terminal.py" --both --columns "$columns" \
      "$BATS_TEST_TMPDIR/screen" "$LOPING" "$@" || true
    [ -s "$BATS_TEST_TMPDIR/screen" ] || {
      echo "nothing on the screen: $*"
      return 1
    }
    lines_fit "$columns" "$BATS_TEST_TMPDIR/screen" || {
      echo "at $columns columns: loping $*"
      return 1
    }
  done
}

@test "each measuring report fits its terminal" {
  start_lopong --tcp --udp
  fits latency --warmup 0 --duration 50ms "$PORT"
  fits latency --warmup 0 --duration 50ms --rate 1000 --percentiles 50,75,99.999 "$PORT"
  fits latency --warmup 0 --duration 50ms --udp --connections 10 "$PORT"
  fits ping --count 2 --interval 1ms "$PORT"
  fits throughput --warmup 0 --duration 1100ms "$PORT"
  fits throughput --warmup 0 --duration 50ms --direction up --zero-copy "$PORT"
  fits connect --warmup 0 --duration 50ms "$PORT"
  fits sweep --sizes 64,1023,64KiB --duration 20ms "$PORT"
  fits --warmup 0 --duration 50ms "$PORT"
}

@test "an anatomy and a floor fit their terminal" {
  [ "$(uname -s)" = Linux ] || skip "both are for Linux"
  start_lopong --tcp
  fits anatomy --warmup 0 --duration 50ms "$PORT"
  fits latency --floor --duration 300ms "$PORT"
}

@test "each verdict with its evidence and its steps fits its terminal" {
  start_lopong --tcp
  fits check "$PORT"
  fits check "$(unused_port)"
  fits check 1-64
  start_server_script full_queue.py
  fits check --timeout 50ms "$PORT"
}

@test "the lists of ports and what is waited for fit their terminal" {
  start_lopong --tcp --udp
  fits ports
  fits ports --tree --peers "$PORT"
  fits wait "$PORT"
  fits wait --timeout 20ms "$(unused_port)"
}

@test "each failure fits its terminal" {
  fits latency "$(unused_port)"
  fits latency no-such-host.invalid:7
  fits latency "unix:$BATS_TEST_TMPDIR/x"
  start_peer tcp4 banner 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'
  fits latency "$PORT"
  fits latency 192.0.2.77
}

@test "each comparison fits its terminal" {
  start_lopong --tcp
  cd "$BATS_TEST_TMPDIR"
  loping latency --warmup 0 --duration 3100ms --json a.json "$PORT"
  expect_status 0
  jq '.runs[0] |= (.rtt_ns.p50 *= 9 | .intervals[].rtt_p50_ns *= 9 | .errors.lost = 7 | .interrupted = true)' a.json > b.json
  jq '.runs[0].intervals |= (.[0:1] + . + .) | .runs[0].intervals[0].rtt_p50_ns *= 9' a.json > c.json
  fits compare a.json a.json
  fits compare a.json b.json
  fits compare --base a.json b.json --new b.json c.json
  loping latency "$(unused_port)" --json d.json
  fits compare a.json d.json
}

@test "each help, each word and each refusal fits its terminal" {
  local command word
  for command in "" ping latency anatomy throughput connect sweep compare check wait ports explain help; do
    # shellcheck disable=SC2086
    fits $command --help
    # shellcheck disable=SC2086
    fits $command --help-all
    # shellcheck disable=SC2086
    fits $command --no-such-option
  done
  fits explain
  for word in ECONNREFUSED EADDRNOTAVAIL p99 blocked 62893 127.0.0.1 0.0.0.0 TIME_WAIT coordinated-omission; do
    fits explain $word
  done
}

@test "the server's help, refusals and failures fit their terminal" {
  start_lopong --tcp
  local taken=$PORT
  LOPING=$LOPONG
  fits --help
  fits --help-all
  fits --port 99999
  fits --port "$taken"
}

@test "in a pipe and in a file a line has 80 columns" {
  start_lopong --tcp
  "$LOPING" latency --warmup 0 --duration 50ms --rate 1000 "$PORT" > "$BATS_TEST_TMPDIR/file"
  lines_fit 80 "$BATS_TEST_TMPDIR/file"
  "$LOPING" check "$PORT" | cat > "$BATS_TEST_TMPDIR/file"
  lines_fit 80 "$BATS_TEST_TMPDIR/file"
  grep -qE '.{70}' "$BATS_TEST_TMPDIR/file"
}

@test "wide and combining characters count as what they take" {
  local path=$BATS_TEST_TMPDIR/漢字漢字漢字漢字漢字漢字漢字/ä
  fits check "unix:$path"
}

@test "an event of the server's log is one line in a file" {
  start_lopong --tcp --verbose
  loping latency "${FAST[@]}" "$PORT"
  wait_until file_contains "$LOPONG_ERR" closed
  grep -E '^lopong: connection [0-9]+ closed: .* messages, open for ' "$LOPONG_ERR"
}
