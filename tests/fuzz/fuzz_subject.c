/* A word as somebody may type it after `loping explain`. */
#include "client/explain/subject.h"
#include "common/net/port_kind.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("errno 111"), FUZZ_SEED("-111"), FUZZ_SEED("62893/tcp"), FUZZ_SEED("127.0.0.0/8"),
           FUZZ_SEED("[::1]:80"), FUZZ_SEED("connection refused"), FUZZ_SEED("p99.9"), FUZZ_SEED("8080,9148-9150"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  const char *names[EXPLAIN_WORD_NEAREST];
  struct subject subject;
  subject_read(text, &subject);
  FUZZ_CHECK(subject.kind != SUBJECT_WORD || subject.word != NULL);
  FUZZ_CHECK(subject.kind != SUBJECT_CODE || subject.code < 0);
  FUZZ_CHECK(subject.kind != SUBJECT_ADDRESS || address_kind_of(&subject.address) != NULL);
  FUZZ_CHECK(subject.kind != SUBJECT_NETWORK || address_kind_of(&subject.network.address) != NULL);
  /* Comparing with every word takes a hundred times as long as the rest. */
  if (length % 16 == 0) FUZZ_CHECK(explain_word_nearest(text, names) <= EXPLAIN_WORD_NEAREST);
  (void)port_kind_in_list(80, text);
  free(text);
  return 0;
}
