#!/usr/bin/env bats
# What bash completes, held against --help, which is printed from the tables that the programs themselves read.

load test_helper

# complete_words PROGRAM WORD...: what bash offers for the last word, one a line.
complete_words() {
  # shellcheck disable=SC2016 # the inner bash expands it
  bash -c '
    source "$REPOSITORY/$1"
    program=$2
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    "_$program"
    [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' _ "$(completions_of "$1")" "$@"
}

completions_of() {
  if [ "$1" = lopong ]; then echo server/lopong.bash; else echo client/loping.bash; fi
}

# help_lines PROGRAM [COMMAND]: the first line of each option.
help_lines() {
  local program=$LOPONG
  [ "$1" = lopong ] || program=$LOPING
  shift
  "$program" "$@" --help | grep -E '^(  -[a-zA-Z], |      )--[a-z]'
}

# option_names: of help's lines on stdin, short and long.
option_names() {
  sed -E 's/^ +(-[a-zA-Z])?,? *(--[a-z-]+).*/\1 \2/' | tr ' ' '\n' | grep . | sort
}

expect_all_options() {
  expect_equal "$(help_lines "$@" | option_names)" "$(complete_words "$@" - | sort)"
}

loping_commands() {
  "$LOPING" --help | sed -n -E '/^commands:/,/^[^ c]/s/^  ([a-z]+) .*/\1/p'
}

@test "every option of lopong is completed, and no other" {
  expect_all_options lopong
}

@test "every command of loping is completed, and no other" {
  expect_equal "$(loping_commands | sort)" "$(complete_words loping '' | sort)"
}

@test "every option of every command of loping is completed, and no other" {
  expect_all_options loping
  for command in $(loping_commands); do
    expect_all_options loping "$command" || {
      echo "in: loping $command"
      return 1
    }
  done
}

# expect_values_known PROGRAM [COMMAND]: after an option with a value come no options, after a flag they come.
expect_values_known() {
  local line name
  while IFS= read -r line; do
    for name in $(option_names <<< "$line"); do
      if grep -qE -- "--[a-z-]+ [A-Z]" <<< "$line"; then
        expect_lacks "$(complete_words "$@" "$name" -)" --help
      else
        expect_contains "$(complete_words "$@" "$name" -)" --help
      fi || {
        echo "after: $* $name"
        return 1
      }
    done
  done < <(help_lines "$@")
}

@test "after an option that takes a value, no option is offered" {
  expect_values_known lopong
  expect_values_known loping
  for command in $(loping_commands); do
    expect_values_known loping "$command"
  done
}

@test "choices are those that the program takes" {
  local choice
  for choice in $(complete_words loping check --ask ''); do
    run "$LOPING" check --ask "$choice" --help
    expect_status 0
    expect_contains "$output" "$choice"
  done
  run "$LOPING" throughput --direction sideways
  expect_status 2
  for choice in $(complete_words loping throughput --direction ''); do
    expect_contains "$output" "$choice"
  done
}

@test "files are completed where a file belongs, also behind an equals sign" {
  cd "$BATS_TEST_TMPDIR"
  touch result.json
  expect_equal result.json "$(complete_words loping --json resu)"
  expect_equal result.json "$(complete_words loping compare resu)"
  expect_equal result.json "$(complete_words loping latency --csv = resu)"
  expect_equal "" "$(complete_words loping latency resu)"
  expect_equal result.json "$(complete_words lopong --unix resu)"
}
