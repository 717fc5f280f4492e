/* The lines of Linux's /proc: what each field means, and what is no such line. */
#include "common/sockets/proc_text.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static void a_stat_line_survives_any_name(void **state) {
  (void)state;
  static const struct {
    const char *line;
    const char *command;
    char state;
    uint64_t start_ticks;
  } cases[] = {
      {"1 (init) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 33 1000 200", "init", 'S', 33},
      {"9 (a) R (b c) T 1 9 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456789012 1 2", "a) R (b c", 'T', 123456789012},
      {"9 () t 1 9 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5 1 2", "", 't', 5},
      {"9 (new\nline) S 1 9 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5 1 2", "new\nline", 'S', 5},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct proc_stat stat;
    if (!proc_text_read_stat(guard_page_place_string(cases[i].line), &stat)) fail_msg("refused: %s", cases[i].line);
    assert_string_equal(stat.command, cases[i].command);
    assert_int_equal(stat.state, cases[i].state);
    assert_int_equal(stat.start_ticks, cases[i].start_ticks);
  }
}

static void what_is_no_stat_line_is_refused(void **state) {
  (void)state;
  static const char *const lines[] = {"",
                                      "1",
                                      "1 (",
                                      "1 )(",
                                      "1 (init)",
                                      "1 (init) S",
                                      "1 (init) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0",
                                      "1 (init) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 x"};
  for (size_t i = 0; i < COUNT_OF(lines); i++) {
    struct proc_stat stat;
    if (proc_text_read_stat(guard_page_place_string(lines[i]), &stat)) fail_msg("accepted: %s", lines[i]);
  }
}

static void the_effective_user_is_read(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool is_read;
    int64_t uid;
  } cases[] = {
      {"Name:\tx\nUid:\t1000\t0\t1000\t1000\nGid:\t5\t5\t5\t5\n", true, 0},
      {"Uid:\t1\t4294967294\t1\t1\n", true, 4294967294},
      {"Name:\tUid:\nGid:\t5\t5\t5\t5\n", false, 0},
      {"Name:\tx\nUid:\t1000", false, 0},
      {"", false, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    int64_t uid = 0;
    bool is_read = proc_text_read_uid(guard_page_place_string(cases[i].text), &uid);
    if (is_read != cases[i].is_read || uid != cases[i].uid)
      fail_msg("case %zu: wanted %d and %lld, got %d and %lld", i, cases[i].is_read, (long long)cases[i].uid, is_read,
               (long long)uid);
  }
}

/* The kernel prints an address as words of this machine's byte order; the rows below have those of x86. */
static void write_as_this_machine(const char *line, char out[256]) {
  snprintf(out, 256, "%s", line);
  char *word = strchr(out, ':');
  for (int column = 0; column < 2 && htonl(1) == 1; column++) {
    for (word += strspn(word + 1, " ") + 1; strspn(word, "0123456789ABCDEF") >= 8; word += 8) {
      char turned[8];
      for (int i = 0; i < 8; i += 2)
        memcpy(turned + i, word + 6 - i, 2);
      memcpy(word, turned, sizeof turned);
    }
    word = strchr(word, ' ');
  }
}

static void the_rows_of_net_tcp_and_udp_are_read(void **state) {
  (void)state;
  static const struct {
    const char *line;
    enum transport transport;
    enum socket_state socket_state;
    const char *local;
    const char *remote;
    int64_t uid;
    uint64_t inode;
    uint32_t expires_ms;
    bool dual_stack;
  } cases[] = {
      {"   0: 0100007F:F5AD 00000000:0000 0A 00000002:00000003 00:00000000 00000000  1000        0 26419 1 0",
       TRANSPORT_TCP, SOCKET_STATE_LISTEN, "127.0.0.1:62893", NULL, 1000, 26419, 0, false},
      {"  12: 0100007F:1F90 0100007F:9C40 06 00000000:00000000 03:00000177 00000000     0        0 0 3 0",
       TRANSPORT_TCP, SOCKET_STATE_TIME_WAIT, "127.0.0.1:8080", "127.0.0.1:40000", 0, 0, 3750, false},
      {"1234567: 00000000000000000000000000000000:F5AD 00000000000000000000000000000000:0000 0A 00000000:00000000 "
       "00:00000000 00000000     0        0 7 1 0",
       TRANSPORT_TCP, SOCKET_STATE_LISTEN, "[::]:62893", NULL, 0, 7, 0, true},
      {"   3: 0000000000000000FFFF00000100007F:F5AD 0000000000000000FFFF00000100007F:9C40 08 00000000:00000000 "
       "00:00000000 00000000     0        0 8 1 0",
       TRANSPORT_TCP, SOCKET_STATE_CLOSE_WAIT, "127.0.0.1:62893", "127.0.0.1:40000", 0, 8, 0, false},
      {"   4: 00000000000000000000000001000000:F5AD 00000000000000000000000000000000:0000 07 00000000:00000000 "
       "00:00000000 00000000 65534        0 9 2 0 0",
       TRANSPORT_UDP, SOCKET_STATE_BOUND, "[::1]:62893", NULL, 65534, 9, 0, false},
      {" 5: 0100007F:F5AD 0100007F:0035 01 00000000:00000000 00:00000000 00000000 0 0 18446744073709551615 2 0 0",
       TRANSPORT_UDP, SOCKET_STATE_ESTABLISHED, "127.0.0.1:62893", "127.0.0.1:53", 0, UINT64_MAX, 0, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct socket_row row;
    char text[ADDRESS_TEXT_SIZE];
    char own[256];
    write_as_this_machine(cases[i].line, own);
    const char *line = guard_page_place_string(own);
    if (!proc_text_read_inet(line, cases[i].transport, 100, &row)) fail_msg("refused: %s", cases[i].line);
    assert_int_equal(row.state, cases[i].socket_state);
    assert_string_equal(address_format(&row.local, text), cases[i].local);
    if (cases[i].remote == NULL) assert_int_equal(row.remote.ss_family, AF_UNSPEC);
    if (cases[i].remote != NULL) assert_string_equal(address_format(&row.remote, text), cases[i].remote);
    assert_int_equal(row.uid, cases[i].uid);
    assert_int_equal(row.inode, cases[i].inode);
    assert_int_equal(row.expires_ms, cases[i].expires_ms);
    assert_int_equal(row.dual_stack, cases[i].dual_stack);
  }
}

static void what_is_no_socket_row_is_refused(void **state) {
  (void)state;
  static const char *const lines[] = {
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "",
      "   0: 0100007F:F5AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0",
      "   0: 0100007F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
      "   0: 010000:F5AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
      "   0: 0100007F0100007F:F5AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
      "   0: 0100007F: 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
      "   0: zzzzzzzz:F5AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1",
  };
  for (size_t i = 0; i < COUNT_OF(lines); i++) {
    struct socket_row row;
    if (proc_text_read_inet(guard_page_place_string(lines[i]), TRANSPORT_TCP, 100, &row))
      fail_msg("accepted: %s", lines[i]);
  }
}

static void the_rows_of_net_unix_are_read(void **state) {
  (void)state;
  static const struct {
    const char *line;
    bool is_read;
    enum socket_state socket_state;
    const char *path;
  } cases[] = {
      {"0000000000000000: 00000002 00000000 00010000 0001 01 16812 /run/a b\n", true, SOCKET_STATE_LISTEN, "/run/a b"},
      {"ffff8881: 00000003 00000000 00000000 0001 03 16813 /run/x", true, SOCKET_STATE_ESTABLISHED, "/run/x"},
      {"ffff8881: 00000002 00000000 00000000 0001 02 0 /run/x", true, SOCKET_STATE_CONNECTING, "/run/x"},
      {"ffff8881: 00000002 00000000 00000000 0002 01 16814 @abstract", true, SOCKET_STATE_BOUND, "@abstract"},
      {"ffff8881: 00000003 00000000 00000000 0001 03 16815\n", false, 0, NULL},
      {"Num       RefCount Protocol Flags    Type St Inode Path", false, 0, NULL},
      {"", false, 0, NULL},
      {"ffff8881: 00000002 00000000 00010000 0001 01 1 "
       "/012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901",
       true, SOCKET_STATE_LISTEN,
       "/012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901"},
      {"ffff8881: 00000002 00000000 00010000 0001 01 1 "
       "/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012",
       false, 0, NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct socket_row row;
    bool is_read = proc_text_read_unix(guard_page_place_string(cases[i].line), &row);
    if (is_read != cases[i].is_read) fail_msg("wanted %d, got %d: %s", cases[i].is_read, is_read, cases[i].line);
    if (!is_read) continue;
    assert_int_equal(row.state, cases[i].socket_state);
    assert_string_equal(row.path, cases[i].path);
  }
}

static void only_whole_socket_links_have_an_inode(void **state) {
  (void)state;
  static const struct {
    const char *link;
    bool is_read;
    uint64_t inode;
  } cases[] = {
      {"socket:[1]", true, 1},
      {"socket:[4294967296]", true, 4294967296},
      {"socket:[]", false, 0},
      {"socket:[12", false, 0},
      {"socket:[-1]", false, 0},
      {"pipe:[12]", false, 0},
      {"/tmp/socket:[1]", false, 0},
      {"socket:[1x]", false, 0},
      {"", false, 0},
      {"socket:[99999999999999999999999]", false, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint64_t inode = 0;
    size_t length = strlen(cases[i].link);
    bool is_read = proc_text_read_socket_link((const char *)guard_page_place(cases[i].link, length), length, &inode);
    if (is_read != cases[i].is_read || inode != cases[i].inode) fail_msg("'%s': got %d", cases[i].link, is_read);
  }
}

static void arguments_become_one_line(void **state) {
  (void)state;
  static const struct {
    const char *arguments;
    size_t length;
    const char *line;
  } cases[] = {
      {"python3\0-m\0http.server\0", 23, "python3 -m http.server"},
      {"renamed\0\0\0\0", 11, "renamed"},
      {"one two\0\0three", 14, "one two  three"},
      {"", 0, ""},
      {"\0\0", 2, ""},
      {"0123456789012345678901\0", 23, "0123456789012345678901"},
      {"012345678901234567890123", 24, "01234567890123456789..."},
      {"0123456789012345678\xc3\xa9\xc3\xa9\xc3\xa9", 25, "0123456789012345678..."},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char line[24];
    proc_text_join_arguments((const char *)guard_page_place(cases[i].arguments, cases[i].length), cases[i].length, line,
                             sizeof line);
    assert_string_equal(line, cases[i].line);
  }
}

static void kernel_states_become_ours(void **state) {
  (void)state;
  static const struct {
    enum transport transport;
    unsigned kernel_state;
    enum socket_state wanted;
  } cases[] = {
      {TRANSPORT_TCP, 1, SOCKET_STATE_ESTABLISHED}, {TRANSPORT_TCP, 5, SOCKET_STATE_FIN_WAIT},
      {TRANSPORT_TCP, 7, SOCKET_STATE_BOUND},       {TRANSPORT_TCP, 10, SOCKET_STATE_LISTEN},
      {TRANSPORT_TCP, 13, SOCKET_STATE_BOUND},      {TRANSPORT_TCP, 14, SOCKET_STATE_UNKNOWN},
      {TRANSPORT_TCP, 255, SOCKET_STATE_UNKNOWN},   {TRANSPORT_UDP, 7, SOCKET_STATE_BOUND},
      {TRANSPORT_UDP, 1, SOCKET_STATE_ESTABLISHED},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    enum socket_state got = proc_text_state(cases[i].transport, cases[i].kernel_state);
    if (got != cases[i].wanted) fail_msg("case %zu: wanted %d, got %d", i, cases[i].wanted, got);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stat_line_survives_any_name),
      cmocka_unit_test(what_is_no_stat_line_is_refused),
      cmocka_unit_test(the_effective_user_is_read),
      cmocka_unit_test(the_rows_of_net_tcp_and_udp_are_read),
      cmocka_unit_test(what_is_no_socket_row_is_refused),
      cmocka_unit_test(the_rows_of_net_unix_are_read),
      cmocka_unit_test(only_whole_socket_links_have_an_inode),
      cmocka_unit_test(arguments_become_one_line),
      cmocka_unit_test(kernel_states_become_ours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
