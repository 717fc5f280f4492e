# Verbs for laboratories of firewalls, besides those of lab_prelude.bash: another machine, who reaches what, and whether
# what is advised takes away one obstacle and nothing else.
# shellcheck shell=bash

is_apart() {
  [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/$$/ns/net)" ]
}

# outside: another machine, 10.9.0.2, behind the interface v0 with 10.9.0.1; sets OUTSIDE to a process in it.
outside() {
  unshare --net sleep infinity &
  OUTSIDE=$!
  wait_until is_apart "$OUTSIDE"
  ip link add v0 type veth peer name e0 netns "/proc/$OUTSIDE/ns/net"
  ip addr add 10.9.0.1/24 dev v0
  ip link set v0 up
  from_outside ip addr add 10.9.0.2/24 dev e0
  from_outside ip link set e0 up
  from_outside ip link set lo up
}

from_outside() {
  nsenter -t "$OUTSIDE" -n "$@"
}

# knock ADDRESS PORT: connects, and waits a moment at most.
knock() {
  timeout "${KNOCK_SECONDS:-0.3}" bash -c "exec 3<> /dev/tcp/$1/$2" 2> /dev/null
}

# What must not be reached is waited for a moment only; what must be, as long as it takes.
opens() {
  KNOCK_SECONDS=2 wait_until knock 127.0.0.1 "$1"
}

stays_shut() {
  if knock 127.0.0.1 "$1"; then
    echo "port $1 was opened as well"
    return 1
  fi
}

stays_shut_outside() {
  if from_outside timeout 0.3 bash -c "exec 3<> /dev/tcp/10.9.0.1/$1" 2> /dev/null; then
    echo "port $1 was opened to another machine"
    return 1
  fi
}

# ruleset: all rules of every tool, without what only counts.
ruleset() {
  {
    nft list ruleset
    ! grep -qs . /proc/net/ip_tables_names || iptables-legacy-save
  } | sed -E 's/ packets [0-9]+ bytes [0-9]+//; s/ expires [0-9smh]+//g; /^(#|$)/d; s/\[[0-9]+:[0-9]+\]//'
}

# is_only_more BEFORE AFTER: nothing was taken away or changed.
is_only_more() {
  ! diff <(echo "$1") <(echo "$2") | grep '^<'
}

# is_as BEFORE: the ruleset is what it was.
is_as() {
  diff <(printf '%s' "${1:+$1$'\n'}") <(ruleset)
}

# advised KIND: the commands of the last result: KIND is "carry-out" or "undo", one line each.
advised() {
  if [ "$1" = carry-out ]; then
    jq -r '.ports[0].what_to_do[] | select(test("^(or )?(let this port|take this one|lift the ban)")) | sub("^[^:]*: "; "")' "$RESULT"
  else
    jq -r '.ports[0].what_to_do[] | select(startswith("to undo that: ")) | sub("^[^:]*: "; "")' "$RESULT"
  fi
}

# advice_holds VERDICT ARGUMENTS SHUT...: `loping check ARGUMENTS` gives the verdict; each command that it advises, run as
# it stands, makes it "open"; the ports SHUT stay shut here, they and P stay shut to another machine; what is advised to
# undo it does so.
advice_holds() {
  local verdict=$1 arguments=$2 before commands undo i port
  shift 2
  # shellcheck disable=SC2086 # the arguments are separate words
  expect_as root "$verdict" 4 $arguments
  mapfile -t commands < <(advised carry-out)
  mapfile -t undo < <(advised undo)
  if [ ${#commands[@]} -eq 0 ] || [ ${#commands[@]} -ne ${#undo[@]} ]; then
    show
    return 1
  fi
  for i in "${!commands[@]}"; do
    before=$(ruleset)
    stays_shut_outside "$P"
    bash -c "${commands[$i]}"
    case ${commands[$i]} in *"delete element"*) ;; *) is_only_more "$before" "$(ruleset)" ;; esac
    # shellcheck disable=SC2086
    expect_as root open 0 $arguments
    for port in "$@"; do
      stays_shut "$port"
      stays_shut_outside "$port"
    done
    stays_shut_outside "$P"
    bash -c "${undo[$i]}"
    is_as "$before"
  done
}
