# What the tests of --threads share, beside test_helper.
# shellcheck shell=bash

setup() {
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
  SOCKET=$BATS_TEST_TMPDIR/threads.sock
}

# number_of LABEL: from the summary.
number_of() {
  sed -n "s/^  $1: //p" "$LOPONG_OUT" | tr -d ,
}

# Python: sockets_of_loops(pid, listening) is how many connections each event loop of the server watches, the
# fewest first; of_each_loop() has them by the descriptor of the loop. A loop watches a connection from its next turn
# on, which may come after the first echo: await_spread(pid, listening, wanted) waits for it.
LOOPS='
import os, re, sys, time
from lopong_client import *
def of_each_loop(pid, listening):
    def target(number):
        try:
            return os.readlink(f"/proc/{pid}/fd/{number}")
        except OSError:
            return ""
    counts = {}
    for number in os.listdir(f"/proc/{pid}/fd"):
        if target(number) != "anon_inode:[eventpoll]":
            continue
        with open(f"/proc/{pid}/fdinfo/{number}") as watched:
            numbers = re.findall(r"^tfd: +([0-9]+)", watched.read(), re.M)
        sockets = [target(each) for each in numbers]
        counts[number] = sum(each.startswith("socket:") and each not in listening for each in sockets)
    return counts
def sockets_of_loops(pid, listening):
    return sorted(of_each_loop(pid, listening).values())
def await_spread(pid, listening, wanted):
    until(lambda: sum(sockets_of_loops(pid, listening)) == sum(wanted))
    assert sockets_of_loops(pid, listening) == wanted, (sockets_of_loops(pid, listening), wanted)
def all_sockets(pid):
    links = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{number}"))
        except OSError:
            pass
    return {each for each in links if each.startswith("socket:")}
'
