# Which of two programs that share a port number a browser meets at localhost: the one that check names.

load ../cli/test_helper
load ../cli/loping_helper
load ../net/two_servers_helper

setup() {
  need_network_namespace
  need_command jq python3 chromium
}

page='timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/profile" \
  --dump-dom "http://localhost:$P/" 2> /dev/null | grep -oE "four|six" | sed "s/^/chromium /"'
said='"$LOPING" check --json - $P | jq -r ".ports[0].evidence[] | select(contains(\"Two programs\"))"'

@test "Chromium meets the one on ::1, also where localhost is 127.0.0.1 alone, as check says" {
  local hosts
  for hosts in '127.0.0.1 localhost\n::1 localhost\n' '127.0.0.1 localhost\n'; do
    rm -rf "$BATS_TEST_TMPDIR/profile"
    in_namespace "$hosts" "$page; $said"
    expect_status 0
    expect_contains "$words" "chromium six"
    expect_matches "$words" "Chromium and curl from 8.3 on meet six"
  done
}
