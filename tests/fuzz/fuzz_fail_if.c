/* Conditions and lists of percentiles, as somebody may type them. */
#include <math.h>
#include <string.h>

#include "client/result/fail_if.h"
#include "client/stats/percentiles.h"
#include "common/options/options.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("p99>200us"), FUZZ_SEED("there.p50 >= 20us"), FUZZ_SEED("lost"), FUZZ_SEED("corrupted!=0"),
           FUZZ_SEED("bits_per_second<1.5G"), FUZZ_SEED("p99.999<=1s"), FUZZ_SEED("bytes_sent==64KiB"),
           FUZZ_SEED("50,75,99.999"), FUZZ_SEED("response.p99>1ms"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  static struct result_run nothing;
  char *text = fuzz_string(input, length);
  struct fail_if condition;
  struct percentile_list list;
  char problem[FAIL_IF_PROBLEM_SIZE], sentence[FAIL_IF_SENTENCE_SIZE];
  if (fail_if_parse(text, &condition, problem)) {
    FUZZ_CHECK(condition.section != NULL && condition.limit >= 0 && isfinite(condition.limit));
    FUZZ_CHECK(condition.field != NULL || (condition.percent > 0 && condition.percent <= 100));
    FUZZ_CHECK(!fail_if_applies(&condition, &nothing));
    if (condition.field != NULL) FUZZ_CHECK(strlen(fail_if_explain(&condition, &nothing, sentence)) < sizeof(sentence));
  } else {
    FUZZ_CHECK(strlen(problem) > 0 && strlen(problem) < sizeof(problem));
  }
  if (percentiles_parse_list(text, &list, problem)) FUZZ_CHECK(list.count > 0 && list.count <= PERCENTILES_MAX);
  free(text);
  return 0;
}
