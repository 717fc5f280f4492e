#!/usr/bin/env bats
# Who really has a port: what started it, who would start it again, and a command that stops it for good. Each owner is
# real; the advised command is run as it stands, and the port must then be free, and stay free.

load test_helper
load owners_helper

setup() {
  [ "$(uname -s)" = Linux ] || skip "only Linux tells who has a port"
  PORT=$(unused_port)
  SERVER="exec $LOPONG --port $PORT --tcp --quiet"
}

@test "a plain program is ended by its process alone" {
  start_background plain sh -c "$SERVER"
  ask
  expect_equal null "$(holder .restarted_by)"
  expect_equal "kill $BACKGROUND_PID" "$(holder .stop)"
  expect_contains "$SAID" "It came from: lopong (pid $BACKGROUND_PID)"
  run_the_advice
}

@test "a shell loop is named and ended with its server" {
  start_background loop sh -c "while :; do $LOPONG --port $PORT --tcp --quiet; done"
  ask
  expect_equal "a shell loop (pid $BACKGROUND_PID)" "$(holder .restarted_by)"
  expect_contains "$SAID" "keeps it running"
  run_the_advice
  wait_until process_is_gone "$BACKGROUND_PID"
}

@test "a script with a loop is named and ended with its server" {
  printf 'while true; do\n  %s --port %s --tcp --quiet\ndone\n' "$LOPONG" "$PORT" > "$BATS_TEST_TMPDIR/run.sh"
  start_background script bash "$BATS_TEST_TMPDIR/run.sh"
  ask
  expect_equal "a shell loop (pid $BACKGROUND_PID)" "$(holder .restarted_by)"
  run_the_advice
}

@test "a program under supervisord is ended by supervisorctl" {
  need_command supervisord
  cat > "$BATS_TEST_TMPDIR/s.conf" << CONF
[unix_http_server]
file=$BATS_TEST_TMPDIR/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://$BATS_TEST_TMPDIR/s.sock
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile=$BATS_TEST_TMPDIR/s.pid
user=root
[program:web]
command=$LOPONG --port $PORT --tcp --quiet
autorestart=true
startsecs=0
CONF
  need_root
  start_background supervisord supervisord -c "$BATS_TEST_TMPDIR/s.conf"
  ask
  expect_matches "$(holder .restarted_by)" '^supervisord \(pid [0-9]+\)$'
  expect_equal "supervisorctl -c $BATS_TEST_TMPDIR/s.conf stop web" "$(holder .stop)"
  run_the_advice
}

@test "npm run is ended with the server that it started" {
  need_command npm
  mkdir "$BATS_TEST_TMPDIR/shop"
  printf '{"name":"shop","scripts":{"dev":"%s --port %s --tcp --quiet; true"}}\n' "$LOPONG" "$PORT" \
    > "$BATS_TEST_TMPDIR/shop/package.json"
  start_background npm env -C "$BATS_TEST_TMPDIR/shop" npm run dev --offline --no-update-notifier
  ask
  expect_matches "$(holder .restarted_by)" '^npm \(pid [0-9]+\)$'
  expect_contains "$(holder .cwd)" /shop
  run_the_advice
}

@test "a node parent that watches is ended before its child" {
  need_command node
  mkdir -p "$BATS_TEST_TMPDIR/nodemon/bin"
  cat > "$BATS_TEST_TMPDIR/nodemon/bin/nodemon.js" << 'JS'
const { spawn } = require("child_process");
let child;
const again = () => { child = spawn(process.argv[2], process.argv.slice(3), { stdio: "ignore" }); child.on("exit", again); };
process.on("SIGTERM", () => { child.removeAllListeners("exit"); process.exit(0); });
again();
JS
  start_background nodemon node "$BATS_TEST_TMPDIR/nodemon/bin/nodemon.js" "$LOPONG" --port "$PORT" --tcp --quiet
  ask
  expect_equal "nodemon (pid $BACKGROUND_PID)" "$(holder .restarted_by)"
  run_the_advice
}

@test "a program in tmux is named with its window's shell, and a signal ends it" {
  need_command tmux
  need_terminal
  tmux -L "bats$$" new-session -d "$LOPONG --port $PORT --tcp --quiet; exec sh"
  ask
  expect_contains "$SAID" " in tmux"
  expect_matches "$(holder .terminal)" ^/dev/pts/
  run_the_advice
  tmux -L "bats$$" kill-server
}

@test "process 1 of a PID namespace is never to be killed" {
  need_root
  run unshare --pid --fork --mount-proc bash -c "$LOPONG --port $PORT --tcp --quiet & exec python3 -I -S -c '
import socket, subprocess, sys
s = socket.socket(); s.bind((\"127.0.0.1\", 0)); s.listen()
sys.exit(subprocess.run([\"$LOPONG\", \"--tcp\", \"--port\", str(s.getsockname()[1])]).returncode)'"
  expect_status 3
  expect_lacks "$output" "kill 1"
  expect_contains "$output" "process 1 of this container or PID namespace"
}

@test "a stopped job is continued and ended" {
  start_background job sh -c "$SERVER"
  wait_until is_held
  kill -STOP "$BACKGROUND_PID"
  run_timeout 30 "$LOPONG" --port "$PORT" --tcp
  expect_contains "$stderr" "kill -CONT $BACKGROUND_PID; kill $BACKGROUND_PID"
  bash -c "kill -CONT $BACKGROUND_PID; kill $BACKGROUND_PID"
  wait_until is_free
  stays_free
}

@test "a job that Ctrl-Z stopped in a shell is continued and ended, and the shell lives on" {
  need_terminal
  cat > "$BATS_TEST_TMPDIR/terminal.py" << 'PY'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "-i"])
os.write(terminal, f"{sys.argv[1]} --port {sys.argv[2]} --tcp\n".encode())
text = b""
while b"listening on" not in text:
    text += os.read(terminal, 4096)
os.write(terminal, b"\x1a")
while b"Stopped" not in text:
    text += os.read(terminal, 4096)
print("stopped", flush=True)
while os.read(terminal, 4096):
    pass
PY
  start_background terminal python3 -I -S "$BATS_TEST_TMPDIR/terminal.py" "$LOPONG" "$PORT"
  wait_until file_contains "$BATS_TEST_TMPDIR/terminal.out" stopped
  ask
  expect_matches "$SAID" "(kill -CONT ([0-9]+); kill ([0-9]+))"
  expect_contains "$SAID" "<- bash <- "
  local shell
  shell=$(holder '.parents[0].pid')
  bash -c "${BASH_REMATCH[1]}"
  wait_until is_free
  stays_free
  kill -0 "$shell"
}

@test "a forked child whose parent has died is the holder, and a signal ends it" {
  start_background parent python3 -I -S -c 'import os, socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen()
pid = os.fork()
if pid: print("child", pid, flush=True); os._exit(0)
time.sleep(3600)' "$PORT"
  wait_until process_is_gone "$BACKGROUND_PID"
  read -r _ child < "$BATS_TEST_TMPDIR/parent.out"
  STARTED_PIDS+=("$child")
  ask
  expect_equal "$child" "$(holder .pid)"
  expect_equal "kill $child" "$(holder .stop)"
  expect_equal null "$(holder .restarted_by)"
  run_the_advice
}

# docker-proxy and docker as they look from outside: the proxy of a container's published port, and a tool that knows
# the container.
@test "a docker-proxy is not killed: its container is stopped" {
  local folder=$BATS_TEST_TMPDIR/docker
  mkdir "$folder"
  cat > "$folder/docker-proxy" << 'PY'
#!/usr/bin/env -S python3 -I -S
import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[sys.argv.index("-host-port") + 1])))
s.listen()
open("/proc/self/comm", "w").write("docker-proxy")
time.sleep(3600)
PY
  cat > "$folder/docker" << SH
#!/bin/sh
case "\$*" in
  "ps --quiet --filter publish=$PORT") echo 3f2a9c1d7b55 ;;
  "stop 3f2a9c1d7b55") kill \$(cat $folder/pid) ;;
  *) exit 1 ;;
esac
SH
  chmod 755 "$folder/docker-proxy" "$folder/docker"
  start_background proxy "$folder/docker-proxy" -proto tcp -host-ip 127.0.0.1 -host-port "$PORT" -container-ip 172.17.0.2 -container-port 80
  echo "$BACKGROUND_PID" > "$folder/pid"
  ask
  expect_equal docker "$(holder .restarted_by)"
  expect_lacks "$SAID" "kill "
  expect_contains "$SAID" "docker ps --filter publish=$PORT"
  PATH=$folder:$PATH run_the_advice
}

@test "a program whose file was deleted is said to be so" {
  cp "$LOPONG" "$BATS_TEST_TMPDIR/old"
  start_background old "$BATS_TEST_TMPDIR/old" --port "$PORT" --tcp --quiet
  wait_until is_held
  rm "$BATS_TEST_TMPDIR/old"
  ask
  expect_equal true "$(holder .program_deleted)"
  expect_contains "$SAID" "its program's file is deleted"
  run_the_advice
}

@test "the local port of a client on this machine is borrowed, and the client is not to be killed" {
  start_background client python3 -I -S -c 'import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
c = socket.create_connection(s.getsockname())
print("ready", c.getsockname()[1], flush=True); sys.stdin.read() or time.sleep(3600)'
  wait_until file_contains "$BATS_TEST_TMPDIR/client.out" ready
  read -r _ PORT < "$BATS_TEST_TMPDIR/client.out"
  run_timeout 30 "$LOPONG" --port "$PORT" --tcp
  expect_status 3
  SAID=$(tr -s '\n ' '  ' <<< "$stderr")
  expect_contains "$SAID" "An outgoing connection has borrowed port $PORT"
  expect_lacks "$SAID" "kill "
}

@test "a socket of the kernel's own has no process, and nothing is to be killed" {
  need_root
  need_network_namespace
  run unshare --net bash -c "ip link set lo up
    ip link add vx0 type vxlan id 5 dstport 4789 dev lo local 127.0.0.1 && ip link set vx0 up || exit 77
    $LOPONG --udp --port 4789"
  [ "$status" -ne 77 ] || skip "this kernel has no vxlan"
  expect_status 3
  SAID=$(tr -s '\n ' '  ' <<< "$output")
  expect_contains "$SAID" "a socket of the kernel's own"
  expect_lacks "$SAID" "kill "
}

@test "without a descriptor to look, nobody is said to be absent" {
  start_background plain sh -c "$SERVER"
  wait_until is_held
  run_timeout 30 prlimit --nofile=7:7 "$LOPONG" --port "$PORT" --tcp
  expect_lacks "$stderr" "every process"
}
