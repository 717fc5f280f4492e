#!/usr/bin/env bats
# shellcheck disable=SC2016 # fish expands its own variables
# What bash, zsh and fish themselves offer with the scripts that the programs print, held against the help, which is
# printed from the tables that the programs read.

load test_helper

setup() {
  PATH=$(dirname "$LOPING"):$PATH
  for program in loping lopong; do
    for shell in bash zsh fish; do
      "$program" --completion $shell > "$BATS_TEST_TMPDIR/$program.$shell"
    done
  done
}

# offers_SHELL LINE [SCRIPT]: what the shell offers where the line ends, one word a line.

offers_bash() {
  local program=${1%% *}
  # As readline hands the words over: "=" is one of its own, and behind a blank begins another.
  # shellcheck disable=SC2016 # the inner bash expands it
  bash --norc -c '
    source "$1"
    line=${2//=/ = }
    read -r -a COMP_WORDS <<< "$line"
    [[ $line != *" " || $2 == *= ]] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    function=$(complete -p "$3" | sed "s/.*-F \([^ ]*\).*/\1/")
    "$function" "$3" "${COMP_WORDS[COMP_CWORD]}" ""
    [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' _ \
    "${2:-$BATS_TEST_TMPDIR/$program.bash}" "$1" "$program"
}

offers_zsh() {
  mkdir -p "$BATS_TEST_TMPDIR/zsh"
  timeout "$DEADLINE_SECONDS" zsh -f "$REPOSITORY/tests/cli/complete.zsh" "$BATS_TEST_TMPDIR/zsh" \
    "${2:-$BATS_TEST_TMPDIR/${1%% *}.zsh}" "$1" | cut -f 1
}

offers_fish() {
  HOME=$BATS_TEST_TMPDIR fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
    "${2:-$BATS_TEST_TMPDIR/${1%% *}.fish}" "$1" | cut -f 1
}

# in_each_shell CHECK ARGUMENT...: those of the three that this machine has; the first is always there.
in_each_shell() {
  local shell
  for shell in bash zsh fish; do
    command -v $shell > /dev/null || continue
    "$@" || {
      echo "in $shell: $*"
      return 1
    }
  done
}

# offers LINE WORD...: these words, and no others. Of a value behind "=" fish says the whole argument, the others the
# value.
offers() {
  local line=$1
  shift
  expect_equal "$(printf '%s\n' "$@" | sort)" "$("offers_$shell" "$line" | sed -E 's/^--[a-z-]+=//' | sort)"
}

# offers_among LINE WORD...: these words, and it may be others.
offers_among() {
  local line=$1 word offered
  offered=$("offers_$shell" "$line" | sed -E 's/^--[a-z-]+=//')
  shift
  for word in "$@"; do
    expect_equal "$word" "$(grep -Fx -e "$word" <<< "$offered")" || return 1
  done
}

offers_nothing() {
  expect_equal "" "$("offers_$shell" "$1" 2>&1)"
}

loping_commands() {
  loping --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p'
}

# options_of PROGRAM [COMMAND]: all that its help names, short and long.
options_of() {
  "$@" --help-all | grep -E '^(  -[a-zA-Z], |      )--[a-z]' |
    sed -E 's/^ +(-[a-zA-Z])?,? *(--[a-z-]+).*/\1\n\2/' | grep . | sort
}

# offers_all_options PROGRAM [COMMAND]: fish offers the letters behind "-" alone, and the names behind "--".
offers_all_options() {
  local offered
  offered=$("offers_$shell" "$* -" && { [ "$shell" != fish ] || "offers_$shell" "$* --"; })
  expect_equal "$(options_of "$@")" "$(sort -u <<< "$offered")"
}

@test "each script is whole: its shell finds no fault in it" {
  local program
  for program in loping lopong; do
    bash -n "$BATS_TEST_TMPDIR/$program.bash"
    [ -s "$BATS_TEST_TMPDIR/$program.bash" ]
    ! command -v zsh > /dev/null || zsh -f -n "$BATS_TEST_TMPDIR/$program.zsh"
    ! command -v fish > /dev/null || fish --no-config -n "$BATS_TEST_TMPDIR/$program.fish"
  done
  if command -v shellcheck > /dev/null; then
    shellcheck --shell=bash "$BATS_TEST_TMPDIR/loping.bash" "$BATS_TEST_TMPDIR/lopong.bash"
  fi
}

@test "every option of lopong is completed, and no other" {
  in_each_shell offers_all_options lopong
}

@test "every option of every command of loping is completed, and no other" {
  local command
  [ "$(loping_commands | wc -l)" -gt 10 ]
  in_each_shell offers_all_options loping
  for command in $(loping_commands); do
    in_each_shell offers_all_options loping "$command"
  done
}

@test "the first word is a command or a port in use, and a beginning is enough" {
  local commands
  mapfile -t commands < <(loping_commands)
  start_lopong --tcp
  in_each_shell offers_among "loping " "${commands[@]}" "$PORT"
  in_each_shell offers "loping lat" latency
  in_each_shell offers "loping help swe" sweep
  in_each_shell offers "loping latency --conn" --connections
  in_each_shell offers "lopong --max-c" --max-connections
}

@test "zsh and fish say what each command and option is" {
  expect_contains "$(cat "$BATS_TEST_TMPDIR/loping.zsh")" "'ping:$(loping --help | sed -n 's/^  ping  *//p')'"
  need_command zsh fish
  # A quote, a colon and brackets stand in these.
  expect_contains "$(fish --no-config -c 'source $argv[1]; complete -C "loping ping --no-n"' "$BATS_TEST_TMPDIR/loping.fish")" \
    "leave Nagle's algorithm on, to see it meet delayed ACKs"
  expect_contains "$(fish --no-config -c 'source $argv[1]; complete -C "loping ports --ex"' "$BATS_TEST_TMPDIR/loping.fish")" \
    "(lines: 62893[/tcp|/udp] [PROCESS] [# remark])"
  mkdir -p "$BATS_TEST_TMPDIR/zsh"
  run zsh -f "$REPOSITORY/tests/cli/complete.zsh" "$BATS_TEST_TMPDIR/zsh" "$BATS_TEST_TMPDIR/loping.zsh" "loping ports --ex"
  expect_contains "$output" "(lines: 62893[/tcp|/udp] [PROCESS] [# remark])"
  run zsh -f "$REPOSITORY/tests/cli/complete.zsh" "$BATS_TEST_TMPDIR/zsh" "$BATS_TEST_TMPDIR/loping.zsh" "loping ping --no-n"
  expect_contains "$output" "leave Nagle's algorithm on, to see it meet delayed ACKs"
}

@test "choices are those that the program takes" {
  in_each_shell offers "loping throughput --direction " echo up down
  in_each_shell offers "loping throughput --direction=" echo up down
  in_each_shell offers "loping check -a re" redis
  in_each_shell offers "lopong --completion " bash zsh fish
  local choice
  for choice in $(offers_bash "loping check --ask "); do
    loping check --ask "$choice" --help > /dev/null
  done
}

@test "ports in use are completed where a target belongs" {
  start_lopong --tcp
  local command
  for command in ping latency anatomy throughput connect sweep check wait ports; do
    in_each_shell offers_among "loping $command " "$PORT"
  done
  in_each_shell offers_among "loping check ${PORT:0:3}" "$PORT"
  in_each_shell offers_among "loping latency --size 64 " "$PORT"
  in_each_shell offers_among "loping --duration 1s " "$PORT"
  expect_contains "$(loping --completion ports)" "$PORT"$'\t'"$(tr -d '\n' < "/proc/$LOPONG_PID/comm")"
}

@test "a program that cannot be asked, or that is not there, is silent" {
  local empty=$BATS_TEST_TMPDIR/empty
  mkdir "$empty"
  printf '#!/bin/sh\necho broken >&2\nexit 3\n' > "$empty/loping"
  chmod +x "$empty/loping"
  PATH=$empty:$PATH
  in_each_shell offers_nothing "loping latency 1"
}

@test "the name of a program that listens stays text, whatever it is" {
  local name='$(touch hit):`]'
  cd "$BATS_TEST_TMPDIR"
  cp "$LOPONG" "$name"
  LOPONG=./$name start_lopong --tcp
  in_each_shell offers_among "loping check " "$PORT"
  [ ! -e hit ]
}

@test "explain completes the words that it knows, and help the commands" {
  in_each_shell offers "loping explain ECONN" ECONNREFUSED ECONNRESET ECONNABORTED
  in_each_shell offers_among "loping explain " blocked p99 TIME_WAIT
  local commands
  mapfile -t commands < <(loping_commands)
  in_each_shell offers "loping help " "${commands[@]}"
}

@test "files are completed where a file belongs, also behind an equals sign, and nowhere else" {
  cd "$BATS_TEST_TMPDIR"
  touch result.json
  local line
  for line in "loping --json resu" "loping latency --csv=resu" "loping compare resu" "loping compare --base resu" \
    "loping ports --expect resu" "lopong --unix resu"; do
    in_each_shell offers "$line" result.json
  done
  in_each_shell offers_nothing "loping latency resu"
  in_each_shell offers_nothing "lopong resu"
}

@test "after an option with a value of another kind nothing is offered, and after a flag something" {
  in_each_shell offers_nothing "loping latency --size "
  in_each_shell offers_nothing "loping latency -d "
  in_each_shell offers_nothing "lopong --threads "
  in_each_shell offers "loping wait --udp --qui" --quiet
}

@test "what is installed asks the program that is there" {
  local shell file
  mkdir -p "$BATS_TEST_TMPDIR/installed"
  for shell in bash zsh fish; do
    file=$BATS_TEST_TMPDIR/installed/loping.$shell
    [ $shell != zsh ] || file=$BATS_TEST_TMPDIR/installed/_loping
    sed 's/PROGRAM/loping/g' "$REPOSITORY/scripts/completions/$shell" > "$file"
    command -v $shell > /dev/null || continue
    expect_equal latency "$("offers_$shell" "loping lat" "$file")"
  done
}

@test "another word than a shell is refused with those that there are" {
  run --separate-stderr loping --completion ksh
  expect_status 2
  expect_contains "$stderr" "--completion: 'ksh' is not known; give one of bash|zsh|fish"
  run --separate-stderr lopong --completion ksh
  expect_status 2
  expect_contains "$stderr" "give one of bash|zsh|fish"
}
