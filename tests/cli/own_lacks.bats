#!/usr/bin/env bats
# What a program could not look into, for want of memory or descriptors of its own, is never told as "nobody".

load test_helper

setup() {
  need_command strace
  need_plain_build "LeakSanitizer and strace both want to trace the program"
  start_lopong
}

# lacks CALL:error=CODE:when=N [-P PATH] COMMAND...: runs it with strace's injection, which must have struck; its words
# are in `words`, as one line.
lacks() {
  local injection=$1
  shift
  run_timeout "$DEADLINE_SECONDS" strace -D -f -qq -o "$BATS_TEST_TMPDIR/calls" -e "trace=${injection%%:*}" \
    -e "inject=$injection" "$@"
  grep -Eq "INJECTED|DELAYED" "$BATS_TEST_TMPDIR/calls"
  # shellcheck disable=SC2154 # set by run
  words=$(tr -s '\n ' ' ' <<< "$output $stderr")
}

expect_no_owner_made_up() {
  if [[ "$words" =~ "very "[a-z\ ]*"was looked into" ]]; then
    echo "wanted no claim to have looked into all: $words"
    return 1
  fi
  expect_lacks "$words" "nothing to kill"
  expect_lacks "$words" "the kernel"
  expect_lacks "$words" "hidden"
  expect_lacks "$words" "container"
  expect_lacks "$words" "does not tell"
}

@test "lopong does not say that nobody has the port when it could not look into the processes" {
  local injection
  for injection in getdents64:error=ENOMEM:when=2+ readlinkat:error=ENOMEM:when=1+ \
    getdents64:error=ENOMEM:when=1+; do
    lacks "$injection" "$LOPONG" --port "$PORT"
    expect_status 3
    expect_contains "$words" "(EADDRINUSE)"
    expect_contains "$words" "could not be looked into to the end: not enough memory (ENOMEM)"
    expect_no_owner_made_up
  done
}

@test "lopong names its own lack where it could not ask whose the port is" {
  local number
  [ -e "$BUILD/tests/torture/fault_preload.so" ] || skip "needs tests/torture/fault_preload.so (make test-programs)"
  local asked=0
  for ((number = 1; number <= 140; number++)); do
    run_timeout "$DEADLINE_SECONDS" env LD_PRELOAD="$BUILD/tests/torture/fault_preload.so" FAULT_ALLOCATION="$number" \
      "$LOPONG" --port "$PORT"
    expect_status 3
    words=$(tr -s '\n ' ' ' <<< "$stderr")
    [[ "$words" != *"could not find out whose it is: not enough memory (ENOMEM)"* ]] || asked=$((asked + 1))
    expect_lacks "$words" "does not tell"
    expect_lacks "$words" "nothing to kill"
  done
  [ "$asked" -gt 0 ]
}

@test "a name that lopong had no descriptor to look up is no wrong command line" {
  # Longer than a part of a name may be: no name server is asked for it.
  local number tried=0 name
  name=$(printf 'x%.0s' {1..70})
  for number in {6..20}; do
    run_timeout "$DEADLINE_SECONDS" prlimit --nofile="$number:$number" "$LOPONG" --bind "$name" --port 0
    if [ "$status" -eq 3 ]; then
      expect_matches "$stderr" "too (many open files|few file descriptors)"
      [[ "$stderr" != *looking* ]] || tried=$((tried + 1))
    else
      expect_status 2
      expect_lacks "$stderr" "too many"
    fi
  done
  [ "$tried" -gt 0 ]
}

@test "ports does not say that the kernel has what it could not look into" {
  local injection
  for injection in "getdents64:error=ENOMEM:when=2+" "readlinkat:error=ENOMEM:when=1+" \
    "newfstatat:error=ENOMEM:when=1+ -P /proc"; do
    # shellcheck disable=SC2086 # words
    lacks $injection "$LOPING" ports "$PORT"
    expect_status 3
    expect_contains "$words" "ENOMEM"
    expect_no_owner_made_up
  done
}

@test "check says why it does not know which sockets listen" {
  # The first that check opens lists the machine's interfaces, the third is the probe.
  lacks socket:error=EMFILE:when=4+ "$LOPING" check "$PORT"
  expect_status 3
  expect_contains "$words" "Which sockets listen is not known: EMFILE."
  expect_no_owner_made_up
}

@test "a machine without /dev/null is not called short of descriptors" {
  need_network_namespace
  start_lopong --tcp
  # shellcheck disable=SC2016 # for the inner shell
  run_timeout "$DEADLINE_SECONDS" unshare --mount sh -c 'mount -t tmpfs tmpfs /dev && exec "$@"' alone "$LOPING" check --json - "$PORT"
  [ "$(jq -r .ports[0].verdict <<< "$output")" = open ] || { echo "$output"; return 1; }
}

@test "the time that check itself takes to look around is not the server's" {
  # Slower than its --timeout at what it looks into once the connection stands: a busy machine has 10,000 of them.
  lacks getdents64:delay_enter=1200000:when=1 "$LOPING" check --timeout 1s --json - "$PORT"
  expect_equal open "$(jq -r .ports[0].verdict <<< "$output")"
}
