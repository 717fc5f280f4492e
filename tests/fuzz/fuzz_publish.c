/* Result files that somebody may hand to report: whatever stands in them, what is published has no markup of theirs. */
#include <jansson.h>
#include <string.h>

#include "client/compare/page_results.h"
#include "client/publish/document.h"
#include "client/publish/markdown.h"
#include "client/publish/read.h"
#include "client/publish/svg.h"
#include "tests/fuzz/fuzz.h"

#define RUN                                                                                                     \
  "{\"workload\":{\"name\":\"latency\",\"transport\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":7,"             \
  "\"payload_bytes\":64,\"connections\":1,\"depth\":1,\"duration_ns\":1000},\"rtt_ns\":{\"p50\":1,\"p99\":20}," \
  "\"histogram\":[[1,5],[20,6]],\"intervals\":[{\"start_ns\":0,\"duration_ns\":5,\"rtt_p50_ns\":1,"             \
  "\"round_trips\":3}],\"errors\":{\"lost\":1},\"notes\":[\"<b>\"],\"legs_ns\":{\"there\":{\"mean\":3}}}"

FUZZ_SEEDS(FUZZ_SEED("{\"runs\":[" RUN "],\"environment\":{\"a\":\"<i>\",\"b\":[1,\"x\"],\"c\":{\"d\":2.5}}}"),
           FUZZ_SEED("{\"runs\":[" RUN "," RUN "," RUN "," RUN "," RUN "]}"),
           FUZZ_SEED("{\"runs\":[{\"throughput\":{\"bits_per_second\":5e9}}],\"error\":{\"what_happened\":\"x\"}}"),
           FUZZ_SEED("{\"runs\":[7,null,{}],\"environment\":3}"), FUZZ_SEED("{}"),
           FUZZ_SEED("{\"runs\":[{\"histogram\":[[0,1],[1e18,1e18],[1,2]]}]}"));

static char *write_with(int (*write)(const struct publish *, FILE *), const struct publish *publish, size_t *length) {
  char *text = NULL;
  FILE *out = open_memstream(&text, length);
  FUZZ_CHECK(out != NULL);
  FUZZ_CHECK(write(publish, out) == 0);
  fclose(out);
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  json_t *result = json_loadb((const char *)input, length, JSON_REJECT_DUPLICATES, NULL);
  if (!json_is_object(result)) {
    json_decref(result);
    return 0;
  }
  const struct publish publish = {.count = 1, .names = {""}, .results = {result}};
  const char *found;
  size_t found_length, written;
  char *page = write_with(document_write, &publish, &written);
  /* What went in comes out again, and nothing else looks like a result. */
  FUZZ_CHECK(page_results(page, written, &found, &found_length) == 1);
  json_t *again = json_loadb(found, found_length, 0, NULL);
  FUZZ_CHECK(json_equal(again, result));
  json_decref(again);
  size_t number = 0;
  const json_t *runs = read_group(result, "runs"), *first = json_array_get(runs, 0);
  for (number = 0; first != NULL && number < 2; number++) {
    size_t found_number = number;
    const json_t *same = read_same_run(result, first, &found_number);
    FUZZ_CHECK(same == NULL || same == json_array_get(runs, found_number));
  }
  (void)read_figure_named(first, "legs_ns.there", "mean");
  FUZZ_CHECK(page_begins(page, written) && !page_begins(found, 0));
  free(page);
  free(write_with(svg_write, &publish, &written));
  free(write_with(markdown_write_results, &publish, &written));
  json_decref(result);
  return 0;
}
