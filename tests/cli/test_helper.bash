# What the tests of the command line share. A test file begins with `load test_helper` (`load ../cli/test_helper` in
# tests/net). Each test has its own servers on ports that the system picked, and its own BATS_TEST_TMPDIR; teardown
# ends all that it started. Only the tests' verbs stand here: nothing in this file knows what a program should say.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$REPOSITORY/build}
LOPONG=${LOPONG:-$BUILD/lopong}
LOPING=${LOPING:-$BUILD/loping}
export REPOSITORY BUILD LOPONG LOPING
export LC_ALL=C
# The user's own default port is none of the tests'.
unset LOPING_PORT
PATH=$PATH:/usr/sbin:/sbin

# How long anything may take before it counts as hung. A loaded machine is slow; a test that passes never waits for it.
DEADLINE_SECONDS=${DEADLINE_SECONDS:-30}

STARTED_PIDS=()

# --- what a test needs ------------------------------------------------------------------------------------------------

need_root() {
  [ "$EUID" -eq 0 ] || skip "needs root"
}

need_command() {
  local name
  for name in "$@"; do
    command -v "$name" > /dev/null || skip "needs the command $name"
  done
}

# A pseudo-terminal, which a chroot or a container may be without.
need_terminal() {
  python3 -I -S -c 'import pty; pty.openpty()' 2> /dev/null || skip "this machine gives no pseudo-terminal"
}

# A terminal that understands what is written to it (screen.py); sets SCREEN_PYTHON. A Python that somebody put in front
# of the system's has none of the system's modules.
need_screen() {
  local python
  need_terminal
  for python in python3 /usr/bin/python3; do
    SCREEN_PYTHON=$python
    "$python" -c 'import pyte' 2> /dev/null && return
  done
  skip "needs the Python module pyte"
}

# Sets PYTHON to one that has a validator: a package of the system's is for the system's own.
need_json_validator() {
  for PYTHON in python3 /usr/bin/python3; do
    "$PYTHON" -c "from jsonschema import Draft202012Validator" 2> /dev/null && return
  done
  skip "needs Python's jsonschema 4"
}

# Root, which becomes another user by the words of AS_NOBODY; both programs are copies that everybody can run, wherever
# the checkout is.
need_other_user() {
  need_root
  need_command setpriv
  [ -n "${PUBLIC_FOLDER:-}" ] || {
    PUBLIC_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/loping.XXXXXX")
    chmod 755 "$PUBLIC_FOLDER"
    cp "$LOPONG" "$LOPING" "$PUBLIC_FOLDER"
    LOPONG=$PUBLIC_FOLDER/lopong LOPING=$PUBLIC_FOLDER/loping
  }
  AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  "${AS_NOBODY[@]}" "$LOPONG" --version > /dev/null || skip "user 65534 cannot run programs in ${TMPDIR:-/tmp}"
}

# Root, and a machine (or container) that lets it make network namespaces.
need_network_namespace() {
  need_root
  need_command unshare ip
  # What the labs really use: a container may let a namespace be made, and refuse its /proc.
  unshare --net --pid --fork --kill-child --mount-proc true 2> /dev/null ||
    skip "this machine lets no network namespace with a /proc of its own be made"
}

# For tests of figures that a sanitizer changes, such as memory or descriptors: need_plain_build "counts memory".
need_plain_build() {
  [ -z "${SANITIZED:-}" ] || skip "not under a sanitizer: $1"
}

# --- expectations: each prints both sides when it fails -----------------------------------------------------------------

# expect_equal WANTED GOT
expect_equal() {
  [ "$1" = "$2" ] || {
    printf 'wanted: %s\ngot:    %s\n' "$1" "$2"
    return 1
  }
}

# one_line TEXT: with one blank for each stretch of white space.
one_line() {
  tr -s ' \n\t' ' ' <<< "$1" | sed 's/^ //; s/ $//'
}

# expect_contains TEXT PART
# Where a line is broken does not matter: the tests of the layout are of their own (layout.bats).
expect_contains() {
  [[ "$1" == *"$2"* || "$(one_line "$1")" == *"$(one_line "$2")"* ]] || {
    printf 'wanted a text that contains: %s\ngot: %s\n' "$2" "$1"
    return 1
  }
}

# expect_lacks TEXT PART
expect_lacks() {
  [[ "$1" != *"$2"* && "$(one_line "$1")" != *"$(one_line "$2")"* ]] || {
    printf 'wanted a text without: %s\ngot: %s\n' "$2" "$1"
    return 1
  }
}

# expect_matches TEXT REGEX (extended); its groups are in BASH_REMATCH
expect_matches() {
  [[ "$1" =~ $2 || "$(one_line "$1")" =~ $2 ]] || {
    printf 'wanted a match of: %s\ngot: %s\n' "$2" "$1"
    return 1
  }
}

# expect_status STATUS: of the last `run`, or of stop_lopong.
expect_status() {
  [ "$status" -eq "$1" ] || {
    printf 'wanted status %s, got %s, and this output:\n%s\n' "$1" "$status" "${output:-}"
    [ -z "${stderr:-}" ] || printf 'stderr:\n%s\n' "$stderr"
    return 1
  }
}

# --- the JSON that the tests make -------------------------------------------------------------------------------------
# What loping and lopong write as JSON is one line without blanks that begins with one of these; what a test makes itself
# (jq, Python) has blanks. run-tests.sh sets JSON_FOLDER, and holds all that is kept there against the schemas at its end:
# no test has to ask for that, and none can forget it.
JSON_BEGINNING='^\{"(schema_version|event)":[^ ]'

KEPT_OUTPUTS=0

# A folder in JSON_FOLDER for what this test makes. Sets KEPT.
begin_kept() {
  KEPT=$JSON_FOLDER/$(basename "$BATS_TEST_FILENAME" .bats).$BATS_TEST_NUMBER
  [ -d "$KEPT" ] || {
    mkdir -p "$KEPT"
    echo "$(basename "$BATS_TEST_FILENAME"): $BATS_TEST_DESCRIPTION" > "$KEPT/test"
  }
}

# What stands in the test's files.
keep_json_files() {
  [ -n "${JSON_FOLDER:-}" ] || return 0
  local file name number=0
  while IFS= read -r -d '' file; do
    begin_kept
    name=${file##*/}
    cp "$file" "$KEPT/$((number += 1)).${name//[!a-zA-Z0-9._-]/_}"
  done < <(grep -rlIZE -m 1 "$JSON_BEGINNING" "$BATS_TEST_TMPDIR" 2> /dev/null)
  return 0
}

# What a `run` printed.
keep_json_output() {
  [ -n "${JSON_FOLDER:-}" ] && [[ ${output:-} =~ $JSON_BEGINNING ]] || return 0
  begin_kept
  KEPT_OUTPUTS=$((KEPT_OUTPUTS + 1))
  printf '%s\n' "$output" > "$KEPT/stdout.$KEPT_OUTPUTS"
}

eval "$(declare -f run | sed '1s/^run /bats_run /')"
run() {
  local kept=0
  bats_run "$@" || kept=$?
  keep_json_output
  return $kept
}

# --- waiting --------------------------------------------------------------------------------------------------------

# wait_until COMMAND...: asks again and again until the command succeeds; fails after DEADLINE_SECONDS.
wait_until() {
  local end=$((SECONDS + DEADLINE_SECONDS))
  until "$@"; do
    if [ $SECONDS -ge $end ]; then
      echo "after $DEADLINE_SECONDS s still not true: $*"
      return 1
    fi
    sleep 0.02
  done
}

# file_contains FILE TEXT: a condition for wait_until.
file_contains() {
  grep -qF -- "$2" "$1" 2> /dev/null
}

process_is_gone() {
  ! kill -0 "$1" 2> /dev/null
}

# run_timeout SECONDS COMMAND...: like bats's `run --separate-stderr`; status 124 says that it took too long.
run_timeout() {
  local seconds=$1
  shift
  run --separate-stderr timeout --kill-after=5 "$seconds" "$@"
}

# run_python ARGUMENT... << 'PY': runs the script on stdin; sets status, output and stderr.
run_python() {
  run --separate-stderr timeout --kill-after=5 "$((DEADLINE_SECONDS * 2))" python3 - "$@"
}

# start_background NAME COMMAND...: its output goes to NAME.out and NAME.err in BATS_TEST_TMPDIR; sets BACKGROUND_PID.
# The descriptors 3 and 4 are bats's own: who keeps them open keeps bats from ending.
start_background() {
  local name=$1
  shift
  "$@" > "$BATS_TEST_TMPDIR/$name.out" 2> "$BATS_TEST_TMPDIR/$name.err" < /dev/null 3>&- 4>&- &
  BACKGROUND_PID=$!
  STARTED_PIDS+=("$BACKGROUND_PID")
}

# A TCP and UDP port of 127.0.0.1 that nobody has at this moment, and that the system gives to nobody who asks for any:
# tests beside this one bind port 0 and connect all the time.
unused_port() {
  python3 -c '
import random, socket
try:
    lent = int(open("/proc/sys/net/ipv4/ip_local_port_range").read().split()[0])
except OSError:
    lent = 32768
while True:
    port = random.randrange(10000, lent) if lent > 11000 else 0
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(tcp.getsockname())
        except OSError:
            continue
        print(tcp.getsockname()[1])
        break'
}

# --- the server -----------------------------------------------------------------------------------------------------

lopong_is_ready_or_gone() {
  grep -qE '^listening on |"event": ?"listening"' "$LOPONG_OUT" || process_is_gone "$LOPONG_PID"
}

# start_lopong ARGUMENT...: starts a server and waits for its ready line. Sets LOPONG_PID, PORT (empty for a unix socket
# alone), and LOPONG_OUT and LOPONG_ERR, the files with its output. LOPONG_WRAPPER=(prlimit --nofile=64) goes in front,
# if it is set, and must exec the server. Fails with the server's words when it ends instead. Without --port among the
# arguments, and LOPING_PORT, it gets `--port 0`, and without --threads those of LOPONG_THREADS, if it is set.
start_lopong() {
  local arguments=("$@")
  [[ " $* " == *" --port"[\ =]* ]] || [ -n "${LOPING_PORT+set}" ] || arguments+=(--port 0)
  [ -z "${LOPONG_THREADS:-}" ] || [[ " $* " == *" --threads"[\ =]* ]] || arguments+=(--threads "$LOPONG_THREADS")
  local name=lopong.${#STARTED_PIDS[@]}
  LOPONG_OUT=$BATS_TEST_TMPDIR/$name.out
  LOPONG_ERR=$BATS_TEST_TMPDIR/$name.err
  start_background "$name" ${LOPONG_WRAPPER[@]+"${LOPONG_WRAPPER[@]}"} "$LOPONG" "${arguments[@]}"
  LOPONG_PID=$BACKGROUND_PID
  if ! wait_until lopong_is_ready_or_gone || ! grep -q listening "$LOPONG_OUT"; then
    process_is_gone "$LOPONG_PID" && { wait "$LOPONG_PID" || echo "lopong ended with status $?."; }
    echo "lopong ${arguments[*]} did not get ready. It said:"
    cat "$LOPONG_OUT" "$LOPONG_ERR"
    return 1
  fi
  # shellcheck disable=SC2034 # for the tests
  PORT=$(sed -n -E -e 's/^listening on .*:([0-9]+) \((tcp|udp)\)$/\1/p' \
    -e 's/.*"event": ?"listening".*"port": ?([0-9]+).*/\1/p' "$LOPONG_OUT" | head -n 1)
}

# stop_lopong [SIGNAL]: ends the last server (SIGTERM if left out), waits for it, and sets status to its exit status.
stop_lopong() {
  kill -s "${1:-TERM}" "$LOPONG_PID"
  wait_lopong
}

# wait_lopong: waits for the last server's own end, and sets status.
wait_lopong() {
  wait_until process_is_gone "$LOPONG_PID" || return 1
  status=0
  wait "$LOPONG_PID" || status=$?
}

# Ends all that start_background and start_lopong started, stopped or not.
stop_everything() {
  local pid
  for pid in ${STARTED_PIDS[@]+"${STARTED_PIDS[@]}"}; do
    kill -KILL "$pid" 2> /dev/null || true
  done
  for pid in ${STARTED_PIDS[@]+"${STARTED_PIDS[@]}"}; do
    wait "$pid" 2> /dev/null || true
  done
  keep_json_files
  [ -z "${PUBLIC_FOLDER:-}" ] || rm -rf "$PUBLIC_FOLDER"
}

# A test file with a teardown of its own calls stop_everything in it.
teardown() {
  stop_everything
}
