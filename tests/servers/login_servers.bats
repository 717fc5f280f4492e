# loping check on servers that guard themselves against too many connections.

load ../cli/test_helper
load ../net/check_helper

@test "sshd: named with its version, one line in its log, and MaxStartups lets the next ones in" {
  need_lab sshd ssh-keygen
  farm << 'LAB'
ssh-keygen -q -t ed25519 -N '' -f "$place/key"
mkdir -p /run/sshd
run_server $P "$(command -v sshd)" -D -e -f /dev/null -h "$place/key" -p $P -o ListenAddress=127.0.0.1 \
  -o MaxStartups=2:50:4 -o PidFile=none -o UsePAM=no
wait_until grep -q "Server listening" "$LOG"
fares_well 1 answers SSH
expect_json '.ports | any(.product != null and (.product | startswith("OpenSSH")))'
LAB
}

@test "xinetd's echo with cps 3 20: still serves after a check" {
  need_lab xinetd
  farm << 'LAB'
cat > "$place/xinetd.conf" << CONF
service echo
{
  id = echo-stream
  type = INTERNAL
  socket_type = stream
  protocol = tcp
  bind = 127.0.0.1
  user = root
  wait = no
  cps = 3 20
  disable = no
}
CONF
run_server 7 xinetd -dontfork -f "$place/xinetd.conf" -filelog "$LOG" -pidfile "$place/xinetd.pid"
expect_as root open 0 7
expect_as root open 0 7
is_listening 7
! grep -i deactivating "$LOG"
LAB
}
