#!/usr/bin/env bats
# Result files are whole or untouched, whatever happens; and no two options share one.

load test_helper
load loping_helper

precious() {
  echo PRECIOUS > "$1"
}

expect_precious() {
  expect_equal PRECIOUS "$(cat "$1")"
}

# nothing_beside FILE: no file that was begun is left.
nothing_beside() {
  expect_equal "" "$(find "$(dirname "$1")" -name '*.new')"
}

@test "a run that measures nothing leaves the old files of figures as they were, and the result says why" {
  local port file=$BATS_TEST_TMPDIR/old option
  port=$(unused_port)
  for option in --raw --csv --hgrm; do
    precious "$file"
    loping latency --count 5 "$option" "$file" --json "$RESULT" "$port"
    expect_status 3
    expect_precious "$file"
    expect_contains "$stderr" "$option: nothing was measured, so no file was written"
    expect_json '.error.code == "ECONNREFUSED"'
    nothing_beside "$file"
    rm "$file"
    loping latency --count 5 "$option" "$file" "$port"
    [ ! -e "$file" ]
  done
}

@test "a disk that takes no more leaves the old file as it was, and the reason is said" {
  start_lopong --tcp
  local file=$BATS_TEST_TMPDIR/old option
  for option in --json --json-stream --csv --raw --hgrm; do
    precious "$file"
    # What is written beyond the limit fails, as on a full disk.
    run --separate-stderr timeout "$DEADLINE_SECONDS" bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' _ "$LOPING" latency \
      --warmup 0 --count 3000 "$option" "$file" "$PORT"
    if [ "$status" -ne 0 ]; then
      expect_status 3
      expect_matches "$stderr" "$option: cannot write '.*old': .*too large"
      expect_precious "$file"
    else
      # A short one fits.
      expect_equal --csv "$option"
    fi
    nothing_beside "$file"
  done
}

@test "a run that is killed leaves the old files as they were" {
  start_peer --tell 6400 tcp4 echo
  local files=$BATS_TEST_TMPDIR option
  for option in json json-stream csv raw hgrm; do
    precious "$files/$option"
  done
  start_loping run latency --warmup 0 --duration 1h --json "$files/json" --json-stream "$files/json-stream" \
    --csv "$files/csv" --raw "$files/raw" --hgrm "$files/hgrm" "$PORT"
  wait_until file_contains "$PEER_OUT" echoed
  kill -KILL "$LOPING_PID"
  wait_until process_is_gone "$LOPING_PID"
  for option in json json-stream csv raw hgrm; do
    expect_precious "$files/$option"
  done
}

@test "two options that name one file are refused, also by a link or another way to its folder, be it there or not" {
  local folder=$BATS_TEST_TMPDIR/f
  mkdir "$folder"
  touch "$folder/there"
  ln -s there "$folder/link"
  ln "$folder/there" "$folder/hard"
  local one other
  while read -r one other; do
    loping latency --json "$folder/$one" --csv "$folder/$other" 1
    expect_status 2
    expect_contains "$stderr" "--json and --csv name one file ('$folder/$other'); name another for one of them"
  done << 'PAIRS'
there there
there ./there
there ../f/there
link there
there hard
new new
new ./new
PAIRS
  start_lopong --tcp
  loping latency "${FAST[@]}" --json /dev/null --csv /dev/null "$PORT"
  expect_status 0
}

@test "a result does not take the place of what its command reads, by whatever way to it" {
  local folder=$BATS_TEST_TMPDIR/f baseline=$BATS_TEST_TMPDIR/f/base.json new=$BATS_TEST_TMPDIR/f/new.json one
  mkdir "$folder"
  cp "$REPOSITORY/tests/golden/connect.json" "$baseline"
  cp "$baseline" "$new"
  ln -s base.json "$folder/link"
  ln "$baseline" "$folder/hard"
  for one in base.json link hard; do
    loping compare "$baseline" "$new" --json "$folder/$one"
    expect_status 2
    expect_contains "$stderr" "--json and BASELINE name one file ('$baseline'), and what is read there would be lost"
    loping compare --base "$new" "$baseline" --new "$new" "$new" --json "$folder/$one"
    expect_status 2
    expect_contains "$stderr" "--json and --base name one file ('$baseline')"
  done
  loping compare "$baseline" "$new" --json "$new"
  expect_status 2
  expect_contains "$stderr" "--json and FILE name one file ('$new'), and what is read there would be lost; name another for --json"
  cmp "$baseline" "$REPOSITORY/tests/golden/connect.json"
  cmp "$new" "$baseline"
  loping compare "$baseline" "$baseline" --json "$folder/result"
  jq -e .comparisons "$folder/result"
}

@test "a result does not take the place of the file that stdout or stderr goes to" {
  local file=$BATS_TEST_TMPDIR/out words
  start_lopong --tcp
  cp "$REPOSITORY/tests/golden/connect.json" "$BATS_TEST_TMPDIR/old"
  for words in "latency ${FAST[*]} $PORT" "check $PORT" "wait $PORT" "ports $PORT" \
    "compare $BATS_TEST_TMPDIR/old $BATS_TEST_TMPDIR/old" "latency --csv - ${FAST[*]} $PORT"; do
    # shellcheck disable=SC2086
    run --separate-stderr bash -c 'out=$1; shift; exec "$@" > "$out"' _ "$file" "$LOPING" $words --json "$file"
    expect_status 2
    expect_contains "$stderr" "--json names the file that stdout goes to ('$file'), and one would be lost"
    [ ! -s "$file" ]
    # shellcheck disable=SC2086
    run bash -c 'out=$1; shift; exec "$@" 2> "$out"' _ "$file" "$LOPING" $words --json "$file"
    expect_status 2
    expect_contains "$(cat "$file")" "--json names the file that stderr goes to"
  done
}

@test "a FIFO is opened once, and gets the whole result" {
  start_lopong --tcp
  mkfifo "$BATS_TEST_TMPDIR/fifo"
  cat "$BATS_TEST_TMPDIR/fifo" > "$RESULT" &
  run timeout "$DEADLINE_SECONDS" "$LOPING" latency "${FAST[@]}" --json "$BATS_TEST_TMPDIR/fifo" "$PORT"
  expect_status 0
  wait $!
  expect_json '.runs[0].rtt_ns.count == 50'
}

@test "a device that is full is an error with its reason, for each command that writes a result" {
  [ -e /dev/full ] || skip "this system has no /dev/full"
  start_lopong --tcp
  local arguments
  for arguments in "latency --warmup 0 --count 50" "check" "ports" "wait"; do
    # shellcheck disable=SC2086
    loping $arguments --json /dev/full "$PORT"
    expect_status 3
    expect_contains "$stderr" "--json: cannot write '/dev/full': no space left on device"
  done
}

@test "a file keeps its permissions, and a link stays one" {
  start_lopong --tcp
  local file=$BATS_TEST_TMPDIR/old
  precious "$file"
  chmod 640 "$file"
  ln -s old "$BATS_TEST_TMPDIR/link"
  loping latency "${FAST[@]}" --json "$BATS_TEST_TMPDIR/link" "$PORT"
  expect_status 0
  [ -L "$BATS_TEST_TMPDIR/link" ]
  expect_equal 640 "$(python3 -c 'import os, sys; print(oct(os.stat(sys.argv[1]).st_mode & 0o7777)[2:])' "$file")"
  jq -e '.runs[0].rtt_ns.count == 50' "$file"
}

@test "a link that somebody else has laid into a folder of all is not followed" {
  [ "$(id -u)" -eq 0 ] || skip "only root can make files of somebody else"
  start_lopong --tcp
  local folder=$BATS_TEST_TMPDIR/all
  mkdir -m 1777 "$folder"
  precious "$BATS_TEST_TMPDIR/victim"
  ln -s ../victim "$folder/result"
  chown -h nobody "$folder/result"
  loping latency "${FAST[@]}" --json "$folder/result" "$PORT"
  expect_status 3
  # loping's own refusal, and not only the system's (proc_sys_fs(5), protected_symlinks).
  expect_contains "$stderr" "cannot write '$folder/result': too many symbolic links"
  expect_precious "$BATS_TEST_TMPDIR/victim"
}

@test "a name that cannot be written is known before the run, and no file is made by trying" {
  loping latency --json "$BATS_TEST_TMPDIR/no/such/folder/x" 1
  expect_status 3
  expect_contains "$stderr" "--json: cannot write"
  loping latency --json "$BATS_TEST_TMPDIR" 1
  expect_status 3
  expect_contains "$stderr" "illegal operation on a directory"
}

@test "what a run that was killed has left beside a file is cleared by the next that writes it, and nothing else" {
  local folder=$BATS_TEST_TMPDIR/folder file=$BATS_TEST_TMPDIR/folder/out.csv dead name
  start_lopong --tcp
  mkdir "$folder"
  true &
  dead=$!
  wait "$dead"
  local others=("out.csv.$BASHPID-0.new" "out.csv.$dead-0.newer" "out.csv.$dead-00.new" "out.csv.0$dead-0.new"
    "out.csv.-$dead-0.new" "out.csv.$dead.new" "other.csv.$dead-0.new")
  for name in "out.csv.$dead-0.new" "out.csv.$dead-7.new" "${others[@]}"; do
    precious "$folder/$name"
  done
  ln -s "$folder/other.csv.$dead-0.new" "$folder/out.csv.$dead-1.new"
  loping latency --count 5 --csv "$file" "$PORT"
  expect_status 0
  expect_equal "$(printf '%s\n' "${others[@]}" out.csv "out.csv.$dead-1.new" | LC_ALL=C sort)" \
    "$(find "$folder" -mindepth 1 -printf '%f\n' | LC_ALL=C sort)"
}
