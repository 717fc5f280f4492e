#!/usr/bin/env bats
# What is run where bats is older than the tests on the command line.

load test_helper

setup() {
  mkdir "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/build"
  printf '#!/bin/sh\necho Bats 1.2.1\n' > "$BATS_TEST_TMPDIR/bin/bats"
  chmod +x "$BATS_TEST_TMPDIR/bin/bats"
}

# A build without programs has no unit tests either.
run_tests() {
  run_timeout 60 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" CI="$1" "$REPOSITORY/scripts/run-tests.sh" "$BATS_TEST_TMPDIR/build" "${@:2}"
}

@test "an older bats leaves out the tests on the command line, and that is said and counted" {
  run_tests ""
  expect_status 0
  expect_contains "$output" "skipped the tests on the command line (they need bats 1.5 or newer; found is 1.2.1)"
  expect_equal "0 passed, 0 failed, 1 skipped" "$(tail -n 1 <<< "$output")"
}

@test "where nothing may be left out, or files are named, an older bats is a failure" {
  run_tests true
  expect_status 1
  expect_equal "0 passed, 1 failed" "$(tail -n 1 <<< "$output")"
  run_tests "" tests/cli/tally_tap.bats
  expect_status 1
  expect_contains "$output" "found is 1.2.1"
}
