#!/usr/bin/env bats
# What is written to be looked at, pasted or counted by a CI system: --html, --svg, --markdown, --junit, and report.

load test_helper
load loping_helper

setup() {
  cd "$BATS_TEST_TMPDIR" || return 1
}

# measure ARGUMENT...: a short run against a lopong.
measure() {
  [ -n "${PORT:-}" ] || start_lopong
  loping latency --count 200 --warmup 0 "$@" "$PORT"
}

is_xml() {
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
}

@test "a page is one file that names nothing of a network" {
  measure --html page.html
  expect_status 0
  expect_equal "<!DOCTYPE html>" "$(head -n 1 page.html)"
  expect_contains "$(cat page.html)" "default-src 'none'; script-src 'sha256-"
  # An address of SVG's own is a name, and is not asked for anything.
  run grep -oE '(src|href)="[^#"][^"]*"|url\(|@import|https?://[a-z0-9.]*' page.html
  expect_equal "http://www.w3.org" "$(sort -u <<< "$output")"
  [ "$(stat -c %s page.html)" -lt 300000 ]
}

@test "the hashes that the policy names are those of the style and the script" {
  measure --html page.html
  python3 - << 'PYTHON'
import base64, hashlib, re
page = open("page.html").read()
for tag, directive in (("style", "style-src"), ("script", "script-src")):
    text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"{directive} 'sha256-{digest}'" in page, directive
PYTHON
}

@test "compare reads a page as it reads the result itself" {
  measure --html page.html --json result.json
  expect_status 0
  loping compare result.json page.html --json -
  expect_equal 0 "$(jq '[.comparisons[0].runs[0].figures[] | select(.baseline != .value)] | length' <<< "$output")"
  loping report page.html -o again.html
  expect_status 0
  loping report again.html -o - --quiet
  expect_status 2
  loping report again.html -o -
  expect_status 0
  expect_equal "$(cat again.html)" "$output"
}

@test "a page of several results is refused where one is wanted, with the way out" {
  measure --json a.json
  measure --json b.json
  loping report a.json b.json -o both.html
  expect_status 0
  loping compare a.json both.html
  expect_status 3
  expect_contains "$stderr" "is a page of 2 results, and one is wanted: download it from the page"
  echo "<!DOCTYPE html><p>hello" > other.html
  loping compare a.json other.html
  expect_status 3
  expect_contains "$stderr" "is a page without a result of loping in it"
}

@test "only runs of one workload are drawn over each other, wherever they stand in their files" {
  measure --json a.json
  loping throughput --duration 100ms --warmup 0 --json b.json "$PORT"
  jq -s '.[1].runs += .[0].runs | .[1]' a.json b.json > c.json
  loping report a.json b.json -o page.html --svg page.svg
  expect_status 0
  expect_lacks "$(cat page.html)" "<h3>b.json</h3>"
  expect_lacks "$(cat page.svg)" ">b.json<"
  loping report a.json c.json -o page.html --svg page.svg
  expect_status 0
  expect_contains "$(cat page.html)" "<h3>c.json</h3>"
  expect_contains "$(cat page.html)" 'data-json="runs.1.rtt_ns.p50"'
  expect_contains "$(cat page.svg)" ">c.json<"
}

@test "pictures are well-formed, and tables have one row for each run" {
  start_lopong
  loping --duration 100ms --warmup 0 --svg card.svg --markdown card.md "$PORT"
  expect_status 0
  is_xml card.svg
  expect_contains "$(cat card.svg)" "latency to 127.0.0.1:$PORT (tcp)"
  expect_equal 2 "$(grep -c '^|---:|' card.md)"
  expect_contains "$(cat card.md)" "| p50 | p99 |"
  expect_contains "$(cat card.md)" "**throughput echo to 127.0.0.1:$PORT (tcp)**"
}

@test "each --fail-if is a case of --junit, and so is the data itself" {
  measure --junit cases.xml --fail-if 'p99>1ns' --fail-if 'lost>0'
  expect_status 1
  is_xml cases.xml
  expect_contains "$(cat cases.xml)" '<testsuites tests="3" failures="1">'
  expect_contains "$(cat cases.xml)" 'name="p99&gt;1ns">'
  expect_contains "$(cat cases.xml)" 'name="lost&gt;0"/>'
  expect_contains "$(cat cases.xml)" 'name="every message came back once, byte for byte"/>'
}

@test "a run that failed is a failed case" {
  loping latency --count 1 --junit cases.xml 1
  expect_status 3
  is_xml cases.xml
  expect_contains "$(cat cases.xml)" 'failures="1"'
  expect_contains "$(cat cases.xml)" "cannot connect to 127.0.0.1:1"
}

@test "compare and ports --expect write cases as well" {
  measure --json a.json
  loping compare a.json a.json --junit compare.xml
  is_xml compare.xml
  # Too short for a verdict: nothing was judged, and that is no success.
  expect_contains "$(cat compare.xml)" 'failures="1"'
  : > nothing.txt
  loping ports --expect nothing.txt --junit ports.xml "$PORT"
  expect_status 1
  is_xml ports.xml
  expect_contains "$(cat ports.xml)" "<failure message=\"it listens, and --expect does not name it\">"
  loping ports --junit ports.xml
  expect_status 2
  expect_contains "$stderr" "--junit tells what one look with --expect found; add --expect"
}

@test "report says what it lacks, and writes nothing over what it reads" {
  measure --json a.json
  loping report
  expect_status 2
  expect_contains "$stderr" "report takes 1 to 8 result files, and here are 0"
  loping report a.json
  expect_status 2
  expect_contains "$stderr" "name the page with -o"
  loping report a.json -o a.json
  expect_status 2
  cp a.json before.json
  loping report none.json -o page.html
  expect_status 3
  expect_contains "$stderr" "'none.json' cannot be read"
  [ ! -e page.html ]
  loping report a.json -o /nowhere/page.html
  expect_status 3
  expect_contains "$stderr" "cannot write '/nowhere/page.html'"
  cmp a.json before.json
}

@test "hostile texts stay texts in pictures and tables" {
  measure --json result.json
  jq '.runs[0].workload.address = "<b>|x` & \u001b[31m" | .environment.cpu_model = "]]><script>"' result.json > hostile.json
  loping report hostile.json --svg hostile.svg --markdown hostile.md -o hostile.html
  expect_status 0
  is_xml hostile.svg
  expect_contains "$(cat hostile.md)" '\<b\>\|x\` \& \\x1b'
  run grep -c '<script>' hostile.md
  expect_equal 0 "$output"
}
