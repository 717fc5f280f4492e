#!/usr/bin/env bats
# What many streams at once hold of the kernel's memory on loping's side.

load test_helper
load loping_helper

setup() {
  [ "$(uname -s)" = Linux ] && [ "${PLATFORM:-linux}" = linux ] || skip "elsewhere the buffers are the system's own"
  need_command ss
}

# unsent_of_all: a line for each connection to PORT, how many bytes were not sent yet.
unsent_of_all() {
  ss -tinHO state established "dport = :$PORT" | sed -n -E 's/.* notsent:([0-9]+).*/\1/p; t; s/.*/0/p'
}

all_stand() {
  [ "$(ss -tnHO state established "dport = :$PORT" | wc -l)" -eq "$1" ] && unsent_of_all | grep -qv '^0$'
}

# Nothing moves any more: twice the same.
is_stuck() {
  local before=$seen
  seen=$(unsent_of_all)
  [ "$seen" = "$before" ]
}

# measure_unsent STREAMS: sets `most`, of any of so many streams to a server that reads no more.
measure_unsent() {
  local seen=
  start_lopong --tcp
  start_loping streams throughput --connections "$1" --warmup 0 --duration 60s --timeout 60s "$PORT"
  wait_until all_stand "$1"
  kill -STOP "$LOPONG_PID"
  wait_until is_stuck
  kill -KILL "$LOPING_PID"
  kill -CONT "$LOPONG_PID"
  most=$(sort -n <<< "$seen" | tail -n 1)
  echo "$most bytes at most"
}

@test "of many streams little stands unsent in each socket, so that they do not press the machine's TCP memory" {
  local most
  measure_unsent 65
  [ "$most" -gt 0 ] && [ "$most" -le $((256 * 1024)) ]
}

@test "a few streams send as the system lets them" {
  local most
  measure_unsent 2
  [ "$most" -gt $((256 * 1024)) ]
}
