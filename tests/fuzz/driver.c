/*
 * Feeds an entry point with mutations of its seeds, where no fuzzing engine is at hand. The inputs depend on nothing
 * but the number of the round, so that a failure can be repeated.
 *
 *   PROGRAM                      a fixed number of rounds, for `make test`
 *   PROGRAM --seconds N          the seeds, then as many rounds as fit, from one that the clock picks; N may be 0.5
 *   PROGRAM --round N            that one alone
 *   PROGRAM --write-seeds DIR    the seeds as files, for an engine's corpus
 */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/guard_page.h"

#define ROUNDS_OF_A_TEST 20000

static uint64_t current_round;

/* splitmix64, as in common/wire/pattern.c: every seed is good, also 0, 1, 2, ... */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t limit) {
  return limit == 0 ? 0 : (size_t)(next_random(state) % limit);
}

enum mutation { FLIP_BIT, SET_BYTE, SET_EDGE, CUT, INSERT, DOUBLE_A_PART, SPLICE, APPEND, MUTATION_COUNT };

/* Copies `count` bytes over the input from `offset` on, as far as there is room; the input grows if it must. */
static void overwrite(uint8_t *input, size_t *length, size_t offset, const uint8_t *bytes, size_t count) {
  if (count > FUZZ_INPUT_BYTES_MAX - offset) count = FUZZ_INPUT_BYTES_MAX - offset;
  memmove(input + offset, bytes, count);
  if (offset + count > *length) *length = offset + count;
}

static void insert_byte(uint8_t *input, size_t *length, size_t offset, uint8_t byte) {
  if (*length == FUZZ_INPUT_BYTES_MAX) return;
  memmove(input + offset + 1, input + offset, *length - offset);
  input[offset] = byte;
  (*length)++;
}

static void mutate(uint8_t *input, size_t *length, uint64_t *state) {
  /* Lengths, limits, ends of text, escapes and the marks of the formats that are parsed here. */
  static const uint8_t edges[] = {0,   1,   0x7f, 0x80, 0xff, 0xfe, 0x1b, '\n', ' ',
                                  ':', '[', ']',  '(',  ')',  '0',  '9',  '.',  '%'};
  size_t offset = below(state, *length);
  const struct fuzz_seed *seed = &fuzz_seeds[below(state, fuzz_seed_count)];
  switch ((enum mutation)below(state, MUTATION_COUNT)) {
    case FLIP_BIT:
      if (*length > 0) input[offset] ^= (uint8_t)(1u << below(state, 8));
      break;
    case SET_BYTE:
      if (*length > 0) input[offset] = (uint8_t)next_random(state);
      break;
    case SET_EDGE:
      if (*length > 0) input[offset] = edges[below(state, sizeof(edges))];
      break;
    case CUT:
      *length = offset;
      break;
    case INSERT:
      insert_byte(input, length, offset, edges[below(state, sizeof(edges))]);
      break;
    case DOUBLE_A_PART:
      overwrite(input, length, *length, input + offset, *length - offset);
      break;
    case SPLICE:
      overwrite(input, length, offset, seed->bytes, below(state, seed->length + 1));
      break;
    case APPEND: /* whole, so that a row of lines or messages stays one */
      overwrite(input, length, *length, seed->bytes, seed->length);
      break;
    case MUTATION_COUNT:
      break;
  }
}

static void run_round(uint64_t number) {
  uint8_t input[FUZZ_INPUT_BYTES_MAX];
  uint64_t state = number;
  const struct fuzz_seed *seed = &fuzz_seeds[number % fuzz_seed_count];
  size_t length = seed->length < sizeof(input) ? seed->length : sizeof(input);
  current_round = number;
  memcpy(input, seed->bytes, length);
  /* The first rounds feed the seeds as they are. */
  size_t mutations = number < fuzz_seed_count ? 0 : 1 + below(&state, 8);
  for (size_t i = 0; i < mutations; i++)
    mutate(input, &length, &state);
  LLVMFuzzerTestOneInput(guard_page_place(input, length), length);
}

/* Only write(2) is safe in a signal handler. */
static void say_round(void) {
  char text[] = "fuzzing failed in round 00000000000000000000\n";
  uint64_t rest = current_round;
  for (size_t i = sizeof(text) - 3; rest > 0; i--, rest /= 10)
    text[i] = (char)('0' + rest % 10);
  ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);
  (void)written;
}

static void on_crash(int number) {
  say_round();
  signal(number, SIG_DFL);
  raise(number);
}

/* Of the sanitizers' runtime, which is not always there. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t run_for(double seconds) {
  double end = now_seconds() + seconds;
  uint64_t first = (uint64_t)time(NULL) << 32, done = 0;
  for (uint64_t i = 0; i < fuzz_seed_count; i++)
    run_round(i);
  /* The clock is asked now and then: most rounds take less than a microsecond. */
  for (; done % 64 != 0 || now_seconds() < end; done++)
    run_round(first + done);
  return fuzz_seed_count + done;
}

static uint64_t run_rounds(uint64_t first, uint64_t count) {
  for (uint64_t i = 0; i < count; i++)
    run_round(first + i);
  return count;
}

static int write_seeds(const char *folder) {
  for (size_t i = 0; i < fuzz_seed_count; i++) {
    char path[4096];
    snprintf(path, sizeof(path), "%s/seed-%zu", folder, i);
    FILE *file = fopen(path, "wb");
    if (file == NULL) return 1;
    bool is_written = fwrite(fuzz_seeds[i].bytes, 1, fuzz_seeds[i].length, file) == fuzz_seeds[i].length;
    if (fclose(file) != 0 || !is_written) return 1;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (fuzz_build_seeds != NULL) fuzz_build_seeds();
  if (argc == 3 && strcmp(argv[1], "--write-seeds") == 0) return write_seeds(argv[2]);
  if (__sanitizer_set_death_callback != NULL) __sanitizer_set_death_callback(say_round);
  signal(SIGABRT, on_crash);
  if (__sanitizer_set_death_callback == NULL) signal(SIGSEGV, on_crash);
  uint64_t done;
  if (argc == 3 && strcmp(argv[1], "--seconds") == 0)
    done = run_for(strtod(argv[2], NULL));
  else if (argc == 3 && strcmp(argv[1], "--round") == 0)
    done = run_rounds(strtoull(argv[2], NULL, 10), 1);
  else
    done = run_rounds(0, ROUNDS_OF_A_TEST);
  printf("%llu rounds\n", (unsigned long long)done);
  return 0;
}
