/* The pure parts of the seams for Windows, under wine: prints "ok", or what each case wanted and got. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/system_words.h"
#include "common/io/pipe_name.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"
#include "common/text/terminal.h"
#include "server/listen/explain_bind.h"

static int failures;

static void expect_text(const char *what, const char *wanted, const char *got) {
  if (strcmp(wanted, got) == 0) return;
  printf("%s: wanted %s, got %s\n", what, wanted, got);
  failures++;
}

static void expect_number(const char *what, int64_t wanted, int64_t got) {
  if (wanted == got) return;
  printf("%s: wanted %" PRId64 ", got %" PRId64 "\n", what, wanted, got);
  failures++;
}

static void test_states(void) {
  static const enum socket_state wanted[] = {
      [MIB_TCP_STATE_CLOSED] = SOCKET_STATE_UNKNOWN,      [MIB_TCP_STATE_LISTEN] = SOCKET_STATE_LISTEN,
      [MIB_TCP_STATE_SYN_SENT] = SOCKET_STATE_CONNECTING, [MIB_TCP_STATE_SYN_RCVD] = SOCKET_STATE_CONNECTING,
      [MIB_TCP_STATE_ESTAB] = SOCKET_STATE_ESTABLISHED,   [MIB_TCP_STATE_FIN_WAIT1] = SOCKET_STATE_FIN_WAIT,
      [MIB_TCP_STATE_FIN_WAIT2] = SOCKET_STATE_FIN_WAIT,  [MIB_TCP_STATE_CLOSE_WAIT] = SOCKET_STATE_CLOSE_WAIT,
      [MIB_TCP_STATE_CLOSING] = SOCKET_STATE_FIN_WAIT,    [MIB_TCP_STATE_LAST_ACK] = SOCKET_STATE_FIN_WAIT,
      [MIB_TCP_STATE_TIME_WAIT] = SOCKET_STATE_TIME_WAIT, [MIB_TCP_STATE_DELETE_TCB] = SOCKET_STATE_UNKNOWN,
  };
  for (DWORD state = MIB_TCP_STATE_CLOSED; state < sizeof wanted / sizeof wanted[0]; state++)
    expect_number("state", wanted[state], socket_table_state(state));
}

static void test_rows(void) {
  char text[ADDRESS_TEXT_SIZE];
  struct socket_row row;
  const MIB_TCPROW_OWNER_PID tcp4 = {.dwState = MIB_TCP_STATE_ESTAB,
                                     .dwLocalAddr = htonl(0x7f000001),
                                     .dwLocalPort = htons(62893),
                                     .dwRemoteAddr = htonl(0xc0000202),
                                     .dwRemotePort = htons(443),
                                     .dwOwningPid = 4711};
  socket_table_read_tcp4(&tcp4, &row);
  expect_text("tcp4 local", "127.0.0.1:62893", address_format(&row.local, text));
  expect_text("tcp4 remote", "192.0.2.2:443", address_format(&row.remote, text));
  expect_number("tcp4 pid", 4711, row.told_pid);
  MIB_TCP6ROW_OWNER_PID tcp6 = {
      .ucLocalAddr = {[15] = 1}, .dwLocalPort = htons(80), .dwState = MIB_TCP_STATE_LISTEN, .dwOwningPid = 4};
  socket_table_read_tcp6(&tcp6, &row);
  expect_text("tcp6 local", "[::1]:80", address_format(&row.local, text));
  expect_number("a listener has no other end", AF_UNSPEC, row.remote.ss_family);
  const MIB_UDPROW_OWNER_PID udp4 = {.dwLocalAddr = 0, .dwLocalPort = htons(53), .dwOwningPid = 8};
  socket_table_read_udp4(&udp4, &row);
  expect_text("udp4 local", "0.0.0.0:53", address_format(&row.local, text));
  expect_number("udp4 state", SOCKET_STATE_BOUND, row.state);
  MIB_UDP6ROW_OWNER_PID udp6 = {.ucLocalAddr = {[15] = 1}, .dwLocalPort = htons(5353), .dwOwningPid = 8};
  socket_table_read_udp6(&udp6, &row);
  expect_text("udp6 local", "[::1]:5353", address_format(&row.local, text));
}

static void test_processes(void) {
  static const char *const names[][2] = {{"C:\\Program Files\\x\\nginx.exe", "nginx"},
                                         {"LOPONG.EXE", "LOPONG"},
                                         {"System", "System"},
                                         {"a.b.exe", "a.b"},
                                         {".exe", ".exe"},
                                         {"Z:/x/y", "y"}};
  char name[64];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    process_short_name(names[i][0], name, sizeof name);
    expect_text(names[i][0], names[i][1], name);
  }
  expect_number("1970", 0, process_seconds_of(UINT64_C(116444736000000000)));
  expect_number("2026", 1767225600, process_seconds_of(UINT64_C(134116992000000000)));
  expect_number("before 1970", 0, process_seconds_of(1));
}

static void test_names(void) {
  expect_number("a pipe", true, pipe_name_fits("\\\\.\\pipe\\docker_engine"));
  expect_number("PIPE", true, pipe_name_fits("\\\\.\\PIPE\\x"));
  expect_number("no name", false, pipe_name_fits("\\\\.\\pipe\\"));
  expect_number("a path", false, pipe_name_fits("/tmp/x"));
  expect_number("a wide character", 2, (int64_t)terminal_character_columns(0x6F22));
  expect_number("a combining one", 0, (int64_t)terminal_character_columns(0x0301));
  expect_number("a plain one", 1, (int64_t)terminal_character_columns('a'));
  for (size_t i = 0; i < system_words()->holder_count; i++)
    if (strcmp(system_words()->holders[i].command, "System") == 0)
      expect_number("http.sys", 4, system_words()->holders[i].pid);
}

/* What lopong says of a refusal, with a listener of that program or with none. */
static void expect_refusal(int code, int64_t pid, const char *command, const char *const *parts, size_t count) {
  static struct port_report report;
  static char text[EXPLAIN_TEXT_SIZE];
  struct explanation explanation;
  struct bind_failure failure = {.code = code, .wanted.transport = TRANSPORT_TCP, .sockets = &report};
  struct port_socket *socket = &report.sockets[0];
  memset(&report, 0, sizeof report);
  report.known = true;
  uv_ip4_addr("127.0.0.1", 5357, (struct sockaddr_in *)&failure.wanted.address);
  if (command != NULL) {
    report.socket_count = 1;
    *socket = (struct port_socket){.state = SOCKET_STATE_LISTEN, .owner = SOCKET_OWNER_SHOWN, .process_count = 1};
    socket->local = failure.wanted.address;
    socket->processes[0].pid = pid;
    snprintf(socket->processes[0].command, sizeof socket->processes[0].command, "%s", command);
  }
  explain_bind_failure(&failure, &explanation);
  explain_format("lopong", &explanation, text);
  for (size_t i = 0; i < count; i++) {
    if (strstr(text, parts[i]) != NULL) continue;
    printf("wanted a text with: %s\ngot: %s\n", parts[i], text);
    failures++;
  }
}

static void test_refusals(void) {
  static const char *const withheld[] = {"Windows withholds the port (EACCES)", "WSAEACCES, 10013",
                                         "netsh interface ipv4 show excludedportrange protocol=tcp"};
  static const char *const alone[] = {"it is not allowed (EACCES)", "SO_EXCLUSIVEADDRUSE",
                                      "The holder is process 4711 (nginx)", "Stop-Process -Id 4711"};
  static const char *const kernel[] = {"The holder is process 4 (System)", "http.sys", "netsh http show servicestate"};
  static const char *const relay[] = {"a program of the Linux that runs there", "wsl -e ss -ltnp \"sport = :5357\""};
  static const char *const other[] = {"WSL2's mirrored network", "wsl -e ss -ltnp \"sport = :5357\""};
  expect_refusal(UV_EACCES, 0, NULL, withheld, sizeof withheld / sizeof withheld[0]);
  expect_refusal(UV_EACCES, 4711, "nginx", alone, sizeof alone / sizeof alone[0]);
  expect_refusal(UV_EADDRINUSE, 4, "System", kernel, sizeof kernel / sizeof kernel[0]);
  expect_refusal(UV_EADDRINUSE, 812, "wslrelay", relay, sizeof relay / sizeof relay[0]);
  expect_refusal(UV_EADDRINUSE, 0, NULL, other, sizeof other / sizeof other[0]);
}

int main(void) {
  test_states();
  test_rows();
  test_processes();
  test_names();
  test_refusals();
  if (failures == 0) printf("ok\n");
  return failures == 0 ? 0 : 1;
}
