/* The lines of /proc, which hold whatever a process calls itself. */
#include <string.h>

#include "common/sockets/proc_text.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(
    FUZZ_SEED(
        "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 1000 200 18446744073709551615"),
    FUZZ_SEED("Name:\tlopong\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n"),
    FUZZ_SEED("   0: 0100007F:F5AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 26419 1 0"),
    FUZZ_SEED("   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:0050 06 "
              "00000000:00000000 03:00001770 00000000     0        0 0 3 0"),
    FUZZ_SEED("0000000000000000: 00000002 00000000 00010000 0001 01 16812 /run/user/1000/bus"),
    FUZZ_SEED("socket:[18446744073709551615]"), FUZZ_SEED("/usr/bin/python3\0-m\0http.server\0008000\0\0\0"));

static void check_row(const struct socket_row *row) {
  FUZZ_CHECK(memchr(row->path, '\0', sizeof(row->path)) != NULL);
  char out[ADDRESS_TEXT_SIZE];
  if (row->transport != TRANSPORT_UNIX) FUZZ_CHECK(strlen(address_format(&row->local, out)) < sizeof(out));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  struct proc_stat stat;
  struct socket_row row;
  int64_t uid;
  uint64_t inode;
  if (proc_text_read_stat(text, &stat)) FUZZ_CHECK(memchr(stat.command, '\0', sizeof(stat.command)) != NULL);
  if (proc_text_read_uid(text, &uid)) FUZZ_CHECK(uid >= 0);
  if (proc_text_read_inet(text, TRANSPORT_TCP, 100, &row)) check_row(&row);
  if (proc_text_read_inet(text, TRANSPORT_UDP, 0, &row)) check_row(&row);
  if (proc_text_read_unix(text, &row)) check_row(&row);
  proc_text_read_socket_link((const char *)input, length, &inode);
  for (size_t out_bytes = 8; out_bytes <= 256; out_bytes *= 2) {
    char *out = malloc(out_bytes);
    FUZZ_CHECK(out != NULL);
    proc_text_join_arguments((const char *)input, length, out, out_bytes);
    FUZZ_CHECK(memchr(out, '\0', out_bytes) != NULL);
    free(out);
  }
  free(text);
  return 0;
}
