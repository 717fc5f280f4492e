# loping check does no harm: servers as textbooks write them live on, their logs stay quiet, and each is named.

load ../cli/test_helper
load check_helper

setup() {
  need_lab
}

@test "Python's textbook servers, asyncio and socketserver are open, live on and log nothing" {
  farm << 'LAB'
for kind in iterative streams handlers; do
  run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" $kind $P
  fares_well 0 open null
  kill $SERVER
  wait $SERVER || true
done
LAB
}

@test "Python's http.server is named, and has one line in its log" {
  farm << 'LAB'
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" web $P
wait_until grep -q Serving "$LOG"
fares_well 1 answers HTTP
expect_json '.ports | any(.product != null and (.product | startswith("SimpleHTTP")))'
! grep Traceback "$LOG"
LAB
}

@test "node's servers live on: an echo that dies of a reset, and HTTP" {
  need_command node
  farm << 'LAB'
run_server $P node -e "require('net').createServer(s => s.pipe(s)).listen($P, '127.0.0.1')"
fares_well 0 open null
run_server 7700 node -e "require('http').createServer((q, a) => { console.log(q.method); a.end('hello') }).listen(7700, '127.0.0.1')"
fares_well 1 answers HTTP 7700
LAB
}

@test "a textbook server in Perl, one in C, and one in Java live on" {
  need_command perl cc
  farm << 'LAB'
run_server $P perl -e 'use IO::Socket::INET;
  my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, Listen => 5, ReuseAddr => 1) or die;
  while (my $client = $server->accept) { while (sysread($client, my $chunk, 1024)) { syswrite($client, $chunk) or die } close $client }' $P
fares_well 0 open null
cat > "$place/echo_server.c" << 'C'
#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[argc - 1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0), client;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 5) != 0) return 1;
  while ((client = accept(listener, NULL, NULL)) >= 0) {
    char bytes[1024];
    ssize_t length;
    while ((length = read(client, bytes, sizeof bytes)) != 0)
      if (length < 0 || write(client, bytes, (size_t)length) != length) return 1;
    close(client);
  }
}
C
cc -o "$place/echo_server" "$place/echo_server.c"
run_server 7700 "$place/echo_server" 7700
fares_well 0 open null 7700
command -v java javac > /dev/null || exit 0
cat > "$place/Echo.java" << 'JAVA'
import java.net.*;
public class Echo {
  public static void main(String[] arguments) throws Exception {
    ServerSocket server = new ServerSocket(7800, 5, InetAddress.getByName("127.0.0.1"));
    while (true) {
      Socket client = server.accept();
      byte[] bytes = new byte[1024];
      int length;
      while ((length = client.getInputStream().read(bytes)) > 0) client.getOutputStream().write(bytes, 0, length);
      client.close();
    }
  }
}
JAVA
javac -d "$place" "$place/Echo.java"
run_server 7800 java -cp "$place" Echo
fares_well 0 open null 7800
LAB
}

@test "a program that nothing names is asked nothing, and is said to accept" {
  need_command cc
  farm << 'LAB'
cat > "$place/keeper.c" << 'C'
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[argc - 1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0), client;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 5) != 0) return 1;
  while ((client = accept(listener, NULL, NULL)) >= 0) {
    char bytes[1024];
    ssize_t length;
    while ((length = read(client, bytes, sizeof bytes)) > 0) fprintf(stderr, "%zd bytes came\n", length);
    close(client);
  }
}
C
cc -o "$place/keeper" "$place/keeper.c"
run_server $P "$place/keeper" $P
fares_well 0 accepts null
expect_json '.ports | any(.sentence | contains("Nothing was sent to it"))'
expect_as root not-echo 0 --ask echo $P
grep -q "16 bytes came" "$LOG"
LAB
}

@test "--no-ask sends nothing to anybody" {
  farm << 'LAB'
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" web $P
wait_until grep -q Serving "$LOG"
before=$(log_lines)
expect_as root accepts 0 --no-ask $P
wait_until has_no_connection $P
test "$(log_lines)" -eq "$before"
LAB
}

@test "a server that serves one client has answered and ended, and that is no fault" {
  need_command socat nc
  farm << 'LAB'
run_server $P socat TCP-LISTEN:$P,bind=127.0.0.1 EXEC:cat
expect_as root open 0 $P
expect_json '.ports[0].sentence | contains("serves one client and ends")'
run_server $P nc -l 127.0.0.1 $P
expect_as root accepts 0 $P
run_server $P socat TCP-LISTEN:$P,bind=127.0.0.1,fork,reuseaddr EXEC:cat
fares_well 0 open null
LAB
}

@test "a TLS server is named, whether its port says so or not, and hears no complaint" {
  need_command openssl
  farm << 'LAB'
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/key" -out "$place/cert" -subj /CN=x -days 2 2> /dev/null
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" secured $P "$place"
fares_well 0 answers TLS
run_server 6443 python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" secured 6443 "$place"
fares_well 0 answers TLS 6443
LAB
}

@test "a server that hangs up on what is not its protocol is no server that hangs up" {
  farm << 'LAB'
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" own_protocol $P
fares_well 0 not-echo null
expect_json '.ports | any(.sentence | contains("hangs up on what is not its protocol"))'
LAB
}

@test "a forwarder whose target is dead is said to be one, with its target" {
  need_command socat
  farm << 'LAB'
run_server $P socat TCP-LISTEN:$P,bind=127.0.0.1,fork,reuseaddr TCP:127.0.0.1:1
expect_as root hung-up 1 $P
expect_json '.ports[0].sentence | contains("it forwards to 127.0.0.1 port 1, and nobody listens there")'
expect_json '.ports[0].what_to_do | any(contains("start the server that it forwards to"))'
LAB
}

@test "a server that is busy with another client is said to be, and with whom" {
  farm << 'LAB'
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" iterative $P
mkfifo "$place/words"
exec 9<> "$place/words"
python3 -c '
import socket, sys
client = socket.create_connection(("127.0.0.1", 7777))
client.sendall(b"x")
client.recv(1)
print("ready", client.getsockname()[1], flush=True)
sys.stdin.read()' < "$place/words" > "$place/client" &
client=$!
wait_until ready "$place/client"
port=$(cut -d ' ' -f 2 "$place/client")
expect_as root not-reading 1 $P
expect_json ".ports[0].sentence | contains(\"is busy with 127.0.0.1:$port (process $client, python3)\") and contains(\"1 waits\")"
LAB
}

@test "another program that was lent the same client port, for another server, is not the busy server's client" {
  farm << 'LAB'
run_server $P python3 -u "$REPOSITORY/tests/peers/textbook_servers.py" iterative $P
mkfifo "$place/words"
exec 9<> "$place/words"
# Each connects from the one port, to a server of its own.
cat > "$place/client.py" << 'PYTHON'
import socket, sys
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
client.bind(("127.0.0.1", 41000))
if sys.argv[1] == "beside":
    server = socket.create_server(("127.0.0.1", int(sys.argv[2])))
client.connect(("127.0.0.1", int(sys.argv[2])))
if sys.argv[1] == "served":
    client.sendall(b"x")
    client.recv(1)
print("ready", flush=True)
sys.stdin.read()
PYTHON
python3 "$place/client.py" beside 7779 < "$place/words" > "$place/one" &
wait_until ready "$place/one"
python3 "$place/client.py" served 7777 < "$place/words" > "$place/client" &
client=$!
wait_until ready "$place/client"
python3 "$place/client.py" beside 7780 < "$place/words" > "$place/other" &
wait_until ready "$place/other"
expect_as root not-reading 1 $P
expect_json ".ports[0].sentence | contains(\"is busy with 127.0.0.1:41000 (process $client, python3)\")"
LAB
}

@test "refusals of other ports do not change whose this one is" {
  need_command nft
  farm << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; tcp dport { $P, 7778 } reject with tcp reset; }; }
NFT
python3 -c '
import socket
print("ready", flush=True)
while True:
    with socket.socket() as other:
        other.connect_ex(("127.0.0.1", 9))' > "$place/others" &
wait_until ready "$place/others"
for _ in 1 2 3 4 5; do
  expect_as root rejected 4 $P
  expect_as root rejected 4 7778
done
LAB
}

@test "below 1.2 s it is not said which way is blocked unless it shows" {
  need_command nft
  farm << 'LAB'
server echo
rules << NFT
table inet t { chain c { type filter hook output priority 0; tcp dport $P drop; }; }
NFT
expect_as nobody blocked 4 --timeout 500ms $P
expect_json '.ports[0].sentence | contains("it does not show whether on the way out or on the way in")'
expect_as nobody blocked-out 4 $P
LAB
}

@test "over UDP nothing is sent to a program that nothing names, and a port that nobody has is told without a datagram" {
  need_command socat
  farm << 'LAB'
socat -u UDP-RECV:$P,bind=127.0.0.1 STDOUT > "$place/received" &
is_bound() { ss -Hlun "sport = :$P" | grep -q .; }
wait_until is_bound
expect_as root accepts 0 --udp $P
expect_as root closed 1 --udp --no-ask 7779
test ! -s "$place/received"
expect_as root not-echo 0 --udp --ask echo $P
wait_until test -s "$place/received"
LAB
}

@test "datagrams of other programs are no evidence on this port" {
  need_command nft
  farm << 'LAB'
server udp_echo
rules << NFT
table inet t { chain c { type filter hook input priority 0; udp dport $P drop; }; }
NFT
expect_as root blocked 4 --udp $P
python3 -c '
import socket
one, other = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
one.bind(("127.0.0.1", 9))
print("ready", flush=True)
while True:
    other.sendto(b"x", ("127.0.0.1", 9))
    one.recv(9)' > "$place/others" &
wait_until ready "$place/others"
expect_as root unknown 3 --udp $P
expect_json '.ports[0].evidence | any(contains("datagrams moved the machine"))'
LAB
}

@test "of a wide and a narrow socket the narrow one is the holder, and is asked" {
  farm << 'LAB'
cat > "$place/shared.py" << 'PY'
import socket, sys
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind((sys.argv[1], 7777))
listener.listen()
print("ready", flush=True)
while True:
    client, _ = listener.accept()
    while chunk := client.recv(1024):
        client.sendall(chunk)
PY
for address in 127.0.0.1 0.0.0.0; do
  python3 "$place/shared.py" $address > "$place/$address" &
  pid=$!
  wait_until ready "$place/$address"
  [ $address = 0.0.0.0 ] && wide=$pid || narrow=$pid
done
expect_as root open 0 $P
expect_json ".ports[0].holders[0].pid == $narrow and .ports[0].holders[1].pid == $wide"
kill -STOP $wide
expect_as root open 0 $P
kill -CONT $wide
kill -STOP $narrow
expect_as root paused 1 $P
expect_json ".ports[0].what_to_do | any(endswith(\"kill -CONT $narrow\"))"
LAB
}

@test "iptables' recent match does not lock anybody out after one check" {
  need_command iptables
  farm << 'LAB'
server echo
iptables -A INPUT -p tcp --dport $P -m conntrack --ctstate NEW -m recent --set --name s || exit 0
iptables -A INPUT -p tcp --dport $P -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 3 --name s -j DROP || exit 0
expect_as root open 0 $P
expect_as root open 0 $P
LAB
}
