#!/usr/bin/env bats
# shellcheck disable=SC2016 # what the lab's own shell expands
# loping lab: each sheet does what it says, and nothing is left of it.

load ../cli/test_helper
load ../cli/screen_helper

setup() {
  need_network_namespace
  need_other_user
  # The leak sanitizer cannot look into a process that is in namespaces of its own; the others can.
  [ -z "${SANITIZED:-}" ] || export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
  need_command nft ss
}

# lab_as_nobody ARGUMENT...: loping lab as an ordinary user, with what this test has on stdin.
lab_as_nobody() {
  run timeout --kill-after=5 "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" "$LOPING" lab "$@"
}

# sheets_hold QUARTER: those of one quarter, worked through by an ordinary user.
sheets_hold() {
  local number=0 sheet failed=0
  for sheet in "$REPOSITORY"/client/lab/sheets/*.md; do
    number=$((number + 1))
    [ $((number % 4)) -eq "$1" ] || continue
    python3 -I -S "$REPOSITORY/tests/net/lab_sheet.py" "$sheet" "${AS_NOBODY[@]}" "$LOPING" > "$BATS_TEST_TMPDIR/said" 2>&1 || {
      cat "$BATS_TEST_TMPDIR/said"
      failed=1
    }
  done
  return $failed
}

@test "each sheet does what it says for an ordinary user: first quarter" {
  sheets_hold 0
}

@test "each sheet does what it says for an ordinary user: second quarter" {
  sheets_hold 1
}

@test "each sheet does what it says for an ordinary user: third quarter" {
  sheets_hold 2
}

@test "each sheet does what it says for an ordinary user: fourth quarter" {
  sheets_hold 3
}

@test "a sheet that waits for a line in a file says nothing while the file is not there" {
  run grep -nE '(until|&&) grep -q ' "$REPOSITORY"/client/lab/sheets/*.md
  expect_equal "" "$output"
}

@test "a sheet that says something else than comes is found out" {
  local sheet=$BATS_TEST_TMPDIR/closed.md
  chmod 755 "$BATS_TEST_TMPDIR"
  sed 's/ECONNREFUSED\.$/ETIMEDOUT./' "$REPOSITORY/client/lab/sheets/closed.md" > "$sheet"
  sed "s/== text$/== text or True/" "$REPOSITORY/tests/net/lab_sheet.py" > "$BATS_TEST_TMPDIR/lab_sheet.py"
  run python3 -I -S "$BATS_TEST_TMPDIR/lab_sheet.py" "$sheet" "${AS_NOBODY[@]}" "$LOPING"
  expect_status 1
  expect_contains "$output" "promised:"
}

@test "a lab has the machine's rights and none of its network, and is gone with its shell" {
  lab_as_nobody open <<< 'echo "$$ $(id -u)"; readlink /proc/self/ns/net; ls /proc/[0-9]*/comm | wc -l; echo here > note; exit 7'
  expect_status 7
  expect_contains "$output" "This shell has a network and processes of its own"
  expect_lacks "$output" "$(readlink /proc/self/ns/net)"
  [ ! -e /dev/shm/note ]
}

@test "whatever ends loping ends its lab: the server and the shell go with it" {
  local fifo=$BATS_TEST_TMPDIR/commands
  mkfifo "$fifo"
  "${AS_NOBODY[@]}" "$LOPING" lab open < "$fifo" > "$BATS_TEST_TMPDIR/out" 2>&1 &
  local lab=$!
  exec 9> "$fifo"
  echo 'echo lab $(readlink /proc/self/ns/net)' >&9
  wait_until grep -q '^lab net' "$BATS_TEST_TMPDIR/out"
  local name
  name=$(sed -n 's/^lab //p' "$BATS_TEST_TMPDIR/out")
  kill -KILL $lab
  wait_until no_process_in "$name"
  exec 9>&-
}

no_process_in() {
  ! readlink /proc/[0-9]*/ns/net 2> /dev/null | grep -qF "$1"
}

@test "a situation at random tells its name only when it is asked" {
  lab_as_nobody --random <<< 'loping lab --reveal'
  expect_contains "$output" "# What is wrong here?"
  expect_contains "$output" "This lab is '"
  expect_equal 1 "$(grep -c '^# ' <<< "$output")"
}

@test "what can be asked only in a lab, or only outside, says so" {
  local words
  for words in --reveal '--check closed' --sheet; do
    # shellcheck disable=SC2086
    lab_as_nobody $words
    expect_status 2
    expect_contains "$output" "for the shell of a lab, and this is none"
  done
  lab_as_nobody open <<< 'loping lab closed'
  expect_status 3
  expect_contains "$output" "leave it first: exit"
}

@test "wrong words of a lab name the way out" {
  lab_as_nobody blockt
  expect_status 2
  expect_contains "$output" "the nearest is 'blocked'"
  lab_as_nobody zzzzzzzz
  expect_status 2
  expect_contains "$output" "loping lab lists them"
  lab_as_nobody open closed
  expect_status 2
  lab_as_nobody open --random
  expect_status 2
  lab_as_nobody --sheet --random
  expect_status 2
}

@test "a system that lets no ordinary user make a namespace is said with its setting" {
  need_command strace
  run timeout --kill-after=5 "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" strace -o /dev/null -e trace=unshare -e inject=unshare:error=EPERM "$LOPING" lab open
  expect_status 3
  expect_contains "$output" "lets no ordinary user make a namespace (EPERM)"
  expect_contains "$output" "sudo loping lab open"
}

@test "a lab whose program is not here names it" {
  run timeout --kill-after=5 "$DEADLINE_SECONDS" "${AS_NOBODY[@]}" unshare -rm sh -c 'mount -t tmpfs none /usr/sbin && exec "$0" lab blocked' "$LOPING"
  expect_status 3
  expect_contains "$output" "nft (package nftables), which is not here"
}

@test "on a terminal it is the user's own shell, with the task above it; Ctrl-C is the shell's" {
  need_terminal
  run timeout --kill-after=5 "$DEADLINE_SECONDS" python3 -I -S "$REPOSITORY/tests/net/lab_terminal.py" "$LOPING"
  expect_status 0
}
