# What the tests of owners share: who has the port, what is advised, and that the port is free after it.
# shellcheck shell=bash disable=SC2154 # status, output and stderr are set by run

is_taken() {
  python3 -I -S -c 'import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try: s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
except OSError: sys.exit(0)
sys.exit(1)' "$PORT"
}

is_free() {
  ! is_taken
}

# Asked again and again for five seconds: whoever starts it again does so within one.
stays_free() {
  local end=$((SECONDS + 5))
  while [ $SECONDS -lt $end ]; do
    is_free || { echo "port $PORT is taken again" && return 1; }
  done
}

# By the system's table: who would try it by listening there could be in the way of the very holder that it waits for.
is_held() {
  ss -Htan "sport = :$PORT" | grep -qv TIME-WAIT
}

# ask: what lopong says of the port's holder; sets HOLDER (JSON) and SAID.
ask() {
  wait_until is_held
  run_timeout 30 "$LOPONG" --port "$PORT" --tcp --json
  expect_status 3
  SAID=$(tr -s '\n ' '  ' <<< "$stderr")
  HOLDER=$(jq -c 'select(.event == "bind_failed") | .error.holders[0]' <<< "$output")
}

# holder QUERY: a fact of the holder.
holder() {
  jq -r "$1" <<< "$HOLDER"
}

# The advised command, as it stands, in a shell of its own.
run_the_advice() {
  local command
  command=$(holder .stop)
  [ -n "$command" ] && [ "$command" != null ]
  expect_contains "$SAID" "$command"
  bash -c "$command"
  wait_until is_free
  stays_free
}
