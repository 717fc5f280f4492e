# Owners that come from packages: what started the port's holder, and that the advised stop frees the port for good.

load ../cli/test_helper
load ../cli/owners_helper

setup() {
  PORT=$(unused_port)
  SERVER="$LOPONG --port $PORT --tcp --quiet"
}

teardown() {
  if [ -n "${CONTAINER:-}" ]; then podman rm --force --time 0 "$CONTAINER" > /dev/null 2>&1 || true; fi
  if [ -n "${SCREEN:-}" ]; then screen -S "$SCREEN" -X quit > /dev/null 2>&1 || true; fi
  stop_everything
}

@test "screen: named, and a signal ends what runs in it" {
  need_command screen
  need_terminal
  SCREEN=bats$$
  screen -dmS "$SCREEN" sh -c "$SERVER; exec sleep 3600"
  ask
  expect_contains "$SAID" " in screen"
  expect_matches "$(holder .terminal)" ^/dev/pts/
  run_the_advice
  screen -S "$SCREEN" -Q info > /dev/null
}

@test "systemd-socket-activate that waits for the first client is ended by its process" {
  need_command systemd-socket-activate
  # shellcheck disable=SC2086 # the command's words
  start_background activate systemd-socket-activate -l "127.0.0.1:$PORT" $SERVER
  ask
  expect_equal "$BACKGROUND_PID" "$(holder .pid)"
  expect_contains "$SAID" systemd-socket-activate
  run_the_advice
}

@test "xinetd: a signal to it ends all of its services" {
  need_root
  need_command xinetd
  cat > "$BATS_TEST_TMPDIR/x.conf" << CONF
service mine
{
  type = INTERNAL UNLISTED
  id = echo-stream
  port = $PORT
  socket_type = stream
  protocol = tcp
  bind = 127.0.0.1
  user = root
  wait = no
}
CONF
  sed -i 's/service mine/service echo/' "$BATS_TEST_TMPDIR/x.conf"
  start_background xinetd xinetd -dontfork -f "$BATS_TEST_TMPDIR/x.conf" -pidfile "$BATS_TEST_TMPDIR/x.pid"
  ask
  expect_equal "$BACKGROUND_PID" "$(holder .pid)"
  run_the_advice
}

@test "podman: the container is stopped, and its monitor does not start it again" {
  need_root
  need_command podman runc
  local folder=$BATS_TEST_TMPDIR/podman root=$BATS_TEST_TMPDIR/root library limit
  mkdir -p "$folder" "$root"/{dev,proc,sys,etc,tmp,run}
  cp -L "$LOPONG" "$root/lopong"
  ldd "$LOPONG" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  # Storage, state and settings of its own, for the advised command as well.
  export CONTAINERS_STORAGE_CONF=$folder/storage.conf CONTAINERS_CONF=$folder/containers.conf
  printf '[storage]\ndriver="vfs"\ngraphroot="%s/graph"\nrunroot="%s/run"\n' "$folder" "$folder" > "$CONTAINERS_STORAGE_CONF"
  printf '[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="none"\ntmp_dir="%s/tmp"\n' "$folder" > "$CONTAINERS_CONF"
  limit=$(ulimit -Hn)
  CONTAINER=$(timeout "$DEADLINE_SECONDS" podman run --detach --restart=always --stop-timeout 2 --network host --log-driver none \
    --ulimit "nofile=$limit:$limit" --ulimit nproc=100:100 --rootfs "$root" \
    /lopong --port "$PORT" --tcp --quiet 2> "$folder/why") || {
    CONTAINER=
    skip "podman runs no container here: $(tail -n 1 "$folder/why")"
  }
  ask
  expect_equal podman "$(holder .restarted_by)"
  expect_equal "podman stop ${CONTAINER:0:12}" "$(holder .stop)"
  expect_contains "$SAID" "in the container ${CONTAINER:0:12}"
  run_the_advice
}

@test "ssh -R: the session that holds the port is named, and what else ends with it" {
  need_root
  need_command sshd ssh ssh-keygen
  local folder=$BATS_TEST_TMPDIR/ssh login
  grep -q '^root:!' /etc/shadow && skip "root's account is locked here"
  mkdir -p /run/sshd
  login=$(unused_port)
  mkdir -m 700 "$folder"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/host"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  cp "$folder/key.pub" "$folder/authorized"
  start_background sshd "$(command -v sshd)" -D -e -f /dev/null -h "$folder/host" -p "$login" -o ListenAddress=127.0.0.1 \
    -o PidFile=none -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes -o AuthorizedKeysFile="$folder/authorized"
  wait_until file_contains "$BATS_TEST_TMPDIR/sshd.err" "Server listening"
  start_background session ssh -F /dev/null -N -i "$folder/key" -p "$login" -R "127.0.0.1:$PORT:127.0.0.1:1" \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile="$folder/known" -o ExitOnForwardFailure=yes root@127.0.0.1
  local session=$BACKGROUND_PID
  ask
  expect_matches "$(holder .restarted_by)" '^an ssh session \(pid [0-9]+\)$'
  expect_equal null "$(holder .stop)"
  expect_contains "$SAID" "ends that whole session"
  expect_contains "$SAID" "-KR $PORT"
  expect_matches "$SAID" "ending process ([0-9]+) ends"
  # What it says, carried out: the port is free, and the session is gone with it.
  kill "${BASH_REMATCH[1]}"
  wait_until is_free
  stays_free
  wait_until process_is_gone "$session"
}
