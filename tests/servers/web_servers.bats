# loping check on web servers and forwarders of the packages: they are named, and nothing is in their logs but one line.

load ../cli/test_helper
load ../net/check_helper

@test "nginx: named with its version, and nothing in its log" {
  need_lab nginx
  farm << 'LAB'
mkdir "$place/nginx"
cat > "$place/nginx.conf" << CONF
daemon off; master_process on; pid $place/nginx/pid; error_log $LOG info;
events {}
http { access_log off; client_body_temp_path $place/nginx; proxy_temp_path $place/nginx; fastcgi_temp_path $place/nginx;
uwsgi_temp_path $place/nginx; scgi_temp_path $place/nginx; server { listen 127.0.0.1:$P; } }
CONF
run_server $P nginx -c "$place/nginx.conf"
before=$(log_lines)
expect_as root answers 0 $P
expect_json '.ports[0].protocol == "HTTP" and (.ports[0].product | startswith("nginx/"))'
# The lines of nginx's own start and of a client that left at level info are no complaint.
fares_well 1 answers HTTP
! grep -E '\[(warn|error|crit|alert)\]' "$LOG"
LAB
}

@test "nginx that defers its accepts is asked all the same, and one that speaks TLS is named so" {
  need_lab nginx openssl
  farm << 'LAB'
mkdir "$place/nginx"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/key" -out "$place/cert" -subj /CN=x -days 2 2> /dev/null
cat > "$place/nginx.conf" << CONF
daemon off; pid $place/nginx/pid; error_log $LOG error;
events {}
http { access_log off; client_body_temp_path $place/nginx; proxy_temp_path $place/nginx; fastcgi_temp_path $place/nginx;
uwsgi_temp_path $place/nginx; scgi_temp_path $place/nginx;
server { listen 127.0.0.1:$P deferred; } server { listen 127.0.0.1:8443 ssl; ssl_certificate $place/cert; ssl_certificate_key $place/key; } }
CONF
run_server $P nginx -c "$place/nginx.conf"
wait_until is_listening 8443
fares_well 0 answers HTTP
expect_as root accepts 0 --no-ask $P
fares_well 0 answers TLS 8443
LAB
}

@test "Apache: named, and one line in its access log" {
  need_lab apache2
  farm << 'LAB'
modules=/usr/lib/apache2/modules
cat > "$place/apache.conf" << CONF
ServerRoot $place
ServerName localhost
PidFile $place/apache.pid
Mutex file:$place
Listen 127.0.0.1:$P
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
User nobody
Group nogroup
ErrorLog $place/error.log
LogLevel warn
LogFormat "%h %r %>s" plain
CustomLog $LOG plain
DocumentRoot $place
CONF
run_server $P apache2 -f "$place/apache.conf" -DFOREGROUND
fares_well 1 answers HTTP
expect_json '.ports | any(.product != null and (.product | startswith("Apache")))'
! grep -v -e notice -e AH00558 "$place/error.log"
LAB
}

@test "HAProxy in front of a dead server is left in peace, and so is stunnel" {
  need_lab haproxy stunnel openssl
  farm << 'LAB'
cat > "$place/haproxy.conf" << CONF
global
  log $place/none local0
defaults
  timeout connect 1s
  retries 0
  timeout client 5s
  timeout server 5s
listen web
  mode http
  bind 127.0.0.1:8080
  server one 127.0.0.1:1
CONF
run_server 8080 haproxy -f "$place/haproxy.conf" -db
fares_well 0 answers HTTP 8080
"$LOPING" check --json "$place/haproxy.json" --no-color 8080 > /dev/null
jq -e '.ports[0].evidence | any(. == "Its configuration says that it forwards to 127.0.0.1 port 1, and nobody listens there.")' \
  "$place/haproxy.json"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/key" -out "$place/cert" -subj /CN=x -days 2 2> /dev/null
server echo 127.0.0.1 7700
cat > "$place/stunnel.conf" << CONF
foreground = yes
pid =
debug = err
[echo]
accept = 127.0.0.1:$P
connect = 127.0.0.1:7700
cert = $place/cert
key = $place/key
CONF
run_server $P stunnel "$place/stunnel.conf"
fares_well 1 answers TLS
LAB
}
