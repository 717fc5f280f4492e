#!/usr/bin/env bats
# lopong --http: a browser on this machine gets a page, nobody else gets anything of it, and all that is no request is
# echoed as ever.

load test_helper
load loping_helper

setup() {
  need_command curl
  export PYTHONPATH=$REPOSITORY/tests/cli PYTHONDONTWRITEBYTECODE=1
}

# get PATH CURL_ARGUMENT...: sets output to the answer with its head, without carriage returns.
get() {
  local path=$1
  shift
  run --separate-stderr curl -q -si --noproxy '*' --max-time "$DEADLINE_SECONDS" "$@" "http://127.0.0.1:$PORT$path"
  output=${output//$'\r'/}
}

# expect_answer STATUS: of the last get.
expect_answer() {
  expect_equal "HTTP/1.1 $1" "$(head -n 1 <<< "$output" | cut -d ' ' -f 1,2)"
}

# expect_policies: each answer has these, and none is for other sites. The hashes are those of the page.
expect_policies() {
  local policy="default-src 'none'; style-src 'sha256-X'; script-src 'sha256-X'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
  expect_equal "Content-Security-Policy: $policy
X-Content-Type-Options: nosniff
X-Frame-Options: DENY
Referrer-Policy: no-referrer
Cross-Origin-Resource-Policy: same-origin
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Embedder-Policy: require-corp
Cache-Control: no-store" "$(sed '/^$/q' <<< "$output" | sed -E "s/'sha256-[A-Za-z0-9+/]{43}='/'sha256-X'/g" |
    sed -n '/^Content-Security-Policy/,/^Cache-Control/p')"
  expect_lacks "$output" "Access-Control"
}

@test "a browser gets a page with what it sent, how to measure, and what is counted" {
  start_lopong --tcp --http
  get / -H 'User-Agent: Mozilla/5.0' -H 'X-Own: 1 2'
  expect_answer 200
  expect_policies
  expect_contains "$output" "Content-Type: text/html; charset=utf-8"
  expect_contains "$output" "<code>loping $PORT</code>"
  expect_contains "$output" "<title>lopong on 127.0.0.1:$PORT</title>"
  expect_contains "$output" '<th scope="row">X-Own</th><td>1 2</td>'
  expect_contains "$output" 'data-counter="messages">0<'
  # The policy names what the page has, and it is as long as it says.
  run_python "$PORT" << 'PY'
import base64, hashlib, re, sys, urllib.request
answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{sys.argv[1]}/")
page, policy = answer.read(), answer.headers["Content-Security-Policy"]
assert len(page) == int(answer.headers["Content-Length"])
for tag in "style", "script":
    inside = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page, re.S)
    assert len(inside) == 1, tag
    assert f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(inside[0]).digest()).decode()}'" in policy, tag
assert not re.search(rb"(src|href)=.?(https?:)?//", page)
PY
  expect_status 0
}

@test "on IPv6, and by a name, the page has the address that it came by" {
  start_lopong --tcp --http --bind ::1
  run --separate-stderr curl -q -s --noproxy '*' "http://[::1]:$PORT/" -H "Host: lopong.localhost:$PORT"
  expect_contains "$output" "<code>loping [::1]:$PORT</code>"
}

@test "HEAD has the head alone, and unknown paths and methods are refused" {
  start_lopong --tcp --http
  get / --head
  expect_answer 200
  expect_policies
  [ "$(sed -n 's/^Content-Length: //p' <<< "$output")" -gt 5000 ]
  expect_lacks "$output" "<html"
  get /nowhere
  expect_answer 404
  expect_policies
  expect_contains "$output" "Content-Type: text/plain; charset=utf-8"
  expect_contains "$output" "The page is at /."
  for method in POST PUT DELETE OPTIONS; do
    get /ping -X $method -d body
    expect_answer 405
    expect_policies
    expect_contains "$output" "Allow: GET, HEAD"
    expect_contains "$output" "Connection: close"
  done
  get /events --head
  expect_answer 200
  expect_contains "$output" "Content-Type: text/event-stream"
}

@test "only a Host that is this machine's loopback is answered, and nothing of another comes back" {
  start_lopong --tcp --http
  for host in 127.0.0.1 "127.0.0.1:$PORT" '[::1]:1' localhost app.localhost:80; do
    get /ping -H "Host: $host"
    expect_answer 200
  done
  for host in evil.example "evil.example:$PORT" 127.0.0.1.evil.example '[::1].x' 127.0.0.1@evil.example \
    'localhost:x@evil.example' 0.0.0.0 127.1 localhost.evil.example '127.0.0.1, evil.example'; do
    for path in / /ping /events "/<script>"; do
      get "$path" -H "Host: $host"
      expect_answer 421
      expect_policies
      expect_lacks "$output" "evil"
      expect_lacks "$output" "<"
    done
  done
  get / -H 'Host;'
  expect_answer 421
  get / -H 'Host:'
  expect_answer 400
}

@test "what another site's page has its browser ask for gets nothing" {
  start_lopong --tcp --http
  get /ping -H "Origin: http://127.0.0.1:$PORT"
  expect_answer 200
  for path in / /ping /events; do
    for origin in http://evil.example null "https://127.0.0.1:$PORT" http://127.0.0.1:1; do
      for method in GET POST; do
        get $path -X $method -H "Origin: $origin"
        expect_answer 403
        expect_policies
        expect_lacks "$output" "evil"
      done
    done
  done
  get /events -H "Sec-Fetch-Site: cross-site"
  expect_answer 403
  get / -H "Sec-Fetch-Site: cross-site" -H "Sec-Fetch-Mode: navigate"
  expect_answer 200
}

@test "hostile values are text on the page, and cookies are not on it" {
  start_lopong --tcp --http
  get '/?<i>' --globoff -A '<script>alert(1)</script>' -H $'X-Evil: "\'><img src=x onerror=alert(1)>&' -H $'X-Bytes: \xff\x85' \
    -H 'Cookie: a=secret'
  expect_answer 200
  expect_contains "$output" "<code id=\"request\">GET /?&lt;i&gt; HTTP/1.1</code>"
  expect_contains "$output" "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>"
  expect_contains "$output" "<td>&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;</td>"
  expect_contains "$output" "<td>\\xff\\x85</td>"
  expect_contains "$output" "<em>8 bytes that are not shown"
  expect_lacks "$output" "secret"
  expect_lacks "$output" "<img"
}

@test "requests follow each other on one connection, in pieces and together, within bounds" {
  start_lopong --tcp --http
  run_python "$PORT" << 'PY'
import re, socket, sys
from lopong_client import *
GET = b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
def answer(client):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            return head, b""
        head += byte
    return head, read_exactly(client, int(re.search(rb"Content-Length: (\d+)", head).group(1)))
def is_fine(client):
    head, body = answer(client)
    return head.startswith(b"HTTP/1.1 200 ") and b"keep-alive" in head and body == b"pong\n"
client = connect(sys.argv[1])
for _ in range(20):
    client.sendall(GET)
    assert is_fine(client)
# A later request may come in pieces, each of them read by itself.
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for cut in range(1, len(GET)):
    client.sendall(GET[:cut])
    client.sendall(GET[cut:])
    assert is_fine(client), cut
for byte in GET:
    client.sendall(bytes([byte]))
assert is_fine(client)
client.sendall(GET + GET + GET[:10])
assert is_fine(client) and is_fine(client)
client.sendall(GET[10:])
assert is_fine(client)
# What is no request ends it.
client.sendall(b"hello\r\n\r\n")
head, body = answer(client)
assert head.startswith(b"HTTP/1.1 400 ") and b"Connection: close" in head and b"hello" not in body
assert ends(client)
# So does a head that has no end.
client = connect(sys.argv[1])
client.sendall(GET)
assert is_fine(client)
try:
    client.sendall(b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * 9000)
except OSError:
    pass
assert answer(client)[0].startswith(b"HTTP/1.1 431 ")
# Of many at once the first eight are answered, and the last of these says that it is the last.
client = connect(sys.argv[1])
client.sendall(GET * 100)
answers = []
try:
    while True:
        head, body = answer(client)
        if not head:
            break
        answers.append(head)
except OSError:
    pass
assert 1 <= len(answers) <= 8, len(answers)
# HTTP/1.0 and "close" end it in good order.
for request in b"GET /ping HTTP/1.0\r\nHost: localhost\r\n\r\n", GET[:-2] + b"Connection: close\r\n\r\n":
    client = connect(sys.argv[1])
    client.sendall(request)
    head, body = answer(client)
    assert b"Connection: close" in head and body == b"pong\n" and ends(client)
PY
  expect_status 0
}

@test "with --http all that is no whole request in the first read is echoed as ever, and loping measures" {
  start_lopong --http
  run_python "$PORT" << 'PY'
import socket, sys, time
from lopong_client import *
for payload in b"hello\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"get / HTTP/1.1\r\n\r\n", \
        b"GET / HTTP/2.0\r\n\r\n", b"GET / HTTP/1.1\n\n", b"GET / HTTP/1.1\r\nX<b>: name\r\n\r\n", bytes(range(256)), b"G" * 100000:
    client = connect(sys.argv[1])
    assert echo(client, payload) == payload, payload
    # It is an echo for good.
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert echo(client, request) == request, payload
PY
  expect_status 0
  loping latency --count 200 --warmup 0 "$PORT"
  expect_status 0
  loping latency --udp --count 200 --warmup 0 "$PORT"
  expect_status 0
}

@test "the first read decides: a request that comes in two is echoed" {
  start_lopong --tcp --http
  run_python "$PORT" << 'PY'
import socket, sys
from lopong_client import *
client = connect(sys.argv[1])
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
first, second = b"GET / HTTP/1.1\r\n", b"Host: localhost\r\n\r\n"
# What came back was read.
assert echo(client, first) == first
assert echo(client, second) == second
PY
  expect_status 0
}

@test "a head that is too large, or has too many fields, is refused with the reason" {
  start_lopong --tcp --http
  get / -H "Cookie: $(printf 'x%.0s' {1..9000})"
  expect_answer 431
  expect_contains "$output" "a private window has none"
  local fields=()
  for i in {1..70}; do fields+=(-H "X-$i: y"); done
  get / "${fields[@]}"
  expect_answer 431
}

@test "without --http a browser gets its own bytes back, and is spoken of once" {
  start_lopong --tcp
  for _ in 1 2; do
    run_python "$PORT" << 'PY'
import sys
from lopong_client import *
for field in b"User-Agent: curl/8", b"User-Agent: Mozilla/5.0 (X11)", b"Accept: text/html":
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + field + b"\r\n\r\n"
    client = connect(sys.argv[1])
    assert echo(client, request) == request
PY
    expect_status 0
  done
  stop_lopong
  expect_contains "$(cat "$LOPONG_ERR")" "a browser came: connection 2 began with an HTTP request whose field User-Agent is that of one"
  expect_contains "$(cat "$LOPONG_ERR")" "start lopong with --http"
  expect_equal 1 "$(grep -c 'a browser came' "$LOPONG_ERR")"
  expect_lacks "$(cat "$LOPONG_ERR")" "X11"
  expect_lacks "$(cat "$LOPONG_OUT")" "HTTP requests"
}

@test "it is spoken of as an event with --json, once by all threads, and not with --quiet" {
  start_lopong --tcp --json --threads 3
  for _ in {1..6}; do
    run_timeout "$DEADLINE_SECONDS" curl -q -s --http0.9 --noproxy '*' -A Mozilla/5.0 --max-time 1 "http://127.0.0.1:$PORT/" -o /dev/null
  done
  stop_lopong
  expect_equal '{"event":"browser_came","connection":1,"field":"User-Agent"}' "$(grep browser_came "$LOPONG_OUT")"
  expect_contains "$(cat "$LOPONG_ERR")" "start lopong with --http"
  start_lopong --tcp --quiet
  run_timeout "$DEADLINE_SECONDS" curl -q -s --http0.9 --noproxy '*' -A Mozilla/5.0 --max-time 1 "http://127.0.0.1:$PORT/" -o /dev/null
  stop_lopong
  expect_equal "" "$(cat "$LOPONG_ERR")"
}

@test "the events move when clients send, and say what a session of loping shows" {
  start_lopong --tcp --http
  start_background events curl -q -sN --noproxy '*' "http://127.0.0.1:$PORT/events"
  local events=$BATS_TEST_TMPDIR/events.out
  wait_until file_contains "$events" '"messages":0,'
  expect_contains "$(cat "$events")" '"native":null}'
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
client = connect(sys.argv[1])
for _ in range(25):
    assert echo(client, b"hello") == b"hello"
PY
  wait_until file_contains "$events" '"messages":25,'
  loping latency --count 300 --warmup 0 "$PORT"
  expect_status 0
  wait_until file_contains "$events" '}}'
  # Each event is a line of JSON, and one trip lies between the two figures.
  run --separate-stderr jq -es 'map(select(.native)) | last | .native | .count == 256 and .legs_least_ns > 0
    and .legs_least_ns <= .legs_median_ns and .steps_least_ns <= .steps_median_ns and .legs_median_ns < .steps_median_ns' \
    <(sed -n 's/^data: \(.*}}\)$/\1/p' "$events")
  expect_status 0
  # The server's end is theirs.
  stop_lopong
  expect_status 0
  wait_until process_is_gone "$BACKGROUND_PID"
  expect_contains "$(cat "$LOPONG_OUT")" "HTTP requests: 1"
}

@test "the counters are those of all threads" {
  start_lopong --tcp --http --threads 3
  start_background events curl -q -sN --noproxy '*' "http://127.0.0.1:$PORT/events"
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
clients = [connect(sys.argv[1]) for _ in range(6)]
for client in clients:
    for _ in range(10):
        assert echo(client, b"hello") == b"hello"
PY
  wait_until file_contains "$BATS_TEST_TMPDIR/events.out" '"messages":60,'
  for _ in {1..6}; do
    get /
    expect_answer 200
    expect_contains "$output" 'data-counter="messages">'
  done
  stop_lopong
  expect_status 0
}

@test "only so many pages watch at a time, and their places are given back" {
  start_lopong --tcp --http
  run_python "$PORT" << 'PY'
import sys, time
from lopong_client import *
GET = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"
def watch():
    client = connect(sys.argv[1])
    client.sendall(GET)
    return client, client.recv(9)[-9:] + client.recv(3)
watching = [watch() for _ in range(16)]
assert all(status == b"HTTP/1.1 200" for _, status in watching), watching
for _ in range(5):
    client, status = watch()
    assert status == b"HTTP/1.1 503", status
    read_to_end(client)
for client, _ in watching[:4]:
    client.close()
end = time.monotonic() + TIMEOUT_SECONDS
while watch()[1] != b"HTTP/1.1 200":
    assert time.monotonic() < end
PY
  expect_status 0
}

@test "who watches and does not read is closed, and the others go on" {
  start_lopong --tcp --http --verbose
  start_background events curl -q -sN --noproxy '*' "http://127.0.0.1:$PORT/events"
  run_python "$PORT" "$LOPONG_ERR" << 'PY'
import socket, sys, time
from lopong_client import *
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
client.connect(("127.0.0.1", int(sys.argv[1])))
client.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
end = time.monotonic() + 2 * TIMEOUT_SECONDS - 5
while "it watched the counters and did not read them" not in open(sys.argv[2]).read():
    assert time.monotonic() < end
    time.sleep(0.05)
PY
  expect_status 0
  local count
  count=$(grep -c '^data' "$BATS_TEST_TMPDIR/events.out")
  more_events() { [ "$(grep -c '^data' "$BATS_TEST_TMPDIR/events.out")" -gt "$count" ]; }
  wait_until more_events
}

@test "a page that its reader does not take is bounded, and keeps nobody from being served" {
  need_plain_build "counts memory"
  start_lopong --tcp --http --max-unsent 16KiB
  run_python "$PORT" "$LOPONG_PID" << 'PY'
import sys
from lopong_client import *
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
def resident():
    return int(open(f"/proc/{sys.argv[2]}/statm").read().split()[1]) * 4096
begin, clients = resident(), []
for _ in range(20):
    client = connect(sys.argv[1])
    client.setblocking(False)
    try:
        while True:
            client.send(GET * 4)
    except OSError:
        pass
    clients.append(client)
other = connect(sys.argv[1])
assert echo(other, b"hello") == b"hello"
assert resident() - begin < 64 << 20, resident() - begin
PY
  expect_status 0
}

@test "idle connections of browsers end by --idle-timeout, and those that watch do not" {
  start_lopong --tcp --http --idle-timeout 3s
  run_python "$PORT" << 'PY'
import sys
from lopong_client import *
watching = connect(sys.argv[1])
watching.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
client = connect(sys.argv[1])
client.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
assert read_to_end(client).endswith(b"pong\n")
text = b""
while text.count(b"\ndata: ") < 4:
    more = watching.recv(65536)
    assert more
    text += more
PY
  expect_status 0
}

@test "--http where it cannot be is refused with the way out" {
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --http --udp --port 0
  expect_status 2
  expect_contains "$stderr" "--http gives its page over TCP, which is not served; add --tcp, or leave out --http"
  run_timeout "$DEADLINE_SECONDS" "$LOPONG" --http --fault drop=1% --port 0
  expect_status 2
  expect_contains "$stderr" "--http and --fault contradict each other"
}

@test "over a unix socket a request is echoed" {
  start_lopong --tcp --http --unix "$BATS_TEST_TMPDIR/echo.sock"
  run_python "$BATS_TEST_TMPDIR/echo.sock" << 'PY'
import sys
from lopong_client import *
request = b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
assert echo(connect(sys.argv[1]), request) == request
PY
  expect_status 0
}
