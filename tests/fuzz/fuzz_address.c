/* Addresses, ports and paths, as somebody may type them. */
#include <string.h>

#include "common/net/address.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("62893"), FUZZ_SEED("localhost:62893"), FUZZ_SEED("[::1]:62893"), FUZZ_SEED("unix:/tmp/x"),
           FUZZ_SEED("127.0.0.1"), FUZZ_SEED("fe80::1%lo"), FUZZ_SEED("::ffff:127.0.0.1"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char path[ADDRESS_PATH_SIZE];
  struct sockaddr_storage address;
  uint16_t port;
  if (address_parse_port(text, &port) == ADDRESS_OK) FUZZ_CHECK(strtoul(text, NULL, 10) == port);
  if (address_parse_path(text, path) == ADDRESS_OK) FUZZ_CHECK(strcmp(path, text) == 0);
  if (address_read_numeric(text, 1, &address)) FUZZ_CHECK(address_port(&address) == 1);
  free(text);
  return 0;
}
