# What the tests of two programs on one port number share.
# shellcheck shell=bash

# in_namespace HOSTS SCRIPT: with the lines of HOSTS as /etc/hosts, "four" on 127.0.0.1:7777 and "six" on [::1]:7777, or
# on the addresses FOUR and SIX.
in_namespace() {
  printf '%b' "$1" > "$BATS_TEST_TMPDIR/hosts"
  printf 'hosts: files\n' > "$BATS_TEST_TMPDIR/nsswitch.conf"
  run --separate-stderr timeout --kill-after=5 "$((DEADLINE_SECONDS * 2))" unshare --net --mount --pid --fork --kill-child \
    bash -euc '
      P=7777
      mount -t proc proc /proc
      mount --bind "$BATS_TEST_TMPDIR/hosts" /etc/hosts
      mount --bind "$BATS_TEST_TMPDIR/nsswitch.conf" /etc/nsswitch.conf
      ip link set lo up
      for name in four six; do
        address=$([ $name = four ] && echo "${FOUR:-127.0.0.1}" || echo "${SIX:-::1}")
        python3 -I -S "$REPOSITORY/tests/peers/named_http.py" $name "$address" $P > "$BATS_TEST_TMPDIR/$name" 2>&1 &
        until grep -qs listening "$BATS_TEST_TMPDIR/$name"; do sleep 0.02; done
      done
      '"$2" < /dev/null
  # shellcheck disable=SC2034,SC2154 # for the tests; of run
  words=$(tr -s ' \n' ' ' <<< "$output $stderr")
}
