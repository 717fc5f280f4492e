/* Lines as programs print them: the error, the place, and what was wanted. */
#include "client/explain/pasted.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define CONNECT PASTED_WISH_CONNECT
#define LISTEN  PASTED_WISH_LISTEN

static const struct {
  const char *text, *error, *host;
  uint16_t port;
  enum pasted_wish wish;
} cases[] = {
    /* node */
    {"Error: listen EADDRINUSE: address already in use :::3000", "EADDRINUSE", "::", 3000, LISTEN},
    {"Error: listen EADDRINUSE: address already in use 127.0.0.1:62893", "EADDRINUSE", "127.0.0.1", 62893, LISTEN},
    {"Error: listen EACCES: permission denied 0.0.0.0:80", "EACCES", "0.0.0.0", 80, LISTEN},
    {"Error: connect ECONNREFUSED ::1:5432", "ECONNREFUSED", "::1", 5432, CONNECT},
    {"Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)",
     "ECONNREFUSED", "127.0.0.1", 5432, CONNECT},
    {"Error: getaddrinfo ENOTFOUND db.local", "EAI_NONAME", "", 0, CONNECT},
    {"  errno: -111,\n  code: 'ECONNREFUSED',\n  syscall: 'connect',\n  address: '127.0.0.1',\n  port: 6379",
     "ECONNREFUSED", "127.0.0.1", 6379, CONNECT},
    {"Error: read ECONNRESET", "ECONNRESET", "", 0, CONNECT},
    /* python */
    {"ConnectionRefusedError: [Errno 111] Connection refused", "ECONNREFUSED", "", 0, CONNECT},
    {"OSError: [Errno 98] Address already in use", "EADDRINUSE", "", 0, LISTEN},
    {"OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use",
     "EADDRINUSE", "127.0.0.1", 8000, LISTEN},
    {"urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='localhost', port=8080): Max retries exceeded with "
     "url: / (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f>: Failed to establish "
     "a new connection: [Errno 111] Connection refused'))",
     "ECONNREFUSED", "localhost", 8080, CONNECT},
    /* Go */
    {"dial tcp 127.0.0.1:8080: connect: connection refused", "ECONNREFUSED", "127.0.0.1", 8080, CONNECT},
    {"dial tcp [::1]:8080: connect: connection refused", "ECONNREFUSED", "::1", 8080, CONNECT},
    {"listen tcp :8080: bind: address already in use", "EADDRINUSE", "", 8080, LISTEN},
    {"listen tcp 0.0.0.0:80: bind: permission denied", "EACCES", "0.0.0.0", 80, LISTEN},
    {"dial tcp 10.0.0.7:443: i/o timeout", "ETIMEDOUT", "10.0.0.7", 443, CONNECT},
    {"dial tcp: lookup db.internal: no such host", "EAI_NONAME", "", 0, CONNECT},
    /* Java, Spring */
    {"Web server failed to start. Port 8080 was already in use.", "EADDRINUSE", "", 8080, LISTEN},
    {"java.net.BindException: Address already in use (Bind failed)", "EADDRINUSE", "", 0, LISTEN},
    {"java.net.ConnectException: Connection refused: localhost/127.0.0.1:9092", "ECONNREFUSED", "127.0.0.1", 9092,
     CONNECT},
    {"java.net.SocketTimeoutException: connect timed out", "ETIMEDOUT", "", 0, CONNECT},
    /* Rails */
    {"Address already in use - bind(2) for \"127.0.0.1\" port 3000 (Errno::EADDRINUSE)", "EADDRINUSE", "127.0.0.1",
     3000, LISTEN},
    {"Errno::ECONNREFUSED: Connection refused - connect(2) for \"localhost\" port 6379", "ECONNREFUSED", "localhost",
     6379, CONNECT},
    /* .NET and Windows */
    {"System.IO.IOException: Failed to bind to address http://127.0.0.1:5000: address already in use.", "EADDRINUSE",
     "127.0.0.1", 5000, LISTEN},
    {"No connection could be made because the target machine actively refused it. (localhost:5001)", "ECONNREFUSED",
     "localhost", 5001, CONNECT},
    {"System.Net.Sockets.SocketException (10061): No connection could be made", "ECONNREFUSED", "", 0, CONNECT},
    {"Failed to listen on prefix 'http://127.0.0.1:8080/' because it conflicts with an existing registration on the machine.",
     "EADDRINUSE", "127.0.0.1", 8080, LISTEN},
    {"listen tcp 127.0.0.1:3000: bind: An attempt was made to access a socket in a way forbidden by its access "
     "permissions.",
     "EACCES", "127.0.0.1", 3000, LISTEN},
    {"dial tcp 127.0.0.1:5432: connectex: No connection could be made because the target machine actively refused it.",
     "ECONNREFUSED", "127.0.0.1", 5432, CONNECT},
    {"connect failed: WSAECONNRESET 127.0.0.1:6379", "ECONNRESET", "127.0.0.1", 6379, CONNECT},
    {"[Errno 10048] error while attempting to bind on address ('0.0.0.0', 8000)", "EADDRINUSE", "0.0.0.0", 8000,
     LISTEN},
    {"An attempt was made to access a socket in a way forbidden by its access permissions. (10013)", "EACCES", "", 0,
     LISTEN},
    {"Only one usage of each socket address (protocol/network address/port) is normally permitted.", "EADDRINUSE", "",
     0, LISTEN},
    /* nginx, docker, systemd, redis, ssh */
    {"nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)", "EADDRINUSE", "0.0.0.0", 80, LISTEN},
    {"nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", "EACCES", "0.0.0.0", 80, LISTEN},
    {"2026/11/26 10:15:02 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, "
     "upstream: \"http://127.0.0.1:3000/\"",
     "ECONNREFUSED", "127.0.0.1", 3000, CONNECT},
    {"docker: Error response from daemon: Bind for 0.0.0.0:8080 failed: port is already allocated.", "EADDRINUSE",
     "0.0.0.0", 8080, LISTEN},
    {"web.socket: Failed to listen on sockets: Address already in use", "EADDRINUSE", "", 0, LISTEN},
    {"Could not connect to Redis at 127.0.0.1:6379: Connection refused", "ECONNREFUSED", "127.0.0.1", 6379, CONNECT},
    {"ssh: connect to host localhost port 2222: Connection refused", "ECONNREFUSED", "localhost", 2222, CONNECT},
    /* curl, browsers */
    {"curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server", "ECONNREFUSED",
     "localhost", 8080, CONNECT},
    {"curl: (52) Empty reply from server", "EOF", "", 0, CONNECT},
    {"curl: (28) Connection timed out after 5001 milliseconds", "ETIMEDOUT", "", 0, CONNECT},
    {"This site can't be reached: http://127.0.0.1:62893/ ERR_CONNECTION_REFUSED", "ECONNREFUSED", "127.0.0.1", 62893,
     CONNECT},
    {"net::ERR_CONNECTION_RESET", "ECONNRESET", "", 0, CONNECT},
    {"net::ERR_EMPTY_RESPONSE", "EOF", "", 0, CONNECT},
    /* A place alone */
    {"http://127.0.0.1:62893", NULL, "127.0.0.1", 62893, PASTED_WISH_UNKNOWN},
    {"http://localhost/", NULL, "localhost", 80, PASTED_WISH_UNKNOWN},
    {"localhost:3000/path", NULL, "localhost", 3000, PASTED_WISH_UNKNOWN},
    {"tcp://localhost:62893", NULL, "localhost", 62893, PASTED_WISH_UNKNOWN},
    {"postgres://app:secret@127.0.0.1:5433/app", NULL, "127.0.0.1", 5433, PASTED_WISH_UNKNOWN},
    {"postgresql://localhost/app", NULL, "localhost", 5432, PASTED_WISH_UNKNOWN},
};

static const char *shown(const char *text) {
  return text == NULL ? "none" : text;
}

static void each_line_tells_its_error_and_its_place(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct pasted pasted;
    if (!pasted_read(cases[i].text, &pasted)) fail_msg("nothing is found in: %s", cases[i].text);
    if (strcmp(shown(pasted.error), shown(cases[i].error)) != 0)
      fail_msg("%s\nerror %s", cases[i].text, shown(pasted.error));
    if (pasted.port != cases[i].port) fail_msg("%s\nport %u", cases[i].text, pasted.port);
    if (strcmp(pasted.host, cases[i].host) != 0) fail_msg("%s\nhost '%s'", cases[i].text, pasted.host);
    if (pasted.wish != cases[i].wish) fail_msg("%s\nwish %d", cases[i].text, pasted.wish);
  }
}

static void what_says_nothing_is_nothing(void **state) {
  static const char *const texts[] = {"", "\n\n", "hello", "at server.js:12:5", "10:15:02 started", "version 1.2.3:4"};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    struct pasted pasted;
    if (pasted_read(texts[i], &pasted)) fail_msg("'%s': %s, port %u", texts[i], shown(pasted.error), pasted.port);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_line_tells_its_error_and_its_place),
      cmocka_unit_test(what_says_nothing_is_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
