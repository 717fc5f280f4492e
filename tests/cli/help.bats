#!/usr/bin/env bats
# The help: one screen for each command, with examples that work, and all options where it says that they are.

load test_helper
load loping_helper

# The commands that the help lists, one a line; the empty one is the report card.
commands() {
  echo
  "$LOPING" --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p'
}

# programs: the program and the command of each help, one a line.
programs() {
  echo "$LOPONG"
  commands | sed "s,^,$LOPING ,"
}

# Its output is a pipe, which has 80 columns.
@test "each help fits a screen of 24 lines and 80 columns, and says where the rest is" {
  local words
  while read -r words; do
    # shellcheck disable=SC2086 # words
    run --separate-stderr $words --help
    expect_status 0
    expect_equal "" "$stderr"
    [ "${#lines[@]}" -ge 5 ]
    [ "$(wc -l <<< "$output")" -le 24 ] || {
      echo "$words --help has $(wc -l <<< "$output") lines"
      return 1
    }
    expect_equal "" "$(awk 'length > 80' <<< "$output")"
    expect_contains "$(tail -n 1 <<< "$output")" "ll options: "
    expect_contains "$(tail -n 1 <<< "$output")" "$(basename "${words%% *}")${words#"${words%% *}"} --help-all"
  done < <(programs)
}

# examples_of WORDS...: the command lines that the help shows, one a line; what each does begins in column 41.
examples_of() {
  "$@" --help | grep -E '^  lop[io]ng' | cut -c 3-40 | sed 's/ *$//'
}

@test "each help has two examples, and the program takes each of them" {
  local words example examples
  PATH=$(dirname "$LOPING"):$PATH
  while read -r words; do
    # shellcheck disable=SC2086
    mapfile -t examples < <(examples_of $words)
    expect_equal "2 of $words" "${#examples[@]} of $words"
    for example in "${examples[@]}"; do
      # Behind "&&" stands another program's.
      run bash -c "${example%% &&*} --help"
      expect_status 0
    done
  done < <(programs)
}

@test "--help-all has every option of --help and more, the examples and the exit statuses" {
  local words all option
  while read -r words; do
    # shellcheck disable=SC2086
    all=$($words --help-all)
    # shellcheck disable=SC2086
    for option in $($words --help | grep -E '^(  -[a-zA-Z], |      )--[a-z]' | grep -oE -e '--[a-z-]+'); do
      expect_contains "$all" "$option"
    done
    for option in --help --help-all --version; do
      expect_contains "$all" " $option "
    done
    expect_contains "${all,,}" "exit status: 0 "
    expect_contains "${all,,}" "examples:"
  done < <(programs)
}

@test "loping help is loping --help, of a command as well, and whole with --all" {
  local command
  while read -r command; do
    # shellcheck disable=SC2086
    expect_equal "$("$LOPING" $command --help)" "$("$LOPING" help $command)"
    # shellcheck disable=SC2086
    expect_equal "$("$LOPING" $command --help-all)" "$("$LOPING" help --all $command)"
  done < <(commands)
}

@test "help of a word that is no command names the nearest" {
  loping help latenzy
  expect_status 2
  expect_contains "$stderr" "there is no command 'latenzy'; the nearest is 'latency'"
  loping help 62893
  expect_status 2
  expect_contains "$stderr" "there is no command '62893'; loping help lists them"
  loping help ping latency
  expect_status 2
  expect_contains "$stderr" "one command at a time"
  loping hepl
  expect_status 2
  expect_contains "$stderr" "the nearest is 'help'"
}
