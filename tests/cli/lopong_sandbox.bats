#!/usr/bin/env bats
# What lopong can no longer do once it serves, tried from inside.

load test_helper

setup() {
  [ "$(uname -s)" = Linux ] && [ "${PLATFORM:-linux}" = linux ] || skip "has a sandbox on Linux alone"
  need_plain_build "a sanitizer needs files, so it has no sandbox"
  PROBE=$BUILD/tests/peers/sandbox_probe.so
}

# probe WHAT [LOPONG OPTION...]: has the server try it.
probe() {
  local what=$1
  shift
  LD_PRELOAD=$PROBE SANDBOX_PROBE=$what start_lopong --tcp "$@"
  kill -USR1 "$LOPONG_PID"
}

has_landlock() {
  start_lopong --tcp --verbose
  grep -q "Landlock [0-9]" "$LOPONG_ERR"
  local status=$?
  stop_lopong
  return $status
}

@test "programs, files to write and other processes' memory end it; what it was asked to do before is done" {
  local what
  for what in exec write ptrace; do
    probe "$what"
    wait_lopong
    # 128 and SIGSYS, 31: seccomp(2).
    expect_status 159
    expect_lacks "$(cat "$LOPONG_ERR")" "probe $what"
  done
  [ ! -e /tmp/sandbox_probe_must_not_be ]
}

@test "a connection of its own is refused, and so is a file to read" {
  local what
  has_landlock || skip "this kernel has no Landlock"
  for what in connect read; do
    probe "$what"
    wait_until file_contains "$LOPONG_ERR" "probe $what: E"
    stop_lopong
    expect_status 0
  done
}

@test "it removes its unix paths at its end, and can remove no other file" {
  has_landlock || skip "this kernel has no Landlock"
  mkdir "$BATS_TEST_TMPDIR/own" "$BATS_TEST_TMPDIR/other"
  touch "$BATS_TEST_TMPDIR/other/file"
  export SANDBOX_PROBE_FILE=$BATS_TEST_TMPDIR/other/file
  probe unlink --unix "$BATS_TEST_TMPDIR/own/socket"
  wait_until file_contains "$LOPONG_ERR" "probe unlink: EACCES"
  stop_lopong
  expect_status 0
  [ -e "$BATS_TEST_TMPDIR/other/file" ]
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/own")" ]
}

@test "with --no-sandbox it can do all that, and --verbose says which of the two it is" {
  probe connect --no-sandbox --verbose
  wait_until file_contains "$LOPONG_ERR" "probe connect: ECONNREFUSED"
  expect_lacks "$(cat "$LOPONG_ERR")" "sandbox:"
  stop_lopong
  start_lopong --tcp --verbose
  expect_contains "$(cat "$LOPONG_ERR")" "sandbox: no new privileges, no capabilities"
}

@test "it serves, counts, keeps limits and ends with every thread in the sandbox" {
  start_lopong --tcp --threads 3
  local task
  for task in /proc/"$LOPONG_PID"/task/*; do
    grep -q "^NoNewPrivs:.*1" "$task/status"
    grep -q "^Seccomp:.*2" "$task/status"
    grep -q "^CapEff:.*0000000000000000" "$task/status"
  done
  run_timeout "$DEADLINE_SECONDS" "$LOPING" latency --count 10 --warmup 0 "$PORT"
  expect_status 0
}

@test "--user becomes that user once all is bound; anybody but root, and an unknown name, are told" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --port 0 --user "no such user"
  expect_status 2
  expect_contains "$stderr" "--user 'no such user': there is no such user on this machine"
  if [ "$(id -u)" -ne 0 ]; then
    run_timeout "$DEADLINE_SECONDS" "$LOPONG" --port 0 --user root
    expect_status 3
    expect_contains "$stderr" "--user 'root': only root may become another user"
  fi
  need_root
  start_lopong --tcp --user nobody
  expect_equal "$(id -u nobody)" "$(stat -c %u "/proc/$LOPONG_PID")"
  grep -q "^Groups:[[:space:]]*$(id -g nobody)[[:space:]]*$" "/proc/$LOPONG_PID/status"
  start_lopong --tcp --user "$(id -un)"
  expect_equal "$(id -u)" "$(stat -c %u "/proc/$LOPONG_PID")"
}
