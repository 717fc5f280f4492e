#!/usr/bin/env bats
# The command line of loping: what it takes, and that a mistake is named with its value, its reason and the way out.

load test_helper
load loping_helper

# refuses ARGUMENT... -- PART...: exit 2, nothing on stdout, and each part on stderr.
refuses() {
  local arguments=()
  while [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  shift
  loping "${arguments[@]}"
  expect_status 2
  expect_equal "" "$output"
  local part
  for part in "$@"; do
    expect_contains "$stderr" "$part"
  done
}

# The commands that the help itself lists, one a line; the empty one is the report card.
commands() {
  echo
  "$LOPING" --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p'
}

# The option lines of a command's whole help, without the two dashes: "size SIZE".
options_of() {
  "$LOPING" "$@" --help-all | sed -n -E 's/^  (-.,|   ) --([a-z-]+( [A-Z]+)?)  .*/\2/p'
}

@test "--help-all lists the commands, and each command's help what it takes, in at most 100 columns" {
  local command
  while read -r command; do
    # shellcheck disable=SC2086 # the empty word is the report card
    loping $command --help-all
    expect_status 0
    expect_equal "" "$stderr"
    expect_contains "$output" "usage: loping"
    expect_contains "$output" "exit status: 0 "
    expect_equal "" "$(awk 'length > 100' <<< "$output")"
  done < <(commands)
  loping --help-all
  expect_matches "$output" "ping .*latency .*throughput "
  expect_contains "$output" "TARGET is PORT, HOST:PORT, [::1]:PORT, a URL or unix:PATH (unix:@NAME of an abstract one), PORT/udp measures as --udp; the default is 127.0.0.1:62893, or the port of LOPING_PORT."
}

@test "every option that a command's help lists is taken by that command" {
  local command option name value
  declare -A values=([SIZE]=64 [N]=1 [TIME]=100ms [WAY]=echo [FILE]=- [LIST]=64 [EXPR]="p99>1s" [PERCENT]=5% [WHAT]=echo [STATUS]=200 [SHELL]=bash)
  while read -r command; do
    # shellcheck disable=SC2086
    while read -r name value; do
      option=--$name
      # The last argument stops it before anything is measured.
      # shellcheck disable=SC2086
      loping $command $option ${value:+"${values[$value]}"} --help
      # One option may want another beside it.
      [ "$status" -eq 0 ] || expect_contains "$stderr" "add --"
    done < <(options_of $command)
    # shellcheck disable=SC2086
    expect_contains "$(options_of $command)" help
  done < <(commands)
}

@test "--version names the program and its version, for each command" {
  local command
  while read -r command; do
    # shellcheck disable=SC2086
    loping $command --version
    expect_status 0
    expect_matches "$output" '^loping [0-9]+\.[0-9]+\.[0-9]+ \(libuv [0-9.]+\)$'
  done < <(commands)
  expect_equal "$("$LOPONG" --version | awk '{print $2}')" "$("$LOPING" -V | awk '{print $2}')"
}

@test "a mistyped command is answered with the nearest one" {
  refuses latenzy -- "no command 'latenzy'" "the nearest is 'latency'" "Try 'loping --help'"
  refuses pingg -- "the nearest is 'ping'"
  refuses troughput 62893 -- "the nearest is 'throughput'"
  refuses frobnicate -- "'frobnicate' is neither a command nor a target" "HOST:PORT"
}

@test "a command that stands after an option is told its place" {
  refuses --quiet latency -- "'latency' is a command" "loping latency"
  refuses --duration 1s ping -- "'ping' is a command" "loping ping"
}

@test "an unknown option is answered with the nearest one" {
  refuses latency --detph 2 -- "no option --detph" "the nearest is --depth" "Try 'loping latency --help'"
  refuses latency --frob -- "no option --frob"
  refuses latency -z -- "no option -z"
  refuses ping --warmup 1s -- "no option --warmup"
  refuses --depth 4 -- "no option --depth" "Try 'loping --help'"
  refuses latency --d 3s -- "--d begins more than one option"
}

@test "counts out of range are refused with their range" {
  local option
  for option in connections depth count; do
    refuses latency "--$option" 0 -- "--$option" "'0'" "out of range" "from 1 to"
    refuses latency "--$option" many -- "--$option" "'many'" "is not a number" "such as"
    refuses latency "--$option" -1 -- "--$option" "'-1'" "is not a number"
    refuses latency "--$option" 99999999999999999999 -- "--$option" "'99999999999999999999'"
  done
  refuses latency --connections 20001 -- "from 1 to 20,000"
  refuses latency --depth 4097 -- "from 1 to 4,096"
  refuses latency --seed first -- "--seed" "'first' is not a number"
}

@test "durations need a unit and a range" {
  local option
  for option in duration warmup timeout; do
    refuses latency "--$option" 3 -- "--$option" "'3' has no unit" "such as 200ms"
    refuses latency "--$option" 3days -- "--$option" "'3days' has no unit, or one that is not known"
    refuses latency "--$option" soon -- "--$option" "'soon' is not a number"
    refuses latency "--$option" 999h -- "--$option" "'999h' is out of range" "to "
  done
  refuses latency --duration 0 -- "--duration" "'0' is out of range" "from 1.00 ms"
  refuses latency --timeout 1ms -- "--timeout" "'1ms' is out of range" "from 10.0 ms"
  refuses ping --interval 0.1ms -- "--interval" "'0.1ms' is out of range"
}

@test "sizes out of range are refused with their range" {
  refuses latency --size 0 -- "--size" "'0' is out of range" "from 1 B to 1 MiB"
  refuses latency --size 1048577 -- "--size" "'1048577' is out of range"
  refuses latency --size 64bits -- "--size" "'64bits'" "64KiB"
  refuses latency --udp --size 65508 -- "--size" "65508" "UDP datagram over IPv4" "at most 65507, or measure over IPv6"
  refuses latency --udp --size 65528 '[::1]:7' -- "--size" "65528" "UDP datagram over IPv6" "at most 65527"
}

@test "more than 1 GiB in flight is refused before it is allocated" {
  refuses latency --connections 20000 --depth 4096 --size 1MiB -- "more than 1 GiB" "--connections, --depth or --size"
}

@test "more datagrams in flight than their sequence numbers can tell apart are refused" {
  refuses latency --udp --size 1 --depth 129 -- "--depth" "--size" "1 byte" "at least 2"
  start_lopong --udp
  loping_result latency --udp --size 1 --depth 128 --warmup 0 --count 2000 "$PORT"
  expect_json '.runs[0].errors.corrupted == 0' '.runs[0].errors.lost == 0'
  expect_status 0
}

@test "a choice, a flag with a value and a value left out are refused" {
  refuses throughput --direction sideways -- "--direction" "'sideways' is not known" "echo"
  refuses latency --quiet=yes -- "--quiet takes no value"
  refuses latency --json -- "--json needs a value"
}

@test "targets that are none are refused with the reason and an example" {
  refuses latency 0 -- "port 0" "from 1 to 65535"
  refuses latency 127.0.0.1:0 -- "port 0"
  refuses latency 65536 -- "'65536'" "beyond 65535" "127.0.0.1:62893"
  refuses latency 127.0.0.1:http -- "no port number" "HOST:PORT"
  refuses latency '[::1' -- "'[' without the ']'" "[::1]:62893"
  refuses latency "" -- "empty"
  refuses latency unix: -- "unix:PATH"
  refuses latency "unix:/$(printf 'x%.0s' {1..103})" -- "more than 103 bytes"
  refuses latency "$(printf 'x%.0s' {1..300}):1" -- "more than 255 characters"
}

@test "two targets are one too many" {
  refuses latency 62893 62894 -- "'62894' is a second target"
}

@test "a unix socket and --udp contradict each other" {
  refuses latency --udp unix:/tmp/x -- "--udp" "unix:/tmp/x" "leave one out"
}

@test "throughput over UDP is refused, with what to do instead" {
  refuses throughput --udp -- "UDP" "loping latency --udp"
}

@test "a target beyond loopback is refused unless --allow-remote says otherwise" {
  refuses latency 192.0.2.1:7 -- "192.0.2.1 is not this machine's loopback (127.0.0.0/8 or ::1)" "--allow-remote"
  refuses latency '[2001:db8::1]:7' -- "2001:db8::1 is not" "--allow-remote"
  refuses latency 0.0.0.0:7 -- "--allow-remote"
  expect_lacks "$stderr" "is 0.0.0.0"
}

@test "what a user typed is escaped before it reaches a terminal" {
  loping $'\e[31mred'
  expect_contains "$stderr" '\x1b[31mred'
  expect_lacks "$stderr" $'\e'
  refuses latency $'--\e[31m' -- '\x1b[31m'
  refuses latency --count $'\e[31m' -- '\x1b[31m'
  loping latency --json $'/no/such/\e[31m' 1
  expect_lacks "$stderr" $'\e'
}
