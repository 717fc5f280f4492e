/* Result files that somebody may hand to compare: each is compared with a sound one, and with itself. */
#include <math.h>
#include <string.h>

#include "client/compare/file_look.h"
#include "client/compare/names.h"
#include "client/compare/report.h"
#include "tests/fuzz/fuzz.h"

#define RUNS(text) "{\"schema_version\":1,\"tool\":\"loping\",\"environment\":{\"release\":\"6\"},\"runs\":[" text "]}"
#define SOUND                                                                                                       \
  RUNS(                                                                                                             \
      "{\"workload\":{\"name\":\"latency\",\"direction\":null,\"transport\":\"tcp\",\"payload_bytes\":64},"         \
      "\"rtt_ns\":{\"count\":3,\"p50\":100,\"p99\":200},\"throughput\":{\"bits_per_second\":1e9},"                  \
      "\"intervals\":[{\"duration_ns\":1000000000,\"round_trips\":1,\"bytes_moved\":64,\"rtt_p50_ns\":100,"         \
      "\"rtt_p99_ns\":200},{\"duration_ns\":1000000000,\"round_trips\":1,\"bytes_received\":64,\"rtt_p50_ns\":101," \
      "\"rtt_p99_ns\":200},{\"duration_ns\":1000000000,\"round_trips\":1,\"bytes_moved\":0,\"rtt_p50_ns\":99,"      \
      "\"rtt_p99_ns\":null}]}")
#define FAILED                                                                                                   \
  "{\"schema_version\":1,\"error\":{\"what_happened\":\"gone\"},\"runs\":[{\"workload\":{\"name\":\"latency\"}," \
  "\"interrupted\":true,\"errors\":{\"lost\":136,\"reordered\":3}}]}"
#define NAMED "{\"workload\":{\"name\":\"latency\"},"

FUZZ_SEEDS(FUZZ_SEED(SOUND), FUZZ_SEED(RUNS("{\"workload\":{\"name\":\"throughput\",\"direction\":\"up\"}}")),
           FUZZ_SEED("{\"schema_version\":1,\"runs\":[]}"), FUZZ_SEED("{\"schema_version\":2,\"runs\":[{}]}"),
           FUZZ_SEED("{\"schema_version\":null,\"runs\":{}}"), FUZZ_SEED("{\"schema_version\":1,\"runs\":true}"),
           FUZZ_SEED("{\"schema_version\":1,\"tool\":\"other\",\"runs\":[{}]}"),
           FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":{\"p50\":-1}}")), FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":{\"p50\":1e300}}")),
           FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":{\"p50\":\"x\"}}")), FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":[]}")),
           FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":true}")), FUZZ_SEED(RUNS(NAMED "\"rtt_ns\":{\"p99_ci\":7}}")),
           FUZZ_SEED(RUNS(NAMED "\"interrupted\":1}")), FUZZ_SEED(RUNS("{\"workload\":7}")), FUZZ_SEED(RUNS("8")),
           FUZZ_SEED(RUNS("{\"workload\":{\"name\":null}}")), FUZZ_SEED(RUNS(NAMED "\"intervals\":{}}")),
           FUZZ_SEED(RUNS(NAMED "\"intervals\":[3]}")), FUZZ_SEED("{\"schema_version\":1,\"runs\":[{}],\"error\":5}"),
           FUZZ_SEED("{\"schema_version\":1,\"error\":\"x\",\"runs\":[{\"workload\":{\"name\":\"x\"}}]}"),
           FUZZ_SEED("{\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"), FUZZ_SEED(FAILED), FUZZ_SEED("[]"));

static void compare(const struct compare_file *baseline, const struct compare_file *file) {
  static struct compare_pair pair;
  struct compare_differences environment;
  struct compare_account account = {0};
  char name[COMPARE_NAME_SIZE];
  compare_environments(baseline, file, &environment);
  for (size_t i = 0; i < file->run_count; i++) {
    const struct compare_run *run = compare_find_run(baseline, &file->runs[i]);
    FUZZ_CHECK(strlen(compare_name_run(&file->runs[i], name)) < sizeof(name));
    if (run == NULL) continue;
    /* Twice the same on one side: several runs. */
    struct compare_side one = {i % 2 + 1, {run, run}}, other = {1, {&file->runs[i]}};
    FUZZ_CHECK(compare_pair_make(&one, &other, 0.02, &pair));
    FUZZ_CHECK(compare_account_add(&account, &pair, 0.05));
    for (size_t r = 0; r < pair.row_count; r++) {
      const struct compare_answer *answer = &pair.rows[r].answer;
      FUZZ_CHECK(isnan(answer->p_value) || (answer->p_value >= 0 && answer->p_value <= 1));
    }
    json_decref(compare_json_pair(&pair, 0.05));
  }
  FUZZ_CHECK(account.reason_count <= COMPARE_REASONS_MAX);
  FUZZ_CHECK(strlen(compare_outcome_text(compare_conclude(&account))) > 0);
  compare_account_clear(&account);
}

/* Pieces of any size come to the same. */
static void look(const char *input, size_t length) {
  struct file_look whole = {0}, pieces = {0};
  enum file_look_finding finding = file_look_feed(&whole, input, length), found = FILE_LOOK_FINE;
  for (size_t i = 0; i < length && found == FILE_LOOK_FINE; i++)
    found = file_look_feed(&pieces, &input[i], 1);
  FUZZ_CHECK(found == finding);
  FUZZ_CHECK((finding == FILE_LOOK_FINE) == (file_look_text(finding)[0] == '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct compare_file sound, file;
  char problem[COMPARE_PROBLEM_SIZE];
  look((const char *)input, length);
  bool is_fine = compare_file_parse("input.json", (const char *)input, length, &file, problem);
  if (is_fine) {
    FUZZ_CHECK(compare_file_parse("sound.json", SOUND, strlen(SOUND), &sound, problem));
    compare(&sound, &file);
    compare(&file, &sound);
    compare(&file, &file);
    compare_file_free(&sound);
  } else {
    FUZZ_CHECK(strlen(problem) > 0 && strlen(problem) < sizeof(problem));
  }
  compare_file_free(&file);
  return 0;
}
