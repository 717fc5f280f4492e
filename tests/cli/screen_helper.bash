# What tests share that look at a terminal as a person would (screen.py). `load` it after test_helper.
# shellcheck shell=bash

export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1

# on_screen ARGUMENT... << 'PY': a script that has Terminal and expect, both programs as LOPONG and LOPING, and the port
# of the last server as PORT; the arguments from sys.argv[4] on.
on_screen() {
  {
    printf 'import os, re, signal, sys, time\nfrom screen import Terminal, expect\nLOPONG, LOPING, PORT = sys.argv[1:4]\n'
    cat
  } > "$BATS_TEST_TMPDIR/script.py"
  run --separate-stderr timeout --kill-after=5 "$((DEADLINE_SECONDS * 3))" \
    "$SCREEN_PYTHON" "$BATS_TEST_TMPDIR/script.py" "$LOPONG" "$LOPING" "${PORT:-}" "$@"
  expect_status 0
}
