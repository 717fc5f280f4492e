#!/bin/bash
# Faults of every kind against both programs, and one oracle for all: tests/torture/torture.py drives them, and
# `scripts/torture.sh --help` lists its options. A failed trial prints the command that repeats it.
set -u

cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/sbin:/sbin exec python3 -B tests/torture/torture.py "$@"
