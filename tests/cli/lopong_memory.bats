#!/usr/bin/env bats
# What the kernel holds for clients that send and do not read: little of each, and within the server's share in all.

load test_helper

setup() {
  [ "$(uname -s)" = Linux ] && [ "${PLATFORM:-linux}" = linux ] || skip "elsewhere the buffers are the system's own"
  need_command ss
}

@test "a client that sends and does not read takes little of the kernel's memory, and gets every byte later" {
  start_lopong --tcp
  run_timeout 120 python3 "$REPOSITORY/tests/cli/lopong_stuck.py" held "$PORT" 20
  expect_status 0
  local read sent
  read -r read sent <<< "$output"
  # Without a bound it is 4 MiB and more, each way.
  echo "$read bytes received, $sent to be sent"
  [ "$read" -le $((512 * 1024)) ] && [ "$sent" -le $((512 * 1024)) ]
}

@test "beyond its share of TCP memory the server resets who was stuck for longest, says so once and counts them" {
  echo "1 2048 4096" > "$BATS_TEST_TMPDIR/tcp_mem"
  unshare --user --map-root-user --mount true || skip "this machine lets no mount namespace be made"
  # A mark of 8 MiB for this server alone.
  start_background server unshare --user --map-root-user --mount bash -c '
    mount --bind "$1" /proc/sys/net/ipv4/tcp_mem && exec "$2" --port 0 --tcp --json' - "$BATS_TEST_TMPDIR/tcp_mem" "$LOPONG"
  wait_until file_contains "$BATS_TEST_TMPDIR/server.out" listening
  local port
  port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/server.out" | head -n 1)
  run_timeout 120 python3 "$REPOSITORY/tests/cli/lopong_stuck.py" reset "$port" 40
  expect_status 0
  kill -TERM "$BACKGROUND_PID"
  wait "$BACKGROUND_PID" || true
  expect_equal 1 "$(grep -c "clients do not read their echo" "$BATS_TEST_TMPDIR/server.err")"
  expect_contains "$(cat "$BATS_TEST_TMPDIR/server.err")" "those that were stuck for longest are reset"
  jq -e 'select(.event == "summary") | .stuck_reset > 0' "$BATS_TEST_TMPDIR/server.out"
}
