/* This process's own sockets in the list of all listeners, as Linux shows them. */
#include <sys/socket.h>
#include <unistd.h>

#include "client/sockets/port_list.h"
#include "common/sockets/port_owner.h"
#include "tests/unit/explain_facts.h"

static int open_socket(int type, const char *host, uint16_t *port) {
  struct sockaddr_storage address = facts_address(host, 0);
  socklen_t length = (socklen_t)address_bytes(&address);
  int opened = socket(address.ss_family, type | SOCK_CLOEXEC, 0);
  assert_true(opened >= 0);
  assert_int_equal(bind(opened, (struct sockaddr *)&address, length), 0);
  assert_int_equal(getsockname(opened, (struct sockaddr *)&address, &length), 0);
  *port = address_port(&address);
  return opened;
}

/* The sockets of this process on a port; `last` is the last of them. */
static size_t count_own(const struct port_list *list, enum transport transport, uint16_t port,
                        const struct port_socket **last) {
  size_t count = 0;
  for (size_t i = 0; i < list->socket_count; i++) {
    const struct port_socket *socket = &list->sockets[i];
    bool is_own = socket->process_count > 0 && socket->processes[0].is_self;
    if (!is_own || socket->transport != transport || address_port(&socket->local) != port) continue;
    *last = socket;
    count++;
  }
  return count;
}

static void every_kind_of_listener_is_listed_once_with_its_process(void **state) {
  (void)state;
  static const struct {
    const char *host;
    int type;
    enum transport transport;
    bool listens;
    enum socket_state state;
  } cases[] = {
      {"127.0.0.1", SOCK_STREAM, TRANSPORT_TCP, true, SOCKET_STATE_LISTEN},
      {"::1", SOCK_STREAM, TRANSPORT_TCP, true, SOCKET_STATE_LISTEN},
      {"127.0.0.1", SOCK_STREAM, TRANSPORT_TCP, false, SOCKET_STATE_BOUND},
      {"127.0.0.1", SOCK_DGRAM, TRANSPORT_UDP, false, SOCKET_STATE_BOUND},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct port_list list;
    const struct port_socket *found = NULL;
    uint16_t port;
    int opened = open_socket(cases[i].type, cases[i].host, &port);
    if (cases[i].listens) assert_int_equal(listen(opened, 5), 0);
    assert_int_equal(port_list_gather(&list), 0);
    assert_true(list.known);
    size_t count = count_own(&list, cases[i].transport, port, &found);
    /* Before Linux 6.8 a bound TCP socket that does not listen is in no table. */
    bool may_be_missing = cases[i].transport == TRANSPORT_TCP && !cases[i].listens;
    if (count != 1 && !(may_be_missing && count == 0)) fail_msg("case %zu: listed %zu times", i, count);
    if (count == 1) {
      assert_int_equal(found->state, cases[i].state);
      assert_int_equal(found->owner, SOCKET_OWNER_SHOWN);
      assert_int_equal(found->uid, geteuid());
      assert_true(found->processes[0].since > 0);
      assert_string_equal(found->user, found->processes[0].user);
    }
    port_list_free(&list);
    close(opened);
  }
}

static void connections_are_not_listed(void **state) {
  (void)state;
  struct port_list list;
  const struct port_socket *found = NULL;
  uint16_t port, udp_port;
  int listener = open_socket(SOCK_STREAM, "127.0.0.1", &port);
  assert_int_equal(listen(listener, 5), 0);
  struct sockaddr_storage server = facts_address("127.0.0.1", port);
  uint16_t client_port;
  int client = open_socket(SOCK_STREAM, "127.0.0.1", &client_port);
  assert_int_equal(connect(client, (struct sockaddr *)&server, sizeof(struct sockaddr_in)), 0);
  int udp = open_socket(SOCK_DGRAM, "127.0.0.1", &udp_port);
  assert_int_equal(connect(udp, (struct sockaddr *)&server, sizeof(struct sockaddr_in)), 0);
  assert_int_equal(port_list_gather(&list), 0);
  assert_int_equal(count_own(&list, TRANSPORT_TCP, port, &found), 1);
  assert_int_equal(count_own(&list, TRANSPORT_TCP, client_port, &found), 0);
  assert_int_equal(count_own(&list, TRANSPORT_UDP, udp_port, &found), 0);
  port_list_free(&list);
  close(udp);
  close(client);
  close(listener);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_of_listener_is_listed_once_with_its_process),
      cmocka_unit_test(connections_are_not_listed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
