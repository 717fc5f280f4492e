/* The CSV report: columns of the workload from a table here, columns of figures from result_fields. Knows no socket. */
#include "client/reports/csv.h"

#include <math.h>
#include <string.h>
#include <uv.h>

#include "client/result/figures.h"
#include "common/text/clock.h"
#include "common/text/version.h"

typedef void column_writer(const struct result *result, const struct result_run *run, FILE *file);

static void write_text(const char *text, FILE *file) {
  if (strpbrk(text, ",\"\r\n") == NULL) {
    fputs(text, file);
    return;
  }
  fputc('"', file);
  for (; *text != '\0'; text++) {
    if (*text == '"') fputc('"', file);
    fputc(*text, file);
  }
  fputc('"', file);
}

static void write_whole(uint64_t number, FILE *file) {
  fprintf(file, "%llu", (unsigned long long)number);
}

static void write_whole_or_nothing(uint64_t number, FILE *file) {
  if (number > 0) write_whole(number, file);
}

static void write_started_at(const struct result *result, const struct result_run *run, FILE *file) {
  char text[CLOCK_UTC_TEXT_SIZE];
  (void)run;
  clock_utc_text(result->started_at, text);
  fputs(text, file);
}

static void write_version(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  (void)run;
  fputs(LOPING_VERSION, file);
}

static void write_name(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  fputs(run->workload.name, file);
}

static void write_direction(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  if (run->workload.direction != NULL) fputs(run->workload.direction, file);
}

static void write_transport(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  fputs(transport_name(run->workload.transport), file);
}

static void write_address(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_text(run->workload.address, file);
}

static void write_port(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole_or_nothing(run->workload.port, file);
}

static void write_payload(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole(run->workload.payload_bytes, file);
}

static void write_connections(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole(run->workload.connections, file);
}

static void write_depth(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole_or_nothing(run->workload.depth, file);
}

static void write_rate(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  if (run->workload.rate_per_second > 0) fprintf(file, "%.6g", run->workload.rate_per_second);
}

static void write_duration(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole(run->workload.duration_ns, file);
}

static void write_warmup(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  write_whole(run->workload.warmup_ns, file);
}

static void write_interrupted(const struct result *result, const struct result_run *run, FILE *file) {
  (void)result;
  fputs(run->is_interrupted ? "true" : "false", file);
}

static const struct {
  const char *name;
  column_writer *write;
} columns[] = {
    {"started_at", write_started_at},
    {"version", write_version},
    {"workload", write_name},
    {"direction", write_direction},
    {"transport", write_transport},
    {"address", write_address},
    {"port", write_port},
    {"payload_bytes", write_payload},
    {"connections", write_connections},
    {"depth", write_depth},
    {"rate_per_second", write_rate},
    {"duration_ns", write_duration},
    {"warmup_ns", write_warmup},
    {"interrupted", write_interrupted},
};

#define COLUMNS (sizeof columns / sizeof columns[0])

static void write_figure(const struct result_section *section, const struct result_field *field,
                         const struct result_run *run, FILE *file) {
  if (!result_field_applies(section, field, run)) return;
  double value = result_field_value(section, field, run);
  if (!isfinite(value)) return;
  /* 17 digits bring a double back as it was. */
  fprintf(file, result_field_is_whole(field) ? "%.0f" : "%.17g", value);
}

static void write_header(FILE *file) {
  for (size_t i = 0; i < COLUMNS; i++)
    fprintf(file, "%s%s", i == 0 ? "" : ",", columns[i].name);
  char path[RESULT_PATH_SIZE];
  for (size_t s = 0; s < result_section_count; s++)
    for (size_t f = 0; f < result_sections[s].field_count; f++)
      fprintf(file, ",%s", result_field_path(&result_sections[s], &result_sections[s].fields[f], path));
  fputs("\r\n", file);
}

static void write_row(const struct result *result, const struct result_run *run, FILE *file) {
  for (size_t i = 0; i < COLUMNS; i++) {
    if (i > 0) fputc(',', file);
    columns[i].write(result, run, file);
  }
  for (size_t s = 0; s < result_section_count; s++)
    for (size_t f = 0; f < result_sections[s].field_count; f++) {
      fputc(',', file);
      write_figure(&result_sections[s], &result_sections[s].fields[f], run, file);
    }
  fputs("\r\n", file);
}

int report_csv_write(const struct result *result, FILE *file) {
  write_header(file);
  for (size_t i = 0; i < result->run_count; i++)
    if (result->runs[i].is_measured) write_row(result, &result->runs[i], file);
  return fflush(file) != 0 || ferror(file) ? UV_EIO : 0;
}
