# loping check on the command line: options, targets, text, the result file, exit status. No firewall is touched.

load test_helper
load loping_helper

@test "the text has the verdict, its evidence and what to do" {
  port=$(unused_port)
  loping check "$port"
  expect_status 1
  expect_contains "$output" "127.0.0.1:$port (tcp): closed"
  expect_contains "$output" "Evidence:"
  expect_contains "$output" "start a server in another terminal: lopong --port $port"
}

@test "an echo server is open, over TCP and UDP and both, and lopong's holder is named" {
  start_lopong
  loping check --tcp --udp "$PORT"
  expect_status 0
  expect_contains "$output" "127.0.0.1:$PORT (tcp): open"
  expect_contains "$output" "127.0.0.1:$PORT (udp): open"
  expect_contains "$output" "process $LOPONG_PID ("
  expect_contains "$output" "It was sent lopong's hello (16 bytes), and lopong's welcome came back."
}

@test "the result file has the fields of the design, and stdout holds nothing else with --json -" {
  start_lopong
  loping check --json - "$PORT"
  expect_status 0
  RESULT=$BATS_TEST_TMPDIR/out.json
  printf '%s\n' "$output" > "$RESULT"
  expect_json '.schema_version == 1' '.ports | length == 1' '.ports[0].transport == "tcp"' \
    '.ports[0].verdict == "open"' '.ports[0].evidence | length > 0' '.ports[0].what_to_do == []' \
    ".ports[0].port == $PORT" ".ports[0].holders[0].pid == $LOPONG_PID" '.ports[0].holders[0].state == "LISTEN"' \
    '.ports[0].holders_hidden == false'
  loping check --json "$BATS_TEST_TMPDIR/file.json" "$PORT"
  expect_status 0
  expect_contains "$output" "open"
  RESULT=$BATS_TEST_TMPDIR/file.json
  expect_json '.ports[0].verdict == "open"'
}

@test "of several ports the highest status counts" {
  start_lopong
  loping check "$PORT,$(unused_port)"
  expect_status 1
}

@test "what is no port, no loopback and no option is refused with its reason" {
  for word in 0 65536 80-70 80,x 1-; do
    loping check "localhost:$word"
    expect_status 2
    expect_contains "$stderr" "is no port and no range of ports"
  done
  loping check x,
  expect_status 2
  expect_contains "$stderr" "'x,' names no port; give PORT, FIRST-LAST, a list with commas"
  loping check 192.0.2.1:80
  expect_status 2
  expect_contains "$stderr" "is neither loopback nor an address of this machine"
  loping check --timeout 5 80
  expect_status 2
  expect_contains "$stderr" "--timeout"
  loping check --colour
  expect_status 2
  loping check --json "$BATS_TEST_TMPDIR/none/file" "$(unused_port)"
  expect_status 3
  expect_contains "$stderr" "cannot write"
}

@test "check's help names its options and statuses" {
  loping check --help
  expect_status 0
  expect_contains "$output" "--timeout TIME"
  expect_contains "$output" "4 a firewall is in"
}

@test "many ports: one line for each that is not closed, and a count" {
  start_lopong
  low=$((PORT > 40 ? PORT - 40 : 1))
  loping check "$low-$PORT"
  expect_contains "$output" "127.0.0.1:$PORT (tcp)"
  expect_matches "$output" "of [0-9]+ ports checked (is|are) closed"
}
