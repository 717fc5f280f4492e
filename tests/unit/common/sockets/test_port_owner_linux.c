/* The real sockets of this very process, as Linux shows them: by netlink, and without it. */
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/machine/machine.h"
#include "common/sockets/port_owner.h"
#include "tests/unit/explain_facts.h"

/* A socket of this process, bound to a port that the system picks. The caller closes it. */
static int open_socket(int type, const char *host, struct sockaddr_storage *address) {
  *address = facts_address(host, 0);
  socklen_t length = (socklen_t)address_bytes(address);
  int opened = socket(address->ss_family, type | SOCK_CLOEXEC, 0);
  assert_true(opened >= 0);
  assert_int_equal(bind(opened, (struct sockaddr *)address, length), 0);
  assert_int_equal(getsockname(opened, (struct sockaddr *)address, &length), 0);
  return opened;
}

static struct port_report *find(enum transport transport, const struct sockaddr_storage *wanted) {
  struct port_report *report;
  assert_int_equal(port_owner_find(transport, address_port(wanted), wanted, &report), 0);
  assert_true(report->known);
  return report;
}

static void expect_own(const struct port_socket *socket, enum socket_state wanted, const char *what) {
  if (socket->state != wanted) fail_msg("%s: wanted state %d, got %d", what, wanted, socket->state);
  assert_int_equal(socket->owner, SOCKET_OWNER_SHOWN);
  assert_true(socket->process_count >= 1);
  assert_int_equal(socket->processes[0].pid, getpid());
  assert_true(socket->processes[0].is_self);
  assert_false(socket->processes[0].is_stopped);
  assert_int_equal(socket->processes[0].uid, geteuid());
  assert_int_equal(socket->uid, geteuid());
  assert_string_equal(socket->processes[0].command, "test_port_owner"); /* the kernel keeps 15 bytes */
  assert_non_null(strstr(socket->processes[0].command_line, "test_port_owner"));
  assert_true(socket->processes[0].since > 0);
}

static bool offers_netlink(void) {
  int opened = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (opened >= 0) close(opened);
  return opened >= 0;
}

static void our_own_sockets_are_found_in_every_state(void **state) {
  (void)state;
  struct sockaddr_storage address;
  int opened = open_socket(SOCK_STREAM, "127.0.0.1", &address);
  struct port_report *report = find(TRANSPORT_TCP, &address);
  /* Before Linux 6.8 a bound socket that does not listen is in no table. */
  if (report->socket_count > 0) expect_own(&report->sockets[0], SOCKET_STATE_BOUND, "bound");
  port_report_free(report);
  assert_int_equal(listen(opened, 5), 0);
  report = find(TRANSPORT_TCP, &address);
  assert_int_equal(report->socket_count, 1);
  expect_own(&report->sockets[0], SOCKET_STATE_LISTEN, "listening");
  assert_true(address_same_host(&report->sockets[0].local, &address));
  assert_int_equal(report->sockets[0].remote.ss_family, AF_UNSPEC);
  port_report_free(report);

  struct sockaddr_storage client_address;
  int client = open_socket(SOCK_STREAM, "127.0.0.1", &client_address);
  assert_int_equal(connect(client, (struct sockaddr *)&address, (socklen_t)address_bytes(&address)), 0);
  report = find(TRANSPORT_TCP, &client_address);
  assert_int_equal(report->socket_count, 1);
  expect_own(&report->sockets[0], SOCKET_STATE_ESTABLISHED, "connected");
  assert_int_equal(address_port(&report->sockets[0].remote), address_port(&address));
  port_report_free(report);
  report = find(TRANSPORT_TCP, &address);
  assert_int_equal(report->socket_count, 2);
  expect_own(&report->sockets[0], SOCKET_STATE_LISTEN, "listening, with one that waits");
  assert_int_equal(report->sockets[0].queued, 1);
  /* Only netlink tells the limit, so this shows that it was asked. */
  if (offers_netlink()) assert_int_equal(report->sockets[0].queue_limit, 5);
  assert_int_equal(report->sockets[1].state, SOCKET_STATE_ESTABLISHED);
  assert_int_equal(report->sockets[1].owner, SOCKET_OWNER_NONE); /* not accepted: nobody has a descriptor */
  port_report_free(report);
  close(client);
  close(opened);
}

static void an_ipv6_listener_tells_whether_it_takes_ipv4(void **state) {
  (void)state;
  if (machine_ipv6_off() == MACHINE_YES) skip();
  struct sockaddr_storage address;
  int opened = open_socket(SOCK_STREAM, "::", &address);
  assert_int_equal(listen(opened, 5), 0);
  struct port_report *report = find(TRANSPORT_TCP, &address);
  assert_int_equal(report->socket_count, 1);
  assert_true(report->sockets[0].dual_stack);
  port_report_free(report);
  close(opened);
}

static void a_datagram_socket_is_found(void **state) {
  (void)state;
  struct sockaddr_storage address;
  int opened = open_socket(SOCK_DGRAM, "127.0.0.1", &address);
  struct port_report *report = find(TRANSPORT_UDP, &address);
  assert_int_equal(report->socket_count, 1);
  expect_own(&report->sockets[0], SOCKET_STATE_BOUND, "datagrams");
  port_report_free(report);
  report = find(TRANSPORT_TCP, &address);
  for (size_t i = 0; i < report->socket_count; i++)
    assert_int_equal(report->sockets[i].transport, TRANSPORT_TCP);
  port_report_free(report);
  close(opened);
}

static void a_duplicated_descriptor_is_one_holder(void **state) {
  (void)state;
  struct sockaddr_storage address;
  int opened = open_socket(SOCK_DGRAM, "127.0.0.1", &address);
  int again = dup(opened);
  struct port_report *report = find(TRANSPORT_UDP, &address);
  assert_int_equal(report->sockets[0].process_count, 1);
  port_report_free(report);
  close(again);
  close(opened);
}

static void a_unix_socket_is_found_by_its_path(void **state) {
  (void)state;
  char folder[] = "/tmp/test_port_owner.XXXXXX";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  assert_non_null(mkdtemp(folder));
  snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
  int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(opened, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(opened, 5), 0);
  struct port_report *report;
  int code = port_owner_find_unix(address.sun_path, &report);
  unlink(address.sun_path);
  rmdir(folder);
  assert_int_equal(code, 0);
  assert_int_equal(report->socket_count, 1);
  expect_own(&report->sockets[0], SOCKET_STATE_LISTEN, "unix");
  assert_string_equal(report->sockets[0].path, address.sun_path);
  port_report_free(report);
  close(opened);
}

static void a_path_without_a_socket_has_no_holder(void **state) {
  (void)state;
  struct port_report *report;
  assert_int_equal(port_owner_find_unix("/nonexistent/socket", &report), 0);
  assert_true(report->known);
  assert_int_equal(report->socket_count, 0);
  port_report_free(report);
}

/* From now on this process gets EPERM for a netlink socket, as in many sandboxes. */
static bool forbid_netlink(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
      /* The low half of the first argument, the address family. */
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
               offsetof(struct seccomp_data, args[0]) + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = COUNT_OF(filter), .filter = filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

enum child_answer { CHILD_FINE, CHILD_CANNOT_CONFINE, CHILD_NETLINK_OPEN, CHILD_NOT_CONFINED, CHILD_LOST_SOCKET };

static enum child_answer find_without_netlink(enum transport transport, const struct sockaddr_storage *address,
                                              enum socket_state wanted) {
  struct port_report *report;
  if (!forbid_netlink()) return CHILD_CANNOT_CONFINE;
  if (socket(AF_NETLINK, SOCK_RAW, 0) >= 0) return CHILD_NETLINK_OPEN;
  if (machine_is_confined() != MACHINE_YES) return CHILD_NOT_CONFINED;
  int code = port_owner_find(transport, address_port(address), address, &report);
  bool is_found = code == 0 && report->known && report->socket_count == 1 && report->sockets[0].state == wanted &&
                  address_same_host(&report->sockets[0].local, address) && report->sockets[0].process_count == 2;
  port_report_free(report);
  return is_found ? CHILD_FINE : CHILD_LOST_SOCKET;
}

static void without_netlink_the_tables_in_proc_serve(void **state) {
  (void)state;
  static const struct {
    enum transport transport;
    int type;
    const char *host;
    enum socket_state wanted;
  } cases[] = {
      {TRANSPORT_TCP, SOCK_STREAM, "127.0.0.1", SOCKET_STATE_LISTEN},
      {TRANSPORT_TCP, SOCK_STREAM, "::1", SOCKET_STATE_LISTEN},
      {TRANSPORT_UDP, SOCK_DGRAM, "127.0.0.1", SOCKET_STATE_BOUND},
      {TRANSPORT_UDP, SOCK_DGRAM, "::1", SOCKET_STATE_BOUND},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct sockaddr_storage address;
    int status;
    if (strchr(cases[i].host, ':') != NULL && machine_ipv6_off() == MACHINE_YES) continue;
    int opened = open_socket(cases[i].type, cases[i].host, &address);
    if (cases[i].type == SOCK_STREAM) assert_int_equal(listen(opened, 5), 0);
    pid_t child = fork();
    if (child == 0) _exit((int)find_without_netlink(cases[i].transport, &address, cases[i].wanted));
    assert_int_equal(waitpid(child, &status, 0), child);
    close(opened);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CHILD_CANNOT_CONFINE) skip();
    if (WEXITSTATUS(status) != CHILD_FINE) fail_msg("case %zu: the child says %d", i, WEXITSTATUS(status));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(our_own_sockets_are_found_in_every_state),
      cmocka_unit_test(an_ipv6_listener_tells_whether_it_takes_ipv4),
      cmocka_unit_test(a_datagram_socket_is_found),
      cmocka_unit_test(a_duplicated_descriptor_is_one_holder),
      cmocka_unit_test(a_unix_socket_is_found_by_its_path),
      cmocka_unit_test(a_path_without_a_socket_has_no_holder),
      cmocka_unit_test(without_netlink_the_tables_in_proc_serve),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
