#!/usr/bin/env bats
# What a system does not tell is said once for each command, in one sentence that has the system's own command for it;
# and nobody is called "user id -1". Run by `make portable` and `make posix`, with what other systems get.

load ../cli/test_helper
load ../cli/loping_helper

setup() {
  case $PLATFORM in
    posix) TELLS="Linux does not tell" LIST="lsof -nP -iTCP -sTCP:LISTEN" LOOK="lsof -nP -iTCP:PORT -sTCP:LISTEN" ;;
    *) TELLS="This system does not tell" LIST="netstat -an" LOOK="netstat -an" ;;
  esac
}

# said_once TEXT: with the command that shows it, and nowhere a second time.
said_once() {
  expect_equal 1 "$(grep -o "does not tell" <<< "$(one_line "$1")" | wc -l)"
  expect_equal 1 "$(grep -oE "lsof|netstat" <<< "$(one_line "$1")" | wc -l)"
  expect_lacks "$1" "user id -1" "user -1"
}

@test "ports says that the system does not tell, and how to ask it" {
  loping ports
  expect_status 3
  expect_contains "$(one_line "$stderr")" "loping: $TELLS loping who has a port: $LIST"
  said_once "$stderr"
}

@test "check says it once, of a port that is open and of one that is closed" {
  start_lopong --tcp
  loping check --no-ask "$PORT"
  expect_contains "$(one_line "$output")" "$TELLS loping who has a port: ${LOOK/PORT/$PORT}."
  said_once "$output"
  stop_lopong
  loping check "$PORT"
  expect_status 1
  said_once "$output"
}

@test "a port that is taken is said once to be whose the system does not tell" {
  start_lopong --tcp
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --tcp --port "$PORT"
  expect_status 3
  expect_contains "$(one_line "$stderr")" "Another socket has the port. $TELLS lopong who has a port: ${LOOK/PORT/$PORT}."
  said_once "$stderr"
}
