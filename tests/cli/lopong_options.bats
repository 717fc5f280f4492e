#!/usr/bin/env bats
# The command line of lopong: what it refuses, and with which words.

load test_helper

# refuses ARGUMENT... -- PART...: exit status 2, nothing on stdout, and a sentence on stderr with each PART.
refuses() {
  local arguments=()
  while [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  shift
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" "${arguments[@]}"
  expect_status 2
  expect_equal "" "$output"
  local part
  for part in "lopong: " "Try 'lopong --help'." "$@"; do
    # shellcheck disable=SC2154 # set by run
    expect_contains "$stderr" "$part"
  done
}

@test "--help-all names every option, the exit status and how other systems show who has a port" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --help-all
  expect_status 0
  expect_equal "" "$stderr"
  local word
  for word in bind port try-ports tcp udp unix allow-remote max-connections idle-timeout max-unsent threads json quiet verbose \
    help version; do
    expect_contains "$output" "--$word"
  done
  expect_contains "$output" "Exit status: 0 fine, 2 wrong usage, 3"
  expect_contains "$output" "netstat -ano | findstr"
  expect_contains "$output" "lsof -nP -i"
  expect_contains "$output" "ss -ltnp"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" -h
  expect_status 0
}

@test "no line of --help-all is wider than 100 columns" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --help-all
  run grep -nE '.{101}' <<< "$output"
  expect_status 1
}

@test "--version names its own version and libuv's" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --version
  expect_status 0
  expect_matches "$output" '^lopong [0-9]+\.[0-9]+\.[0-9]+ \(libuv [0-9]+\.[0-9]+\.[0-9]+\)$'
}

@test "a port that is no number, or above 65535, or missing is refused" {
  refuses --port http -- "'http' is not a port number" "0 to 65535"
  refuses --port 65536 -- "'65536' is above 65535"
  refuses --port 99999999999999999999999 -- "is above 65535"
  refuses --port -1 -- "'-1' is not a port number"
  refuses --port "" -- "is not a port number"
  refuses --port "80 " -- "is not a port number"
  refuses --port -- "--port needs a value"
}

@test "every number, size and duration is judged" {
  refuses --max-connections 0 -- "--max-connections: '0' is too small"
  refuses --max-connections many -- "'many' is not a number"
  refuses --idle-timeout 5 -- "--idle-timeout: '5'" "200ms"
  refuses --idle-timeout 0 -- "--idle-timeout: '0' is too small"
  refuses --idle-timeout 5fortnights -- "--idle-timeout"
  refuses --max-unsent 1 -- "--max-unsent: '1' is out of range" "1 KiB"
  refuses --max-unsent 2GiB -- "--max-unsent: '2GiB' is out of range" "1 GiB"
  refuses --max-unsent big -- "--max-unsent: 'big'"
  refuses --try-ports 65536 -- "--try-ports: '65536' is out of range"
  refuses --idle-timeout 99999999h -- "--idle-timeout: '99999999h' is out of range" "from 1.00 ms to 9007199 s"
  refuses --max-connections 99999999999999999999 -- "is out of range" "from 1 to 18,446,744,073,709,551,615"
  refuses --try-ports x -- "'x' is not a number"
  refuses --threads 0 -- "--threads: '0' is out of range" "from 1 to 256"
  refuses --threads 257 -- "--threads: '257' is out of range" "from 1 to 256"
  refuses --threads -1 -- "'-1' is not a number"
  refuses --threads abc -- "'abc' is not a number"
}

@test "an unknown option is refused with the nearest that exists" {
  refuses --prot 5 -- "there is no option --prot; the nearest is --port"
  refuses --nothing-like-it -- "there is no option --nothing-like-it"
  refuses -x -- "there is no option -x"
  refuses --udp=yes -- "--udp takes no value"
}

@test "a word without an option is refused with the way to give a port" {
  refuses 62893 -- "'62893' stands alone" "--port"
  refuses --tcp 127.0.0.1 -- "'127.0.0.1' stands alone" "--bind"
}

@test "bytes that could steer a terminal are escaped in the refusal" {
  refuses --port $'\e[31mred' -- '\x1b[31mred'
  refuses $'a\nb' -- 'a\nb'
  expect_lacks "$stderr" $'\e'
}

@test "combinations that make no sense are refused" {
  refuses --unix "$BATS_TEST_TMPDIR/s" --port 5000 -- "--unix alone" "--port has no use" "add --tcp or --udp"
  refuses --unix "$BATS_TEST_TMPDIR/s" --port 62893 -- "--port has no use"
  refuses --unix "$BATS_TEST_TMPDIR/s" --bind ::1 -- "--bind has no use"
  refuses --unix "$BATS_TEST_TMPDIR/s" --try-ports 3 -- "--try-ports has no use"
  refuses --port 0 --try-ports 3 -- "--try-ports" "--port 0 already takes any free one"
}

@test "a unix path that is empty or too long for a socket is refused" {
  refuses --unix "" -- "--unix: ''"
  refuses --unix "/tmp/$(printf 'x%.0s' {1..99})" -- "--unix" "103 bytes"
}

@test "an empty or unknown name to bind is refused" {
  refuses --bind "" -- "--bind: '' is empty"
  refuses --bind 127.0.0.1.5.5 -- "'127.0.0.1.5.5' is no address"
}

@test "more --bind than fit are refused" {
  local arguments=() i
  for i in {1..17}; do arguments+=(--bind "127.0.0.$i"); done
  refuses "${arguments[@]}" -- "--bind is given more than 16 times"
}

@test "every address of this machine is refused without --allow-remote, and the refusal explains who could connect" {
  refuses --bind 0.0.0.0 -- "0.0.0.0 means every address of this machine" "other machines could connect" \
    "127.0.0.1 is reachable from this machine only" "--allow-remote"
  refuses --bind :: -- ":: means every address of this machine" "--allow-remote"
  refuses --bind 127.0.0.1 --bind 0.0.0.0 -- "--allow-remote"
}

@test "an address of the network is refused without --allow-remote" {
  need_network_namespace
  run_timeout "$DEADLINE_SECONDS" unshare --net bash -c '
    ip link set lo up; ip address add 192.168.77.5/32 dev lo
    "$1" --bind 192.168.77.5
    status=$?
    "$1" --bind 0.0.0.0
    exit $((status * 10 + $?))' _ "$LOPONG"
  expect_status 22
  expect_contains "$stderr" "--bind 192.168.77.5: other machines can reach this address"
  expect_contains "$stderr" "now also 192.168.77.5"
}

@test "with --allow-remote an address that others can reach is served, with a warning" {
  start_lopong --allow-remote --bind 0.0.0.0 --tcp
  expect_equal "listening on 0.0.0.0:$PORT (tcp)" "$(cat "$LOPONG_OUT")"
  expect_contains "$(cat "$LOPONG_ERR")" "warning: other machines can reach 0.0.0.0:$PORT"
}

@test "help and version that reach nobody are no success" {
  [ -e /dev/full ] || skip "this system has no /dev/full"
  local option
  for option in --help --version; do
    run --separate-stderr bash -c '"$LOPONG" "$1" > /dev/full' - "$option"
    expect_status 3
    expect_contains "$stderr" "stdout takes no more"
  done
}
