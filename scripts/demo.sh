#!/bin/sh
# Shows the pair at work: starts the server, measures it, and stops it again. `make demo` builds both programs first.
#
#   scripts/demo.sh [BUILD]
#
# Port 62893 is taken if it is free, otherwise the next free one. Ctrl-C ends the measurement early; the server is
# stopped in every case.
set -eu

build=${1:-build}
usual_port=62893
# How long the server may take to get ready, in tenths of a second.
patience=100

folder=$(mktemp -d)
server=
interrupted=no

clean_up() {
  [ -z "$server" ] || kill -KILL "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT
# The client and the server get the Ctrl-C as well, and each prints its summary.
trap 'interrupted=yes' INT
# A signal without a trap would end the shell before clean_up.
trap 'exit 129' HUP
trap 'exit 141' PIPE
trap 'exit 143' TERM

show_server() {
  sed 's/^/server: /' "$folder/out" "$folder/err"
}

# Prints the TCP port of the ready line; nothing while there is none.
ready_port() {
  sed -n 's/^listening on .*:\([0-9]*\) (tcp)$/\1/p' "$folder/out" | head -n 1
}

echo "== The server: $build/lopong --try-ports 20"
"$build/lopong" --try-ports 20 > "$folder/out" 2> "$folder/err" < /dev/null &
server=$!
waited=0
while [ -z "$(ready_port)" ]; do
  if ! kill -0 "$server" 2> /dev/null || [ $waited -ge $patience ]; then
    show_server
    echo "demo: the server did not start; its own words stand above." >&2
    exit 1
  fi
  sleep 0.1
  waited=$((waited + 1))
done
port=$(ready_port)
show_server
[ "$port" = $usual_port ] || echo "Port $usual_port is taken on this machine, so the server took $port."

echo
echo "== The client, in another terminal: $build/loping $port"
status=0
"$build/loping" "$port" || status=$?

echo
echo "== The server is stopped with Ctrl-C (SIGINT)"
# A second SIGINT would end it at once, without its summary.
[ $interrupted = yes ] || kill -s INT "$server" 2> /dev/null || true
server_status=0
wait "$server" || server_status=$?
server=
# What it printed after its ready lines.
sed -e '/^listening on /d' -e 's/^/server: /' "$folder/out"

[ $interrupted = no ] || exit 130
if [ $status -ne 0 ] || [ $server_status -ne 0 ]; then
  echo "demo: the client ended with status $status, the server with $server_status." >&2
  exit 1
fi
