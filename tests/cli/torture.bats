# Some of the trials of scripts/torture.sh, each of which failed once: the whole of them is `make torture`.

load test_helper

setup() {
  need_command python3 prlimit
  need_plain_build "the faults stand before libc's own functions"
  [ -e "$BUILD/tests/torture/fault_preload.so" ] || skip "needs tests/torture/fault_preload.so (make test-programs)"
}

torture() {
  run "$REPOSITORY/scripts/torture.sh" --build "$BUILD" --trial "$@"
  expect_equal 0 "$status" || {
    echo "$output"
    return 1
  }
}

# trials NAME FIRST LAST: of failing allocations
trials() {
  local number
  for ((number = $2; number <= $3; number++)); do echo "alloc:$1:$number"; done
}

@test "whatever allocation of a measurement fails, it ends with a sentence and status 3" {
  # shellcheck disable=SC2046 # a word for each trial
  torture $(trials latency-text 1 160)
}

@test "a result that memory did not suffice for is not written, and the old one stays" {
  # shellcheck disable=SC2046
  torture $(trials latency 60 140) $(trials check-json 100 180) alloc:wait-json:60+ alloc:latency-files:80+
}

@test "whatever allocation of check and ports fails, no verdict and no owner is made up" {
  # shellcheck disable=SC2046
  torture $(trials check 1 130) $(trials ports-text 1 110) $(trials check-unix 30 60) $(trials explain-port 1 80)
}

@test "a connection that the system refuses loping for want of memory is no finding about the port" {
  need_command strace
  torture calls:check:connect:ENOMEM:1 calls:check-json:connect:ENOMEM:1+ calls:check-several:connect:ENOMEM:2 \
    calls:check-udp:connect:ENOMEM:1 calls:check:write:ENOBUFS:2
}

@test "with few descriptors nothing crashes, and what was not looked into is not called absent" {
  torture limit:latency-files:{3..14} limit:check:{3..14} limit:ports:{3..14} limit:check-closed:{3..14}
  local number
  start_lopong
  for number in {6..14}; do
    run prlimit --nofile="$number:$number" "$LOPING" ports "$PORT"
    if [ "$status" -ne 0 ]; then
      expect_equal 3 "$status"
      expect_contains "$output" "file descriptors"
      expect_lacks "$output" "every one was looked into"
      expect_lacks "$output" "another container"
      expect_lacks "$output" "the kernel"
      expect_lacks "$output" "hidden"
    fi
  done
}

@test "a name that could not be looked up for want of memory or descriptors is not said to be unknown" {
  # shellcheck disable=SC2046
  torture $(trials check-name 25 65) $(trials latency-name 25 65) $(trials wait-name 25 65) \
    limit:{check,wait,latency}-name:{6..12}
}

@test "whatever allocation of a server fails, each JSON line is whole, and the summary is not lost" {
  # shellcheck disable=SC2046
  torture $(trials server-json 75 110) $(trials server-json 560 610)
}

@test "a system call that fails leads to no verdict about the port, no owner and no cause that is made up" {
  need_command strace
  torture calls:check:connect:ENOMEM:1 calls:check:socket:EMFILE:{4..9} calls:ports-text:getdents64:ENOMEM:{1..6} \
    calls:ports:readlinkat:ENOMEM:1+ calls:server-stale:connect:ENOMEM:{1,2} calls:server-stale:socket:EMFILE:1 \
    calls:check-name:openat:EMFILE:{10..16} calls:latency:write:ENOSPC:{1..6} calls:server-json:write:EIO:{1..8}
}

@test "explain tells a stdin that cannot be read from one that has nothing" {
  torture disk:explain-stdin:stdin-closed
}
