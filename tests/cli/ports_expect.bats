#!/usr/bin/env bats
# loping ports --expect: documented ports against real ones.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who listens"
  EXPECTED=$BATS_TEST_TMPDIR/known.ports
}

@test "documented listeners are fine" {
  start_lopong
  printf '# the class\n\n%s lopong # class demo\n' "$PORT" > "$EXPECTED"
  loping_result ports "$PORT" --expect "$EXPECTED"
  expect_status 0
  expect_contains "$output" "EXPECTED: every listener shown is in $EXPECTED"
  expect_json '.expect.unexpected == 0 and .expect.missing == []' '[.sockets[].expected] | all'
}

@test "a listener that is not documented is named, with status 1" {
  start_lopong
  echo "# nothing" > "$EXPECTED"
  loping_result ports "$PORT" --tcp --expect "$EXPECTED"
  expect_status 1
  expect_matches "$output" "! $PORT +tcp"
  expect_contains "$output" "$PORT/tcp on 127.0.0.1: lopong (pid $LOPONG_PID), user $(id -un)"
  expect_json '.expect.unexpected == 1 and .sockets[0].expected == false'
}

@test "another process on a documented port is unexpected" {
  start_lopong
  echo "$PORT/tcp nginx" > "$EXPECTED"
  loping ports "$PORT" --tcp --expect "$EXPECTED"
  expect_status 1
  expect_contains "$output" "line 1 expects nginx there"
}

@test "one documented for TCP alone is unexpected over UDP" {
  start_lopong
  echo "$PORT/tcp" > "$EXPECTED"
  loping_result ports "$PORT" --expect "$EXPECTED"
  expect_status 1
  expect_json '[.sockets[] | select(.expected == false) | .transport] == ["udp"]'
}

@test "a documented port where nobody listens is named, and is no error" {
  start_lopong
  local missing
  missing=$(unused_port)
  printf '%s\n%s/tcp redis\n' "$PORT" "$missing" > "$EXPECTED"
  loping_result ports "$PORT" "$missing" --expect "$EXPECTED"
  expect_status 0
  expect_contains "$output" "line 2: $missing/tcp redis"
  expect_json ".expect.missing == [{\"line\":2,\"port\":$missing,\"transport\":\"tcp\",\"process\":\"redis\"}]"
}

@test "bad lines are named by number, with status 2" {
  printf '80 nginx\nnginx 80\n70000\n443/sctp\n22 ssh daemon\n' > "$EXPECTED"
  loping ports --expect "$EXPECTED"
  expect_status 2
  expect_contains "$stderr" "line 2: 'nginx' is not a port"
  expect_contains "$stderr" "line 3: '70000' is not a port"
  expect_contains "$stderr" "line 4: '443/sctp' has something else than /tcp or /udp"
  expect_contains "$stderr" "line 5: 'daemon' is a word too many"
  expect_lacks "$stderr" "line 1"
  expect_equal "" "$output"
}

@test "a file that is not there is status 3" {
  loping ports --expect "$BATS_TEST_TMPDIR/none"
  expect_status 3
  expect_contains "$stderr" "cannot read"
}
