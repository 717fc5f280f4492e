#!/usr/bin/env bats
# A text that would harm a terminal, through everything that takes one: hostile_text.py says which, and what is looked for.

load test_helper

feed() {
  run_timeout 240 python3 "$REPOSITORY/tests/cli/hostile_text.py" "$1" "$LOPING" "$LOPONG" "$BATS_TEST_TMPDIR"
  expect_status 0
}

@test "no option's value and no target reaches the terminal as it is" {
  feed options
}

@test "no file's name, nothing that stands in a file and no pasted line does" {
  feed files
}

@test "nothing that a server says does" {
  feed servers
}

@test "no process's name, arguments, folder or path does" {
  feed processes
}
