# What scripts/bench.sh measures with: measure_NAME prints one number in the unit that goals.tsv names for its row.
# Status 77 says that this machine cannot measure it, and the line it prints is the reason; any other status is a
# failure. Needs from its caller: build, bench (folders of programs), scratch, seconds, client_cpu, server_cpu.
# shellcheck shell=bash

NOT_HERE=77
READY_SECONDS=10
# What a server of many connections has open besides: its listeners, its pipes, the first hundred connections.
FILES_BESIDE=300

# For the whole script, also when a function reads this file.
declare -gA server_pids=() server_ports=() server_lines=()
server_count=0

# Servers: started once at the first need, on the servers' CPU; they end with this shell.

# launch NAME OUTPUT COMMAND...
launch() {
  local name=$1 output=$2
  shift 2
  setpriv --pdeathsig TERM taskset -c "$server_cpu" "$@" > "$output" 2> "$scratch/$name.err" < /dev/null &
  server_pids[$name]=$!
}

stop_server() {
  local pid=${server_pids[$1]:-} line=${server_lines[$1]:-}
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2> /dev/null
  [ -z "$line" ] || exec {line}<&-
  unset "server_pids[$1]" "server_ports[$1]" "server_lines[$1]"
  return 0
}

# A server that something else ended is forgotten, so that the next measurement has a new one.
is_running() {
  [ -n "${server_pids[$1]:-}" ] || return 1
  kill -0 "${server_pids[$1]}" 2> /dev/null && return 0
  stop_server "$1"
  return 1
}

stop_servers() {
  local name
  for name in "${!server_pids[@]}"; do stop_server "$name"; done
}

# start_announced NAME COMMAND...: for servers that print a ready line; sets server_ports[NAME] if it names a port.
start_announced() {
  local name=$1 line='' announced
  shift
  is_running "$name" && return 0
  server_count=$((server_count + 1))
  mkfifo "$scratch/ready.$server_count" || return 1
  # Opened for both, so that neither side waits for the other to open it.
  exec {announced}<> "$scratch/ready.$server_count"
  launch "$name" "$scratch/ready.$server_count" "$@"
  server_lines[$name]=$announced
  if ! IFS= read -r -t $READY_SECONDS line <&"$announced"; then
    echo "$name printed no ready line: $(tail -n 1 "$scratch/$name.err")" >&2
    stop_server "$name"
    return 1
  fi
  [[ ! $line =~ :([0-9]+)( |$) ]] || server_ports[$name]=${BASH_REMATCH[1]}
}

# is_listening PORT PID: in the network namespace of that process.
is_listening() {
  local hexadecimal
  printf -v hexadecimal '%04X' "$1"
  grep -qE "^ *[0-9]+: [0-9A-F]+:$hexadecimal [0-9A-F]+:0000 0A" "/proc/$2/net/tcp" "/proc/$2/net/tcp6" 2> /dev/null
}

# For servers that listen on every address and know no other way: a network namespace that has a loopback and nothing else.
ALONE=(unshare --net sh -c 'ip link set lo up && exec "$@"' alone)

need_namespace() {
  command -v ip nsenter > /dev/null && unshare --net true 2> /dev/null && return 0
  echo "$1 listens on every address, and no network namespace can be made for it here"
  return $NOT_HERE
}

# start_silent NAME PORT COMMAND...: for servers that say nothing; ready when the kernel lists their port.
start_silent() {
  local name=$1 port=$2 end=$((SECONDS + READY_SECONDS)) nothing
  shift 2
  is_running "$name" && return 0
  launch "$name" "$scratch/$name.out" "$@"
  server_ports[$name]=$port
  until is_listening "$port" "${server_pids[$name]}"; do
    if [ $SECONDS -ge $end ] || ! kill -0 "${server_pids[$name]}" 2> /dev/null; then
      echo "$name does not listen on port $port: $(cat "$scratch/$name.err" "$scratch/$name.out" | tail -n 1)" >&2
      stop_server "$name"
      return 1
    fi
    read -r -t 0.01 nothing <&"$never" || :
  done
}

# What every measurement shares.

# On the client's CPU, and never longer than a few times what it was asked for.
run_client() {
  timeout --kill-after=2 $((seconds * 3 + 10)) taskset -c "$client_cpu" "$@" < /dev/null
}

need() {
  command -v "$1" > /dev/null && return 0
  echo "$1 is not installed"
  return $NOT_HERE
}

need_open_files() {
  (ulimit -n "$1") 2> /dev/null && return 0
  echo "needs $1 open files; this process may have $(ulimit -Hn)"
  return $NOT_HERE
}

calculate() {
  LC_ALL=C awk "BEGIN { printf \"%.6g\n\", $1 }"
}

# loping FILTER ARGUMENT...: prints what the jq filter picks from the run's result.
loping() {
  local filter=$1
  shift
  run_client "$build/loping" "$@" --cpu "$client_cpu" --json - > "$scratch/loping.json" || return 1
  jq -e ".runs[0] | $filter" "$scratch/loping.json"
}

# start_lopong TRANSPORT WAIT: sets server (its name) and target (what loping connects to).
start_lopong() {
  local listen=("--$1" --port 0) busy=()
  server=lopong-$1-$2
  [ "$1" != unix ] || listen=(--unix "$scratch/lopong-$2.sock")
  [ "$2" != busy ] || busy=(--busy-poll)
  start_announced "$server" "$build/lopong" --quiet "${listen[@]}" "${busy[@]}" || return 1
  target=127.0.0.1:${server_ports[$server]:-}
  [ "$1" != unix ] || target=unix:$scratch/lopong-$2.sock
}

# Round trips.

# measure_latency event|busy tcp|udp|unix p50|mean
measure_latency() {
  local wait=$1 transport=$2 field=$3 options=() server target status=0
  start_lopong "$transport" "$wait" || return 1
  [ "$transport" != udp ] || options+=(--udp)
  [ "$wait" != busy ] || options+=(--busy-poll)
  loping ".rtt_ns.$field" latency --duration "${seconds}s" "${options[@]}" "$target" || status=1
  # It would go on asking its sockets for a second, on the CPU that the next one wants.
  [ "$wait" != busy ] || stop_server "$server"
  return $status
}

# floor_figure FIELD TRANSPORT WAIT SECONDS: prints one field of floor_round_trip's line.
floor_figure() {
  timeout --kill-after=2 $(($4 * 3 + 10)) "$bench/floor_round_trip" "$2" "$3" "$4" "$client_cpu" "$server_cpu" \
    > "$scratch/floor" || return 1
  cut -d ' ' -f "$1" "$scratch/floor"
}

# measure_floor tcp|udp|unix sleep|epoll|spin
measure_floor() {
  floor_figure 1 "$1" "$2" "$seconds"
}

# measure_sockperf event|busy
measure_sockperf() {
  local status=0 options=()
  need sockperf || return
  [ "$1" != busy ] || options=(--nonblocked)
  start_silent "sockperf-$1" "$sockperf_port" sockperf sr --tcp -i 127.0.0.1 -p "$sockperf_port" "${options[@]}" ||
    return 1
  run_client sockperf pp --tcp -m 64 -t "$seconds" --full-rtt -i 127.0.0.1 -p "$sockperf_port" "${options[@]}" \
    > "$scratch/sockperf" 2>&1 || status=1
  # Both ways of waiting use one port, and the busy one would keep the CPU.
  stop_server "sockperf-$1"
  [ $status -eq 0 ] || return 1
  awk '/percentile 50.000 =/ { printf "%.0f\n", $NF * 1000; found = 1 } END { exit !found }' "$scratch/sockperf"
}

# netperf_figure TEST FIELD: prints one of the fields that netperf -o knows.
netperf_figure() {
  need netperf || return
  start_silent netserver "$netperf_port" netserver -4 -D -L 127.0.0.1 -p "$netperf_port" || return 1
  run_client netperf -4 -H 127.0.0.1 -p "$netperf_port" -t "$1" -l "$seconds" -P 0 -- -r 64,64 -D -o "$2" \
    > "$scratch/netperf" || return 1
  awk '$1 > 0 { figure = $1 } END { if (!figure) exit 1; print figure }' "$scratch/netperf"
}

# Its p50 is counted in whole microseconds.
measure_netperf_rr() {
  local status=0
  netperf_figure TCP_RR P50_LATENCY > "$scratch/p50" || status=$?
  [ $status -eq 0 ] || { cat "$scratch/p50" && return $status; }
  calculate "1000 * $(cat "$scratch/p50")"
}

measure_qperf() {
  need qperf || return
  need_namespace qperf || return
  start_silent qperf "$qperf_port" "${ALONE[@]}" qperf -lp "$qperf_port" || return 1
  run_client nsenter --net --target "${server_pids[qperf]}" qperf -lp "$qperf_port" -ip "$qperf_data_port" -t "$seconds" -m 64 -un 127.0.0.1 tcp_lat \
    > "$scratch/qperf" || return 1
  awk '$1 == "latency" { in_ns = $4 == "ns" ? 1 : $4 == "us" ? 1e3 : $4 == "ms" ? 1e6 : 0 }
       in_ns { printf "%.0f\n", 2 * $3 * in_ns; found = 1; exit } END { exit !found }' "$scratch/qperf"
}

# Streams.

# measure_throughput_up copy|zero-copy
measure_throughput_up() {
  local options=() server target
  if [ "$1" = zero-copy ]; then
    if ! "$build/loping" throughput --help-all | grep -q -e '--zero-copy'; then
      echo "this loping has no --zero-copy"
      return $NOT_HERE
    fi
    options=(--zero-copy)
  fi
  start_lopong tcp event || return 1
  loping .throughput.bits_per_second throughput --direction up --duration "${seconds}s" "${options[@]}" "$target"
}

# measure_iperf3 copy|zero-copy
measure_iperf3() {
  local options=()
  need iperf3 || return
  [ "$1" != zero-copy ] || options=(-Z)
  start_silent iperf3 "$iperf3_port" iperf3 -s -B 127.0.0.1 -p "$iperf3_port" || return 1
  run_client iperf3 -c 127.0.0.1 -p "$iperf3_port" -t "$seconds" -J "${options[@]}" > "$scratch/iperf3.json" || return 1
  jq -e .end.sum_received.bits_per_second "$scratch/iperf3.json"
}

measure_nuttcp() {
  need nuttcp || return
  need_namespace nuttcp || return
  start_silent nuttcp "$nuttcp_port" "${ALONE[@]}" nuttcp -S --nofork -P "$nuttcp_port" || return 1
  run_client nsenter --net --target "${server_pids[nuttcp]}" nuttcp -P "$nuttcp_port" -p "$nuttcp_data_port" \
    -T "$seconds" -fparse 127.0.0.1 > "$scratch/nuttcp" || return 1
  sed -n 's/.*rate_Mbps=\([0-9.]*\).*/\1/p' "$scratch/nuttcp" | awk '{ printf "%.0f\n", $1 * 1e6; n++ } END { exit !n }'
}

# start_echo lopong|node|socat|copy|splice|epoll: sets server and target. The last three are bare C (floor_echo.c).
start_echo() {
  server=$1
  case $1 in
    lopong) start_lopong tcp event ;;
    copy | splice | epoll)
      start_announced "$1" "$bench/floor_echo" "$1" || return 1
      target=127.0.0.1:${server_ports[$1]}
      ;;
    node)
      need node || return
      start_announced node node "$here/node_echo.js" || return 1
      target=127.0.0.1:${server_ports[node]}
      ;;
    socat)
      need socat || return
      start_silent socat "$socat_port" socat "TCP-LISTEN:$socat_port,bind=127.0.0.1,reuseaddr,fork,nodelay" PIPE || return 1
      target=127.0.0.1:$socat_port
      ;;
  esac
}

# measure_throughput_echo SERVER [zero-copy]
measure_throughput_echo() {
  local server target options=()
  [ "${2:-}" != zero-copy ] || options=(--zero-copy)
  start_echo "$1" || return
  loping .throughput.bits_per_second throughput --duration "${seconds}s" "${options[@]}" "$target"
}

# The CPU time of the server's process so far, user and system, in the kernel's ticks.
server_ticks() {
  awk '{ print $14 + $15 }' "/proc/${server_pids[$server]}/stat"
}

# server_cpu_for FILTER WORTH ARGUMENT...: ns of the server's CPU for each WORTH of what the jq filter counts. Without
# warm-up, and for longer, as ticks are long: the time and the count are those of the same stretch.
server_cpu_for() {
  local filter=$1 worth=$2 before after
  shift 2
  before=$(server_ticks)
  loping "$filter" "$@" --warmup 0s --duration "$((seconds * 2))s" "$target" > "$scratch/count" || return 1
  after=$(server_ticks)
  calculate "($after - $before) * 1e9 / $(getconf CLK_TCK) * $worth / $(cat "$scratch/count")"
}

# measure_stream_cpu SERVER: for each GiB that came back.
measure_stream_cpu() {
  local server target
  start_echo "$1" || return
  server_cpu_for .throughput.bytes_received 1073741824 throughput
}

# measure_message_cpu SERVER
measure_message_cpu() {
  local server target
  start_echo "$1" || return
  server_cpu_for .rtt_ns.count 1 latency --connections 64 --depth 16
}

measure_messages() {
  local server target
  start_echo "$1" || return
  loping .throughput.round_trips_per_second latency --connections 64 --depth 16 --duration "${seconds}s" "$target"
}

# Connections.

# On a port that the system lends nobody, as a server's usually is: then nobody can reach himself there.
measure_connects() {
  start_announced lopong-connect "$build/lopong" --quiet --tcp --port "$connect_port" || return 1
  loping '.rtt_ns.count * 1e9 / .workload.duration_ns' connect --duration "${seconds}s" "$connect_port"
}

measure_connects_of_peer() {
  if ! command -v tcp_crr > /dev/null; then
    netperf_figure TCP_CRR TRANSACTION_RATE
    return
  fi
  start_silent neper "$neper_port" tcp_crr -4 -C "$neper_port" -P "$neper_data_port" || return 1
  run_client tcp_crr -4 -c -H 127.0.0.1 -C "$neper_port" -P "$neper_data_port" -l "$seconds" -Q 64 -R 64 \
    > "$scratch/neper" || return 1
  # Its server serves one client and ends.
  stop_server neper
  sed -n 's/^throughput=\([0-9.]*\).*/\1/p' "$scratch/neper" | awk '{ print; n++ } END { exit !n }'
}

# measure_floor_connect sleep|epoll
measure_floor_connect() {
  timeout --kill-after=2 $((seconds * 3 + 10)) "$bench/floor_connect" "$seconds" "$client_cpu" "$server_cpu" "$1"
}

# calls_of COUNT: system calls of client and server over so many transactions.
calls_of() {
  local name=strace-$1
  start_announced "$name" strace -D -f -qq -o "$scratch/calls.server.$1" "$build/lopong" --quiet --tcp \
    --port "$traced_port" || return 1
  timeout --kill-after=2 60 strace -f -qq -o "$scratch/calls.client.$1" "$build/loping" connect --warmup 0s \
    --count "$1" --quiet "$traced_port" > "$scratch/$name.log" 2>&1 || return 1
  stop_server "$name"
}

# measure_connect_calls client|server: system calls of one transaction, to a tenth: a timer's are a few in the 1,000 by
# which the two runs differ.
measure_connect_calls() {
  need strace || return
  if [ ! -e "$scratch/calls.$1.1200" ]; then
    calls_of 200 && calls_of 1200 || return 1
  fi
  calculate "int(($(wc -l < "$scratch/calls.$1.1200") - $(wc -l < "$scratch/calls.$1.200")) / 100 + 0.5) / 10"
  # The next round measures anew.
  rm -f "$scratch/calls.$1.200" "$scratch/calls.$1.1200"
}

# hold COUNT PORT: opens so many connections; sets holder and held, which let_go ends. Their client rests meanwhile.
hold() {
  local line='' answers
  server_count=$((server_count + 1))
  mkfifo "$scratch/hold.$server_count" "$scratch/held.$server_count" || return 1
  exec {held}<> "$scratch/hold.$server_count" {answers}<> "$scratch/held.$server_count"
  (
    # What the shell holds of both must not keep the program from its stdin's end.
    exec < "$scratch/hold.$server_count" > "$scratch/held.$server_count" {held}>&- {answers}<&-
    exec setpriv --pdeathsig TERM taskset -c "$client_cpu" "$bench/hold_connections" "$2" "$1"
  ) &
  holder=$!
  server_pids[holder-$holder]=$holder
  IFS= read -r -t $((READY_SECONDS * 3)) line <&"$answers"
  exec {answers}<&-
  [ "$line" = ready ]
}

let_go() {
  exec {held}>&-
  wait "$holder"
  unset "server_pids[holder-$holder]"
}

# start_big_lopong OPEN_FILES: one of its own, so that nothing of earlier rounds is in its figures.
start_big_lopong() {
  # shellcheck disable=SC2016 # the inner shell's parameters
  start_announced lopong-big bash -c 'ulimit -n "$1" && exec "$2" --quiet --tcp --port 0' bash "$1" "$build/lopong"
}

# measure_p99_beside_idle IDLE
measure_p99_beside_idle() {
  local holder held status=0
  need_open_files $((10000 + FILES_BESIDE)) || return
  start_big_lopong $((10000 + FILES_BESIDE)) || return 1
  [ "$1" -eq 0 ] || hold "$1" "${server_ports[lopong-big]}" || status=1
  [ $status -ne 0 ] || loping .rtt_ns.p99 latency --connections 100 --duration "${seconds}s" \
    "127.0.0.1:${server_ports[lopong-big]}" || status=1
  [ "$1" -eq 0 ] || let_go
  stop_server lopong-big
  return $status
}

own_memory_kib() {
  awk '$1 == "RssAnon:" { print $2 }' "/proc/${server_pids[lopong-big]}/status"
}

# connections_allowed COUNT: prints it, or how many the limit of open files lets one process hold if that is less.
connections_allowed() {
  if (ulimit -n $(($1 + FILES_BESIDE))) 2> /dev/null; then
    echo "$1"
  else
    echo $(($(ulimit -Hn) - FILES_BESIDE))
  fi
}

# measure_idle_memory COUNT LEAST: of COUNT connections, or of as many as can be open, if those are LEAST or more.
measure_idle_memory() {
  local holder held before_kib after_kib first_holder first_held count status=0
  need_open_files $(($2 + FILES_BESIDE)) || return
  count=$(connections_allowed "$1")
  start_big_lopong $((count + FILES_BESIDE)) || return 1
  # The first ones pay for what the server has once.
  hold 100 "${server_ports[lopong-big]}" || status=1
  first_holder=$holder first_held=$held
  before_kib=$(own_memory_kib)
  hold "$count" "${server_ports[lopong-big]}" || status=1
  after_kib=$(own_memory_kib)
  let_go
  holder=$first_holder held=$first_held
  let_go
  stop_server lopong-big
  [ $status -eq 0 ] || return 1
  calculate "($after_kib - $before_kib) * 1024 / $count"
}

# measure_fairness STREAMS THREADS: what the server echoed on the slowest of so many streams, by its own account of each,
# as a share of the fastest. For long: a stream moves in lumps. On all CPUs, as such a server is meant to run.
measure_fairness() {
  local status=0 account=$scratch/lopong-fair.out
  need_open_files $(($1 + FILES_BESIDE)) || return
  start_silent lopong-fair "$fair_port" "$build/lopong" --tcp --port "$fair_port" --threads "$2" --json --verbose || return 1
  "$build/loping" throughput --connections "$1" --duration "$((seconds * 10))s" "127.0.0.1:$fair_port" > /dev/null || status=1
  stop_server lopong-fair
  [ $status -eq 0 ] || return 1
  jq -s -e "[.[] | select(.event == \"connection_closed\") | .bytes_out] | sort | .[-$1:] | .[0] / .[-1]" "$account"
}
