#!/usr/bin/env bats
# The man pages hold what the option tables hold: man_pages.py says how.

load test_helper

@test "loping.1 has each option of each command with its letter and its argument, and no other" {
  local commands
  mapfile -t commands < <("$LOPING" --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p')
  [ "${#commands[@]}" -gt 10 ]
  run python3 -I -S "$REPOSITORY/tests/cli/man_pages.py" "$REPOSITORY/client/loping.1" "$LOPONG" "$LOPING" "${commands[@]}"
  expect_equal "" "$output"
  expect_status 0
}

@test "lopong.1 has each option with its letter and its argument, and no other" {
  run python3 -I -S "$REPOSITORY/tests/cli/man_pages.py" "$REPOSITORY/server/lopong.1" "$LOPING" "$LOPONG"
  expect_equal "" "$output"
  expect_status 0
}

@test "loping.1 names every command" {
  local command
  for command in $("$LOPING" --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p'); do
    grep -qE "^\.BI? $command( |\$)" "$REPOSITORY/client/loping.1" || {
      echo "not in COMMANDS: $command"
      return 1
    }
  done
}

@test "what is missing from a page, and what is too much, is found" {
  sed 's/^\.BR \\-s ", " \\-\\-size .*/.BR \\-\\-size " " \\fISIZE\\fR/; s/^Connections at once.*/Beside \\-\\-nosuch./' \
    "$REPOSITORY/client/loping.1" > "$BATS_TEST_TMPDIR/page.1"
  run python3 -I -S "$REPOSITORY/tests/cli/man_pages.py" "$BATS_TEST_TMPDIR/page.1" "$LOPONG" "$LOPING" latency
  expect_contains "$output" "loping latency: no paragraph of the page has the tag: -s, --size SIZE"
  expect_contains "$output" "the page names --nosuch, which no table has"
}

@test "all pages are well-formed" {
  need_command groff
  local page
  for page in client/loping.1 server/lopong.1 client/loping-json.5 server/lopong-json.5; do
    run --separate-stderr groff -man -Tutf8 -ww "$REPOSITORY/$page"
    expect_status 0
    expect_equal "" "$stderr"
  done
}

# The number of fields that a page names, and of those that the schemas have.
count_fields() {
  grep -cE '^\.BR [a-z0-9_]+ " \(' "$1"
}

@test "loping-json.5 and lopong-json.5 have each field of the schemas with its type and its sentence, and no other" {
  run python3 -I -S "$REPOSITORY/scripts/json-pages.py" "$BUILD" --check
  expect_equal "" "$output"
  expect_status 0
  expect_equal "$("$LOPING" schema | jq '[.["$defs"][].properties | length] | add')" "$(count_fields "$REPOSITORY/client/loping-json.5")"
  expect_equal "$("$LOPONG" --schema | jq '[.["$defs"][].properties | length] | add')" "$(count_fields "$REPOSITORY/server/lopong-json.5")"
}

@test "a field that a page lacks, and one that it has too much, are found" {
  mkdir "$BATS_TEST_TMPDIR/client" "$BATS_TEST_TMPDIR/server" "$BATS_TEST_TMPDIR/scripts"
  cp "$REPOSITORY/scripts/json-pages.py" "$BATS_TEST_TMPDIR/scripts"
  cp "$REPOSITORY/server/lopong-json.5" "$BATS_TEST_TMPDIR/server"
  sed 's/^\.BR bits_per_second .*/.BR old_rate " (number)"/' "$REPOSITORY/client/loping-json.5" \
    > "$BATS_TEST_TMPDIR/client/loping-json.5"
  run python3 -I -S "$BATS_TEST_TMPDIR/scripts/json-pages.py" "$BUILD" --check
  expect_status 1
  expect_contains "$output" '-.BR old_rate " (number)"'
  expect_contains "$output" '+.BR bits_per_second " (number)"'
}
