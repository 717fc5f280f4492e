#!/usr/bin/env bats
# loping grade: each server that is wrong on purpose is known by its mistake, and right ones have none.

load test_helper
load loping_helper

# A busy machine is slow, and no server of these tests answers late on purpose.
RIGHT=(--timeout 20s)
WRONG=(--timeout 3s)

# start_streams NAME [PATH]: a server of tests/peers/wrong_servers in C. Sets PORT.
start_streams() {
  PEER_OUT=$BATS_TEST_TMPDIR/streams.out
  start_background streams "$BUILD/tests/peers/wrong_servers/streams" "$@"
  PEER_PID=$BACKGROUND_PID
  wait_until peer_is_ready_or_gone
  PORT=$(sed -n -E 's/^listening on .*:([0-9]+)$/\1/p' "$PEER_OUT")
  grep -q listening "$PEER_OUT"
}

# grade ARGUMENT...: with the result file in RESULT.
grade() {
  rm -f "$RESULT"
  run_timeout $((DEADLINE_SECONDS * 5)) "$LOPING" grade --json "$RESULT" "$@" < /dev/null
}

udp_word() {
  case $1 in udp-*) echo "--udp" ;; esac
}

# expect_right: no exam failed.
expect_right() {
  expect_status 0
  expect_json '[.exams[] | select(.result == "failed" or .result == "not-examined")] == []' '.is_passed'
  expect_contains "$output" PASSED
}

# expect_mistake NAME [OTHER...]: these are all mistakes that were named, and every exam was done.
expect_mistake() {
  local wanted
  wanted=$(printf '%s\n' "$@" | sort -u | tr '\n' ' ')
  expect_status 1
  expect_equal "$wanted" "$(from_json '[.exams[] | select(.result == "failed").finding.name] | unique | .[]' | LC_ALL=C sort | tr '\n' ' ')"
  expect_contains "$output" "$1 ("
}

# Servers in C, and in Python.
c_is_wrong() {
  local server=$1
  shift
  start_streams "$server"
  # shellcheck disable=SC2046 # a word or none
  grade "${WRONG[@]}" $(udp_word "$server") "$PORT"
  expect_mistake "$@"
}

python_is_wrong() {
  local server=$1
  shift
  start_server_script wrong_servers/servers.py "$server"
  # shellcheck disable=SC2046
  grade "${WRONG[@]}" $(udp_word "$server") "$PORT"
  expect_mistake "$@"
}

# --- right ones -------------------------------------------------------------------------------------------------------

@test "lopong is right, over TCP, UDP and a unix socket" {
  start_lopong --tcp --udp
  grade "${RIGHT[@]}" "$PORT"
  expect_right
  expect_json '[.exams[].name] | length == 14'
  grade "${RIGHT[@]}" --udp "$PORT"
  expect_right
  expect_json '.points == 100' '.transport == "udp"'
  start_lopong --tcp --unix "$BATS_TEST_TMPDIR/socket"
  grade "${RIGHT[@]}" "unix:$BATS_TEST_TMPDIR/socket"
  expect_right
  expect_json '.port == null' '[.exams[].name] | index("restart") == null'
}

@test "lopong on ::1 has all points of IPv6" {
  start_lopong --tcp --bind ::1
  grade "${RIGHT[@]}" "[::1]:$PORT"
  expect_right
  expect_json '.exams[] | select(.name == "ipv6").result == "passed"'
}

@test "a server in C with threads is right, over TCP and a unix socket" {
  start_streams right-threads
  grade "${RIGHT[@]}" "$PORT"
  expect_right
  expect_json '.exams[] | select(.name == "ipv6") | .result == "note" and .points == 0 and .finding.name == "no-ipv6"'
  start_streams right-threads "$BATS_TEST_TMPDIR/socket"
  grade "${RIGHT[@]}" "unix:$BATS_TEST_TMPDIR/socket"
  expect_right
}

@test "a server in C with poll() is right" {
  start_streams right-poll
  grade "${RIGHT[@]}" "$PORT"
  expect_right
}

@test "a server with Python's asyncio is right" {
  start_server_script wrong_servers/servers.py right-asyncio
  grade "${RIGHT[@]}" "$PORT"
  expect_right
}

@test "a server with Python's socketserver is right" {
  start_server_script wrong_servers/servers.py right-socketserver
  grade "${RIGHT[@]}" "$PORT"
  expect_right
}

@test "a server of Node is right" {
  need_command node
  PEER_OUT=$BATS_TEST_TMPDIR/node.out
  start_background node node "$REPOSITORY/tests/peers/wrong_servers/right.js"
  # shellcheck disable=SC2034 # for peer_is_ready_or_gone
  PEER_PID=$BACKGROUND_PID
  wait_until peer_is_ready_or_gone
  grade "${RIGHT[@]}" "$(sed -n -E 's/^listening on .*:([0-9]+)$/\1/p' "$PEER_OUT")"
  expect_right
}

@test "servers of datagrams in C and Python are right" {
  start_streams udp-right
  grade "${RIGHT[@]}" --udp "$PORT"
  expect_right
  start_server_script wrong_servers/servers.py udp-right
  grade "${RIGHT[@]}" "$PORT/udp"
  expect_right
}

# --- wrong ones, in C -------------------------------------------------------------------------------------------------

@test "C: strlen() of what recv() returned" {
  c_is_wrong stops-at-nul stops-at-nul
  expect_contains "$output" "strlen() (or %s, strcpy()) of what recv() returned"
  expect_contains "$output" "came: 128 of 256 B, then no more"
}

@test "C: strlen() over a unix socket" {
  start_streams stops-at-nul "$BATS_TEST_TMPDIR/socket"
  grade "${WRONG[@]}" "unix:$BATS_TEST_TMPDIR/socket"
  expect_mistake stops-at-nul
}

@test "C: the text's end mark is sent" { c_is_wrong adds-nul adds-nul; }
@test "C: sizeof the buffer is sent" { c_is_wrong sends-whole-buffer sends-whole-buffer; }
@test "C: one recv(), one send(), close()" {
  c_is_wrong one-recv closes-after-one one-recv
  expect_contains "$output" "One send() is taken for one recv()"
}
@test "C: 255 is taken for EOF" { c_is_wrong stops-at-byte-255 stops-at-byte-255; }
@test "C: no close()" {
  c_is_wrong does-not-close does-not-close
  [ "$(uname -s)" != Linux ] ||
    expect_json '.exams[] | select(.name == "many").finding.came | test("still open: descriptors [0-9]+, [0-9]+, [0-9]+")'
}
@test "C: the parent keeps its copy after fork()" { c_is_wrong forks-and-keeps does-not-close; }
@test "C: shutdown() without close()" {
  [ "$(uname -s)" = Linux ] || skip "needs /proc"
  c_is_wrong leaks-descriptors leaks-descriptors
}
@test "C: recv() returning 0 is not looked at" {
  [ "$(uname -s)" = Linux ] || skip "needs /proc"
  c_is_wrong spins-at-end spins-at-end
}
@test "C: ECONNRESET ends the program" {
  c_is_wrong dies-at-reset dies-at-reset
  expect_json '.exams[] | select(.name == "gone") | .result == "not-examined" and (.reason | test("ended in the exam reset"))'
}
@test "C: SIGPIPE ends the program" {
  [ "$(uname -s)" = Linux ] || skip "needs /proc"
  c_is_wrong dies-at-sigpipe dies-at-sigpipe
}
@test "C: the threads share the client" { c_is_wrong mixes-clients mixes-clients; }
@test "C: the client that came first gets what all others say" { c_is_wrong answers-first-client mixes-clients; }
@test "C: no SO_REUSEADDR" {
  start_streams no-reuseaddr
  grade "${WRONG[@]}" "$PORT"
  [ "$(from_json '.exams[] | select(.name == "restart").result')" != not-looked-into ] ||
    skip "this system does not let the option be read"
  expect_mistake no-reuseaddr
}
@test "C: accept() waits behind read()" {
  c_is_wrong one-at-a-time one-at-a-time
  expect_contains "$output" "accept() waits behind read()"
}
@test "C: a short write is ignored" {
  c_is_wrong short-write short-write
  expect_contains "$output" "Short write of send() ignored"
}
@test "C: EAGAIN is taken for the end" { c_is_wrong gives-up-at-full gives-up-at-full; }
@test "C: the whole buffer is sent again after a short write" { c_is_wrong sends-twice sends-twice; }
@test "C: what is unsent is thrown away at the client's end" { c_is_wrong drops-at-half-close drops-at-half-close; }
@test "C: send() waits for one client, and all others with it" {
  c_is_wrong slow-reader-stops-others slow-reader-stops-others
}
@test "C, UDP: strlen()" { c_is_wrong udp-stops-at-nul stops-at-nul; }
@test "C, UDP: a buffer of 1 KiB" { c_is_wrong udp-cuts-datagrams cuts-datagrams; }
@test "C, UDP: an empty datagram is taken for the end" { c_is_wrong udp-ends-at-empty ends-at-empty; }
@test "C, UDP: the address of the datagram before" {
  c_is_wrong udp-answers-wrong-client answers-wrong-client loses-datagrams
}
@test "C, UDP: answers from another port" { c_is_wrong udp-answers-from-other-port answers-from-other-port; }

# --- wrong ones, in Python --------------------------------------------------------------------------------------------

@test "Python: a newline is added" {
  python_is_wrong adds-newline adds-newline
  expect_contains "$output" "Adds a newline: puts()"
}
@test "Python: words stand in front" { python_is_wrong adds-words-before adds-words-before; }
@test "Python: strip()" { python_is_wrong strips-line-end strips-line-end; }
@test "Python: upper()" { python_is_wrong changes-letters changes-letters; }
@test "Python: ends of lines are changed" { python_is_wrong changes-line-ends changes-line-ends; }
@test "Python: seven bits are kept" { python_is_wrong strips-high-bit strips-high-bit; }
@test "Python: decode() replaces" { python_is_wrong replaces-text takes-bytes-for-text; }
@test "Python: decode() refuses" { python_is_wrong refuses-text takes-bytes-for-text; }
@test "Python: decode() refuses, and that ends the program" {
  python_is_wrong dies-at-text dies
  expect_json '[.exams[] | select(.result == "not-examined")] | length == 12'
}
@test "Python: the first line of a read alone" { python_is_wrong drops-after-newline drops-after-newline; }
@test "Python: a greeting" { python_is_wrong speaks-first speaks-first; }
@test "Python: readline()" { python_is_wrong waits-for-newline waits-for-newline; }
@test "Python: everything is read before anything is sent" { python_is_wrong waits-for-end waits-for-end; }
@test "Python: one recv()" { python_is_wrong one-recv closes-after-one one-recv; }
@test "Python: one byte is an end mark" { python_is_wrong stops-at-byte stops-at-byte; }
@test "Python: ECONNRESET ends the program" { python_is_wrong dies-at-reset dies-at-reset; }
@test "Python, UDP: an empty datagram is not answered" { python_is_wrong udp-ignores-empty ignores-empty; }
@test "Python, UDP: a newline is added" { python_is_wrong udp-adds-newline adds-newline; }
@test "Python, UDP: another encoding" { python_is_wrong udp-takes-bytes-for-text takes-bytes-for-text; }

# --- what is no echo server -------------------------------------------------------------------------------------------

@test "a port that nobody has cannot be examined, and check says why" {
  grade "$(unused_port)"
  expect_status 3
  expect_contains "$stderr" "there is no server to examine"
  expect_contains "$output" "closed"
  expect_json '.check.verdict == "closed"' '[.exams[1:][].result] | unique == ["not-examined"]'
}

@test "a web server is told as what it is, and is not flooded" {
  start_server_script wrong_servers/servers.py web
  grade "${WRONG[@]}" "$PORT"
  expect_status 1
  expect_json '[.exams[1:][].result] | unique == ["not-examined"]' '.check.protocol == "HTTP"'
  expect_contains "$output" "What check finds of it:"
}

# --- points, lists and files ------------------------------------------------------------------------------------------

@test "--list prints the exams, and writes a file to begin from" {
  loping grade --list
  expect_status 0
  expect_contains "$output" "half-close"
  run_timeout "$DEADLINE_SECONDS" "$LOPING" grade --list --json "$BATS_TEST_TMPDIR/points.json"
  expect_status 0
  expect_equal 10 "$(jq -r .exams.echo "$BATS_TEST_TMPDIR/points.json")"
  jq '.exams.bytes = 0 | .exams.echo = 50' "$BATS_TEST_TMPDIR/points.json" > "$BATS_TEST_TMPDIR/own.json"
  loping grade --list --points "$BATS_TEST_TMPDIR/own.json"
  expect_matches "$output" " 50 +echo "
}

@test "a teacher's points count, and a pass mark decides" {
  start_streams stops-at-nul
  echo '{ "exams": { "bytes": 0 } }' > "$BATS_TEST_TMPDIR/points.json"
  grade "${WRONG[@]}" --points "$BATS_TEST_TMPDIR/points.json" "$PORT"
  expect_status 0
  echo '{ "pass": 80 }' > "$BATS_TEST_TMPDIR/points.json"
  grade "${WRONG[@]}" --points "$BATS_TEST_TMPDIR/points.json" "$PORT"
  expect_status 0
  expect_json '.pass == 80' '.is_passed'
  echo '{ "pass": 99 }' > "$BATS_TEST_TMPDIR/points.json"
  grade "${WRONG[@]}" --points "$BATS_TEST_TMPDIR/points.json" "$PORT"
  expect_status 1
}

# refuses_points JSON SENTENCE
refuses_points() {
  echo "$1" > "$BATS_TEST_TMPDIR/points.json"
  loping grade --list --points "$BATS_TEST_TMPDIR/points.json"
  expect_status 2
  expect_contains "$stderr" "points.json: $2"
}

@test "a wrong file of points is refused with the place" {
  refuses_points '{ "exams": { "ecko": 1 } }' "exams.ecko: there is no exam of that name; 'echo' is near"
  refuses_points '{ "exams": { "echo": -1 } }' "exams.echo is no whole number of points from 0 to 10000"
  refuses_points '{ "exams": { "echo": 1.5 } }' "exams.echo is no whole number"
  refuses_points '{ "exams": [] }' "exams is no object"
  refuses_points '{ "marks": 1 }' "marks: there is no such field"
  refuses_points '{ "pass": "many" }' "pass is no whole number"
  refuses_points '{ "exams": ' "line 2, column 0: this is no JSON"
  loping grade --list --points "$BATS_TEST_TMPDIR/none.json"
  expect_status 3
  expect_contains "$stderr" "no such file"
}

@test "--junit has a case for each exam" {
  start_server_script wrong_servers/servers.py udp-adds-newline
  grade "${WRONG[@]}" --udp --junit "$BATS_TEST_TMPDIR/junit.xml" "$PORT"
  run_python "$BATS_TEST_TMPDIR/junit.xml" << 'PY'
import sys, xml.etree.ElementTree as tree
cases = tree.parse(sys.argv[1]).getroot().iter("testcase")
failed = {case.get("name"): case.find("failure") is not None for case in cases}
assert failed == dict.fromkeys(["udp-echo", "udp-bytes", "udp-sizes", "udp-several", "udp-clients", "udp-empty"], True), failed
PY
  expect_status 0
}

@test "what cannot be meant is refused" {
  loping grade 8080 8081
  expect_status 2
  loping grade 8080-8090
  expect_status 2
  expect_contains "$stderr" "more than one port"
  loping grade --udp unix:/tmp/x
  expect_status 2
  loping grade --tcp --udp 8080
  expect_status 2
  loping grade --help
  expect_contains "$output" "It misuses the server on purpose"
}
