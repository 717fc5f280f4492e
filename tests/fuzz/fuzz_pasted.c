/* A text as somebody may pipe it to `loping explain -`. */
#include "client/explain/pasted.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("Error: listen EADDRINUSE: address already in use :::3000"),
           FUZZ_SEED("dial tcp [::1]:8080: connect: connection refused"), FUZZ_SEED("('127.0.0.1', 8000) 10048"),
           FUZZ_SEED("postgres://a:b@127.0.0.1:5433/x"), FUZZ_SEED("ECONNREFUSED\naddress: '::1',\nport: 6379"),
           FUZZ_SEED("localhost/127.0.0.1:9092"), FUZZ_SEED("[]:1 ]:2 [:3 ://:4 ://@"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  struct pasted pasted;
  if (pasted_read(text, &pasted)) FUZZ_CHECK(pasted.error != NULL || pasted.port != 0);
  FUZZ_CHECK(strlen(pasted.host) < sizeof pasted.host);
  FUZZ_CHECK(strlen(pasted.source) < sizeof pasted.source);
  free(text);
  return 0;
}
