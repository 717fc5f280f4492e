#!/usr/bin/env bats
# The page of a result, in headless Chromium: it stands alone, its numbers are the JSON's, and strange texts stay texts.

load ../cli/test_helper
load ../cli/loping_helper
load page_helper

setup() {
  need_command chromium
  cd "$BATS_TEST_TMPDIR" || return 1
}

# What stands on the page beside what the result inside says, for each number that has its place.
# shellcheck disable=SC2016 # JavaScript
COMPARE_NUMBERS='(() => {
  const results = [...document.querySelectorAll("script.loping-result")].map((each) => JSON.parse(each.textContent));
  const wrong = [];
  const all = [...document.querySelectorAll("data[data-json]")];
  for (const one of all) {
    const values = results.map((result) => one.dataset.json.split(".").reduce((at, key) => at?.[key], result));
    if (!values.some((value) => value === Number(one.value))) wrong.push([one.dataset.json, one.value, values]);
  }
  return {count: all.length, wrong};
})()'

@test "every number on the page is the result's own, and no error comes to the console" {
  start_lopong
  loping --duration 200ms --warmup 0 --html page.html --json result.json "$PORT"
  expect_status 0
  in_browser page.html 1280 "$COMPARE_NUMBERS"
  expect_equal "[]" "$(jq -c .wrong <<< "$output")"
  [ "$(jq .count <<< "$output")" -gt 60 ]
  # The result inside is the result file.
  # shellcheck disable=SC2016
  in_browser page.html 1280 'JSON.parse(document.querySelector("script.loping-result").textContent)'
  expect_equal "$(jq -S . result.json)" "$(jq -S . <<< "$output")"
}

@test "of every workload, every number on the page is the result's own" {
  local arguments
  start_lopong
  while read -r -a arguments; do
    loping "${arguments[@]}" --html page.html "$PORT"
    expect_status 0
    in_browser page.html 800 "$COMPARE_NUMBERS"
    expect_equal "[]" "$(jq -c .wrong <<< "$output")"
    [ "$(jq .count <<< "$output")" -gt 15 ]
  done << 'RUNS'
anatomy --warmup 0 --count 200
connect --warmup 0 --count 50
throughput --warmup 0 --direction up --duration 100ms
throughput --warmup 0 --direction down --duration 100ms
latency --warmup 0 --udp --rate 500 --count 100 --percentiles 50,99.5
ping --count 2 --interval 20ms
RUNS
}

@test "each chart has its values under the arrow keys, and a table behind it" {
  start_lopong
  loping latency --count 2000 --warmup 0 --html page.html "$PORT"
  expect_status 0
  in_browser page.html 1280 '[...document.querySelectorAll("figure")].map((figure) => {
    const chart = figure.querySelector("svg");
    chart.focus();
    chart.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true, cancelable: true}));
    return {rows: figure.querySelectorAll("tbody tr").length, value: figure.querySelector(".value").textContent,
            name: chart.getAttribute("aria-label"), mark: chart.querySelectorAll(".mark").length};
  })'
  [ "$(jq length <<< "$output")" -ge 5 ]
  expect_equal true "$(jq 'all(.[]; .rows > 0 and .value != "" and .name != "" and .mark == 1)' <<< "$output")"
}

@test "the page fits a phone, a tablet and a desk without scrolling sideways" {
  local width
  start_lopong
  loping --duration 100ms --warmup 0 --html page.html "$PORT"
  for width in 360 800 1280; do
    in_browser page.html $width '[document.documentElement.scrollWidth, window.innerWidth]'
    expect_equal true "$(jq '.[0] <= .[1]' <<< "$output")"
  done
}

@test "hostile texts in a result stay texts" {
  start_lopong
  loping latency --count 100 --warmup 0 --json result.json "$PORT"
  jq '.environment.cpu_model = "</script ><img src=x onerror=alert(1)>" | .runs[0].notes = ["<b>bold</b> & \"quotes\" '"'"'"]
      | .runs[0].workload.address = "\"><script>document.title=1</script>" | .command_line = ["<i>", "\u001b[31m", "]]>"]
      | .environment["<u>key</u>"] = "x"' result.json > hostile.json
  loping report hostile.json -o page.html
  expect_status 0
  in_browser page.html 1280 '({
    strange: document.querySelectorAll("img, i, u, body script:not(.loping-result):not(:last-of-type)").length,
    bold: [...document.querySelectorAll(".note")].map((each) => each.textContent),
    title: document.title, model: JSON.parse(document.querySelector("script.loping-result").textContent).environment.cpu_model,
    shown: document.body.textContent.includes("</script ><img src=x onerror=alert(1)>")})'
  expect_equal 0 "$(jq .strange <<< "$output")"
  expect_contains "$(jq -r '.bold[0]' <<< "$output")" "<b>bold</b> & \"quotes\""
  expect_equal "</script ><img src=x onerror=alert(1)>" "$(jq -r .model <<< "$output")"
  expect_equal true "$(jq .shown <<< "$output")"
  expect_contains "$(jq -r .title <<< "$output")" "<script>document.title=1</script>"
}

@test "nothing but its own style and script runs: the policy refuses what is put into the page" {
  start_lopong
  loping latency --count 100 --warmup 0 --html page.html "$PORT"
  sed 's|</body>|<script>document.title = "taken"</script></body>|' page.html > changed.html
  run_timeout 120 python3 "$REPOSITORY/tests/page/browser.py" changed.html 800 'document.title'
  expect_status 1
  # shellcheck disable=SC2154 # in_browser sets it
  expect_contains "$stderr" "Content Security Policy"
}

@test "several results are drawn over each other, with the verdicts of compare" {
  start_lopong
  local file
  for file in a b; do
    loping latency --count 2000 --warmup 0 --json $file.json "$PORT"
  done
  loping report a.json b.json -o page.html
  expect_status 0
  in_browser page.html 800 '({lines: document.querySelector("figure svg").querySelectorAll("path.line").length,
    heads: [...document.querySelectorAll("h2")].map((each) => each.textContent),
    rows: document.querySelectorAll("section table")[0].rows.length})'
  expect_equal Verdicts "$(jq -r '.heads[0]' <<< "$output")"
  [ "$(jq .lines <<< "$output")" -ge 2 ] && [ "$(jq .rows <<< "$output")" -ge 3 ]
  in_browser page.html 800 "$COMPARE_NUMBERS"
  expect_equal "[]" "$(jq -c .wrong <<< "$output")"
}

@test "each term leads to what explain says of it" {
  start_lopong
  loping latency --count 2000 --warmup 0 --html page.html "$PORT"
  in_browser page.html 800 '[...document.querySelectorAll("a.word")].map((each) => [each.textContent,
    document.querySelector(each.getAttribute("href"))?.textContent ?? null])'
  [ "$(jq length <<< "$output")" -ge 3 ]
  expect_equal true "$(jq 'all(.[]; .[1] != null)' <<< "$output")"
  in_browser page.html 800 'document.querySelector("#words").textContent'
  expect_contains "$(jq -r . <<< "$output")" "99 of 100 round trips took no longer than this"
}
