/* A command line of any words: the input is cut into them at its newlines. */
#include <stdbool.h>
#include <string.h>

#include "common/options/options.h"
#include "tests/fuzz/fuzz.h"

#define WORDS_MAX 64

FUZZ_SEEDS(FUZZ_SEED("--count\n7\n--tcp\n4000"), FUZZ_SEED("-qc7\n--size=64KiB\n--duration\n1.5s"),
           FUZZ_SEED("--port\n65536"), FUZZ_SEED("--prot\n1"), FUZZ_SEED("--bind\n::1\n-b\n127.0.0.1\n--\n--x"),
           FUZZ_SEED("--direction\nup\n--file\n-"), FUZZ_SEED("--tcp=yes"), FUZZ_SEED("-xq"), FUZZ_SEED("--d"));

struct settings {
  bool tcp;
  bool quiet;
  uint64_t count;
  uint64_t size;
  uint64_t duration;
  uint16_t port;
  const char *file;
  struct option_list bind;
  const char *direction;
};

static const struct option_row rows[] = {
    {"tcp", 0, OPTION_FLAG, offsetof(struct settings, tcp), NULL, 0, 0, NULL, "-"},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct settings, quiet), NULL, 0, 0, NULL, "-"},
    {"count", 'c', OPTION_COUNT, offsetof(struct settings, count), "N", 1, 1000, NULL, "-"},
    {"size", 0, OPTION_SIZE, offsetof(struct settings, size), "SIZE", 1, 1048576, NULL, "-"},
    {"duration", 'd', OPTION_DURATION, offsetof(struct settings, duration), "DURATION", 1, 0, NULL, "-"},
    {"port", 'p', OPTION_PORT, offsetof(struct settings, port), "PORT", 0, 0, NULL, "-"},
    {"file", 0, OPTION_TEXT, offsetof(struct settings, file), "FILE", 0, 0, NULL, "-"},
    {"bind", 'b', OPTION_LIST, offsetof(struct settings, bind), "ADDRESS", 0, 0, NULL, "-"},
    {"direction", 0, OPTION_CHOICE, offsetof(struct settings, direction), "WAY", 0, 0, "echo|up|down", "-"},
};

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char program[] = "x";
  char *words[WORDS_MAX + 1] = {program};
  int count = 1;
  for (char *word = strtok(text, "\n"); word != NULL && count < WORDS_MAX; word = strtok(NULL, "\n"))
    words[count++] = word;
  struct settings settings = {.count = 1, .size = 1, .duration = 1};
  struct options_parsed parsed;
  memset(parsed.problem, '!', sizeof(parsed.problem));
  if (options_parse(rows, sizeof(rows) / sizeof(rows[0]), count, words, &settings, &parsed)) {
    FUZZ_CHECK(parsed.positional_count >= 0 && parsed.positional_count < count);
    FUZZ_CHECK(settings.count >= 1 && settings.count <= 1000 && settings.size <= 1048576);
    FUZZ_CHECK(settings.bind.count <= OPTIONS_LIST_MAX);
  } else {
    FUZZ_CHECK(memchr(parsed.problem, '\0', sizeof(parsed.problem)) != NULL);
    FUZZ_CHECK(strlen(parsed.problem) > 0);
    for (const char *c = parsed.problem; *c != '\0'; c++)
      FUZZ_CHECK((unsigned char)*c >= 0x20 && *c != 0x7f);
  }
  (void)options_was_given(&parsed, words[1] == NULL ? "tcp" : words[1]);
  free(text);
  return 0;
}
