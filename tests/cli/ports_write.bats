#!/usr/bin/env bats
# loping ports --write: today's listeners as the expectation that --expect reads.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who listens"
  WRITTEN=$BATS_TEST_TMPDIR/written.ports
}

@test "what is written is what --expect takes, and what comes later is unexpected" {
  start_lopong
  local first=$PORT
  loping ports "$first" --write "$WRITTEN"
  expect_status 0
  expect_contains "$output" "WRITTEN: $WRITTEN names what listens now"
  expect_equal "$first/tcp lopong  # 127.0.0.1, user $(id -un)
$first/udp lopong  # 127.0.0.1, user $(id -un)" "$(grep -v '^#' "$WRITTEN")"
  loping_result ports "$first" --expect "$WRITTEN"
  expect_status 0
  expect_json '.expect.unexpected == 0 and .expect.missing == []'
  start_lopong
  loping ports "$first" "$PORT" --expect "$WRITTEN"
  expect_status 1
}

@test "all that listens can be written and held against itself" {
  start_lopong
  loping ports --write "$WRITTEN"
  expect_status 0
  # Other tests' servers come and go: of this one's ports nothing is unexpected.
  loping_result ports --expect "$WRITTEN"
  expect_json "[.sockets[] | select(.port == $PORT) | .expected] | length == 2 and all"
}

@test "sockets of one program on one port are one line, with all of its addresses" {
  need_command python3
  start_background holder python3 -c '
import socket, time
first, second = socket.socket(), socket.socket()
first.bind(("127.0.0.1", 0))
second.bind(("127.0.0.2", first.getsockname()[1]))
first.listen()
second.listen()
print("ready", first.getsockname()[1], flush=True)
time.sleep(600)'
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  local port
  port=$(cut -d' ' -f2 "$BATS_TEST_TMPDIR/holder.out")
  loping ports "$port" --tcp --write -
  expect_status 0
  expect_equal "$port/tcp python3  # 127.0.0.1, 127.0.0.2, user $(id -un)" "$(grep -v '^#' <<< "$output")"
}

@test "a program whose name no line can hold is left out of it, and the port is expected all the same" {
  start_background holder python3 -c '
import ctypes, socket, time
ctypes.CDLL(None).prctl(15, b"two #words\n", 0, 0, 0)
held = socket.socket()
held.bind(("127.0.0.1", 0))
held.listen()
print("ready", held.getsockname()[1], flush=True)
time.sleep(600)'
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  local port
  port=$(cut -d' ' -f2 "$BATS_TEST_TMPDIR/holder.out")
  loping ports "$port" --write "$WRITTEN"
  expect_status 0
  expect_equal "$port/tcp  # 127.0.0.1, user $(id -un); its program is 'two #words\\n', a name that no line can hold" \
    "$(grep -v '^#' "$WRITTEN")"
  loping ports "$port" --expect "$WRITTEN"
  expect_status 0
}

@test "what is bound and does not listen is not written" {
  start_background holder env -C "$REPOSITORY/tests/cli" python3 port_holder.py bound
  wait_until file_contains "$BATS_TEST_TMPDIR/holder.out" ready
  local port
  port=$(cut -d' ' -f2 "$BATS_TEST_TMPDIR/holder.out")
  loping ports "$port" --write -
  expect_status 0
  expect_equal "" "$(grep -v '^#' <<< "$output")"
}

@test "a file that cannot be written is named with status 3, and the old one is untouched" {
  loping ports --write "$BATS_TEST_TMPDIR/none/file"
  expect_status 3
  expect_contains "$stderr" "--write: cannot write '$BATS_TEST_TMPDIR/none/file'"
  echo "80 nginx" > "$WRITTEN"
  # The signal that a limit on file sizes sends would end loping otherwise, and its own words are a file here.
  run_timeout "$DEADLINE_SECONDS" bash -o pipefail -c '(trap "" XFSZ; ulimit -f 0; exec "$@" 2>&1) | cat' _ \
    "$LOPING" ports --write "$WRITTEN"
  expect_status 3
  expect_contains "$output" "--write: cannot write '$WRITTEN'"
  expect_lacks "$output" "WRITTEN"
  expect_equal "80 nginx" "$(cat "$WRITTEN")"
  expect_equal "$WRITTEN" "$(echo "$WRITTEN"*)"
}

@test "two of --expect, --write and --json that name one file are refused, also by a link, and it stays as it was" {
  local link=$BATS_TEST_TMPDIR/link one
  ln -s written.ports "$link"
  echo "80 nginx" > "$WRITTEN"
  for one in "$WRITTEN" "$link"; do
    loping ports --write "$WRITTEN" --json "$one"
    expect_status 2
    expect_contains "$stderr" "--write and --json name one file ('$one'); name another for one of them"
    loping ports --expect "$WRITTEN" --json "$one"
    expect_status 2
    expect_contains "$stderr" "--json and --expect name one file ('$WRITTEN'), and what is read there would be lost"
    loping ports --watch --expect "$one" --json "$WRITTEN"
    expect_status 2
    expect_contains "$stderr" "--json and --expect name one file"
  done
  expect_equal "80 nginx" "$(cat "$WRITTEN")"
  rm "$WRITTEN"
  loping ports --write "$WRITTEN" --json "$BATS_TEST_TMPDIR/../$(basename "$BATS_TEST_TMPDIR")/written.ports"
  expect_status 2
  [ ! -e "$WRITTEN" ]
  loping ports --write - --json -
  expect_status 2
  expect_contains "$stderr" "--write and --json cannot both go to stdout"
}

@test "--write does not go with what reads the file" {
  loping ports --write "$WRITTEN" --expect "$WRITTEN"
  expect_status 2
  expect_contains "$stderr" "leave one out"
  loping ports --write "$WRITTEN" --watch
  expect_status 2
  loping ports --write - --json -
  expect_status 2
  [ ! -e "$WRITTEN" ]
}
