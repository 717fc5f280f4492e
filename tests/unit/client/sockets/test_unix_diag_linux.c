/* Messages on unix sockets: listeners, connections, abstract names, and bytes that end too early. */
#include "client/sockets/unix_diag_linux.h"

#include <linux/rtnetlink.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static _Alignas(8) uint8_t body[1024];
static size_t body_bytes;
static struct unix_row row;

static void begin(uint8_t type, uint8_t state, uint32_t inode) {
  struct unix_diag_msg told = {.udiag_family = AF_UNIX, .udiag_type = type, .udiag_state = state, .udiag_ino = inode};
  memset(body, 0, sizeof body);
  memcpy(body, &told, sizeof told);
  body_bytes = NLMSG_ALIGN(sizeof told);
}

static void add(unsigned short type, const void *value, size_t bytes) {
  struct rtattr attribute = {.rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(bytes)};
  memcpy(body + body_bytes, &attribute, sizeof attribute);
  memcpy(body + body_bytes + RTA_LENGTH(0), value, bytes);
  body_bytes += RTA_ALIGN(RTA_LENGTH(bytes));
}

static bool reads(uint64_t waiting) {
  return unix_diag_read(guard_page_place(body, body_bytes), body_bytes, waiting, &row);
}

static void a_listener_tells_its_file_its_queue_and_who_waits(void **state) {
  const uint32_t waiting[] = {11, 12}, uid = 1000;
  const struct unix_diag_rqlen queues = {2, 128};
  const struct unix_diag_vfs file = {.udiag_vfs_ino = 99, .udiag_vfs_dev = (8u << 20) | 1u};
  (void)state;
  begin(SOCK_STREAM, 10, 7);
  add(UNIX_DIAG_NAME, "/run/x", 6);
  add(UNIX_DIAG_VFS, &file, sizeof file);
  add(UNIX_DIAG_ICONS, waiting, sizeof waiting);
  add(UNIX_DIAG_RQLEN, &queues, sizeof queues);
  add(7, &uid, sizeof uid);
  assert_true(reads(12));
  assert_true(row.is_listening && row.has_waiting && row.has_file);
  assert_int_equal(row.kind, UNIX_KIND_STREAM);
  assert_string_equal(row.name, "/run/x");
  assert_int_equal(row.file_inode, 99);
  assert_int_equal(row.file_device, makedev(8, 1));
  assert_int_equal(row.queued, 2);
  assert_int_equal(row.queue_limit, 128);
  assert_int_equal(row.unread_bytes, 0);
  assert_int_equal(row.uid, 1000);
  assert_true(reads(13));
  assert_false(row.has_waiting);
  assert_true(reads(0));
  assert_false(row.has_waiting);
}

static void a_connection_tells_its_other_end_and_its_unread_bytes(void **state) {
  const uint32_t peer = 42;
  const struct unix_diag_rqlen queues = {55, 3};
  (void)state;
  begin(SOCK_STREAM, 1, 7);
  add(UNIX_DIAG_PEER, &peer, sizeof peer);
  add(UNIX_DIAG_RQLEN, &queues, sizeof queues);
  assert_true(reads(0));
  assert_true(row.is_connected && !row.is_listening);
  assert_int_equal(row.peer_inode, 42);
  assert_int_equal(row.unread_bytes, 55);
  assert_int_equal(row.unsent_bytes, 3);
  assert_int_equal(row.queued, 0);
  assert_int_equal(row.uid, -1);
}

static void kinds_and_abstract_names_are_told_apart(void **state) {
  char longest[200];
  (void)state;
  begin(SOCK_DGRAM, 7, 7);
  add(UNIX_DIAG_NAME, "\0name", 5);
  assert_true(reads(0));
  assert_int_equal(row.kind, UNIX_KIND_DATAGRAM);
  assert_string_equal(row.name, "@name");
  begin(SOCK_SEQPACKET, 10, 7);
  memset(longest, 'x', sizeof longest);
  add(UNIX_DIAG_NAME, longest, sizeof longest);
  assert_true(reads(0));
  assert_int_equal(row.kind, UNIX_KIND_SEQPACKET);
  assert_int_equal(strlen(row.name), UNIX_NAME_SIZE - 1);
}

static void a_message_that_ends_early_is_read_as_far_as_it_goes(void **state) {
  const struct unix_diag_rqlen queues = {2, 128};
  (void)state;
  begin(SOCK_STREAM, 10, 7);
  add(UNIX_DIAG_NAME, "/run/x", 6);
  add(UNIX_DIAG_RQLEN, &queues, sizeof queues);
  for (size_t length = 0; length <= body_bytes; length += 4) {
    bool is_read = unix_diag_read(guard_page_place(body, length), length, 0, &row);
    assert_true(is_read == (length >= sizeof(struct unix_diag_msg)));
    assert_int_equal(row.queue_limit, length == body_bytes ? 128 : 0);
  }
  ((struct unix_diag_msg *)(void *)body)->udiag_family = AF_INET;
  assert_false(reads(0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_listener_tells_its_file_its_queue_and_who_waits),
      cmocka_unit_test(a_connection_tells_its_other_end_and_its_unread_bytes),
      cmocka_unit_test(kinds_and_abstract_names_are_told_apart),
      cmocka_unit_test(a_message_that_ends_early_is_read_as_far_as_it_goes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
