# Two programs that share a port number, one on 127.0.0.1 and one on ::1: whom localhost leads to is said by check,
# ports, bind failures and measurements, and real clients meet whom we said. In namespaces with a /etc/hosts of their own.

load ../cli/test_helper
load ../cli/loping_helper
load two_servers_helper

setup() {
  need_network_namespace
  need_command jq python3
}

# What each client meets at http://localhost:7777/, a line each.
clients='
  echo "curl $(curl -s http://localhost:$P/)"
  echo "python $(python3 -I -S -c "import urllib.request; print(urllib.request.urlopen(\"http://localhost:7777/\").read().decode())")"
  echo "node $(node -e "require(\"http\").get(\"http://localhost:7777/\", r => r.on(\"data\", d => console.log(String(d))))")"
'

# Whom curl meets follows from its version, and is not known of the few between.
curl_meets() {
  local version
  version=$(curl --version | sed -n '1s/^curl \([0-9]*\)\.\([0-9]*\)\.\([0-9]*\).*/\1 \2 \3/p' |
    { read -r a b c && echo $((a * 10000 + b * 100 + c)); })
  if [ "$version" -ge 80300 ]; then
    echo six
  elif [ "$version" -ge 77800 ] && [ "$version" -le 80200 ]; then
    echo four
  else
    skip "no word on curl $version"
  fi
}

said='"$LOPING" check --json - $P | jq -r ".ports[0].evidence[] | select(contains(\"Two programs\"))"'

@test "::1 first: every client meets the one on ::1, as check says" {
  need_command curl node
  met=$(curl_meets)
  in_namespace '127.0.0.1 localhost\n::1 localhost\n' "$clients $said"
  expect_status 0
  expect_contains "$words" "curl $met python six node six"
  expect_matches "$words" "Two programs share port 7777: four \(process [0-9]+\) has 127.0.0.1:7777, and six \(process [0-9]+\) has \[::1\]:7777. At localhost:7777 node, python, Go, Chromium and curl from 8.3 on meet six \(process [0-9]+\), .* curl 7.78 to 8.2.0 meets four"
}

@test "localhost that is 127.0.0.1 alone: python and node meet that one, curl the other, as check says" {
  need_command curl node
  met=$(curl_meets)
  in_namespace '127.0.0.1 localhost\n' "$clients $said"
  expect_status 0
  expect_contains "$words" "curl $met python four node four"
  expect_matches "$words" "At localhost:7777 node, python and Go meet four .*alone on this machine, and so does curl 7.78 to 8.2.0; Chromium and curl from 8.3 on meet six"
}

@test "where the machine prefers IPv4, python and node meet that one, as check says" {
  need_command curl node
  [ -e /etc/gai.conf ] || skip "the order cannot be set here"
  met=$(curl_meets)
  printf 'precedence ::ffff:0:0/96 100\n' > "$BATS_TEST_TMPDIR/gai.conf"
  in_namespace '127.0.0.1 localhost\n::1 localhost\n' 'mount --bind "$BATS_TEST_TMPDIR/gai.conf" /etc/gai.conf;'" $clients $said"
  expect_status 0
  expect_contains "$words" "curl $met python four node four"
  expect_matches "$words" "At localhost:7777 node and python meet four .*comes first on this machine, and so does curl 7.78 to 8.2.0; Go, Chromium and curl from 8.3 on meet six"
}

@test "0.0.0.0 and :: are met through localhost, too" {
  need_command curl node
  met=$(curl_meets)
  FOUR=0.0.0.0 SIX=:: in_namespace '127.0.0.1 localhost\n::1 localhost\n' "$clients $said"
  expect_contains "$words" "curl $met python six node six"
  expect_contains "$words" "has 0.0.0.0:7777"
}

@test "check advises to name the address, ports and a bind failure say the same, and a measurement notes it" {
  in_namespace '127.0.0.1 localhost\n::1 localhost\n' '
    "$LOPING" check $P
    echo PORTS; "$LOPING" ports
    "$LOPING" ports --json - | jq -r ".two_servers[] | \"JSON \(.port) \(.sentence)\""
    echo BIND; "$LOPONG" --port $P --tcp || true'
  expect_status 0
  expect_contains "$words" "name the address that is meant, not localhost: 127.0.0.1:7777 or [::1]:7777"
  expect_contains "${words#*PORTS}" "Two programs share port 7777"
  expect_contains "$words" "JSON 7777 Two programs share port 7777: four"
  expect_contains "${stderr}" "At localhost:7777 node, python"
}

@test "a measurement of localhost notes whom it measured" {
  in_namespace '127.0.0.1 localhost\n::1 localhost\n' '
    "$LOPONG" --tcp --port 7778 --bind 127.0.0.1 > "$BATS_TEST_TMPDIR/a" &
    "$LOPONG" --tcp --port 7778 --bind ::1 > "$BATS_TEST_TMPDIR/b" &
    until grep -qs listening "$BATS_TEST_TMPDIR/a" && grep -qs listening "$BATS_TEST_TMPDIR/b"; do sleep 0.02; done
    "$LOPING" latency --warmup 0 --count 20 --json "$RESULT" localhost:7778 > /dev/null
    jq -r ".runs[0].notes[]" "$RESULT"
    "$LOPING" latency --warmup 0 --count 20 --json "$RESULT" 127.0.0.1:7778 > /dev/null
    echo BY ADDRESS; jq -r ".runs[0].notes[]" "$RESULT"'
  expect_status 0
  expect_contains "${words%BY ADDRESS*}" "Two programs share port 7778: lopong"
  expect_contains "${words%BY ADDRESS*}" "This run measured ::1; give 127.0.0.1:7778 or [::1]:7778."
  expect_lacks "${words#*BY ADDRESS}" "Two programs"
}

@test "one program on both addresses is no news" {
  in_namespace '127.0.0.1 localhost\n::1 localhost\n' '
    "$LOPONG" --tcp --port 7778 --bind localhost > "$BATS_TEST_TMPDIR/a" &
    until grep -qs listening "$BATS_TEST_TMPDIR/a"; do sleep 0.02; done
    "$LOPING" check 7778; "$LOPING" ports 7778'
  expect_status 0
  expect_lacks "$words" "Two programs"
}
