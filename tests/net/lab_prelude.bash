# Runs a script in a laboratory that tests/net/check_helper.bash has made: lab_prelude.bash SCRIPT FOLDER. The verbs that
# such a script uses are below. P is the port under test.
# shellcheck shell=bash
set -euo pipefail

script=$1
folder=$2
P=7777
export P PYTHONDONTWRITEBYTECODE=1
servers=0
chmod 711 "$folder"

wait_until() {
  local end=$((SECONDS + ${DEADLINE_SECONDS:-30}))
  until "$@"; do
    if [ $SECONDS -ge $end ]; then
      echo "still not true: $*"
      return 1
    fi
    sleep 0.02
  done
}

ready() {
  grep -qs '^ready' "$1"
}

# server KIND [ADDRESS [PORT]]: starts one of tests/net/lab_servers.py and waits for it; sets SERVER to its pid.
server() {
  local out
  servers=$((servers + 1))
  out=$folder/server.$servers
  python3 -I -S "$REPOSITORY/tests/net/lab_servers.py" "$1" "${2:-127.0.0.1}" "${3:-$P}" > "$out" 2>&1 &
  # shellcheck disable=SC2034 # for the scripts
  SERVER=$!
  wait_until ready "$out" || {
    cat "$out"
    return 1
  }
}

# rules << 'NFT': nft's language.
rules() {
  nft -f -
}

# check_as USER ARGUMENT...: the result file of `loping check` goes to RESULT, its status to STATUS. Nobody cannot see
# which program a server of root's is, and would say nothing to it: so nobody asks for an echo, unless told otherwise.
check_as() {
  local user=$1 wrapper=()
  shift
  [ "$user" = root ] || [[ " $* " == *" --ask "* || " $* " == *" --no-ask "* ]] || set -- --ask echo "$@"
  [ "$user" = root ] || wrapper=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
  STATUS=0
  RESULT=$folder/result.json
  "${wrapper[@]}" "$LOPING" check --json - "$@" > "$RESULT" 2> "$folder/stderr" || STATUS=$?
}

show() {
  jq . "$RESULT" 2> /dev/null || cat "$RESULT"
  cat "$folder/stderr"
}

# expect_as USER VERDICT STATUS ARGUMENT...: of the first port.
expect_as() {
  local user=$1 verdict=$2 wanted=$3 got
  shift 3
  check_as "$user" "$@"
  got=$(jq -r '.ports[0].verdict' "$RESULT" 2> /dev/null || true)
  if [ "$got" != "$verdict" ] || [ "$STATUS" -ne "$wanted" ]; then
    echo "as $user, wanted $verdict with status $wanted, got $got with status $STATUS:"
    show
    return 1
  fi
}

# expect VERDICT STATUS ARGUMENT...: the same for root and for nobody.
expect() {
  expect_as root "$@"
  expect_as nobody "$@"
}

# expect_json FILTER: a condition in jq's language on the last result.
expect_json() {
  jq -e "$1" "$RESULT" > /dev/null || {
    echo "not true: $1"
    show
    return 1
  }
}

# What firewall the machine itself is run with, by these files, is not the laboratory's.
mount -t tmpfs tmpfs /run
[ ! -d /etc/ufw ] || mount -t tmpfs tmpfs /etc/ufw
ip link set lo up
# shellcheck disable=SC1090
source "$script"
