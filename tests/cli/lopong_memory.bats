#!/usr/bin/env bats
# What the kernel holds for clients that send and do not read: little of each, and within the server's share in all.

load test_helper

setup() {
  [ "$(uname -s)" = Linux ] && [ "${PLATFORM:-linux}" = linux ] || skip "elsewhere the buffers are the system's own"
  need_command ss
}

# expect_little_held OPTION...: of lopong.
expect_little_held() {
  start_lopong --tcp "$@"
  run_timeout 120 python3 "$REPOSITORY/tests/cli/lopong_stuck.py" held "$PORT" 20
  expect_status 0
  local read sent
  read -r read sent <<< "$output"
  # Without a bound it is 4 MiB and more, each way.
  echo "$read bytes received, $sent to be sent"
  [ "$read" -le $((512 * 1024)) ] && [ "$sent" -le $((512 * 1024)) ]
}

@test "a client that sends and does not read takes little of the kernel's memory, and gets every byte later" {
  expect_little_held
}

@test "with several threads each of them bounds what its clients take" {
  expect_little_held --threads 3
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

@test "bounding what a connection holds throws nothing away that is on its way, and resets nobody who reads" {
  need_network_namespace
  run_timeout 120 unshare --user --map-root-user --net bash -c '
    ip link set lo up
    "$LOPONG" --port 7777 --tcp --json > "$1/out" & server=$!
    until grep -q listening "$1/out"; do sleep 0.02; done
    for i in {1..12}; do
      "$LOPING" throughput --duration 60ms --warmup 0 --quiet 7777 > "$1/run" || { cat "$1/run"; exit 1; }
    done
    # Of this namespace: what a full buffer dropped, which is sent again only after 200 ms and more.
    awk "/^TcpExt: [A-Z]/ { for (i = 2; i <= NF; i++) name[i] = \$i } /^TcpExt: [0-9]/ { for (i in name) if (name[i] == \"TCPRcvQDrop\") print \$i }" /proc/net/netstat
    kill "$server"
    wait "$server"
    grep -o "\"stuck_reset\":[0-9]*" "$1/out"' - "$BATS_TEST_TMPDIR"
  expect_status 0
  expect_equal $'"stuck_reset":0' "$(tail -n 1 <<< "$output")"
  expect_equal 0 "$(head -n 1 <<< "$output")"
}
