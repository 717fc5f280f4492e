/* Targets, as somebody may type them, and what each command makes of them. */
#include <string.h>

#include "client/ports/port_words.h"
#include "client/target/target.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("62893"), FUZZ_SEED("localhost:62893"), FUZZ_SEED("[::1]:62893"), FUZZ_SEED("unix:/tmp/x"),
           FUZZ_SEED("127.0.0.1"), FUZZ_SEED("fe80::1%lo"), FUZZ_SEED("::1:8080"), FUZZ_SEED("53/udp"),
           FUZZ_SEED("http://user@[fe80::1%25lo]:80/x?y#z"), FUZZ_SEED("unix:@name"), FUZZ_SEED("80,8000-8010"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char problem[OPTIONS_PROBLEM_SIZE] = "", what[TARGET_PROBLEM_SIZE];
  struct port_filter *filter = calloc(1, sizeof *filter);
  struct target target;
  enum target_status status = target_parse(text, &target);
  target_problem(status, text, what);
  FUZZ_CHECK(strlen(what) > 0 && strchr(what, '\x1b') == NULL);
  if (status == TARGET_OK && target.is_unix)
    FUZZ_CHECK(strlen(target.path) > 0 && strlen(target.path) < ADDRESS_PATH_SIZE && strstr(text, target.path) != NULL);
  if (status == TARGET_OK && !target.is_unix)
    FUZZ_CHECK(strlen(target.host) > 0 && strlen(target.host) < ADDRESS_HOST_SIZE);
  if (target.ports != NULL)
    FUZZ_CHECK(target.ports >= text && target.ports + target.ports_length <= text + strlen(text));
  if (filter != NULL && !port_words_read(text, filter, problem))
    FUZZ_CHECK(problem[0] != '\0' && strchr(problem, '\x1b') == NULL);
  for (size_t i = 0; filter != NULL && i < filter->range_count; i++)
    FUZZ_CHECK(filter->ranges[i].first >= 1 && filter->ranges[i].first <= filter->ranges[i].last);
  free(filter);
  free(text);
  return 0;
}
