#!/usr/bin/env bats
# What loping can no longer do once its command has begun, tried from inside.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] && [ "${PLATFORM:-linux}" = linux ] || skip "gives up something on Linux alone"
  need_plain_build "a sanitizer needs files"
  cd "$BATS_TEST_TMPDIR" || return 1
  PROBE=$BUILD/tests/peers/sandbox_probe.so
}

# start_probe WHAT COMMAND...: starts a command that goes on, and has it try that once it reads what the test shows it.
start_probe() {
  local what=$1
  shift
  LD_PRELOAD=$PROBE SANDBOX_PROBE=$what SANDBOX_PROBE_FILE=$PWD/other/kept start_background "$what" "$LOPING" "$@"
  wait_until file_contains "/proc/$BACKGROUND_PID/status" "Seccomp:	2"
}

# Runs forever: it waits for a port that nobody opens.
wait_for_nobody() {
  start_probe "$1" wait --timeout 1h "$(unused_port)"
  kill -USR1 "$BACKGROUND_PID"
}

@test "a command that tries to start a program or to look into another process is ended" {
  local what
  for what in exec ptrace; do
    wait_for_nobody "$what"
    wait_until process_is_gone "$BACKGROUND_PID"
    status=0
    wait "$BACKGROUND_PID" || status=$?
    # 128 and SIGSYS, 31.
    expect_status 159
    expect_lacks "$(cat "$what.err")" "probe $what"
  done
}

@test "compare can neither write nor remove a file that it was not asked for, and writes the one that it was" {
  local what
  mkfifo before.json
  mkdir own other
  touch other/kept
  for what in write unlink; do
    start_probe "$what" compare before.json "$REPOSITORY/tests/golden/ping_oldest.json" --json own/out.json
    # Can be opened once compare has opened it, to read.
    exec 9> before.json
    kill -USR1 "$BACKGROUND_PID"
    wait_until file_contains "$what.err" "probe $what:"
    grep -q "probe $what: EACCES" "$what.err" || skip "this kernel has no Landlock"
    exec 9>&-
    wait_until process_is_gone "$BACKGROUND_PID" || kill "$BACKGROUND_PID"
  done
  [ -e other/kept ] && [ ! -e /tmp/sandbox_probe_must_not_be ]
  loping compare "$REPOSITORY/tests/golden/ping_oldest.json" "$REPOSITORY/tests/golden/ping_oldest.json" --json own/out.json
  jq -e . own/out.json
  mkdir far
  ln -s far/result.json link.json
  touch far/result.json
  loping compare "$REPOSITORY/tests/golden/ping_oldest.json" "$REPOSITORY/tests/golden/ping_oldest.json" --json link.json
  jq -e . far/result.json
  loping compare "$REPOSITORY/tests/golden/ping_oldest.json" "$REPOSITORY/tests/golden/ping_oldest.json" --json /dev/stdout
  expect_contains "$output" '"comparisons"'
}
