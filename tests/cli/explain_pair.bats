#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2016 # run sets stderr; what the inner shell expands
# loping explain: two words side by side, what people ask, and every word that our own texts use.

load test_helper
load loping_helper

# explain WORD...: sets SAID to the text with its line ends made spaces.
explain() {
  loping explain "$@"
  SAID=$(one_line "$output")
}

@test "two words are told apart first, and stand side by side" {
  local pair
  for pair in "127.0.0.1 0.0.0.0" "::1 127.0.0.1" "latency throughput" "TIME_WAIT CLOSE_WAIT" "closed blocked" "localhost ::1"; do
    # shellcheck disable=SC2086 # two words
    explain $pair
    expect_status 0
    expect_matches "$output" "${pair% *}: .*   ${pair#* }: "
    # shellcheck disable=SC2086
    loping explain $pair --json -
    jq -e '(.difference | length > 40) and (.explanations | length == 2)' <<< "$output"
  done
  explain 0.0.0.0 127.0.0.1
  expect_contains "$output" "127.0.0.1 is one address, which only this machine reaches."
}

@test "an error with a port puts what it means beside who has that port" {
  start_lopong --tcp
  explain EADDRINUSE "$PORT"
  expect_matches "$output" "EADDRINUSE: .*   port $PORT: "
  loping explain EADDRINUSE "$PORT" --json -
  jq -e '.difference == null and .explanations[1].subject == "port '"$PORT"'"' <<< "$output"
}

@test "words that belong together stay one, and an unknown one of two is named" {
  loping explain errno 111
  expect_contains "$output" "ECONNREFUSED: connection refused"
  loping explain connection refused
  expect_contains "$output" "ECONNREFUSED: connection refused"
  loping explain latency xyzzy
  expect_status 2
  expect_contains "$stderr" "'latency xyzzy' is no word"
}

@test "a narrow terminal gets one below the other, a wide one both in a row" {
  need_terminal
  local columns
  for columns in 40 60 70; do
    timeout "$DEADLINE_SECONDS" python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" --both --columns "$columns" \
      "$BATS_TEST_TMPDIR/narrow" "$LOPING" explain latency throughput
    ! grep -q 'latency: .*throughput: ' "$BATS_TEST_TMPDIR/narrow"
    grep -q '^throughput: ' "$BATS_TEST_TMPDIR/narrow"
  done
  timeout "$DEADLINE_SECONDS" python3 -I -S "$REPOSITORY/tests/cli/in_terminal.py" --both --columns 71 \
    "$BATS_TEST_TMPDIR/wide" "$LOPING" explain latency throughput
  grep -q 'latency: .*throughput: ' "$BATS_TEST_TMPDIR/wide"
  [ "$(wc -L < <(tr -d '\r' < "$BATS_TEST_TMPDIR/wide"))" -le 71 ]
}

@test "a near miss is offered only where the spelling is near" {
  local row
  for row in latensy:latency trouhgput:throughput TIME_WAIR:TIME_WAIT EADRINUSE:EADDRINUSE; do
    loping explain "${row%:*}"
    expect_status 2
    expect_contains "$stderr" "the nearest is ${row#*:}"
  done
  for row in server connections windows socketpair mylatencies; do
    loping explain "$row"
    expect_status 2
    expect_lacks "$stderr" "nearest"
  done
}

@test "the five questions about 127.0.0.1:62893 are answered, with who has the port now" {
  start_lopong --tcp
  explain "127.0.0.1:$PORT"
  local part
  for part in "What it is used for: a server for this machine alone" "Why this port: " \
    "Who uses it now: a server listens. The holder is process $LOPONG_PID (" "Is it safe: from other machines, yes." \
    "If a program says that it is in use: " "loping ports $PORT" "netstat -ano | findstr :$PORT" "lsof -nP -iTCP:$PORT" \
    "Task Manager" "Activity Monitor"; do
    expect_contains "$SAID" "$part"
  done
  stop_lopong
  explain "127.0.0.1:$PORT"
  expect_contains "$SAID" "Who uses it now: nobody listens there."
  explain "192.0.2.1:80"
  expect_lacks "$SAID" "What it is used for"
}

@test "opening and closing a port, and whether localhost is safe, are told with this machine's sockets and the ways of three systems" {
  local word part
  for word in open-port close-port is-localhost-safe "open a port" "is localhost secure"; do
    explain "$word"
    expect_status 0
    expect_matches "$SAID" "On this machine now: [0-9]+ sockets? takes? requests from this machine alone, [0-9]+ from other"
  done
  for word in open-port close-port; do
    explain "$word"
    for part in Linux: Windows: "Windows Defender Firewall" macOS: "loping ports --exposed"; do
      expect_contains "$SAID" "$part"
    done
  done
  explain close-port
  expect_contains "$SAID" "Task Manager"
  expect_contains "$SAID" "Activity Monitor"
  explain open-port
  expect_contains "$SAID" "pf (pfctl)"
  explain is-localhost-safe
  for part in "Other users" "Browsers" "DNS rebinding" "Tunnels" "ssh -R"; do
    expect_contains "$SAID" "$part"
  done
}

@test "a server more is one socket more that this machine alone reaches" {
  need_network_namespace
  unshare --net --pid --fork --kill-child --mount-proc bash -euc '
    ip link set lo up
    "$0" explain open-port | tr -s " \n" " " | grep -q "now: 0 sockets take requests from this machine alone, 0 from other"
    "$1" --tcp > "$2" &
    until grep -q listening "$2"; do :; done
    "$0" explain open-port | tr -s " \n" " " | grep -q "now: 1 socket takes requests from this machine alone, 0 from other"' \
    "$LOPING" "$LOPONG" "$BATS_TEST_TMPDIR/ready"
}

# What stands in capitals in our help and man pages, but what stands for an argument or is a heading.
own_names() {
  local command help
  {
    for command in "" $("$LOPING" --help-all | sed -n -E '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p'); do
      # shellcheck disable=SC2086 # no word for the program's own
      "$LOPING" $command --help-all
    done
    "$LOPONG" --help-all
    grep -hv '^\.S[HS]\|^\.TH' "$REPOSITORY/client/loping.1" "$REPOSITORY/server/lopong.1"
  } > "$BATS_TEST_TMPDIR/texts"
  help=$(grep -ohE '(--?[a-z-]+(\\fR| |" " )+|\[|\\fI|\.I |COMMAND )\\?(fI)?[A-Z]+' "$BATS_TEST_TMPDIR/texts" | grep -oE '[A-Z]+$' | sort -u)
  grep -oE '\b[A-Z][A-Z0-9_]{2,}\b' "$BATS_TEST_TMPDIR/texts" | sort -u | grep -vxF -f <(tr " " "\n" <<< "$help $1")
}

@test "each name in capitals that our help and man pages use is explained" {
  local name missing=()
  # Headings that are referred to, parts of an expression, fields of HTTP, and variables that our own page explains.
  for name in $(own_names "ANATOMY CHECK COMPARING ENVIRONMENT EVENTS EXPLAIN GRADE GRADING HELP LABS LISTENERS MANAGERS NOTES REPORTING SERVICE VIEW WAIT
    FIRST LAST PING READY STOPPING STATUS CLICOLOR_FORCE NO_COLOR LOPING_PORT LANG LC_ALL LC_CTYPE TERM SHELL NET HOST RESULT UTF EVERY FAULTS LADDER LENGTH SHARE TEXT BROWSERS"); do
    "$LOPING" explain "$name" > /dev/null 2>&1 || missing+=("$name")
  done
  expect_equal "" "${missing[*]-}"
}

@test "each fault of lopong and each mistake that grade can name is explained" {
  local name missing=() faults
  faults=$("$LOPONG" --fault nonsense 2>&1 || true)
  faults=$(sed -n '/One of:/,$p' <<< "$faults" | tr -d '\n' | sed 's/([^)]*)//g; s/Several.*//; s/.*One of://' | grep -oE '(^|[ ,;])[a-z-]+(=|;)' | tr -d ' ,;=' | sort -u)
  [ "$(wc -l <<< "$faults")" -ge 13 ]
  for name in $faults $("$LOPING" schema grade | jq -r '.. | objects | select(.description? == "The name of the mistake.").enum[]'); do
    "$LOPING" explain "$name" > /dev/null 2>&1 || missing+=("$name")
  done
  expect_equal "" "${missing[*]-}"
  expect_contains "$("$LOPING" explain stops-at-nul)" "a mistake of echo servers"
}

without_notes() {
  awk '/^(note|Warning): / { noted = 1; next } noted && /^ / { next } { noted = 0; print }'
}

# The words in front of a colon or of figures at the beginning of a line of our reports, without their figures. A note is a
# sentence: its lines are left out, and those that it goes on in.
labels() {
  {
    "$LOPING" --duration 100ms --warmup 0s "$PORT"
    "$LOPING" ping --count 2 --interval 1ms "$PORT"
    "$LOPING" latency --count 2000 --warmup 0s "$PORT"
    "$LOPING" latency --duration 100ms --warmup 0s --rate 1000 "$PORT"
    "$LOPING" latency --duration 300ms --warmup 0s --floor "$PORT"
    "$LOPING" anatomy --count 500 "$PORT"
    "$LOPING" throughput --duration 100ms --warmup 0s "$PORT"
    "$LOPING" connect --count 50 "$PORT"
    "$LOPING" check "$PORT"
  } 2> /dev/null | without_notes | sed -n -E 's/^ *([A-Za-z][A-Za-z -]{1,30})(:|  +[0-9]).*/\1/p' | sed -E 's/ at$//; s/^(half of the|what the|the) //' | sort -u
}

@test "each label of a report is explained" {
  local label missing=() count=0
  start_lopong --tcp
  while read -r label; do
    count=$((count + 1))
    case $label in
      # Sentences, and what introduces one.
      measuring | sum | "up to" | loping* | "server "* | "send calls" | "CPUs used" | "echo throughput") continue ;;
    esac
    "$LOPING" explain "$label" > /dev/null 2>&1 || missing+=("[$label]")
  done < <(labels)
  expect_equal "" "${missing[*]-}"
  [ "$count" -gt 12 ]
}
