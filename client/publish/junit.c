/* See junit.h. */
#include "client/publish/junit.h"

#include "client/charts/markup.h"
#include "client/frame/text_stream.h"

static void write_case(const char *suite, const struct junit_case *one, FILE *out) {
  fputs("    <testcase classname=\"", out);
  markup_write(out, suite);
  fputs("\" name=\"", out);
  markup_write(out, one->name);
  if (one->failure == NULL) {
    fputs("\"/>\n", out);
    return;
  }
  fputs("\">\n      <failure message=\"", out);
  markup_write(out, one->failure);
  fputs("\">", out);
  markup_write(out, one->failure);
  fputs("</failure>\n    </testcase>\n", out);
}

char *junit_make(const char *suite, const struct junit_case *cases, size_t count) {
  struct text_stream page;
  size_t failures = 0;
  if (text_stream_open(&page) != 0) return NULL;
  for (size_t i = 0; i < count; i++)
    if (cases[i].failure != NULL) failures++;
  fprintf(page.file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%zu\" failures=\"%zu\">\n", count,
          failures);
  fputs("  <testsuite name=\"", page.file);
  markup_write(page.file, suite);
  fprintf(page.file, "\" tests=\"%zu\" failures=\"%zu\">\n", count, failures);
  for (size_t i = 0; i < count; i++)
    write_case(suite, &cases[i], page.file);
  fputs("  </testsuite>\n</testsuites>\n", page.file);
  return text_stream_close(&page) == 0 ? page.text : NULL;
}
