/*
 * The pure parts of the seams for Windows, under wine: each row is a case, and prints "ok" or what it wanted and got.
 * `pure.exe take PORT` asks for a port of 127.0.0.1 with SO_REUSEADDR, as another program may, and prints what came of
 * it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/explain/system_words.h"
#include "common/io/pipe_name.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"
#include "common/text/terminal.h"

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

/* With libuv's loop Winsock is there. */
static int take(uint16_t port) {
  uv_loop_t loop;
  DWORD on = 1;
  struct sockaddr_in address;
  if (uv_loop_init(&loop) != 0 || uv_ip4_addr("127.0.0.1", port, &address) != 0) return 3;
  SOCKET made = socket(AF_INET, SOCK_STREAM, 0);
  (void)setsockopt(made, SOL_SOCKET, SO_REUSEADDR, (const char *)&on, sizeof on);
  bool is_had = bind(made, (const struct sockaddr *)&address, sizeof address) == 0;
  printf("%s\n", is_had ? "taken" : uv_err_name(uv_translate_sys_error(WSAGetLastError())));
  closesocket(made);
  uv_loop_close(&loop);
  return is_had ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "take") == 0) return take((uint16_t)atoi(argv[2]));
  test_states();
  test_rows();
  test_processes();
  test_names();
  if (failures == 0) printf("ok\n");
  return failures == 0 ? 0 : 1;
}
