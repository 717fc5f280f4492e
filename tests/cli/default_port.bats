#!/usr/bin/env bats
# LOPING_PORT: the port of both programs where the command line names none.

load test_helper
load loping_helper

@test "the client measures the port of LOPING_PORT, and checks it" {
  start_lopong --tcp
  export LOPING_PORT=$PORT
  loping latency --count 10 --json -
  expect_status 0
  expect_equal "$PORT" "$(jq .runs[0].workload.port <<< "$output")"
  loping latency --count 10 localhost --json -
  expect_equal "$PORT" "$(jq .runs[0].workload.port <<< "$output")"
  loping check --json -
  expect_status 0
  expect_equal "$PORT" "$(jq .ports[0].port <<< "$output")"
}

@test "a port on the command line wins, and a value that is not used is not judged" {
  start_lopong --tcp
  local value
  for value in 1 0 nonsense; do
    export LOPING_PORT=$value
    loping latency --count 10 --json - "$PORT"
    expect_status 0
    expect_equal "$PORT" "$(jq .runs[0].workload.port <<< "$output")"
    loping check "$PORT"
    expect_status 0
    loping --help
    expect_status 0
    run_timeout "$DEADLINE_SECONDS" "$LOPONG" --port 70000
    expect_contains "$stderr" "--port: '70000'"
    run_timeout "$DEADLINE_SECONDS" "$LOPONG" --help
    expect_status 0
  done
}

# refuses VALUE WHY LEAST -- WORDS...
refuses() {
  export LOPING_PORT=$1
  run_timeout "$DEADLINE_SECONDS" "${@:4}"
  expect_status 2
  expect_equal "" "$output"
  expect_contains "$stderr" "LOPING_PORT: '$1' $2"
  expect_contains "$stderr" "give it a port from $3 to 65535, name a port on the command line, or unset it: unset LOPING_PORT"
}

@test "a value that is no port is refused with its name, its value, the reason and the way out" {
  local words
  for words in "$LOPING" "$LOPING ping" "$LOPING check"; do
    # shellcheck disable=SC2086
    refuses http "is not a port number" 1 $words
    # shellcheck disable=SC2086
    refuses 65536 "is above 65535" 1 $words
    # shellcheck disable=SC2086
    refuses 0 "is no port that anybody can have" 1 $words
  done
  refuses http "is not a port number" 0 "$LOPONG"
  refuses 65536 "is above 65535" 0 "$LOPONG" --tcp
}

@test "empty is as unset" {
  local value
  for value in unset ""; do
    export LOPING_PORT=$value
    [ "$value" != unset ] || unset LOPING_PORT
    loping ping --count 1 --timeout 10ms 127.255.255.254 --json -
    expect_equal 62893 "$(jq -r .error.what_happened <<< "$output" | grep -oE "[0-9]+ \\(tcp" | grep -oE "^[0-9]+")"
  done
}

@test "the server listens on the port of LOPING_PORT, and on any free one with 0" {
  local free
  free=$(unused_port)
  export LOPING_PORT=$free
  start_lopong --tcp
  expect_equal "$free" "$PORT"
  loping latency --count 10
  expect_status 0
  export LOPING_PORT=0
  start_lopong --tcp
  [ "$PORT" -gt 0 ]
  [ "$PORT" -ne "$free" ]
}

@test "the server's own rules name LOPING_PORT where it was the one that said so" {
  export LOPING_PORT=0
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --try-ports 3
  expect_status 2
  expect_contains "$stderr" "LOPING_PORT=0 already takes any free one"
}

@test "a server of paths alone has no use for a port, and judges none" {
  export LOPING_PORT=nonsense
  start_lopong --unix "$BATS_TEST_TMPDIR/socket"
  loping latency --count 10 "unix:$BATS_TEST_TMPDIR/socket"
  expect_status 0
}

@test "help and manual name it" {
  expect_contains "$("$LOPING" latency --help)" "LOPING_PORT"
  expect_contains "$("$LOPING" check --help)" "LOPING_PORT"
  expect_contains "$("$LOPONG" --help)$("$LOPONG" --help-all)" "LOPING_PORT"
  expect_contains "$(cat "$REPOSITORY/client/loping.1")" "LOPING_PORT"
  expect_contains "$(cat "$REPOSITORY/server/lopong.1")" "LOPING_PORT"
}
