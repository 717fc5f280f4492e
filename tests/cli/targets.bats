#!/usr/bin/env bats
# Where something is, as people type it: every command takes the same forms, and offers what was meant.

load test_helper
load loping_helper

setup() {
  need_command jq
}

@test "an IPv6 address that swallows its port is offered with brackets, by every command" {
  local command
  for command in "" latency throughput connect check wait ports explain; do
    # shellcheck disable=SC2086 # the empty word is the report card
    loping $command ::1:8080
    expect_status 2
    expect_contains "$stderr" "'::1:8080'"
    expect_contains "$stderr" "did you mean [::1]:8080?"
  done
  loping check http://::1:8080/x
  expect_contains "$stderr" "did you mean http://[::1]:8080/x?"
}

@test "a URL is measured, checked, waited for, listed and explained at its host and port" {
  local target
  start_lopong --bind localhost --tcp
  for target in "http://127.0.0.1:$PORT/x?y" "tcp://127.0.0.1:$PORT" "127.0.0.1:$PORT/x" "127.0.0.1:$PORT/tcp"; do
    loping_result latency "${FAST[@]}" "$target"
    expect_status 0
    expect_json "[.runs[0].workload | .port, .address, .transport] == [$PORT, \"127.0.0.1\", \"tcp\"]"
    loping_result check "$target"
    expect_status 0
    expect_json "[.ports[] | .port, .address, .transport] == [$PORT, \"127.0.0.1\", \"tcp\"]"
    loping_result wait "$target"
    expect_status 0
    expect_json "[.ports[] | .port, .address, .transport] == [$PORT, \"127.0.0.1\", \"tcp\"]"
    loping_result ports "$target"
    expect_json "[.sockets[] | .port, .address] == [$PORT, \"127.0.0.1\"]"
    loping explain "$target"
    expect_status 0
    expect_contains "$output" "$PORT"
  done
  loping_result ports "http://localhost:$PORT/"
  expect_json ".sockets | length == 2"
}

@test "PORT/udp and udp:// mean UDP, and contradict --tcp" {
  local target
  start_lopong --udp
  for target in "$PORT/udp" "udp://127.0.0.1:$PORT"; do
    loping_result latency "${FAST[@]}" "${PATIENT[@]}" "$target"
    expect_status 0
    expect_json '.runs[0].workload.transport == "udp"'
    loping_result check "$target"
    expect_status 0
    expect_json '[.ports[].transport] == ["udp"]'
    loping_result ports "$target"
    expect_json '[.sockets[].transport] == ["udp"]'
    loping check --tcp "$target"
    expect_status 2
    expect_contains "$stderr" "--tcp contradicts that"
    loping ports --tcp "$target"
    expect_status 2
    expect_contains "$stderr" "--tcp contradicts that"
  done
  loping latency --udp "$PORT/tcp"
  expect_status 2
  expect_contains "$stderr" "is TCP, and --udp contradicts that"
  loping_result wait --free --timeout 20ms "$PORT/udp"
  expect_status 1
  expect_json '[.ports[].transport] == ["udp"]'
}

@test "a scheme names its port, and https is said to be measured without TLS" {
  loping check http://127.0.0.2/ https://127.0.0.2/ redis://127.0.0.2
  expect_contains "$output" "127.0.0.2:80 (tcp): "
  expect_contains "$output" "127.0.0.2:443 (tcp): "
  expect_contains "$output" "127.0.0.2:6379 (tcp): "
  start_lopong --tcp
  loping latency "${FAST[@]}" "https://127.0.0.1:$PORT/"
  expect_status 0
  expect_contains "$stderr" "https:// is measured as plain bytes, without TLS"
  loping latency "${FAST[@]}" --quiet "https://127.0.0.1:$PORT/"
  expect_equal "" "$stderr"
}

@test "a path or an abstract name without unix: is offered with it" {
  for command in latency check wait ports; do
    loping $command /tmp/x
    expect_status 2
    expect_contains "$stderr" "did you mean unix:/tmp/x?"
    loping $command @name
    expect_contains "$stderr" "did you mean unix:@name?"
  done
}

@test "a link-local address needs an interface, and this machine's are named" {
  loping latency fe80::1
  expect_status 2
  expect_contains "$stderr" "fe80::1 is a link-local address, which each interface can have: say on which, such as fe80::1%"
  expect_contains "$stderr" "this machine's interfaces are: "
  expect_contains "$stderr" "lo"
  loping latency --allow-remote '[fe80::1%no-such-one]:80'
  expect_status 2
  expect_contains "$stderr" "this machine has no interface 'no-such-one' for it"
  for command in check wait; do
    loping $command '[fe80::1]:80'
    expect_status 2
    expect_contains "$stderr" "fe80::1 is a link-local address"
  done
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --bind fe80::1 --allow-remote
  expect_status 2
  expect_contains "$stderr" "fe80::1 is a link-local address"
}
