/* The rows of a list: each socket once, and never more than the limit. */
#include "client/sockets/port_list.h"
#include "client/sockets/socket_rows.h"
#include "tests/unit/explain_facts.h"

static void keep(struct socket_rows *rows, uint64_t inode, const char *host, int64_t uid) {
  struct socket_row row;
  memset(&row, 0, sizeof row);
  row.inode = inode;
  row.uid = uid;
  row.local = facts_address(host, 80);
  assert_int_equal(socket_rows_keep(rows, &row), 0);
}

static void a_socket_that_was_told_twice_is_kept_once(void **state) {
  (void)state;
  struct socket_rows rows = {0};
  keep(&rows, 7, "127.0.0.1", 1000);
  keep(&rows, 5, "127.0.0.1", 0);
  keep(&rows, 7, "127.0.0.1", 1000);
  keep(&rows, 0, "127.0.0.1", 0);
  keep(&rows, 0, "127.0.0.2", 0);
  keep(&rows, 0, "127.0.0.1", 0);
  socket_rows_settle(&rows);
  assert_int_equal(rows.count, 4);
  assert_int_equal(rows.rows[3].inode, 7);
  assert_int_equal(rows.rows[2].inode, 5);
  assert_int_equal(rows.rows[1].inode + rows.rows[0].inode, 0);
  free(rows.rows);
}

static void nothing_settles_to_nothing(void **state) {
  (void)state;
  struct socket_rows rows = {0};
  socket_rows_settle(&rows);
  assert_int_equal(rows.count, 0);
}

static void what_is_beyond_the_limit_is_counted(void **state) {
  (void)state;
  struct socket_rows rows = {0};
  for (uint64_t i = 1; i <= PORT_LIST_MAX + 3; i++)
    keep(&rows, i, "127.0.0.1", 0);
  assert_int_equal(rows.count, PORT_LIST_MAX);
  assert_int_equal(rows.left_out, 3);
  free(rows.rows);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_socket_that_was_told_twice_is_kept_once),
      cmocka_unit_test(nothing_settles_to_nothing),
      cmocka_unit_test(what_is_beyond_the_limit_is_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
