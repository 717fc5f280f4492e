#!/usr/bin/env bats
# scripts/tally-tap.awk, which decides what counts as a failure. A test that did not run must never look like one that
# passed.

load test_helper

# tally EXIT_STATUS ROOT_NEEDED << TAP
tally() {
  run awk -v name=suite -v exit_status="$1" -v root_needed="$2" -f "$REPOSITORY/scripts/tally-tap.awk"
}

last_line() {
  printf '%s\n' "${lines[-1]}"
}

@test "passed and skipped tests are counted" {
  tally 0 0 << 'TAP'
1..3
ok 1 one
ok 2 two # skip needs root
ok 3 - three
TAP
  expect_equal "= 2 0 1" "$(last_line)"
  expect_contains "$output" "needs root"
}

@test "a failure is shown with its diagnostic lines" {
  tally 1 0 << 'TAP'
1..2
not ok 1 - first
# wanted: 1
# got:    2
ok 2 - second
# not of interest
TAP
  expect_equal "= 1 1 0" "$(last_line)"
  expect_contains "$output" "FAILED  suite: first"
  expect_contains "$output" "# got:    2"
  expect_lacks "$output" "not of interest"
}

@test "cmocka's skipped test is no failure" {
  tally 0 0 << 'TAP'
1..2
not ok 1 # SKIP no_ipv6
ok 2 - other
TAP
  expect_equal "= 1 0 1" "$(last_line)"
}

@test "a test that was skipped for want of root fails where root is needed" {
  tally 0 1 << 'TAP'
1..3
ok 1 one # skip needs root
ok 2 what root may do # skip needs the command nft
ok 3 three
TAP
  expect_equal "= 1 1 1" "$(last_line)"
}

@test "a plan that was not run to its end fails" {
  tally 0 0 << 'TAP'
1..3
ok 1 one
TAP
  expect_equal "= 1 1 0" "$(last_line)"
}

@test "a program that crashed fails, with its last words" {
  tally 139 0 << 'TAP'
1..2
ok 1 one
==1==ERROR: AddressSanitizer
TAP
  expect_equal "= 1 1 0" "$(last_line)"
  expect_contains "$output" "ended with status 139 after 1 of 2 tests"
  expect_contains "$output" "AddressSanitizer"
}

@test "a wrong exit status after good tests fails" {
  tally 1 0 << 'TAP'
1..1
ok 1 one
TAP
  expect_equal "= 1 1 0" "$(last_line)"
}

@test "no output at all fails" {
  tally 0 0 < /dev/null
  expect_equal "= 0 1 0" "$(last_line)"
}
