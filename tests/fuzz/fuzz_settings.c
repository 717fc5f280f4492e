/* The command lines of loping: those that measure, `ports` and `wait`. */
#include "client/measure/settings.h"

#include <string.h>

#include "client/measure/sweep.h"
#include "client/ports/ports_settings.h"
#include "client/run/workload.h"
#include "client/wait/wait_settings.h"
#include "tests/fuzz/words.h"

FUZZ_SEEDS(FUZZ_SEED("localhost:62893\n--size\n64KiB\n-c\n8\n--count=7"), FUZZ_SEED("--udp\n53/udp\n--no-nodelay"),
           FUZZ_SEED("unix:/tmp/x\n--zero-copy\n--direction\nup"), FUZZ_SEED("unix:/tmp/x\n--no-nodelay"),
           FUZZ_SEED("-u\n80/tcp"), FUZZ_SEED("--udp\n--writes\n2"), FUZZ_SEED("--udp\nunix:@x"), FUZZ_SEED("80,81"),
           FUZZ_SEED("127.0.0.1:0"), FUZZ_SEED("1\n2"), FUZZ_SEED("::1:80"), FUZZ_SEED("localhost:x\n--rate\n1.5k"),
           FUZZ_SEED("--fail-if\np99>200us\n--fail-if\nlost\n--percentiles\n50,99.9\n--json\n-\n--quiet"),
           FUZZ_SEED("--watch\n--interval\n2s\n--expect\nlist\n8000-8100,62893\n53/udp"), FUZZ_SEED("-w\n--peers"),
           FUZZ_SEED("--write\n-\n--json\n-"), FUZZ_SEED("--write\nf\n--expect\ng"), FUZZ_SEED("--write\nf\n-w"),
           FUZZ_SEED("--process\n4711\n--exposed\n--local"), FUZZ_SEED("--process\n"), FUZZ_SEED("--interval\n1s"),
           FUZZ_SEED("--process\nnginx\n--tcp\n--tree"), FUZZ_SEED("--tcp\n--udp\n80"), FUZZ_SEED("99999"),
           FUZZ_SEED("--free\n--udp\n80\n53/udp"), FUZZ_SEED("--free\n--http\n200\n80"), FUZZ_SEED("--udp\n1"),
           FUZZ_SEED("--http\n200\n80\n--timeout\n5s"), FUZZ_SEED("--help"), FUZZ_SEED("--version"),
           FUZZ_SEED("--timeout\n1ms"), FUZZ_SEED("64,1KiB,64KiB"), FUZZ_SEED("64,64"), FUZZ_SEED("2MiB"),
           FUZZ_SEED("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34"));

static void check_measure(unsigned groups, const char *input) {
  char text[FUZZ_INPUT_BYTES_MAX + 1], problem[OPTIONS_PROBLEM_SIZE], *words[FUZZ_WORDS_MAX + 1];
  struct settings settings;
  snprintf(text, sizeof text, "%s", input);
  int count = fuzz_words(text, words);
  if (!settings_parse(groups, count, words, &settings, problem)) {
    fuzz_check_sentence(problem, sizeof problem);
    return;
  }
  FUZZ_CHECK(settings.target_text != NULL && !settings.target.is_list);
  FUZZ_CHECK(settings.target.is_unix ? !settings.use_udp : settings.target.port > 0);
  FUZZ_CHECK(settings.fail_if.count <= OPTIONS_LIST_MAX);
  FUZZ_CHECK(settings.connections == SETTING_UNSET || (settings.connections >= 1 && settings.connections <= 20000));
}

static void check_ports(const char *input) {
  char text[FUZZ_INPUT_BYTES_MAX + 1], problem[OPTIONS_PROBLEM_SIZE], *words[FUZZ_WORDS_MAX + 1];
  /* Static, because it is large; reading makes it empty. */
  static struct ports_settings settings;
  snprintf(text, sizeof text, "%s", input);
  int count = fuzz_words(text, words);
  if (!ports_settings_parse(count, words, &settings, problem))
    fuzz_check_sentence(problem, sizeof problem);
  else
    FUZZ_CHECK(settings.watches || settings.interval_ns == 0);
}

static void check_wait(const char *input) {
  char text[FUZZ_INPUT_BYTES_MAX + 1], *words[FUZZ_WORDS_MAX + 1];
  struct wait_settings settings;
  struct options_parsed parsed;
  snprintf(text, sizeof text, "%s", input);
  int count = fuzz_words(text, words);
  if (!wait_settings_parse(count, words, &settings, &parsed))
    fuzz_check_sentence(parsed.problem, sizeof parsed.problem);
  else
    FUZZ_CHECK(settings.common.wants_help || settings.common.wants_full_help || settings.common.wants_version ||
               parsed.positional_count > 0);
}

static void check_sizes(const char *input) {
  char problem[SWEEP_PROBLEM_SIZE];
  uint64_t sizes[SWEEP_SIZES_MAX];
  size_t count;
  /* None given: the usual ones. */
  if (!sweep_parse_sizes(input[0] == 0 ? NULL : input, sizes, &count, problem)) {
    FUZZ_CHECK(strlen(problem) > 0 && strlen(problem) < sizeof problem);
    return;
  }
  FUZZ_CHECK(count >= 1 && count <= SWEEP_SIZES_MAX);
  for (size_t i = 1; i < count; i++)
    FUZZ_CHECK(sizes[i] > sizes[i - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  static const unsigned commands[] = {
      SETTINGS_MEASURING | WORKLOAD_SIZED | WORKLOAD_PARALLEL | WORKLOAD_DEEP | WORKLOAD_TIMED | WORKLOAD_COUNTED |
          WORKLOAD_DISTRIBUTED,
      SETTINGS_MEASURING | WORKLOAD_STREAMING | WORKLOAD_SPLIT | WORKLOAD_PACED | SETTINGS_SWEEPING};
  char *text = fuzz_string(input, length);
  if (length <= FUZZ_INPUT_BYTES_MAX) {
    check_measure(commands[0], text);
    check_measure(commands[1], text);
    check_ports(text);
    check_wait(text);
    check_sizes(text);
  }
  free(text);
  return 0;
}
