# loping check on databases and caches of the packages: they are named, and their logs stay as they were.

load ../cli/test_helper
load ../net/check_helper

# The newest PostgreSQL's programs; they refuse to be run as root.
@test "PostgreSQL, with and without TLS: named, and nothing in its log" {
  need_lab runuser pg_lsclusters openssl
  farm << 'LAB'
programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
as() { runuser -u postgres -- "$@"; }
install -d -o postgres "$place/db"
as "$programs/initdb" -D "$place/db/data" -A trust > "$place/initdb" 2>&1 || { cat "$place/initdb"; exit 1; }
for ssl in off on; do
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/db/key" -out "$place/db/cert" -subj /CN=x -days 2 2> /dev/null
  chown postgres "$place/db/key" "$place/db/cert"
  run_server $P as "$programs/postgres" -D "$place/db/data" -p $P -h 127.0.0.1 -k "$place/db" \
    -c ssl=$ssl -c ssl_cert_file="$place/db/cert" -c ssl_key_file="$place/db/key" -c log_min_messages=info
  is_ready() { as "$programs/pg_isready" -q -h 127.0.0.1 -p $P; }
  wait_until is_ready
  wait_until grep -q "ready to accept" "$LOG"
  fares_well 0 answers PostgreSQL
  kill -INT "$(head -n 1 "$place/db/data/postmaster.pid")"
  wait $SERVER || true
done
LAB
}

@test "MariaDB: named with its version, one line in its log at most, and its client is let in afterwards" {
  need_lab mariadbd mariadb-install-db
  farm << 'LAB'
install -d -o mysql "$place/maria"
mariadb-install-db --no-defaults --user=mysql --datadir="$place/maria/data" --auth-root-authentication-method=normal \
  > "$place/install" 2>&1 || { cat "$place/install"; exit 1; }
run_server $P mariadbd --no-defaults --user=mysql --datadir="$place/maria/data" --bind-address=127.0.0.1 --port=$P \
  --socket="$place/maria/socket" --pid-file="$place/maria/pid" --skip-grant-tables --skip-networking=0
wait_until grep -q "ready for connections" "$LOG"
fares_well 1 answers MySQL
expect_json '.ports | any(.product != null and (.product | contains("MariaDB")))'
LAB
}

@test "Redis and memcached: named, and nothing in their logs" {
  need_lab redis-server memcached
  farm << 'LAB'
run_server $P redis-server --port $P --bind 127.0.0.1 --dir "$place" --save '' --loglevel verbose --protected-mode yes
fares_well 2 answers Redis
# At level verbose it notes each client that comes; at its own level nothing.
! grep -iE 'warn|error|attack|security' <(grep -v -e overcommit -e 'Server initialized' -e 'Warning: no config' "$LOG")
kill $SERVER
wait $SERVER || true
: > "$LOG"
run_server $P memcached -l 127.0.0.1 -p $P -u nobody -v
fares_well 0 answers memcached
expect_json '.ports | any(.product != null and (.product | startswith("1.")))'
LAB
}

@test "dnsmasq: named over TCP and UDP, and nothing in its log" {
  need_lab dnsmasq
  farm << 'LAB'
run_server 53 dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces --port=53 \
  --log-facility=- --conf-file=/dev/null --user=root --pid-file="$place/dnsmasq.pid"
fares_well 0 answers DNS 53
expect_as root answers 0 --udp 53
expect_json '.ports[0].protocol == "DNS"'
LAB
}
