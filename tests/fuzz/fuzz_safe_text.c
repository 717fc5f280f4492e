/* Bytes on their way to a terminal. The first two bytes of the input are the room that there is. */
#include <stdbool.h>
#include <string.h>

#include "common/text/safe_text.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("\xff\x0fplain"), FUZZ_SEED("\x08\0\x1b[31mred\x1b[0m"), FUZZ_SEED("\xff\0gr\xc3\xbc\xe2\x82\xac"),
           FUZZ_SEED("\x10\0\xf0\x9f\x90\x98\xf4\x8f\xbf\xbf"), FUZZ_SEED("\x20\0\xe2\x80\xae\\\n\r\t\x7f\xc2\x9b"));

/* The length of the printable character that `text` begins with; 0 if it is none. */
static size_t printable_length(const uint8_t *text, size_t length) {
  if (text[0] >= 0x20 && text[0] < 0x7f) return 1;
  if (text[0] < 0xc2 || text[0] > 0xf4) return 0;
  size_t size = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
  if (size > length) return 0;
  for (size_t i = 1; i < size; i++)
    if (text[i] < 0x80 || text[i] > 0xbf) return 0;
  return text[0] == 0xc2 && text[1] < 0xa0 ? 0 : size;
}

struct passed {
  uint8_t bytes[4 * FUZZ_INPUT_BYTES_MAX];
  size_t length;
};

static void keep(void *owner, const char *bytes, size_t length) {
  struct passed *passed = owner;
  FUZZ_CHECK(passed->length + length <= sizeof passed->bytes);
  memcpy(passed->bytes + passed->length, bytes, length);
  passed->length += length;
}

/* What is printable, line feeds, and our own colours; and a second time it passes as it is. */
static void check_passed(const uint8_t *input, size_t length) {
  static struct passed once, twice;
  once.length = twice.length = 0;
  safe_text_pass((const char *)input, length, keep, &once);
  safe_text_pass((const char *)once.bytes, once.length, keep, &twice);
  FUZZ_CHECK(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
  for (size_t i = 0; i < once.length;) {
    bool is_ours = once.bytes[i] == '\n' || once.bytes[i] == 0x1b;
    size_t size = is_ours ? 1 : printable_length(once.bytes + i, once.length - i);
    FUZZ_CHECK(size > 0);
    i += size;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  if (length < 2) return 0;
  size_t out_bytes = (size_t)(input[0] | input[1] << 8) % (FUZZ_INPUT_BYTES_MAX + 1);
  uint8_t *out = malloc(out_bytes + 1);
  FUZZ_CHECK(out != NULL);
  out[out_bytes] = '!';
  size_t written = safe_text_copy((const char *)input + 2, length - 2, (char *)out, out_bytes);
  FUZZ_CHECK(out[out_bytes] == '!');
  if (out_bytes > 0) FUZZ_CHECK(written < out_bytes && out[written] == '\0');
  for (size_t i = 0; i < written;) {
    size_t size = printable_length(out + i, written - i);
    FUZZ_CHECK(size > 0);
    i += size;
  }
  free(out);
  check_passed(input + 2, length - 2);
  return 0;
}
