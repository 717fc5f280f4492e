/* What a fuzzing entry point and the driver agree on. An entry point is driven by libFuzzer or by driver.c. */
#ifndef LOPING_TESTS_FUZZ_FUZZ_H
#define LOPING_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The most bytes that the driver makes of an input. */
#define FUZZ_INPUT_BYTES_MAX 4096

/* Inputs to begin with; mutations start from these. */
struct fuzz_seed {
  const void *bytes;
  size_t length;
};
extern struct fuzz_seed fuzz_seeds[];
extern size_t fuzz_seed_count;

/* Fills both where they are built rather than written down; called once, before they are asked for. */
void fuzz_build_seeds(void) __attribute__((weak));

/* A seed made of a string literal, which may hold '\0', without its end mark. */
#define FUZZ_SEED(literal) \
  { literal, sizeof(literal) - 1 }

/* Defines both of them. */
#define FUZZ_SEEDS(...)                          \
  struct fuzz_seed fuzz_seeds[] = {__VA_ARGS__}; \
  size_t fuzz_seed_count = sizeof(fuzz_seeds) / sizeof(fuzz_seeds[0])

/* Feeds one input to a parser; 0 always. The name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

/* A property that holds for every input; ends the program where it does not. */
#define FUZZ_CHECK(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                                       \
    }                                                                                \
  } while (0)

/* A copy of the input as a string, in an allocation that ends with its end mark. The caller frees it. */
static inline char *fuzz_string(const uint8_t *input, size_t length) {
  char *text = malloc(length + 1);
  FUZZ_CHECK(text != NULL);
  for (size_t i = 0; i < length; i++)
    text[i] = (char)input[i];
  text[length] = '\0';
  return text;
}

#endif
