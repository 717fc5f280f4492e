# Verbs of the scripts that try real servers; they run after lab_prelude.bash. LOG is the log of the server that was
# started last.
# shellcheck shell=bash disable=SC2154 # folder, P and RESULT are the prelude's
# The laboratory's own /run: servers that change their user reach it, and not the test's folder.
place=/run/farm
mkdir -m 755 "$place"
LOG=$place/log
: > "$LOG"
chmod 666 "$LOG"
export PATH=$PATH:/usr/sbin:/sbin

is_listening() {
  ss -Hltn "sport = :$1" | grep -q .
}

has_no_connection() {
  ! ss -Htn state established state close-wait "sport = :$1" | grep -q .
}

# run_server PORT COMMAND...: starts it with its output in LOG and waits until it listens; sets SERVER.
run_server() {
  local port=$1
  shift
  "$@" >> "$LOG" 2>&1 < /dev/null &
  # shellcheck disable=SC2034 # for the scripts
  SERVER=$!
  wait_until is_listening "$port" || {
    cat "$LOG"
    return 1
  }
}

log_lines() {
  wc -l < "$LOG"
}

# grew_at_most LINES BEFORE WHAT
grew_at_most() {
  local grown=$(($(log_lines) - $2))
  [ "$grown" -le "$1" ] || {
    echo "$3: its log grew by $grown lines, $1 are allowed:"
    tail -n "$grown" "$LOG"
    return 1
  }
}

# fares_well LINES VERDICT PROTOCOL [PORT]: after a check of the port, and after one of a range that has it in, the server
# is alive and each has added at most LINES lines to its log; the check names the protocol ("null": none).
fares_well() {
  local lines=$1 verdict=$2 protocol=$3 port=${4:-$P} before
  before=$(log_lines)
  expect_as root "$verdict" 0 "$port"
  expect_json ".ports[0].protocol == $([ "$protocol" = null ] && echo null || echo "\"$protocol\"")"
  wait_until has_no_connection "$port"
  grew_at_most "$lines" "$before" "check $port"
  is_listening "$port"
  before=$(log_lines)
  check_as root "$((port - 20))-$((port + 20))"
  expect_json ".ports | any(.port == $port and .verdict == \"$verdict\")"
  wait_until has_no_connection "$port"
  grew_at_most "$lines" "$before" "check of a range"
  is_listening "$port"
}
