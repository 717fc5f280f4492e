#!/usr/bin/env bats
# loping wait where a laboratory is needed: names with two addresses, and a firewall that is the reason.

load ../cli/test_helper
load check_helper

setup() {
  need_lab
}

# What the scripts share: waited STATUS ARGUMENT... runs loping wait, with its texts in TEXT.
prelude() {
  cat << 'LAB'
waited() {
  local wanted=$1 got=0
  shift
  RESULT=$folder/result.json
  TEXT=$("$LOPING" wait --json "$RESULT" "$@" 2>&1) || got=$?
  [ $got -eq "$wanted" ] || { echo "wanted $wanted, got $got: $TEXT"; return 1; }
}
said() {
  [[ "$TEXT" == *"$1"* ]] || { echo "wanted '$1' in: $TEXT"; return 1; }
}
LAB
}

wait_lab() {
  lab < <(prelude && cat)
}

@test "of a name with several addresses one that answers is enough; to be free it takes all" {
  wait_lab << 'LAB'
printf '127.0.0.1 both\n::1 both\n' > "$folder/hosts"
mount --bind "$folder/hosts" /etc/hosts
server v6only ::1
waited 0 both:$P
said "[::1]:$P (tcp) answers"
waited 1 --free --timeout 100ms both:$P
waited 0 --free 127.0.0.1:$P
kill $SERVER
server echo 127.0.0.1
waited 0 both:$P
said "127.0.0.1:$P (tcp) answers"
waited 1 --free --timeout 100ms both:$P
LAB
}

@test "a firewall in the way is named with its status, and once it is gone the port answers" {
  need_command nft
  wait_lab << 'LAB'
server echo
rules << 'NFT'
table inet t {
  chain in {
    type filter hook input priority 0
    tcp dport 7777 drop
  }
}
NFT
waited 4 --timeout 300ms $P
said "does not answer after"
said "127.0.0.1:$P (tcp): blocked"
expect_json '.ports[0].check.verdict == "blocked"'
"$LOPING" wait --json "$folder/second.json" $P > "$folder/out" 2>&1 &
pid=$!
opening() { ss -Htan state syn-sent "dport = :$P" | grep -q .; }
wait_until opening
nft delete table inet t
wait $pid
grep -q "answers, after" "$folder/out"
LAB
}

@test "a port that a rule sends on to a server is reached though no socket here has it" {
  need_command nft
  wait_lab << 'LAB'
server echo 127.0.0.1 7778
rules << 'NFT'
table ip t {
  chain out {
    type nat hook output priority -100
    tcp dport 7777 redirect to :7778
  }
}
NFT
waited 0 $P
said "127.0.0.1:$P (tcp) answers"
LAB
}
