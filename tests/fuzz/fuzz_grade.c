/* A teacher's file of points, and what a server under examination sends. */
#include <string.h>

#include "client/grade/findings.h"
#include "client/grade/marks.h"
#include "common/options/options.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("{\"exams\": {\"echo\": 10}, \"pass\": 60}"), FUZZ_SEED("{\"exams\": {\"ecko\": 1}}"),
           FUZZ_SEED("{\"pass\": -1}"), FUZZ_SEED("{\"exams\": []}"), FUZZ_SEED("{\"\x1b\": 1}"), FUZZ_SEED("[1]"),
           FUZZ_SEED("one\ntwo\none\r\ntwo"),
           FUZZ_SEED("\xa8one\ntwo\nthree\n"
                     "one\n"),
           FUZZ_SEED("\xbf"
                     "ab\0cdefg"
                     "ab"),
           FUZZ_SEED("\x90"
                     "ab\xff\x01"
                     "ab"),
           FUZZ_SEED("\x80"
                     "ab\n"
                     "ab\r\n"),
           FUZZ_SEED("\xa0"
                     "abc \t\n"
                     "abc"),
           FUZZ_SEED("\xaa"
                     "ab\x01 cd"
                     "ab"),
           FUZZ_SEED("\x80\x90\x91"
                     "\x10\x11"),
           FUZZ_SEED("one twoONE TWO"));

static void check_marks(const uint8_t *input, size_t length) {
  char problem[OPTIONS_PROBLEM_SIZE] = "";
  struct marks marks;
  marks_begin(&marks);
  bool is_read = marks_read((const char *)input, length, &marks, problem);
  FUZZ_CHECK(is_read || (problem[0] != '\0' && strchr(problem, '\x1b') == NULL));
  for (size_t i = 0; i < EXAMS_MAX; i++)
    FUZZ_CHECK(marks.points[i] <= MARKS_MOST);
}

/* What was sent, and behind it what came; the first byte says where that begins. */
static void check_finding(const uint8_t *input, size_t length) {
  struct finding finding = {.mistake = MISTAKE_NONE};
  struct echo_facts facts = {.sent = input + 1, .sent_bytes = (length - 1) * input[0] / UINT8_MAX};
  facts.came = facts.sent + facts.sent_bytes;
  facts.came_bytes = length - 1 - facts.sent_bytes;
  if (facts.sent_bytes == 0) return;
  for (int i = 0; i < 16; i++) {
    facts.end = (enum echo_end)(i % 4);
    facts.is_datagram = (i & 4) != 0;
    facts.first_bytes = (i & 8) != 0 ? facts.sent_bytes / 2 : 0;
    finding.came[0] = '\0';
    bool is_same = findings_compare(&facts, &finding);
    FUZZ_CHECK(is_same || mistake_name(finding.mistake) != NULL);
    FUZZ_CHECK(strchr(finding.came, '\x1b') == NULL);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  check_marks(input, length);
  if (length >= 2) check_finding(input, length);
  return 0;
}
