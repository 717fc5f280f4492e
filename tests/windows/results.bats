#!/usr/bin/env bats
# Result files that were written on Windows, and wrong usage there.

load windows_helper

# measure FILE: with the programs for Windows.
measure() {
  loping latency --count 300 --warmup 0 --json "$1" --csv "$1.csv" "$PORT"
  expect_status 0
}

@test "a result file is whole, has no returns, and names Windows" {
  start_lopong
  measure "$BATS_TEST_TMPDIR/result.json"
  expect_json '.environment.system == "Windows_NT" and .environment.cpu_count > 0' "$BATS_TEST_TMPDIR/result.json"
  ! grep -q "$RETURN" "$BATS_TEST_TMPDIR/result.json" "$BATS_TEST_TMPDIR/result.json.csv"
  # Nothing is left beside them.
  expect_equal 2 "$(find "$BATS_TEST_TMPDIR" -name 'result*' | wc -l)"
}

@test "a result takes the place of an older one" {
  start_lopong
  echo old > "$BATS_TEST_TMPDIR/result.json"
  measure "$BATS_TEST_TMPDIR/result.json"
  expect_json '.runs | length > 0' "$BATS_TEST_TMPDIR/result.json"
}

@test "compare on Windows: a result of Windows with one of this system" {
  start_lopong
  measure "$BATS_TEST_TMPDIR/windows.json"
  "$LINUX_LOPING" latency --count 300 --warmup 0 --json "$BATS_TEST_TMPDIR/linux.json" "$PORT"
  loping compare "$BATS_TEST_TMPDIR/linux.json" "$BATS_TEST_TMPDIR/windows.json"
  [ "$status" -ne 2 ] && [ "$status" -ne 124 ]
  expect_contains "$output" 'Windows_NT'
}

@test "compare on this system: a result of Windows with itself" {
  start_lopong
  measure "$BATS_TEST_TMPDIR/windows.json"
  run_timeout 60 "$LINUX_LOPING" compare "$BATS_TEST_TMPDIR/windows.json" "$BATS_TEST_TMPDIR/windows.json"
  [ "$status" -ne 2 ] && [ "$status" -ne 124 ]
  expect_lacks "$stderr" 'cannot'
}

@test "wrong usage is refused with status 2, by both" {
  loping latency --nonsense
  expect_status 2
  expect_contains "$stderr" 'there is no option --nonsense'
  lopong --prot 1
  expect_status 2
  expect_no_returns
}

@test "a name that is not known, and a result file that cannot be made" {
  loping latency no-such-name.invalid:1
  expect_status 3
  expect_contains "$stderr" 'could not be turned into an address'
  loping latency --count 1 --json "$BATS_TEST_TMPDIR/no/such/folder.json" 1
  expect_status 3
  expect_contains "$stderr" 'cannot write'
}

@test "several threads are refused where connections cannot be handed on" {
  lopong --port 0 --threads 2
  expect_status 2
  expect_contains "$stderr" 'leave out --threads'
}
