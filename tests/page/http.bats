#!/usr/bin/env bats
# The page of lopong --http in headless Chromium: it is there, it lives, it measures, and nothing strange becomes part of it.

load ../cli/test_helper
load ../cli/loping_helper
load page_helper

setup() {
  need_command chromium
  cd "$BATS_TEST_TMPDIR" || return 1
}

# until(CONDITION) is true once that is; a condition that never is makes the test end by its time.
UNTIL='const until = async (is) => { while (!is()) await new Promise((on) => setTimeout(on, 20)); return true; };
  const text = (id) => document.getElementById(id).textContent;'

@test "the page loads and measures by itself, without a word on the console or to anybody else" {
  start_lopong --tcp --http
  in_browser "http://127.0.0.1:$PORT/" 1280 "(async () => { $UNTIL
    await until(() => !document.getElementById('again').disabled);
    return {median: text('trip-median'), least: text('trip-least'), words: text('trip-words'), title: document.title,
            isolated: crossOriginIsolated, command: document.querySelector('.commands code').textContent}; })()"
  expect_matches "$(jq -r .median <<< "$output")" '^[0-9.]+ (µs|ms)$'
  expect_matches "$(jq -r .least <<< "$output")" '^[0-9.]+ (µs|ms)$'
  expect_matches "$(jq -r .words <<< "$output")" '^50 round trips by this browser.*moves in steps of [0-9.]+ (ns|µs|ms)'
  expect_equal true "$(jq .isolated <<< "$output")"
  expect_equal "loping $PORT" "$(jq -r .command <<< "$output")"
  expect_equal "lopong on 127.0.0.1:$PORT" "$(jq -r .title <<< "$output")"
}

@test "the counters move while clients send, and loping's last session stands beside the browser's figures" {
  start_lopong --tcp --http
  loping latency --count 300 --warmup 0 "$PORT"
  expect_status 0
  start_background client python3 -c "
import socket, time
client = socket.create_connection(('127.0.0.1', $PORT))
while True:
    client.sendall(b'hello')
    client.recv(5)
    time.sleep(0.01)"
  in_browser "http://localhost:$PORT/" 800 "(async () => { $UNTIL
    const messages = () => Number(document.querySelector('[data-counter=messages]').textContent.replaceAll(',', ''));
    await until(() => Number(text('rate')) > 0);
    const before = messages();
    await until(() => messages() > before);
    await until(() => text('native-legs') !== 'none yet');
    return {legs: text('native-legs'), steps: text('native-steps'), words: text('native-words'), live: text('counters-words')}; })()"
  expect_matches "$(jq -r .legs <<< "$output")" '^[0-9.]+ (ns|µs|ms)$'
  expect_matches "$(jq -r .steps <<< "$output")" '^[0-9.]+ (µs|ms)$'
  expect_contains "$(jq -r .words <<< "$output")" "256 messages"
  expect_contains "$(jq -r .live <<< "$output")" "Live, once a second."
}

@test "a hostile User-Agent stays text" {
  local agent="</td><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">'&"
  start_lopong --tcp --http
  in_browser "http://127.0.0.1:$PORT/" 1280 "({title: document.title, strange: document.querySelectorAll('img, script + script').length,
    cells: [...document.querySelectorAll('.fields td')].map((each) => each.textContent)})" "$agent"
  expect_equal "lopong on 127.0.0.1:$PORT" "$(jq -r .title <<< "$output")"
  expect_equal 0 "$(jq .strange <<< "$output")"
  expect_equal true "$(jq --arg agent "$agent" '.cells | index($agent) != null' <<< "$output")"
}

@test "the page fits a phone, a tablet and a desk without scrolling sideways" {
  local width
  start_lopong --tcp --http
  for width in 360 390 800 1280; do
    in_browser "http://127.0.0.1:$PORT/?$(printf 'x%.0s' {1..300})" $width '[document.documentElement.scrollWidth, window.innerWidth]'
    expect_equal true "$(jq '.[0] <= .[1]' <<< "$output")"
  done
}

@test "what is put into the page has no effect there, and HTML is not made of texts" {
  start_lopong --tcp --http
  run_timeout 120 python3 "$REPOSITORY/tests/page/browser.py" "http://127.0.0.1:$PORT/" 800 \
    'document.head.append(Object.assign(document.createElement("style"), {textContent: "body { display: none }"})); 1'
  expect_status 1
  # shellcheck disable=SC2154 # in_browser sets it
  expect_contains "$stderr" "Content Security Policy"
  run_timeout 120 python3 "$REPOSITORY/tests/page/browser.py" "http://127.0.0.1:$PORT/" 800 'document.body.innerHTML = "<b>x</b>"'
  expect_status 1
  expect_contains "$stderr" "TrustedHTML"
}

@test "a page of another site gets nothing it can read or run" {
  start_lopong --tcp --http
  cat > other.py << 'PY'
import http.server
class Other(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>other</title><link rel=icon href='data:,'>")
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Other)
print(server.server_port, flush=True)
server.serve_forever()
PY
  start_background other python3 other.py
  wait_until test -s other.out
  # What it asks for is complained about, and that is as it should be.
  run_timeout 120 python3 "$REPOSITORY/tests/page/browser.py" "http://127.0.0.1:$(cat other.out)/" 800 "(async () => {
    const target = 'http://127.0.0.1:$PORT', got = [];
    for (const [path, how] of [['/', {}], ['/ping', {}], ['/ping', {method: 'POST', body: '<script>1</script>'}],
                               ['/', {method: 'POST', body: 'x', mode: 'no-cors'}], ['/ping', {mode: 'no-cors'}]])
      got.push(await fetch(target + path, how).then((answer) => answer.text()).catch(() => null));
    got.push(await new Promise((on) => {
      const source = new EventSource(target + '/events');
      source.onmessage = (event) => on(event.data);
      source.onerror = () => on(null);
    }));
    got.push(await new Promise((on) => {
      const script = document.createElement('script');
      script.src = target + '/ping';
      script.onload = () => on('ran');
      script.onerror = () => on(null);
      document.head.append(script);
    }));
    if (got.every((each) => each === null)) throw new Error('all was refused');
    throw new Error(JSON.stringify(got)); })()"
  expect_status 1
  expect_contains "$stderr" "Error: all was refused"
  run --separate-stderr curl -q -sN --max-time 3 "http://127.0.0.1:$PORT/events"
  expect_contains "$output" '"messages":0,'
}
