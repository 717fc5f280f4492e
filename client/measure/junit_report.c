/* See junit_report.h. */
#include "client/measure/junit_report.h"

#include <stdlib.h>
#include <uv.h>

#include "client/frame/text_stream.h"
#include "client/publish/junit.h"

#define SUITE "loping"
/* The data's own case. */
#define DATA 1

static void collect(void *owner, const char *sentence) {
  struct text_stream *stream = owner;
  fprintf(stream->file, "%s\n", sentence);
}

/* What is wrong with the measurement itself; nothing is written where nothing is. */
static void describe_data(const struct result *result, FILE *out) {
  if (result->has_failed) fprintf(out, "%s\n", result->failure.what_happened);
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_errors *errors = &result->runs[i].errors;
    if (!result_has_bad_data(&result->runs[i])) continue;
    fprintf(out, "%s: lost %llu, duplicated %llu, corrupted %llu\n", result->runs[i].workload.name,
            (unsigned long long)errors->lost, (unsigned long long)errors->duplicated,
            (unsigned long long)errors->corrupted);
  }
}

/* Fills a case with what `texts` holds. False when memory ran out. */
static bool finish_case(struct text_stream *text, struct junit_case *one) {
  if (text_stream_close(text) != 0) return false;
  one->failure = text->length > 0 ? text->text : NULL;
  return true;
}

static bool fill_cases(const struct conditions *conditions, const struct result *result, struct text_stream *texts,
                       struct junit_case *cases) {
  cases[0].name = "every message came back once, byte for byte";
  if (text_stream_open(&texts[0]) != 0) return false;
  describe_data(result, texts[0].file);
  if (!finish_case(&texts[0], &cases[0])) return false;
  for (size_t i = 0; i < conditions->count; i++) {
    cases[i + DATA].name = conditions->rows[i].text;
    if (text_stream_open(&texts[i + DATA]) != 0) return false;
    (void)conditions_judge_one(&conditions->rows[i], result, collect, &texts[i + DATA]);
    if (!finish_case(&texts[i + DATA], &cases[i + DATA])) return false;
  }
  return true;
}

int junit_report_write(const struct conditions *conditions, const struct result *result, FILE *file) {
  struct text_stream texts[OPTIONS_LIST_MAX + DATA] = {{0}};
  struct junit_case cases[OPTIONS_LIST_MAX + DATA] = {{0}};
  bool is_filled = fill_cases(conditions, result, texts, cases);
  char *document = is_filled ? junit_make(SUITE, cases, conditions->count + DATA) : NULL;
  for (size_t i = 0; i < conditions->count + DATA; i++)
    free(texts[i].text);
  if (document == NULL) return UV_ENOMEM;
  fputs(document, file);
  free(document);
  return 0;
}
