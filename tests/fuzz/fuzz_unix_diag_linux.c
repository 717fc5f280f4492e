/* One message on a unix socket. It comes from the kernel, and is read as if it came from anybody. */
#include <linux/rtnetlink.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "client/sockets/unix_diag_linux.h"
#include "tests/fuzz/fuzz.h"

#define WAITING 77

static const struct {
  struct unix_diag_msg told;
  struct rtattr name_head;
  char name[8];
  struct rtattr waiting_head;
  uint32_t waiting[2];
  struct rtattr queues_head;
  struct unix_diag_rqlen queues;
  struct rtattr file_head;
  struct unix_diag_vfs file;
} listener = {
    .told = {.udiag_family = AF_UNIX, .udiag_type = SOCK_STREAM, .udiag_state = 10, .udiag_ino = 9},
    .name_head = {.rta_len = RTA_LENGTH(8), .rta_type = UNIX_DIAG_NAME},
    .name = "/run/x",
    .waiting_head = {.rta_len = RTA_LENGTH(8), .rta_type = UNIX_DIAG_ICONS},
    .waiting = {1, WAITING},
    .queues_head = {.rta_len = RTA_LENGTH(sizeof(struct unix_diag_rqlen)), .rta_type = UNIX_DIAG_RQLEN},
    .queues = {2, 128},
    .file_head = {.rta_len = RTA_LENGTH(sizeof(struct unix_diag_vfs)), .rta_type = UNIX_DIAG_VFS},
    .file = {.udiag_vfs_ino = 5, .udiag_vfs_dev = 6},
};

FUZZ_SEEDS({&listener, sizeof(listener)});

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  /* malloc() aligns it, as the parser asks, and ends where the sanitizer watches. */
  uint8_t *body = malloc(length > 0 ? length : 1);
  struct unix_row row;
  FUZZ_CHECK(body != NULL);
  memcpy(body, input, length);
  bool is_read = unix_diag_read(body, length, WAITING, &row);
  FUZZ_CHECK(!is_read || length >= sizeof(struct unix_diag_msg));
  FUZZ_CHECK(memchr(row.name, '\0', sizeof row.name) != NULL);
  free(body);
  return 0;
}
