#!/usr/bin/env bats
# Ports on Windows: who has one, what is refused, and in whose words.

load windows_helper

@test "a TCP port that is taken: whose it may be, and how to see it, in Windows' words" {
  start_lopong
  lopong --port "$PORT"
  expect_status 3
  expect_contains "$stderr" "cannot listen on 127.0.0.1:$PORT (tcp): the port is in use (EADDRINUSE)"
  expect_contains "$stderr" "A socket already listens on 127.0.0.1:$PORT"
  expect_contains "$stderr" "netstat -ano | findstr :$PORT"
  expect_lacks "$stderr" 'sudo'
  expect_no_returns
}

@test "a UDP port that is taken: the holder with its id, program, user and start, and how to end it" {
  start_lopong --udp
  lopong --udp --port "$PORT"
  expect_status 3
  expect_matches "$stderr" 'The holder is process [0-9]+ \(.*/lopong\.exe\), user [a-z]+, started 20[0-9-]+T'
  expect_matches "$stderr" 'Stop-Process -Id [0-9]+'
  expect_contains "$stderr" 'Task Manager'
  expect_contains "$stderr" "A lopong already runs there: \`loping --udp $PORT\` can use it."
}

@test "the holder of a UDP port as JSON" {
  start_lopong --udp
  lopong --udp --port "$PORT" --json
  expect_status 3
  output=$(grep bind_failed <<< "$output")
  expect_json '.error.code == "EADDRINUSE" and (.error.holders[0] | .pid > 0 and .command == "lopong")'
}

@test "--try-ports takes the next one" {
  start_lopong
  local first=$PORT
  start_lopong --port "$first" --try-ports 20
  [ "$PORT" -gt "$first" ]
  expect_contains "$(cat "$LOPONG_ERR")" "port $first (tcp) is in use by another socket"
}

@test "ports lists the server's sockets" {
  start_lopong
  loping ports
  expect_status 0
  expect_contains "$output" 'REACHABLE FROM THIS MACHINE ONLY'
  expect_matches "$output" "$PORT +udp +127.0.0.1 +lopong \(pid [0-9]+\)"
  expect_lacks "$output" 'as root'
}

@test "check: open, when asked" {
  start_lopong
  loping check --ask echo --json - "$PORT"
  expect_status 0
  expect_json '.ports[0].verdict == "open"'
}

@test "check: closed, and a server of its own is reached there" {
  loping check "$(unused_port)"
  expect_status 1
  expect_contains "$output" 'Nobody listens there, and no firewall would block a server.'
  expect_contains "$output" 'No socket of this machine listens on port'
}

@test "wait: until the port answers, and not for ever" {
  start_lopong
  loping wait --timeout 20s "$PORT"
  expect_status 0
  loping wait --timeout 300ms "$(unused_port)"
  [ "$status" -ne 0 ] && [ "$status" -ne 124 ]
}

@test "explain: a port, with the holder" {
  start_lopong
  loping explain "$PORT"
  expect_status 0
  expect_contains "$output" "TCP now: a socket listens on 127.0.0.1:$PORT"
  expect_contains "$output" 'drivers'
}

@test "unix sockets are refused, and named pipes named" {
  lopong --unix /tmp/x
  expect_status 2
  expect_contains "$stderr" '\\.\pipe\NAME'
  loping check unix:/tmp/x
  expect_status 2
  expect_contains "$stderr" 'unix:\\.\pipe\NAME'
}
