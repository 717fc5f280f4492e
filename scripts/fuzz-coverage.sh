#!/bin/bash
# Shows how much of each parser its fuzzer reaches: runs every fuzzing entry point, SECONDS in all, shared evenly, and
# counts the lines of the functions that tests/fuzz/parsers.txt names for it. Ends with 1 if one is below 90 %, if a
# fuzzer finds something, or if a named file or function does not exist.
#
#   scripts/fuzz-coverage.sh BUILD SECONDS
#
# Built with gcc and without sanitizers (those are run-fuzz.sh's), in BUILD/fuzz/coverage.
set -u

cd "$(dirname "$0")/.." || exit 1
build=$1/fuzz/coverage
seconds=$2
table=tests/fuzz/parsers.txt
least_percent=90

case $seconds in
  '' | *[!0-9]*)
    echo "fuzz-coverage: FUZZ_SECONDS='$seconds' is not a whole number of seconds." >&2
    exit 2
    ;;
esac
for program in gcc gcov python3; do
  command -v $program > /dev/null && continue
  echo "fuzz-coverage: $program is not installed, and the lines are counted with it." >&2
  exit 2
done

make --no-print-directory -j"${JOBS:-1}" BUILD="$build" CC=gcc CFLAGS='-O0 -g --coverage' fuzz-programs || exit 1

entries=()
for program in "$build"/tests/fuzz/fuzz_*.o; do entries+=("$(basename "$program" .o)"); done
each=$(awk -v all="$seconds" -v count="${#entries[@]}" 'BEGIN { printf "%.3f", all / count }')
counts=$build/counts
rm -rf "$counts" && mkdir -p "$counts" || exit 1
status=0

# What an entry point reached is kept apart from what the others did.
for entry in "${entries[@]}"; do
  find "$build" -name '*.gcda' -delete
  if ! "$build/tests/fuzz/$entry" --seconds "$each" > "$counts/$entry.log" 2>&1; then
    echo "$entry: FAILED; the end of $counts/$entry.log:"
    tail -n 20 "$counts/$entry.log" | sed 's/^/    /'
    status=1
  fi
  mkdir -p "$counts/$entry"
  sed 's/#.*//' "$table" | while read -r fuzzer source _; do
    [ "$fuzzer" = "$entry" ] || continue
    gcda=$build/${source%.c}.gcda
    # A file without it was not linked or never ran; said below.
    [ ! -e "$gcda" ] || gcov --json-format --stdout "$gcda" > "$counts/$entry/${source//\//+}.json" 2> /dev/null
  done
done

python3 - "$table" "$counts" $least_percent << 'PYTHON' || status=1
import json, os, sys

table, counts, least_percent = sys.argv[1], sys.argv[2], int(sys.argv[3])
problems, rows, fuzzers_seen = [], [], set()


def lines_of(path, source):
    """The executable lines of each function, and which of them ran."""
    functions = {}
    with open(path) as file:
        for part in json.load(file)["files"]:
            if part["file"] != source:
                continue
            for line in part["lines"]:
                lines = functions.setdefault(line.get("function_name"), {})
                lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
    return functions


for number, text in enumerate(open(table), 1):
    words = text.split("#")[0].split()
    if not words:
        continue
    if len(words) != 3:
        problems.append(f"{table}:{number}: is not FUZZER SOURCE FUNCTIONS")
        continue
    fuzzer, source, names = words
    fuzzers_seen.add(fuzzer)
    if source == "-":
        continue
    path = os.path.join(counts, fuzzer, source.replace("/", "+") + ".json")
    if not os.path.exists(f"tests/fuzz/{fuzzer}.c") or not os.path.exists(source):
        problems.append(f"{table}:{number}: tests/fuzz/{fuzzer}.c or {source} does not exist")
        continue
    if not os.path.exists(path):
        problems.append(f"{table}:{number}: {fuzzer} does not reach {source} at all")
        continue
    functions = lines_of(path, source)
    wanted = list(functions) if names == "*" else names.split(",")
    missing = [name for name in wanted if name not in functions]
    problems += [f"{table}:{number}: {source} has no function {name}()" for name in missing]
    all_lines = {line: count for name in wanted for line, count in functions.get(name, {}).items()}
    if not all_lines:
        problems.append(f"{table}:{number}: {source} has no lines that count")
        continue
    reached = sum(1 for count in all_lines.values() if count > 0)
    gaps = sorted(line for line, count in all_lines.items() if count == 0)
    rows.append((source, fuzzer, names, len(all_lines), 100 * reached / len(all_lines), gaps))

for name in sorted(os.listdir("tests/fuzz")):
    if name.startswith("fuzz_") and name.endswith(".c") and name[:-2] not in fuzzers_seen:
        problems.append(f"{table}: no parser is named for {name}")

print(f"{'parser':<52} {'fuzzer':<26} {'lines':>5} {'covered':>8}")
for source, fuzzer, names, count, percent, gaps in rows:
    what = source if names == "*" else f"{source} ({len(names.split(','))} functions)"
    print(f"{what:<52} {fuzzer:<26} {count:>5} {percent:>6.1f} %")
    if percent < least_percent or os.environ.get("SHOW_GAPS"):
        print("    not reached: " + " ".join(map(str, gaps)))
low = [row for row in rows if row[4] < least_percent]
for problem in problems:
    print(problem)
print(f"{len(rows)} rows, {sum(row[3] for row in rows)} lines, {len(low)} rows below {least_percent} %")
sys.exit(1 if low or problems or not rows else 0)
PYTHON
exit $status
