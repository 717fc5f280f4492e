#!/bin/bash
# Measures lopong and loping beside bare C programs (tests/bench/*.c) and beside the peers that are installed, and
# holds the figures against the goals of tests/bench/goals.tsv. `scripts/bench.sh --help` lists the options.
set -u

here=$(cd "$(dirname "$0")/../tests/bench" && pwd) || exit 1
root=$(cd "$here/../.." && pwd)
cd "$root" || exit 1

build=$root/build
rounds=5
seconds=1
only=.
listing=no
json=
svg=
PORTS_NEEDED=13

usage() {
  cat << 'TEXT'
Usage: scripts/bench.sh [options]
Measures lopong and loping beside bare C programs and beside the peers that this machine has (sockperf, netperf, qperf,
iperf3, nuttcp, socat, node, neper). Prints a table of medians and ratios with the goals, writes JSON and a chart.

      --rounds N       how often everything is measured (default 5, and not less)
      --seconds S      how long one measurement takes, in whole seconds (default 1)
      --only REGEX     only the rows whose name matches
      --list           print the rows and what they are, and measure nothing
      --install        first install what this machine lacks and its packages offer
      --build DIR      the build tree (default build)
      --compare ...    measure instead whether loping compare deserves its verdict: pairs of the same server, and of one
                       that is slower by a tenth (about an hour; --compare --help lists its own options)
      --account        print instead where the time goes: system calls, user instructions and copies, for each mode and
                       both sides (some minutes)
      --json FILE      where the samples and results go (default build/bench/results.json)
      --svg FILE       where the chart goes (default build/bench/chart.svg)
      --help           print this text

Exit status: 0 each measured goal is met, 1 a goal is missed, 2 wrong usage, 3 a measurement failed.
TEXT
}

say() {
  echo "bench: $*" >&2
}

refuse() {
  say "$*"
  exit 2
}

# whole NAME VALUE LEAST MOST
whole() {
  if ! [[ $2 =~ ^[0-9]{1,6}$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    refuse "$1 takes a whole number from $3 to $4, not '$2'."
  fi
}

read_options() {
  install=no
  account=no
  while [ $# -gt 0 ]; do
    case $1 in
      --list) listing=yes ;;
      --install) install=yes ;;
      --account) account=yes ;;
      --help) usage && exit 0 ;;
      --rounds | --seconds | --only | --build | --json | --svg)
        [ $# -ge 2 ] || refuse "$1 needs a value. See scripts/bench.sh --help."
        case $1 in
          --rounds) whole "$1" "$2" 5 1000 && rounds=$((10#$2)) ;;
          --seconds) whole "$1" "$2" 1 60 && seconds=$((10#$2)) ;;
          --only) only=$2 ;;
          --build) build=$2 ;;
          --json) json=$2 ;;
          --svg) svg=$2 ;;
        esac
        shift
        ;;
      *) refuse "'$1' is no option of this script. See scripts/bench.sh --help." ;;
    esac
    shift
  done
  case $build in /*) ;; *) build=$root/$build ;; esac
  bench=$build/tests/bench
  json=${json:-$build/bench/results.json}
  svg=${svg:-$build/bench/chart.svg}
}

# Sets rows: the lines of goals.tsv whose name matches.
read_rows() {
  local id rest status=0
  grep -qE -e "$only" /dev/null 2> /dev/null || status=$?
  [ $status -ne 2 ] || refuse "--only takes an extended regular expression, and '$only' is none."
  rows=()
  while IFS=$'\t' read -r id rest; do
    [[ $id == id || ! $id =~ $only ]] || rows+=("$id"$'\t'"$rest")
  done < "$here/goals.tsv"
  [ ${#rows[@]} -gt 0 ] || refuse "no row's name matches '$only'. See scripts/bench.sh --list."
}

list_rows() {
  local id label _
  for row in "${rows[@]}"; do
    IFS=$'\t' read -r id label _ <<< "$row"
    printf '%-18s %s\n' "$id" "$label"
  done
}

# --- the machine ------------------------------------------------------------------------------------------------------

# The first two CPUs that this process may use: the client's and the servers'.
choose_cpus() {
  local list part cpus=()
  list=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
  for part in ${list//,/ }; do
    # shellcheck disable=SC2207 # numbers, one a word
    cpus+=($(seq "${part%-*}" "${part#*-}"))
  done
  if [ ${#cpus[@]} -lt 2 ]; then
    say "client and server need a CPU each, and this process may use only CPU ${cpus[*]}. Nothing was measured."
    exit 3
  fi
  client_cpu=${cpus[0]}
  server_cpu=${cpus[1]}
}

# Sets the ports of the peers that cannot have one picked by the system.
choose_ports() {
  read -r sockperf_port netperf_port qperf_port qperf_data_port iperf3_port nuttcp_port nuttcp_data_port socat_port \
    neper_port neper_data_port connect_port traced_port fair_port < <(python3 "$here/free_ports.py" $PORTS_NEEDED)
  [ -n "${traced_port:-}" ]
}

version_of() {
  case $1 in
    netperf) netperf -V ;;
    nuttcp) nuttcp -V ;;
    socat) socat -V | sed -n 's/^socat version \([^ ]*\).*/\1/p' ;;
    neper) tcp_crr --version ;;
    *) "$1" --version ;;
  esac < /dev/null 2>&1 | head -n 1
}

# Prints a JSON object of the versions of ours and of those peers that are installed.
versions() {
  local name program
  for name in lopong loping sockperf netperf qperf iperf3 nuttcp socat node neper; do
    program=$name
    [ "$name" != neper ] || program=tcp_crr
    case $name in
      lopong | loping) jq -n --arg name "$name" --arg version "$("$build/$name" --version)" '{($name): $version}' ;;
      *) ! command -v "$program" > /dev/null ||
        jq -n --arg name "$name" --arg version "$(version_of "$name")" '{($name): $version}' ;;
    esac
  done | jq -s add
}

# The sum of all ticks, and the stolen ones.
cpu_ticks() {
  awk '$1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; print all, $9 }' /proc/stat
}

# describe_machine TICKS_AT_BEGIN LOAD_AT_BEGIN
describe_machine() {
  local all_before stolen_before all stolen
  read -r all_before stolen_before <<< "$1"
  read -r all stolen <<< "$(cpu_ticks)"
  jq -n --arg cpu "$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" \
    --argjson count "$(getconf _NPROCESSORS_ONLN)" --arg kernel "$(uname -sr)" \
    --arg congestion "$(cat /proc/sys/net/ipv4/tcp_congestion_control)" \
    --argjson before "$2" --argjson after "$(cut -d ' ' -f 1 /proc/loadavg)" \
    --argjson stolen $((stolen - stolen_before)) --argjson all $((all - all_before)) \
    --argjson client "$client_cpu" --argjson server "$server_cpu" --argjson seconds "$seconds" \
    --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson versions "$(versions)" \
    '{machine: {cpu_model: $cpu, cpu_count: $count, kernel: $kernel, tcp_congestion_control: $congestion,
        load_1m_before: $before, load_1m_after: $after,
        steal_percent: (if $all > 0 then 100 * $stolen / $all else null end)},
      client_cpu: $client, server_cpu: $server, seconds: $seconds, ended_at: $at, versions: $versions}'
}

# --- measuring --------------------------------------------------------------------------------------------------------

# measure_side ROUND ID SIDE COMMAND: one line of samples.tsv: round, id, side, status, the number or the reason.
measure_side() {
  local status=0 words said
  read -r -a words <<< "$4"
  # Not in a subshell, so that a server it starts is remembered.
  "measure_${words[0]}" "${words[@]:1}" > "$scratch/number" 2> "$scratch/complaint" || status=$?
  said=$(head -n 1 "$scratch/number" | tr -d '\t')
  case $status in
    0) status=ok ;;
    "$NOT_HERE") status=absent ;;
    *)
      status=failed
      said=$({ grep -hiE -m 1 'error|fail|cannot|refused|does not|no ready' "$scratch/complaint" "$scratch/number" ||
        tail -q -n 1 "$scratch/complaint"; } | head -n 1 | tr -d '\t')
      say "$2: '$4' failed: $said"
      ;;
  esac
  printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$status" "$said" >> "$scratch/samples.tsv"
}

measure_round() {
  local row id ours theirs _
  for row in "${rows[@]}"; do
    IFS=$'\t' read -r id _ ours theirs _ <<< "$row"
    [ $(($1 % 2)) -eq 1 ] || [ "$theirs" = - ] || measure_side "$1" "$id" theirs "$theirs"
    measure_side "$1" "$id" ours "$ours"
    [ $(($1 % 2)) -eq 0 ] || [ "$theirs" = - ] || measure_side "$1" "$id" theirs "$theirs"
  done
}

clean_up() {
  stop_servers
  rm -rf "$scratch"
}

main() {
  local round ticks load name
  read_options "$@"
  read_rows
  [ $listing = no ] || { list_rows && exit 0; }
  [ $install = no ] || scripts/install-deps.sh bench || exit 3
  for name in taskset setpriv timeout jq python3; do
    command -v $name > /dev/null || { say "needs $name. scripts/install-deps.sh bench installs it." && exit 3; }
  done
  for name in "$build/lopong" "$build/loping" "$bench/floor_round_trip"; do
    [ -x "$name" ] || { say "$name is not built. \`make bench\` builds it and measures." && exit 3; }
  done
  [ $account = no ] || exec python3 "$here/account.py" --build "$build"
  choose_cpus
  scratch=$(mktemp -d) || exit 3
  # shellcheck source=tests/bench/measures.bash
  . "$here/measures.bash"
  # shellcheck source=tests/bench/measures_of_cost.bash
  . "$here/measures_of_cost.bash"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  choose_ports || { say "the system gave no free ports." && exit 3; }
  # A pipe that nobody writes to, to wait on.
  mkfifo "$scratch/never" && exec {never}<> "$scratch/never"
  ticks=$(cpu_ticks)
  load=$(cut -d ' ' -f 1 /proc/loadavg)
  for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds, ${#rows[@]} rows, client on CPU $client_cpu, servers on CPU $server_cpu"
    measure_round $round
  done
  describe_machine "$ticks" "$load" > "$scratch/machine.json" || exit 3
  printf '%s\n' "${rows[@]}" > "$scratch/rows.tsv"
  mkdir -p "$(dirname "$json")" "$(dirname "$svg")"
  python3 "$here/report.py" "$scratch/samples.tsv" "$scratch/rows.tsv" "$scratch/machine.json" "$json" "$svg"
}

# What follows --compare is for the other program.
for ((i = 1; i <= $#; i++)); do
  [ "${!i}" = --compare ] || continue
  rest=("${@:i+1}")
  read_options "${@:1:i-1}"
  python3 "$here/compare_pairs.py" --build "$build" "${rest[@]}"
  exit
done
main "$@"
