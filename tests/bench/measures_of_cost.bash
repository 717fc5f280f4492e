# More of what scripts/bench.sh measures with: what the live view and the programs themselves cost. See measures.bash.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what the caller and measures.bash set

# The live view.

LIVE_PAIRS=8

# run_on_terminal FILE ARGUMENT...: p50 and p99 of a run whose stdout and stderr are a terminal of its own, a line of
# FILE. The terminal, and the thread that draws, may be on any CPU.
run_on_terminal() {
  local file=$1
  shift
  timeout --kill-after=2 $((seconds * 3 + 10)) python3 -I -S "$here/../cli/in_terminal.py" --both "$scratch/terminal" \
    "$build/loping" latency --duration "${seconds}s" --cpu "$client_cpu" --json "$scratch/live.json" "$@" > /dev/null || return 1
  jq -r '.runs[0].rtt_ns | "\(.p50) \(.p99)"' "$scratch/live.json" >> "$file"
}

# Pairs of runs, one with the view and one without, one right after the other and each first in turn.
live_pairs() {
  local server target pair
  start_lopong tcp event || return 1
  rm -f "$scratch/live.with" "$scratch/live.without"
  for ((pair = 0; pair < LIVE_PAIRS; pair++)); do
    [ $((pair % 2)) -eq 0 ] || run_on_terminal "$scratch/live.without" --quiet "$target" || return 1
    run_on_terminal "$scratch/live.with" "$target" || return 1
    grep -q 'last second' "$scratch/terminal" || return 1
    [ $((pair % 2)) -eq 1 ] || run_on_terminal "$scratch/live.without" --quiet "$target" || return 1
  done
}

# measure_live p50|p99: with the view : without, the median of the pairs.
measure_live() {
  local field=1
  [ "$1" = p50 ] || field=2
  if [ ! -e "$scratch/live.$1" ]; then
    live_pairs || return 1
    touch "$scratch/live.p50" "$scratch/live.p99"
  fi
  # The next round measures anew.
  rm -f "$scratch/live.$1"
  paste -d ' ' <(cut -d ' ' -f $field "$scratch/live.with") <(cut -d ' ' -f $field "$scratch/live.without") |
    awk '{ print $1 / $2 }' | sort -g | awk '{ ratio[NR] = $1 }
      END { if (!NR) exit 1; print NR % 2 ? ratio[(NR + 1) / 2] : (ratio[NR / 2] + ratio[NR / 2 + 1]) / 2 }'
}

# What the programs cost.

measure_client_user_cpu() {
  local server target
  start_lopong tcp event || return 1
  # The kernel counts user time in ticks: three times as long gives three times as many. Without warm-up, so that the
  # time and the round trips are those of the same stretch.
  loping '.cpu_use.client_user_ns / .rtt_ns.count' latency --warmup 0s --duration "$((seconds * 3))s" "$target"
}

# As long, and by the same ticks.
measure_floor_user_cpu() {
  floor_figure 4 tcp epoll $((seconds * 3))
}

measure_ready() {
  timeout --kill-after=2 60 taskset -c "$client_cpu" "$bench/time_to_ready" 20 "$build/lopong" --quiet --tcp --port 0
}

# instructions_of COUNT: user-space instructions of client and server, libuv and libc included, over a run of so many
# round trips; both run under callgrind, which counts and does not time, so that the machine's mood does not matter.
instructions_of() {
  local name=callgrind-$1 side port
  start_announced "$name" valgrind --tool=callgrind --callgrind-out-file="$scratch/$name.server" "$build/lopong" \
    --quiet --tcp --port 0 --no-sandbox || return 1
  port=${server_ports[$name]}
  timeout --kill-after=2 300 valgrind --tool=callgrind --callgrind-out-file="$scratch/$name.client" "$build/loping" \
    latency --warmup 0 --count "$1" --quiet "$port" > "$scratch/$name.log" 2>&1 || return 1
  stop_server "$name"
  for side in client server; do
    awk '/^(summary|totals):/ { print $2; exit }' "$scratch/$name.$side" > "$scratch/instructions.$side.$1" || return 1
  done
}

# measure_instructions client|server: of one round trip of 64 bytes, one at a time. The two runs differ by 20,000 of
# them; what a run costs once is in both.
measure_instructions() {
  need valgrind || return
  if [ ! -e "$scratch/instructions.$1.22000" ]; then
    instructions_of 2000 && instructions_of 22000 || return 1
  fi
  calculate "($(cat "$scratch/instructions.$1.22000") - $(cat "$scratch/instructions.$1.2000")) / 20000"
  # The next round measures anew.
  rm -f "$scratch/instructions.$1.2000" "$scratch/instructions.$1.22000"
}
