#!/usr/bin/env bats
# scripts/tally-tap.awk, which decides what counts as a failure, and what scripts/run-tests.sh shows of it. A test that
# did not run must never look like one that passed.

load test_helper

# tally EXIT_STATUS ROOT_NEEDED [FILE] << TAP
tally() {
  run awk -v name=suite -v exit_status="$1" -v root_needed="$2" -f "$REPOSITORY/scripts/tally-tap.awk" ${3+"$3"}
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
  expect_contains "$output" "came      wanted: 1
                  got:    2"
  expect_lacks "$output" "not of interest"
}

# bats's words for a failure in line 3 of a file that stands in BATS_TEST_TMPDIR.
failed_in_bats() {
  printf '%s\n' '@test "it" {' '  run it' "  expect_json 'one' \\" "    'two'" '}' > "$BATS_TEST_TMPDIR/it.bats"
  echo "not ok 1 it
# (from function \`expect_json' in file tests/cli/loping_helper.bash, line 79,
#  in test file $BATS_TEST_TMPDIR/it.bats, line 4)
#   \`'two'' failed with status 4"
}

@test "a failure of bats begins with the whole expectation and its place, and what came follows" {
  {
    echo 1..1
    failed_in_bats
    echo "# not true of the result file: two"
  } > "$BATS_TEST_TMPDIR/tap"
  tally 1 0 "$BATS_TEST_TMPDIR/tap"
  expect_equal "FAILED  suite: it
        expected  expect_json 'one' 'two'
        at        $BATS_TEST_TMPDIR/it.bats, line 4
        came      not true of the result file: two
        log       $BATS_TEST_TMPDIR/tap, line 2
= 0 1 0" "$output"
}

@test "long lines and long outputs are cut to what can be read, and the last lines stay" {
  {
    echo 1..2
    failed_in_bats
    printf '# %03000d\n' 7
    seq 2 30 | sed 's/^/# line /'
    echo "# AssertionError: the reason"
    echo ok 2 other
  } > "$BATS_TEST_TMPDIR/tap"
  tally 1 0 "$BATS_TEST_TMPDIR/tap"
  expect_equal "" "$(awk 'length > 200' <<< "$output")"
  expect_matches "$output" 'came +0+ \.\.\.'
  expect_contains "$output" "line 5
                  ... (19 more lines)
                  line 25"
  expect_contains "$output" "AssertionError: the reason
        log "
  expect_equal "= 1 1 0" "$(last_line)"
}

@test "bats's line of a file names the tests that follow" {
  tally 1 0 << 'TAP'
1..2
suite /somewhere/tests/cli/one.bats
begin 1 first
ok 1 first
suite /somewhere/tests/cli/two.bats
begin 2 second
not ok 2 second
TAP
  expect_equal "FAILED  tests/cli/two.bats: second
= 1 1 0" "$output"
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

@test "run-tests.sh tells each file that is over, then what failed, and the sums last" {
  cd "$BATS_TEST_TMPDIR"
  printf '@test "%s" {\n  %s\n}\n' good true other "skip 'no need'" > one.bats
  printf '@test "%s" {\n  %s\n}\n' good true bad "echo why && false" > two.bats
  # Without what this bats has told its own tests.
  run env -i PATH="$(tr : '\n' <<< "$PATH" | grep -v bats-core | paste -sd :)" HOME="$HOME" "$REPOSITORY/scripts/run-tests.sh" "$BATS_TEST_TMPDIR/build" \
    "$BATS_TEST_TMPDIR/one.bats" "$BATS_TEST_TMPDIR/two.bats"
  expect_status 1
  expect_matches "${lines[1]}" '^\[1 of 2, [0-9]+:[0-9]{2}\] .*/one.bats: 1 passed, skipped: 1$'
  expect_matches "${lines[2]}" '^\[2 of 2, [0-9]+:[0-9]{2}\] .*/two.bats: 1 passed, FAILED: 1$'
  expect_contains "$output" "FAILED  $BATS_TEST_TMPDIR/two.bats: bad
        expected  echo why && false
        at        $BATS_TEST_TMPDIR/two.bats, line 5
        came      why
        log       $BATS_TEST_TMPDIR/build/test-results/command-line.tap, line "
  expect_equal "2 passed, 1 failed, 1 skipped" "$(last_line)"
}
