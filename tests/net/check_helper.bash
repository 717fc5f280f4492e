# What the tests of `loping check` share: a laboratory, which is a network namespace of its own with its own processes.
# All of it ends with its first process, also when a test is killed: the namespaces, the rules, the servers.
# shellcheck shell=bash

# need_lab COMMAND...: root, namespaces, and the commands that the laboratory's rules are made with.
need_lab() {
  need_network_namespace
  need_command setpriv python3 jq "$@"
}

# lab << 'LAB': runs the script on stdin in a laboratory, after lab_prelude.bash, whose verbs it uses. Fails with what
# it printed.
lab() {
  cat > "$BATS_TEST_TMPDIR/lab.bash"
  timeout --kill-after=5 "$((DEADLINE_SECONDS * 3))" \
    unshare --net --pid --fork --kill-child --mount-proc \
    bash "$REPOSITORY/tests/net/lab_prelude.bash" "$BATS_TEST_TMPDIR/lab.bash" "$BATS_TEST_TMPDIR" < /dev/null
}

# farm << 'LAB': like lab, with the verbs of farm_prelude.bash: a real server, and what a check leaves in its log.
farm() {
  lab < <(cat "$REPOSITORY/tests/net/farm_prelude.bash" -)
}
