#!/usr/bin/env bats
# What stands beside the figures: confidence, placement, the machine's state, who used the CPUs, and the notes.

load test_helper
load loping_helper

# All CPUs that this test may use, one a line.
allowed_cpus() {
  python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")'
}

need_two_cpus() {
  need_command taskset
  mapfile -t CPUS < <(allowed_cpus)
  [ "${#CPUS[@]}" -ge 2 ] || skip "needs two CPUs"
}

# --- placement and --cpu ----------------------------------------------------------------------------------------------

@test "round trips on one CPU are told from those on two" {
  need_two_cpus
  local first=${CPUS[0]} second=${CPUS[1]}
  LOPONG_WRAPPER=(taskset -c "$first")
  start_lopong --tcp
  loping_result latency "${FAST[@]}" --cpu "$first" "$PORT"
  expect_status 0
  expect_json ".runs[0].workload.cpu == $first" '.runs[0].placement.same_cpu.count == 50' \
    '.runs[0].placement.other_cpu == null' '.runs[0].placement.same_cpu.p50 == .runs[0].rtt_ns.p50'
  expect_contains "$output" "the client was kept on CPU $first; client and server shared a CPU in every round trip"
  loping_result latency "${FAST[@]}" --cpu "$second" "$PORT"
  expect_status 0
  expect_json ".runs[0].workload.cpu == $second" '.runs[0].placement.other_cpu.count == 50' \
    '.runs[0].placement.same_cpu == null'
  expect_contains "$output" "client and server were on different CPUs in every round trip"
}

@test "a server that moves from CPU to CPU gives round trips of both kinds" {
  need_two_cpus
  start_lopong --tcp
  start_loping moving latency --duration 1s --cpu "${CPUS[0]}" --json "$RESULT" "$PORT"
  while ! process_is_gone "$LOPING_PID"; do
    taskset -p -c "${CPUS[0]}" "$LOPONG_PID" > /dev/null
    taskset -p -c "${CPUS[1]}" "$LOPONG_PID" > /dev/null
  done
  wait_loping
  expect_equal 0 "$status"
  expect_json '.runs[0] | .placement.same_cpu.count > 0 and .placement.other_cpu.count > 0' \
    '.runs[0] | .placement.same_cpu.count + .placement.other_cpu.count == .rtt_ns.count' \
    '.runs[0] | ([.placement.same_cpu.max, .placement.other_cpu.max] | max) == .rtt_ns.max'
}

@test "datagrams have their placement, too" {
  start_lopong --udp
  loping_result latency "${FAST[@]}" --udp "$PORT"
  expect_status 0
  expect_json '.runs[0] | ([.placement[] | .count? // 0] | add) == .rtt_ns.count'
}

@test "messages without the server's stamp have no placement" {
  start_lopong --tcp
  loping_result latency "${FAST[@]}" --size 39 "$PORT"
  expect_status 0
  expect_json '.runs[0].placement == null' '.runs[0].workload.cpu == null'
}

@test "a CPU that does not exist is refused with those that do" {
  local bad
  for bad in 8191 65534; do
    loping latency --cpu "$bad" 1
    expect_status 2
    expect_contains "$stderr" "loping: --cpu: there is no CPU $bad that loping may use here; give one of "
    expect_matches "$stderr" 'give one of [0-9]+([-,][0-9]+)*$'
  done
  for bad in one -1 65535 18446744073709551615; do
    loping latency --cpu "$bad" 1
    expect_status 2
    expect_contains "$stderr" "--cpu"
  done
}

@test "a result file is not begun for a CPU that does not exist" {
  loping_result latency --cpu 99999 1
  expect_status 2
  [ ! -e "$RESULT" ]
}

# --- confidence -------------------------------------------------------------------------------------------------------

@test "three full seconds give intervals around their own means, and two do not" {
  start_lopong --tcp
  # More than three seconds: on a busy machine a slice ends late.
  loping_result latency --duration 4500ms --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0] | .confidence.slices >= 3
      and .confidence.slices == ([.intervals[] | select(.duration_ns >= 950000000)] | length)' \
    '.runs[0].confidence | .p50_ns[0] <= .p50_ns[1] and .p99_ns[0] <= .p99_ns[1]' \
    '.runs[0].confidence.method | contains("Student")' \
    '.runs[0] | ([.intervals[] | select(.duration_ns >= 950000000) | .rtt_p50_ns] | add / length) as $mean
      | .confidence.p50_ns | .[0] <= $mean and $mean <= .[1]'
  expect_matches "$output" "95 % confidence of the RTT: p50 (at most )?[0-9.]+ [nmu]?s"
  expect_contains "$output" "means of $(from_json .runs[0].confidence.slices) one-second slices, Student's t"
  loping_result latency --duration 2s --warmup 0 "$PORT"
  expect_json '.runs[0].confidence == null'
  expect_lacks "$output" "confidence"
}

# --- the machine ------------------------------------------------------------------------------------------------------

@test "the environment is that of /proc and /sys" {
  [ -e /proc/sys/net/ipv4/tcp_rmem ] || skip "needs Linux"
  start_lopong --tcp
  loping_result latency "${FAST[@]}" "$PORT"
  expect_status 0
  expect_equal "$(cat /sys/class/net/lo/mtu)" "$(from_json .environment.loopback_mtu_bytes)"
  expect_equal "$(cat /proc/sys/net/ipv4/tcp_congestion_control)" "$(from_json .environment.tcp_congestion_control)"
  expect_equal "$(tr '\t' ' ' < /proc/sys/net/ipv4/tcp_rmem)" \
    "$(from_json '.environment.tcp_receive_buffer_bytes | "\(.min) \(.default) \(.max)"')"
  expect_equal "$(tr '\t' ' ' < /proc/sys/net/ipv4/tcp_wmem)" \
    "$(from_json '.environment.tcp_send_buffer_bytes | "\(.min) \(.default) \(.max)"')"
  expect_equal "$(cat /proc/sys/net/core/rmem_max 2> /dev/null || echo null)" \
    "$(from_json '.environment.socket_receive_buffer_bytes.max // null')"
  expect_equal "$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource 2> /dev/null || echo null)" \
    "$(from_json .environment.clock_source)"
  expect_equal "$(cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor 2> /dev/null || echo null)" \
    "$(from_json .environment.cpu_governor)"
  expect_equal "$(uname -r)" "$(from_json .environment.release)"
}

@test "what is not known of the machine is null, and every field is there" {
  start_lopong --tcp
  loping_result latency "${FAST[@]}" "$PORT"
  expect_json '["system","release","architecture","cpu_model","cpu_count","memory_bytes","virtualization",
      "machine_product","cpu_governor","cpu_frequency_driver","cpu_turbo","cpu_idle_driver","cpu_idle_governor",
      "cpu_idle_states","clock_source","load_1m","steal_percent","loopback_mtu_bytes","tcp_congestion_control",
      "socket_receive_buffer_bytes","socket_send_buffer_bytes","tcp_receive_buffer_bytes","tcp_send_buffer_bytes",
      "libuv_version"] - (.environment | keys) == []' \
    '[.environment[] | select(. == "" or . == -1)] == []'
}

# The CPU time that a process has used.
cpu_ns() {
  awk -v tick_ns=$((1000000000 / $(getconf CLK_TCK))) '{ sub(/.*\) /, ""); print ($12 + $13) * tick_ns }' "/proc/$1/stat"
}

has_used_ns() {
  [ "$(cpu_ns "$2")" -ge "$1" ]
}

@test "the CPU time of client and server is that of the run" {
  [ -e /proc/stat ] || skip "needs Linux"
  start_lopong --tcp
  local before
  before=$(cpu_ns "$LOPONG_PID")
  start_loping measured latency --duration 1h --warmup 0 --json "$RESULT" "$PORT"
  # Linux counts another process's CPU time in ticks of 10 ms. A server of one thread has used 600 ms after 600 ms at the
  # earliest, and of less than 500 ms nothing is said of the machine.
  wait_until has_used_ns $((before + 600000000)) "$LOPONG_PID"
  kill -INT "$LOPING_PID"
  wait_loping
  expect_status 0
  expect_json ".runs[0].cpu_use | .server_cpus * .elapsed_ns
      | . >= 550000000 and . - 1 <= $(($(cpu_ns "$LOPONG_PID") - before))" \
    '.runs[0].cpu_use | .elapsed_ns >= 0.99 * 600000000 and .client_cpus > 0 and .client_cpus < 1.2' \
    '.runs[0].cpu_use | (.client_cpus - (.client_user_ns + .client_system_ns) / .elapsed_ns | fabs) < 1e-9' \
    '.runs[0].cpu_use | .server_cpus > 0 and .server_cpus < 1.2 and .other_cpus >= 0' \
    '.runs[0].cpu_use.steal_percent | . >= 0 and . <= 100' '.environment.steal_percent == .runs[0].cpu_use.steal_percent'
}

@test "a plain echo server's CPU time is unknown, and so is that of others" {
  start_peer tcp4 echo
  loping_result latency --duration 600ms --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0].cpu_use | .client_cpus > 0 and .server_cpus == null and .other_cpus == null'
}

# --- notes ------------------------------------------------------------------------------------------------------------

# A clear peak by client/delayed_ack.h, with a little room at its edges. On a busy machine there may be none, for the
# CPU comes late, too.
peaks_at_40_ms() {
  awk '$1 > 39.1e6 && $1 < 55.9e6 { here++ }
       $1 > 21.9e6 && $1 <= 39.1e6 { before++ }
       $1 >= 55.9e6 && $1 < 73.1e6 { after++ }
       END { exit !(here >= 3 && here >= 4 * before && here >= 2 * after) }' "$1"
}

@test "with Nagle's algorithm on, delayed acknowledgements show and are explained" {
  [ -e /proc/sys/net/ipv4/tcp_rmem ] || skip "the 40 ms are Linux's"
  start_lopong --tcp
  loping_result latency --no-nodelay --warmup 0 --count 40 --raw "$BATS_TEST_TMPDIR/raw" "$PORT"
  expect_status 0
  expect_json '.runs[0].workload | .nodelay == false and .writes_per_message == 2' '.runs[0].rtt_ns.max > 39e6'
  if peaks_at_40_ms "$BATS_TEST_TMPDIR/raw"; then
    expect_json '.runs[0].notes | any(contains("about 40 ms") and contains("--no-nodelay"))'
    expect_contains "$output" "took about 40 ms"
  fi
}

@test "two writes alone, or Nagle's algorithm alone, cost no 40 ms" {
  start_lopong --tcp
  loping_result latency --writes 2 --warmup 0 --count 40 "$PORT"
  expect_status 0
  expect_json '.runs[0].workload | .nodelay and .writes_per_message == 2' \
    '.runs[0].rtt_ns.p50 < 39e6' '.runs[0].errors.corrupted == 0'
  loping_result latency --no-nodelay --writes 1 --warmup 0 --count 40 "$PORT"
  expect_status 0
  expect_json '.runs[0].workload | (.nodelay | not) and .writes_per_message == 1' '.runs[0].rtt_ns.p50 < 39e6'
}

@test "a server that answers in two writes is told of TCP_NODELAY" {
  [ -e /proc/sys/net/ipv4/tcp_rmem ] || skip "the 40 ms are Linux's"
  start_server_script two_writes.py 64
  loping_result latency --warmup 0 --count 40 --raw "$BATS_TEST_TMPDIR/raw" "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.max > 39e6'
  if peaks_at_40_ms "$BATS_TEST_TMPDIR/raw"; then
    expect_json '.runs[0].notes | any(contains("about 40 ms") and contains("a server that answers in several"))'
  fi
}

@test "messages in more writes than bytes arrive whole" {
  start_lopong --tcp
  loping_result latency "${FAST[@]}" --writes 16 --size 5 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 50 and .runs[0].errors.corrupted == 0'
  loping_result latency "${FAST[@]}" --writes 7 --size 100 --depth 8 "$PORT"
  expect_status 0
  expect_json '.runs[0].rtt_ns.count == 50 and .runs[0].errors.corrupted == 0'
}

@test "options of TCP are refused where there is no TCP" {
  loping latency --no-nodelay --udp 1
  expect_status 2
  expect_contains "$stderr" "--no-nodelay is about TCP, and --udp has no Nagle's algorithm"
  loping latency --no-nodelay unix:/tmp/x
  expect_status 2
  expect_contains "$stderr" "--no-nodelay is about TCP, and a unix socket has no Nagle's algorithm"
  loping latency --writes 2 --udp 1
  expect_status 2
  expect_contains "$stderr" "a datagram leaves in one send call"
  loping latency --writes 0 1
  expect_status 2
  expect_contains "$stderr" "--writes"
}

@test "an asked percentile beyond the samples is named, one within is not" {
  start_lopong --tcp
  loping_result latency --warmup 0 --count 20000 --percentiles 99.9,99.9999 "$PORT"
  expect_status 0
  expect_json '.runs[0].notes | any(contains("p99.9999 is the slowest"))'
  loping_result latency --warmup 0 --count 20000 --percentiles 99.9 "$PORT"
  expect_json '.runs[0].notes | all(contains("is the slowest") | not)'
}

@test "load from elsewhere during the run is named with its figure" {
  [ -e /proc/stat ] || skip "needs Linux"
  start_lopong --tcp
  local cpu
  # More than the machine may have to spare.
  for cpu in $(allowed_cpus); do
    start_background "burner.$cpu" python3 -I -S -c 'while True: pass'
  done
  loping_result latency --duration 1s --warmup 0 "$PORT"
  expect_status 0
  expect_json '.runs[0].cpu_use.other_cpus > 0.2' '.runs[0].notes | any(test("Other programs used [0-9.]+ of the [0-9]+ CPUs"))'
}

@test "no note comes twice on the card" {
  start_lopong --tcp
  loping --duration 600ms --warmup 0 "$PORT"
  expect_status 0
  expect_equal "" "$(grep '^note:' <<< "$output" | cut -c 1-30 | sort | uniq -d)"
}
