/* Numbers with units, as somebody may type them. */
#include <string.h>

#include "common/text/units.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("62893"), FUZZ_SEED("200ms"), FUZZ_SEED("1.5s"), FUZZ_SEED("64KiB"), FUZZ_SEED("1MB"),
           FUZZ_SEED("18446744073709551615"), FUZZ_SEED("9007199254740992ns"), FUZZ_SEED("0.000001h"),
           FUZZ_SEED("1.5Gbit"), FUZZ_SEED("2.5"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char out[UNITS_TEXT_SIZE];
  uint64_t value = 0;
  if (units_parse_count(text, &value) == UNITS_OK) {
    FUZZ_CHECK(strspn(text, "0123456789") == strlen(text));
    FUZZ_CHECK(strlen(units_format_count(value, out)) < sizeof(out));
  }
  if (units_parse_duration(text, &value) == UNITS_OK) {
    FUZZ_CHECK(value <= UINT64_C(1) << 53);
    FUZZ_CHECK(strlen(units_format_duration((double)value, out)) < sizeof(out));
  }
  if (units_parse_size(text, &value) == UNITS_OK) {
    FUZZ_CHECK(value <= UINT64_C(1) << 53);
    FUZZ_CHECK(strlen(units_format_bytes((double)value, out)) < sizeof(out));
  }
  double real;
  if (units_parse_real(text, &real) == UNITS_OK) FUZZ_CHECK(real >= 0);
  enum units_status status = units_parse_bit_rate(text, &value);
  FUZZ_CHECK(strlen(units_status_text(status)) > 0);
  if (status == UNITS_OK) FUZZ_CHECK(strlen(units_format_size(value, out)) < sizeof(out));
  if (length >= sizeof(double)) {
    double any;
    memcpy(&any, input, sizeof(any));
    FUZZ_CHECK(strlen(units_format_duration(any, out)) < sizeof(out));
    FUZZ_CHECK(strlen(units_format_bit_rate(any, out)) < sizeof(out));
  }
  free(text);
  return 0;
}
