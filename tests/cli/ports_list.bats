#!/usr/bin/env bats
# loping ports: real sockets of other processes, as the list shows them.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who listens"
}

# hold KIND [ADDRESS]: a holder; sets HOLDER and HELD (its port).
hold() {
  local name=holder.${#STARTED_PIDS[@]}
  start_background "$name" env -C "$REPOSITORY/tests/cli" python3 port_holder.py "$@"
  HOLDER=$BACKGROUND_PID
  wait_until file_contains "$BATS_TEST_TMPDIR/$name.out" ready || return 1
  read -r _ HELD HELD_REST < "$BATS_TEST_TMPDIR/$name.out"
}

# list ARGUMENT...: the JSON in RESULT, the text in output.
list() {
  loping_result ports "$@"
}

@test "a listener is listed with its process, user and start, as text and as JSON" {
  hold listening
  list "$HELD"
  expect_status 0
  expect_contains "$output" "REACHABLE FROM THIS MACHINE ONLY: 1 socket"
  expect_matches "$output" " $HELD +tcp +127\.0\.0\.1 +python3 \(pid $HOLDER\) +$(id -un) +[0-9]+ s ago"
  expect_json ".schema_version == 1 and .error == null and .expect == null" \
    ".sockets | length == 1" \
    ".sockets[0] | .port == $HELD and .transport == \"tcp\" and .state == \"LISTEN\" and (.exposed | not)" \
    ".sockets[0].holders[0] | .pid == $HOLDER and .command == \"python3\" and .uid == $(id -u)" \
    ".command_line[1] == \"ports\""
}

@test "what other machines can reach stands first, with a warning" {
  hold listening
  local own=$HELD
  hold listening 0.0.0.0
  list "$own" "$HELD"
  expect_matches "$output" "REACHABLE FROM OTHER MACHINES: 1 socket.*Warning: .* $HELD .*THIS MACHINE ONLY: 1 socket.* $own "
  expect_json ".sockets[0].port == $HELD and .sockets[0].exposed and .sockets[1].port == $own"
}

@test "a dual-stack listener is said to take IPv4 as well" {
  hold listening ::
  list "$HELD"
  expect_contains "$output" ":: and IPv4"
  expect_json ".sockets[0] | .takes_ipv4_too and .exposed and .address == \"::\""
}

@test "a socket that is bound and does not listen is listed as such" {
  hold bound
  list "$HELD"
  expect_contains "$output" "BOUND, NOT LISTENING: 1 socket"
  expect_json '.sockets[0] | .state == "BOUND" and (.exposed | not)'
}

@test "a UDP receiver is listed, a connection is not" {
  hold udp
  list "$HELD"
  expect_json '.sockets | length == 1 and .[0].transport == "udp"'
  hold clients
  list "$HELD"
  expect_json '.sockets | length == 1 and .[0].state == "LISTEN"'
}

@test "all processes that share a socket are listed" {
  hold inherited
  list "$HELD"
  expect_contains "$output" "python3 (pids $HOLDER, "
  expect_json '.sockets[0].holders | length == 3'
  # In check's evidence each is a line of its own, with one mark.
  loping check --no-ask "$HELD"
  expect_contains "$output" "- process $HOLDER ("
  expect_lacks "$output" "- - process"
}

@test "a stopped holder is marked" {
  hold listening
  kill -STOP "$HOLDER"
  loping ports "$HELD"
  expect_contains "$output" "(pid $HOLDER, stopped)"
}

@test "another user's holder is said to be hidden, and not left out" {
  need_other_user
  hold listening
  run_timeout 30 "${AS_NOBODY[@]}" "$LOPING" ports "$HELD"
  expect_status 0
  expect_matches "$output" " $HELD +tcp +127\.0\.0\.1 +hidden +root +-"
  expect_contains "$output" "user id 65534"
  expect_contains "$output" "sudo loping ports"
}

@test "filters narrow the list by port, range, process, reach and transport" {
  hold listening
  local port=$HELD holder=$HOLDER
  hold udp 0.0.0.0
  list "$port" "$HELD" --process "$holder"
  expect_json ".sockets | map(.port) == [$port]"
  list "$((port - 1))-$((port + 1))" --process python3 --local --tcp
  expect_json ".sockets | map(.port) | index($port) != null"
  list "$port" "$HELD" --exposed
  expect_json ".sockets | map(.port) == [$HELD]"
  list "$port" "$HELD" --udp
  expect_json ".sockets | map(.port) == [$HELD]"
  list "$port" --process nobody-is-called-so
  expect_json '.sockets == []'
  expect_contains "$output" "fits what was asked for"
}

@test "wrong usage is refused in words" {
  local arguments
  for arguments in "0" "65536" "80-70" "http" "--tcp --udp" "--exposed --local" "--watch --peers" "--interval 1s" "--process="; do
    # shellcheck disable=SC2086 # the words are separate arguments
    loping ports $arguments
    expect_status 2
    expect_contains "$stderr" "Try 'loping ports --help'."
  done
}

@test "a file that cannot be written is status 3" {
  loping ports --json /nowhere/at/all
  expect_status 3
  expect_contains "$stderr" "cannot write '/nowhere/at/all'"
}

@test "inside a network namespace of its own only its sockets are listed" {
  need_network_namespace
  run_timeout 30 unshare --net "$LOPING" ports
  expect_status 0
  expect_equal "Nothing listens on this machine: no TCP or UDP socket takes requests." "$output"
}

@test "a holder in another PID namespace is said not to be visible" {
  need_network_namespace
  hold listening
  run_timeout 30 unshare --pid --fork --mount-proc "$LOPING" ports "$HELD"
  expect_status 0
  expect_contains "$output" "not visible here"
  expect_contains "$output" "another container (PID namespace)"
}
