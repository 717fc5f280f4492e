# What the tests of the programs for Windows share: both run under wine, whose folder scripts/test-windows.sh has made.
# LINUX_LOPONG and LINUX_LOPING are the same programs for this system.
# shellcheck shell=bash
load ../cli/test_helper

LOPONG=$BUILD/lopong.exe
LOPING=$BUILD/loping.exe
# A program needs seconds to start where many do at once.
DEADLINE_SECONDS=60
LOPONG_WRAPPER=("$WINE")
# Each byte that is printed counts: "\r\n" is a mistake.
RETURN=$'\r'

# loping ARGUMENT...: sets status, output and stderr.
loping() {
  run_timeout 60 "$WINE" "$LOPING" "$@"
}

lopong() {
  run_timeout 60 "$WINE" "$LOPONG" "$@"
}

expect_no_returns() {
  # shellcheck disable=SC2154 # set by run_timeout
  expect_lacks "$output$stderr" "$RETURN"
}

# expect_json FILTER [FILE]: jq's filter holds of the file, or of the output.
expect_json() {
  jq -e "$1" "${2:-/dev/stdin}" > /dev/null <<< "$output" || {
    printf 'not so: %s\nin: %s\n' "$1" "${2:+$(cat "$2")}${2:-$output}"
    return 1
  }
}

teardown() {
  stop_everything
}
