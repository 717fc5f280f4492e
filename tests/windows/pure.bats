#!/usr/bin/env bats
# What of the seams for Windows is pure: tests/windows/pure_windows.c.

load windows_helper

@test "rows of Windows' tables, names of processes, moments, pipes, characters, and the words on a refusal" {
  run_timeout 60 "$WINE" "$BUILD/tests/windows/pure_windows.exe"
  expect_status 0
  expect_contains "$output" ok
}
