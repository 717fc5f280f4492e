/* Bind failures in words: every kind of holder, every code, and what is said of them together. */
#include "common/io/unix_socket.h"
#include "server/listen/explain_bind.h"
#include "tests/unit/explain_facts.h"

static struct port_report *report;
static struct bind_failure failure;
static struct explanation explanation;

static int set_up(void **state) {
  (void)state;
  report = facts_report();
  memset(&failure, 0, sizeof failure);
  failure.code = UV_EADDRINUSE;
  failure.wanted.transport = TRANSPORT_TCP;
  failure.wanted.address = facts_address("127.0.0.1", 62893);
  failure.sockets = report;
  failure.ports = facts_ports;
  failure.free_port = 62894;
  failure.now = FACTS_NOW;
  failure.own_user_id = 1000;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  free(report);
  return 0;
}

static void explain(void) {
  explain_bind_failure(&failure, &explanation);
}

static void expect(const char *part) {
  facts_expect(&explanation, part);
}

static void expect_not(const char *part) {
  facts_expect_not(&explanation, part);
}

static void a_listener_is_named_with_all_that_is_known(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "python3 -m http.server");
  explain();
  expect("lopong: cannot listen on 127.0.0.1:62893 (tcp): the port is in use (EADDRINUSE).");
  expect("A socket already listens on 127.0.0.1:62893.");
  expect("The holder is process 4711 (python3 -m http.server), user alice, started 2026-11-22T09:27:00Z (3 min ago).");
  expect("- lopong --port 62894: that port is free now");
  expect("- stop the holder: kill 4711");
  expect("ss -ltnp 'sport = :62893'");
  expect("lsof -nP -iTCP:62893");
  expect_not("sudo");
  expect_not("A lopong already runs there");
}

static void the_overlapping_address_is_explained(void **state) {
  (void)state;
  static const struct {
    const char *wanted;
    bool wanted_dual;
    const char *held;
    bool held_dual;
    const char *says;
  } cases[] = {
      {"127.0.0.1", false, "127.0.0.1", false, "A socket already listens on 127.0.0.1:62893."},
      {"127.0.0.1", false, "0.0.0.0", false, "0.0.0.0 stands for every IPv4 address of this machine, 127.0.0.1 too."},
      {"127.0.0.1", false, "::", true, "[::]:62893. That socket is dual-stack: it takes IPv4 as well, 127.0.0.1 too."},
      {"::1", false, "::", true, ":: stands for every IPv6 address of this machine, ::1 too."},
      {"::1", false, "::", false, ":: stands for every IPv6 address of this machine, ::1 too."},
      {"0.0.0.0", false, "127.0.0.1", false, "127.0.0.1:62893, and 0.0.0.0 stands for every address of this machine"},
      {"::", true, "127.0.0.1", false, "dual-stack address stands for the IPv4 addresses too, 127.0.0.1 among them."},
      {"::", false, "::1", false, "[::1]:62893, and :: stands for every address of this machine, ::1 among them."},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    report->socket_count = 0;
    failure.wanted.address = facts_address(cases[i].wanted, 62893);
    failure.wanted_dual_stack = cases[i].wanted_dual;
    facts_socket(report, SOCKET_STATE_LISTEN, cases[i].held, 62893)->dual_stack = cases[i].held_dual;
    explain();
    expect(cases[i].says);
  }
}

static void sockets_that_do_not_overlap_are_no_holders(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.2", 62893), 4711, "other");
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "::1", 62893), 4712, "other");
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "::", 62893), 4713, "other");
  explain();
  expect("no socket of this machine had it");
  expect_not("471");
  assert_int_equal(explanation.holder_count, 0);
}

static void accepted_connections_of_a_listener_are_not_blamed(void **state) {
  (void)state;
  struct port_socket *accepted = facts_socket(report, SOCKET_STATE_ESTABLISHED, "127.0.0.1", 62893);
  accepted->remote = facts_address("127.0.0.1", 40000);
  facts_process(accepted, 815, "worker");
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "nc -l");
  explain();
  expect("process 4711 (nc -l)");
  expect_not("815");
  assert_int_equal(explanation.holder_count, 1);
  assert_int_equal(explanation.holders[0], 1);
}

static void a_running_lopong_is_offered_for_use(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "lopong --quiet");
  explain();
  expect("A lopong already runs there: `loping 62893` can use it.");
  expect("- use the lopong that runs there: loping 62893");
  failure.wanted.address = facts_address("::1", 62893);
  report->sockets[0].local = failure.wanted.address;
  explain();
  expect("loping [::1]:62893");
}

static void a_bound_socket_is_not_called_a_listener(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_BOUND, "0.0.0.0", 62893), 4711, "holder");
  explain();
  expect("A socket that is bound but does not listen has 0.0.0.0:62893");
  expect("The usual tools (ss, netstat, lsof -i) leave such a socket out.");
  expect("ls -l /proc/4711/fd | grep 4001");
  expect_not("ss -ltnp");
}

static void connections_are_told_apart_by_their_ports(void **state) {
  (void)state;
  static const struct {
    uint16_t port;
    uint16_t remote_port;
    enum socket_state socket_state;
    const char *says;
  } cases[] = {
      {40000, 9999, SOCKET_STATE_ESTABLISHED,
       "An outgoing connection has borrowed port 40000: 127.0.0.1:40000 -> 127.0.0.1:9999 (ESTABLISHED)."},
      {40000, 443, SOCKET_STATE_CLOSE_WAIT, "An outgoing connection has borrowed port 40000"},
      {62893, 9999, SOCKET_STATE_CONNECTING, "An outgoing connection has borrowed port 62893"},
      {40000, 45000, SOCKET_STATE_ESTABLISHED, "Nobody listens on port 40000 any more, but a connection from there"},
      {62893, 40000, SOCKET_STATE_ESTABLISHED, "a connection from there is left: 127.0.0.1:62893 -> 127.0.0.1:40000"},
      {62893, 40000, SOCKET_STATE_CLOSE_WAIT, "CLOSE_WAIT: the other end has closed it, and the holder has not"},
      {62893, 40000, SOCKET_STATE_FIN_WAIT, "127.0.0.1:62893 -> 127.0.0.1:40000 (FIN_WAIT)"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    report->socket_count = 0;
    failure.wanted.address = facts_address("127.0.0.1", cases[i].port);
    struct port_socket *socket = facts_socket(report, cases[i].socket_state, "127.0.0.1", cases[i].port);
    socket->remote = facts_address("127.0.0.1", cases[i].remote_port);
    socket->process_count = 0;
    facts_process(socket, 4711, "client");
    explain();
    expect(cases[i].says);
    expect("process 4711 (client)");
  }
}

static void a_borrowed_port_comes_with_this_machines_range(void **state) {
  (void)state;
  failure.wanted.address = facts_address("127.0.0.1", 40000);
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_ESTABLISHED, "127.0.0.1", 40000);
  socket->remote = facts_address("127.0.0.1", 80);
  facts_process(socket, 4711, "curl");
  explain();
  expect("This machine lends the ports 32768 to 60999 to outgoing connections (net.ipv4.ip_local_port_range).");
  expect("pick a port outside 32768-60999");
  expect(
      "sudo sysctl -w net.ipv4.ip_local_reserved_ports=\"$(sysctl -n net.ipv4.ip_local_reserved_ports | sed 's/.$/&,/')40000\"");
  expect_not("kill");
}

static void time_wait_has_nobody_to_kill(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    struct port_socket *socket = facts_socket(report, SOCKET_STATE_TIME_WAIT, "127.0.0.1", 62893);
    socket->remote = facts_address("127.0.0.1", (uint16_t)(40000 + i));
    socket->inode = 0;
    socket->owner = SOCKET_OWNER_NONE;
    socket->expires_ms = 10000u + 20100u * (unsigned)i;
  }
  explain();
  expect("127.0.0.1:62893 -> 127.0.0.1:40000 (TIME_WAIT). 2 more are in the same state.");
  expect("there is nothing to kill: the kernel lets go by itself in 51 s.");
  expect("- wait 51 s and start again");
  expect_not("stop the holder");
}

static void an_outgoing_time_wait_says_how_long(void **state) {
  (void)state;
  failure.wanted.address = facts_address("127.0.0.1", 40000);
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_TIME_WAIT, "127.0.0.1", 40000);
  socket->remote = facts_address("127.0.0.1", 80);
  socket->inode = 0;
  socket->owner = SOCKET_OWNER_NONE;
  socket->expires_ms = 59001;
  explain();
  expect("An outgoing connection has borrowed port 40000");
  expect("the kernel keeps the port for it for another 60 s. No process has it open");
}

static void an_orphan_has_nobody_to_kill(void **state) {
  (void)state;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_FIN_WAIT, "127.0.0.1", 62893);
  socket->remote = facts_address("127.0.0.1", 40000);
  socket->inode = 0;
  socket->owner = SOCKET_OWNER_NONE;
  explain();
  expect("No process has it open: the kernel alone keeps it. It waits for the other end to close too");
  expect_not("stop the holder");
}

static void hidden_holders_are_named_by_their_user(void **state) {
  (void)state;
  facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893)->owner = SOCKET_OWNER_HIDDEN;
  failure.own_user_id = 65534;
  explain();
  expect("Its holder belongs to user alice and is hidden: rerun with sudo to see it.");
  expect("see it yourself: sudo ss -ltnp");
  failure.own_user_id = 0;
  explain();
  expect("is hidden even from root");
  expect_not("sudo");
}

static void an_invisible_holder_is_not_sought_in_vain(void **state) {
  (void)state;
  facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893);
  explain();
  expect("Every process that is visible here was looked into, and none of them has it");
  expect("outside this container or PID namespace");
  expect_not("stop the holder");
}

static void all_who_inherited_a_socket_are_listed(void **state) {
  (void)state;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893);
  facts_process(socket, 4711, "first");
  facts_process(socket, 4712, "second");
  explain();
  expect("2 processes have this one socket open, because it was inherited: - process 4711 (first)");
  expect("- process 4712 (second)");
  expect("It stays taken until ALL of them have closed it.");
  expect("- stop all holders: kill 4711 4712");
  socket->processes_left_out = 5;
  explain();
  expect("7 processes have this one socket open");
  expect("- and 5 more");
}

static void a_stopped_holder_needs_sigcont_first(void **state) {
  (void)state;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 62893);
  facts_process(socket, 4711, "stopped")->is_stopped = true;
  explain();
  expect("Process 4711 is stopped (SIGSTOP): SIGTERM will not work before SIGCONT.");
  expect("stop the holder: kill -CONT 4711; kill 4711");
  facts_process(socket, 4712, "running");
  explain();
  expect("0.0.0.0 stands for every IPv4 address");
  expect("stop all holders: kill -CONT 4711; kill 4711 4712");
}

static void another_users_process_is_stopped_with_sudo(void **state) {
  (void)state;
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "nc")->uid = 33;
  explain();
  expect("stop the holder: sudo kill 4711");
  failure.own_user_id = 0;
  explain();
  expect("stop the holder: kill 4711");
}

static void udp_holders_are_sockets_that_receive(void **state) {
  (void)state;
  failure.wanted.transport = TRANSPORT_UDP;
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_BOUND, "0.0.0.0", 62893);
  socket->transport = TRANSPORT_UDP;
  facts_process(socket, 4711, "dnsmasq");
  explain();
  expect("cannot listen on 127.0.0.1:62893 (udp): the port is in use");
  expect("A UDP socket already has 0.0.0.0:62893, and 0.0.0.0 stands for every IPv4 address");
  expect("lsof -nP -iUDP:62893");
  expect_not("does not listen");
}

static void two_addresses_of_one_server_may_overlap(void **state) {
  (void)state;
  struct endpoint other = {.transport = TRANSPORT_TCP, .address = facts_address("0.0.0.0", 62893)};
  failure.own_overlap = &other;
  explain();
  expect("This very lopong was also told to listen on 0.0.0.0:62893 (tcp)");
  expect("leave out one of the two --bind addresses");
}

static void unknown_holders_are_said_to_be_unknown(void **state) {
  (void)state;
  report->known = false;
  explain();
  expect("Linux does not tell lopong who has a port: ");
  failure.sockets = NULL;
  explain();
  expect("Linux does not tell lopong who has a port: ");
  failure.sockets_code = UV_ENOMEM;
  explain();
  expect("lopong could not find out whose it is: not enough memory (ENOMEM).");
  expect_not("does not tell");
}

static void a_privileged_port_names_the_setting(void **state) {
  (void)state;
  failure.code = UV_EACCES;
  failure.wanted.address = facts_address("127.0.0.1", 80);
  failure.ports.unprivileged_first = 500;
  explain();
  expect("cannot listen on 127.0.0.1:80 (tcp): not allowed (EACCES).");
  expect("the ports below 500 are (net.ipv4.ip_unprivileged_port_start is 500)");
  expect("user id 1000");
  expect_not("in use");
  facts_process(facts_socket(report, SOCKET_STATE_LISTEN, "0.0.0.0", 80), 4711, "nginx");
  explain();
  expect("The privilege alone would not help, because the port is also in use.");
  expect("process 4711 (nginx)");
}

static void a_foreign_address_comes_with_our_own(void **state) {
  (void)state;
  static struct own_addresses own = {.known = true, .count = 3};
  failure.code = UV_EADDRNOTAVAIL;
  failure.wanted.address = facts_address("10.1.2.3", 62893);
  own.rows[0].address = facts_address("127.0.0.1", 0);
  own.rows[1].address = facts_address("192.168.1.2", 0);
  own.rows[2].address = facts_address("::1", 0);
  failure.own_addresses = &own;
  explain();
  expect("this machine does not have that address (EADDRNOTAVAIL).");
  expect("No network interface of this machine has the address 10.1.2.3.");
  expect("The addresses of this machine are 127.0.0.1, 192.168.1.2 and ::1;");
  for (size_t i = 0; i < 40; i++)
    own.rows[i].address = facts_address("2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", 0);
  own.count = 40;
  explain();
  expect(" more;");
}

static void ipv6_that_is_off_is_told_from_a_foreign_address(void **state) {
  (void)state;
  failure.code = UV_EADDRNOTAVAIL;
  failure.wanted.address = facts_address("::1", 62893);
  failure.ipv6_off = MACHINE_YES;
  explain();
  expect("IPv6 is switched off on this machine: net.ipv6.conf.lo.disable_ipv6 is 1.");
  expect("lopong --bind 127.0.0.1 --port 62893");
  failure.code = UV_EAFNOSUPPORT;
  explain();
  expect("its kernel has no IPv6");
  failure.code = UV_EADDRNOTAVAIL;
  failure.ipv6_off = MACHINE_NO;
  explain();
  expect("No network interface of this machine has the address ::1.");
}

static void a_descriptor_limit_comes_with_its_number(void **state) {
  (void)state;
  failure.code = UV_EMFILE;
  failure.descriptor_limit = 1024;
  explain();
  expect("(EMFILE). This process may have 1024 files and sockets open at once");
  expect("ulimit -n 4096");
}

static void any_other_code_is_told_in_the_words_table_or_the_systems_words(void **state) {
  (void)state;
  failure.code = UV_ENOBUFS;
  explain();
  expect("cannot listen on 127.0.0.1:62893 (tcp): the network has no buffer left (ENOBUFS).");
  failure.code = UV_EXDEV;
  explain();
  expect("cannot listen on 127.0.0.1:62893 (tcp): cross-device link not permitted (EXDEV).");
  expect("The system refused bind() or listen() on 127.0.0.1:62893 (tcp)");
  failure.code = -4000;
  explain();
  expect("(errno 4000)");
}

static void unix_paths_are_judged_by_what_stands_there(void **state) {
  (void)state;
  static const struct {
    enum unix_path_state path_state;
    int code;
    const char *says;
  } cases[] = {
      {UNIX_PATH_LIVE, UV_EADDRINUSE, "A server already listens on /run/x. lopong never deletes a socket"},
      {UNIX_PATH_STALE, UV_EADDRINUSE, "a socket that a program left behind: nobody listens on it."},
      {UNIX_PATH_NOT_SOCKET, UV_EADDRINUSE, "/run/x exists and is not a socket."},
      {UNIX_PATH_NO_FOLDER, UV_EACCES, "The folder /run does not exist. What to do: - make it: mkdir -p /run"},
      {UNIX_PATH_FORBIDDEN, UV_EACCES, "The folder /run may not be written to by user id 1000."},
      {UNIX_PATH_UNASKED, UV_ENOMEM,
       "not enough memory (ENOMEM). Whether a server listens on /run/x could not be found"},
      {UNIX_PATH_UNASKED, UV_EMFILE, "no file descriptor is left (EMFILE)"},
      {UNIX_PATH_UNKNOWN, UV_ENAMETOOLONG, "The path of a unix socket has 103 bytes at most."},
      {UNIX_PATH_UNKNOWN, UV_EADDRINUSE, "Something exists at /run/x already"},
      {UNIX_PATH_UNKNOWN, UV_EROFS, "read-only file system (EROFS)"},
      {UNIX_PATH_LIVE, UV_EMFILE, "no file descriptor is left (EMFILE)"},
  };
  failure.wanted.transport = TRANSPORT_UNIX;
  strcpy(failure.wanted.path, "/run/x");
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    failure.path_state = cases[i].path_state;
    failure.code = cases[i].code;
    explain();
    expect("cannot listen on unix:/run/x: ");
    expect(cases[i].says);
  }
}

static void an_abstract_name_has_no_file_to_remove(void **state) {
  (void)state;
  /* Other systems have none, and "@x" is a file there. */
  if (!unix_socket_has_abstract()) skip();
  failure.wanted.transport = TRANSPORT_UNIX;
  failure.code = UV_EADDRINUSE;
  strcpy(failure.wanted.path, "@x");
  explain();
  expect("cannot listen on unix:@x: the name is in use (EADDRINUSE)");
  expect("A socket has the abstract name @x");
  expect("use another name: lopong --unix @x.2");
}

static void a_live_unix_socket_names_its_holder(void **state) {
  (void)state;
  failure.wanted.transport = TRANSPORT_UNIX;
  failure.path_state = UNIX_PATH_LIVE;
  strcpy(failure.wanted.path, "/run/x");
  struct port_socket *socket = facts_socket(report, SOCKET_STATE_LISTEN, "127.0.0.1", 0);
  memset(&socket->local, 0, sizeof socket->local);
  socket->transport = TRANSPORT_UNIX;
  strcpy(socket->path, "/run/x");
  facts_process(socket, 4711, "lopong --unix /run/x");
  explain();
  expect("The holder is process 4711 (lopong --unix /run/x), user alice");
  expect("use the lopong that runs there: loping unix:/run/x");
  expect("ss -lxp src /run/x");
}

#define WITH_FACTS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_FACTS(a_listener_is_named_with_all_that_is_known),
      WITH_FACTS(the_overlapping_address_is_explained),
      WITH_FACTS(sockets_that_do_not_overlap_are_no_holders),
      WITH_FACTS(accepted_connections_of_a_listener_are_not_blamed),
      WITH_FACTS(a_running_lopong_is_offered_for_use),
      WITH_FACTS(a_bound_socket_is_not_called_a_listener),
      WITH_FACTS(connections_are_told_apart_by_their_ports),
      WITH_FACTS(a_borrowed_port_comes_with_this_machines_range),
      WITH_FACTS(time_wait_has_nobody_to_kill),
      WITH_FACTS(an_outgoing_time_wait_says_how_long),
      WITH_FACTS(an_orphan_has_nobody_to_kill),
      WITH_FACTS(hidden_holders_are_named_by_their_user),
      WITH_FACTS(an_invisible_holder_is_not_sought_in_vain),
      WITH_FACTS(all_who_inherited_a_socket_are_listed),
      WITH_FACTS(a_stopped_holder_needs_sigcont_first),
      WITH_FACTS(another_users_process_is_stopped_with_sudo),
      WITH_FACTS(udp_holders_are_sockets_that_receive),
      WITH_FACTS(two_addresses_of_one_server_may_overlap),
      WITH_FACTS(unknown_holders_are_said_to_be_unknown),
      WITH_FACTS(a_privileged_port_names_the_setting),
      WITH_FACTS(a_foreign_address_comes_with_our_own),
      WITH_FACTS(ipv6_that_is_off_is_told_from_a_foreign_address),
      WITH_FACTS(a_descriptor_limit_comes_with_its_number),
      WITH_FACTS(any_other_code_is_told_in_the_words_table_or_the_systems_words),
      WITH_FACTS(unix_paths_are_judged_by_what_stands_there),
      WITH_FACTS(an_abstract_name_has_no_file_to_remove),
      WITH_FACTS(a_live_unix_socket_names_its_holder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
