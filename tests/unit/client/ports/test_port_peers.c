/* Connections laid against the listeners. */
#include "client/ports/port_peers.h"

#include "client/ports/port_view.h"
#include "tests/unit/explain_facts.h"

static struct port_socket sockets[4];
static struct port_row rows[4];
static size_t row_count;
static struct connection connections[40];
static struct connection_list list;
static struct peer_links links;
static struct port_peers peers[4];

static int begin(void **state) {
  (void)state;
  memset(sockets, 0, sizeof sockets);
  memset(connections, 0, sizeof connections);
  list = (struct connection_list){.known = true, .rows = connections};
  row_count = 0;
  return 0;
}

static int end(void **state) {
  (void)state;
  peer_links_free(&links);
  return 0;
}

static struct port_socket *listen_on(enum transport transport, const char *host, uint16_t port) {
  struct port_socket *socket = &sockets[row_count];
  *socket = (struct port_socket){.transport = transport,
                                 .state = transport == TRANSPORT_UDP ? SOCKET_STATE_BOUND : SOCKET_STATE_LISTEN,
                                 .local = facts_address(host, port)};
  rows[row_count++] = (struct port_row){.socket = socket};
  return socket;
}

static struct connection *add_end(const char *local, uint16_t local_port, const char *remote, uint16_t remote_port) {
  struct connection *connection = &connections[list.count++];
  *connection = (struct connection){.state = SOCKET_STATE_ESTABLISHED,
                                    .local = facts_address(local, local_port),
                                    .remote = facts_address(remote, remote_port),
                                    .inode = list.count,
                                    .owner = SOCKET_OWNER_SHOWN,
                                    .pid = 100,
                                    .command = "node"};
  return connection;
}

static void count(void) {
  assert_int_equal(peer_links_find(rows, row_count, &list, &links), 0);
  port_peers_count(&links, &list, peers, row_count);
}

static void expect_text(size_t row, const char *wanted) {
  char text[1024];
  assert_string_equal(port_peers_text(rows[row].socket, &peers[row], text, sizeof text), wanted);
}

static void both_ends_here_are_one_connection_of_the_client_s_process(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "127.0.0.1", 8080);
  add_end("127.0.0.1", 40000, "127.0.0.1", 8080)->pid = 7;
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000)->pid = 1;
  count();
  assert_int_equal(links.count, 1);
  expect_text(0, "node (pid 7) 1");
}

static void an_end_elsewhere_is_an_address_and_a_process_is_one_peer(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "0.0.0.0", 8080);
  add_end("10.0.0.1", 8080, "10.0.0.7", 40000);
  add_end("10.0.0.1", 8080, "10.0.0.7", 40001)->inode = 0;
  add_end("10.0.0.1", 8080, "10.0.0.8", 40001);
  add_end("10.0.0.1", 8080, "10.0.0.1", 40002);
  add_end("10.0.0.1", 40002, "10.0.0.1", 8080)->pid = 9;
  count();
  assert_int_equal(peers[0].connections, 4);
  expect_text(0, "10.0.0.7 2, 10.0.0.8 1, node (pid 9) 1; 1 of these waits to be accepted");
}

static void the_narrower_listener_has_the_connection(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "0.0.0.0", 8080);
  listen_on(TRANSPORT_TCP, "127.0.0.1", 8080);
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000);
  count();
  expect_text(0, "none now");
  assert_int_equal(peers[1].connections, 1);
}

static void what_is_closed_or_opening_does_not_stand(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "127.0.0.1", 8080);
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000)->state = SOCKET_STATE_TIME_WAIT;
  add_end("127.0.0.1", 40001, "127.0.0.1", 8080)->state = SOCKET_STATE_TIME_WAIT;
  add_end("127.0.0.1", 8080, "127.0.0.1", 40002)->state = SOCKET_STATE_CONNECTING;
  add_end("127.0.0.1", 8080, "127.0.0.1", 40003)->state = SOCKET_STATE_FIN_WAIT;
  count();
  assert_int_equal(links.count, 4);
  expect_text(0, "none now");
}

static void a_connection_to_another_machine_s_port_of_that_number_is_none(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "0.0.0.0", 443);
  add_end("10.0.0.1", 40000, "10.9.9.9", 443);
  count();
  assert_int_equal(links.count, 0);
}

static void a_dual_stack_listener_has_ipv4_connections_too(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "::", 8080)->dual_stack = true;
  listen_on(TRANSPORT_TCP, "::", 8081);
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000);
  add_end("127.0.0.1", 8081, "127.0.0.1", 40000);
  count();
  assert_int_equal(peers[0].connections, 1);
  assert_int_equal(peers[1].connections, 0);
}

static void of_udp_the_client_s_end_is_what_is_to_be_seen(void **state) {
  (void)state;
  listen_on(TRANSPORT_UDP, "127.0.0.1", 53);
  listen_on(TRANSPORT_TCP, "127.0.0.1", 53);
  add_end("127.0.0.1", 40000, "127.0.0.1", 53)->transport = TRANSPORT_UDP;
  count();
  expect_text(0, "node (pid 100) 1");
  expect_text(1, "none now");
}

static void many_peers_are_cut_and_counted_and_names_are_escaped(void **state) {
  char text[2048];
  (void)state;
  listen_on(TRANSPORT_TCP, "0.0.0.0", 8080);
  for (uint16_t i = 0; i < PORT_PEERS_MAX + 3; i++) {
    char host[32];
    snprintf(host, sizeof host, "10.0.1.%u", i);
    add_end("10.0.0.1", 8080, host, 40000);
  }
  count();
  assert_int_equal(peers[0].left_out, 3);
  assert_non_null(strstr(port_peers_text(rows[0].socket, &peers[0], text, sizeof text), ", others 3"));
  begin(NULL);
  end(NULL);
  listen_on(TRANSPORT_TCP, "127.0.0.1", 8080);
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000);
  strcpy(add_end("127.0.0.1", 40000, "127.0.0.1", 8080)->command, "\x1b[2J");
  count();
  expect_text(0, "\\x1b[2J (pid 100) 1");
}

static void what_hides_its_process_is_said(void **state) {
  (void)state;
  listen_on(TRANSPORT_TCP, "127.0.0.1", 8080);
  add_end("127.0.0.1", 8080, "127.0.0.1", 40000);
  add_end("127.0.0.1", 40000, "127.0.0.1", 8080)->owner = SOCKET_OWNER_HIDDEN;
  count();
  expect_text(0, "a hidden process of this machine (127.0.0.1) 1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(both_ends_here_are_one_connection_of_the_client_s_process),
      TEST(an_end_elsewhere_is_an_address_and_a_process_is_one_peer),
      TEST(the_narrower_listener_has_the_connection),
      TEST(what_is_closed_or_opening_does_not_stand),
      TEST(a_connection_to_another_machine_s_port_of_that_number_is_none),
      TEST(a_dual_stack_listener_has_ipv4_connections_too),
      TEST(of_udp_the_client_s_end_is_what_is_to_be_seen),
      TEST(many_peers_are_cut_and_counted_and_names_are_escaped),
      TEST(what_hides_its_process_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
