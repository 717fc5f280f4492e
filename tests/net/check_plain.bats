# loping check without a firewall: what the servers themselves do. Each case for root and for nobody.

load ../cli/test_helper
load check_helper

setup() {
  need_lab
}

@test "an echo server is open, whichever address it listens on" {
  lab << 'LAB'
server echo 127.0.0.1
expect open 0 $P
kill $SERVER
server echo 0.0.0.0 7778
expect open 0 7778
server echo :: 7779
expect open 0 7779
expect open 0 '[::1]:7779'
LAB
}

@test "a port that nobody has is closed, and loping was reached there for a moment" {
  lab << 'LAB'
expect closed 1 $P
expect_json '.ports[0].evidence | any(contains("loping listened on the port itself"))'
expect_as nobody closed 1 80
expect closed 1 '[::1]:7777'
test -z "$(ss -Htan)"
LAB
}

@test "a connection elsewhere that was lent the same client port is not taken for the probe's own, redirected" {
  lab << 'LAB'
server full_queue_beside
expect queue-full 1 $P
expect_json '.ports[0].evidence | any(contains("redirects")) | not'
expect_json '.ports[0].holders | length == 1'
LAB
}

@test "an address of this machine's own interfaces is checked as well, and what is different about it is said" {
  lab << 'LAB'
ip link add own0 type veth peer name own1
ip addr add 192.0.2.77/24 dev own0
ip link set own1 up
ip link set own0 up
server echo 192.0.2.77
expect open 0 192.0.2.77:$P
expect_json '.ports[0].address == "192.0.2.77"'
expect_json '.ports[0].evidence | any(contains("192.0.2.77 is this machine\u0027s own address, of own0. What this machine sends there stays on the loopback interface"))'
expect wrong-address 1 $P
expect closed 1 192.0.2.77:7778
# Nobody listens there for a moment: other machines would see it.
expect_json '.ports[0].evidence | any(contains("loping listened")) | not'
expect wrong-address 1 0.0.0.0:$P
! "$LOPING" check 198.51.100.7:80 2> "$RESULT"
tr -s ' \n' ' ' < "$RESULT" | grep -q "'198.51.100.7' is neither loopback nor an address of this machine"
LAB
}

@test "a bound socket that does not listen is closed, and its port is not taken" {
  lab << 'LAB'
server only_bound
expect closed 1 $P
expect_json '.ports[0].sentence | contains("listen() was not called")'
expect_json '.ports[0].evidence | any(contains("loping listened")) | not'
LAB
}

@test "a listener on another address is a wrong address" {
  lab << 'LAB'
server v6only ::1
expect wrong-address 1 $P
kill $SERVER
server echo 127.0.0.2 7778
expect wrong-address 1 7778
server echo 127.0.0.1 7779
expect wrong-address 1 '[::1]:7779'
server v6only :: 7780
expect wrong-address 1 7780
LAB
}

@test "a listener that is bound to another device is a wrong address" {
  lab << 'LAB'
ip link add dummy0 type dummy || exit 0
ip link set dummy0 up
server on_device 0.0.0.0
expect wrong-address 1 $P
expect_json '.ports[0].sentence | contains("network interface")'
LAB
}

@test "a server of another protocol is named, escaped, and one that answers nothing is no echo server" {
  lab << 'LAB'
server banner
expect answers 0 $P
expect_json '.ports[0].sentence | contains("it speaks SSH (\\x1b[31mtest)")'
expect_json '.ports[0].protocol == "SSH" and .ports[0].product == "\\x1b[31mtest"'
expect_json '.ports[0].evidence | any(contains("SSH-2.0-\\x1b[31mtest"))'
server read_on 127.0.0.1 7778
expect not-echo 0 7778
LAB
}

@test "a server that closes at once hangs up" {
  lab << 'LAB'
server close_now
expect hung-up 1 $P
server reset_now 127.0.0.1 7778
expect hung-up 1 7778
LAB
}

@test "a full accept queue is told from a firewall" {
  lab << 'LAB'
server full_queue
expect queue-full 1 $P
expect_json '.ports[0].sentence | contains("2 wait, 0 may") or contains("1 wait, 0 may")'
LAB
}

@test "a stopped server is paused for root, and does not read for nobody" {
  lab << 'LAB'
server stopped
expect_as root paused 1 $P
expect_json '.ports[0].what_to_do | any(contains("kill -CONT"))'
expect_as nobody not-reading 1 $P
server stopped_full 127.0.0.1 7778
expect_as root paused 1 7778
expect_as nobody queue-full 1 7778
LAB
}

@test "a server that accepts and does not read, and one that does not accept" {
  lab << 'LAB'
server not_reading
expect not-reading 1 $P
server no_accept 127.0.0.1 7778
expect not-reading 1 7778
LAB
}

@test "loopback that is down is told" {
  lab << 'LAB'
ip link set lo down
expect loopback-down 1 $P
LAB
  # One that was never up has no address either.
  lab << 'LAB'
ip link set lo down
ip addr flush dev lo
expect loopback-down 1 $P
LAB
}

@test "IPv6 that is switched off is told" {
  lab << 'LAB'
sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.lo.disable_ipv6=1
expect loopback-down 1 '[::1]:7777'
expect_json '.ports[0].sentence | contains("IPv6 is switched off")'
LAB
}

@test "a connection that meets itself is told" {
  lab << 'LAB'
sysctl -qw net.ipv4.ip_local_port_range="$P $P"
expect self-connect 1 $P
expect self-connect 1 --udp $P
LAB
}

@test "used-up client ports are told" {
  lab << 'LAB'
server no_accept
sysctl -qw net.ipv4.ip_local_port_range="40000 40001"
python3 -I -S -c '
import socket, time
kept = [socket.create_connection(("127.0.0.1", 7777)) for _ in range(2)]
print("ready", flush=True)
time.sleep(1000)' > "$folder/clients" &
wait_until ready "$folder/clients"
expect no-client-ports 1 $P
LAB
}

@test "a routing rule that forbids is told, whatever its kind" {
  lab << 'LAB'
server echo
for kind in prohibit blackhole unreachable; do
  ip rule add pref 0 to 127.0.0.1 ipproto tcp dport $P $kind
  ip rule del pref 0 from all lookup local
  ip rule add pref 1 from all lookup local
  expect route-forbidden 1 $P
  ip rule del to 127.0.0.1 ipproto tcp dport $P
  ip rule add pref 0 from all lookup local
  ip rule del pref 1
done
LAB
}

@test "UDP: open, closed, wrong address, not read, full, stopped, no echo" {
  lab << 'LAB'
expect closed 1 --udp $P
server udp_echo
expect open 0 --udp $P
server udp_echo 127.0.0.2 7778
expect wrong-address 1 --udp 7778
server udp_unread 127.0.0.1 7779
expect not-reading 1 --udp 7779
server udp_full 127.0.0.1 7780
expect queue-full 1 --udp 7780
server udp_stopped 127.0.0.1 7781
expect_as root paused 1 --udp 7781
expect_as nobody not-reading 1 --udp 7781
server udp_silent 127.0.0.1 7782
expect not-echo 0 --udp 7782
LAB
}

@test "few descriptors make the look at many ports no poorer" {
  lab << 'LAB'
# Of 13 each counts: what the script itself has open is not passed on.
for limit in 1024 64 13; do
  STATUS=0
  (
    for open in /proc/$BASHPID/fd/*; do
      number=${open##*/}
      [ $number -le 2 ] || eval "exec $number>&-"
    done
    exec prlimit --nofile=$limit:$limit "$LOPING" check 1-2000 [::1]:1-500 1-100/udp
  ) > "$folder/said.$limit" 2>&1 || STATUS=$?
  cat "$folder/said.$limit"
  test $STATUS -eq 1
  cmp "$folder/said.1024" "$folder/said.$limit"
done
grep -q '2,600 of 2,600 ports checked are closed' "$folder/said.13"
LAB
}

@test "all ports in one call: only those that are not closed are listed" {
  lab << 'LAB'
server echo
server banner 127.0.0.1 7778
check_as nobody 1-65535
expect_json '[.ports[] | [.port, .verdict]] == [[7777, "open"], [7778, "answers"]]'
expect_json '.closed_left_out == 65533'
test $STATUS -eq 1
LAB
}
