/* The examination as text: the table of the exams, then each mistake once. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "client/grade/grade_report.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define POINTS_SIZE 24

static const char *word_of(enum exam_state state) {
  static const char *const words[] = {[EXAM_PASSED] = "passed",
                                      [EXAM_FAILED] = "FAILED",
                                      [EXAM_NOTED] = "note",
                                      [EXAM_NOT_SEEN] = "not seen",
                                      [EXAM_NOT_EXAMINED] = "not done"};
  return words[state];
}

static const char *colour_of(enum exam_state state, const struct style *style) {
  if (state == EXAM_PASSED) return style->good;
  return state == EXAM_FAILED || state == EXAM_NOT_EXAMINED ? style->bad : style->faint;
}

static void write_heading(const struct graded *graded, const struct style *style, FILE *out) {
  char address[ADDRESS_TEXT_SIZE], shown[4 * ADDRESS_TEXT_SIZE], command[4 * sizeof graded->command];
  bool is_unix = graded->target.transport == TRANSPORT_UNIX;
  endpoint_format(&graded->target, address);
  safe_text_copy(address, strlen(address), shown, sizeof shown);
  safe_text_copy(graded->command, strlen(graded->command), command, sizeof command);
  fprintf(out, "%s%s%s%s%s%s", style->strong, shown, is_unix ? "" : " (",
          is_unix ? "" : transport_name(graded->target.transport), is_unix ? "" : ")", style->end);
  if (graded->pid > 0) fprintf(out, ", %s (pid %" PRId64 ")", command, graded->pid);
  fputs(":\n", out);
}

static void write_exam(const struct graded_exam *exam, const struct style *style, FILE *out) {
  char points[POINTS_SIZE];
  enum exam_state state = exam->result.state;
  if (state == EXAM_NOT_SEEN)
    snprintf(points, sizeof points, "-");
  else
    snprintf(points, sizeof points, "%u/%u", graded_points(exam), exam->points);
  bool is_done = state != EXAM_NOT_SEEN && state != EXAM_NOT_EXAMINED;
  fprintf(out, "  %s%-8s%s %5s  %-11s %s\n", colour_of(state, style), word_of(state), style->end, points,
          exam->exam->name, exam->exam->looks_at);
  if (!is_done) fprintf(out, "%30s%s\n", "- ", exam->result.reason);
}

static bool has_finding(const struct graded_exam *exam) {
  return exam->result.state == EXAM_FAILED || exam->result.state == EXAM_NOTED;
}

/* Was the mistake told of an exam before this one? */
static bool is_told(const struct graded *graded, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (has_finding(&graded->exams[i]) &&
        graded->exams[i].result.finding.mistake == graded->exams[index].result.finding.mistake)
      return true;
  return false;
}

static void write_finding(const struct graded *graded, size_t index, const struct style *style, FILE *out) {
  const struct finding *finding = &graded->exams[index].result.finding;
  char said[MISTAKE_WORDS_SIZE];
  const char *words = mistake_words(finding->mistake, said);
  fprintf(out, "\n%s%s%s (%s", style->strong, mistake_name(finding->mistake), style->end,
          graded->exams[index].exam->name);
  for (size_t i = index + 1; i < graded->count; i++)
    if (has_finding(&graded->exams[i]) && graded->exams[i].result.finding.mistake == finding->mistake)
      fprintf(out, ", %s", graded->exams[i].exam->name);
  fputs(")\n", out);
  if (words != NULL) fprintf(out, "  %c%s\n", toupper((unsigned char)words[0]), words + 1);
  fprintf(out, "  sent: %s\n  came: %s\n", finding->sent, finding->came);
}

static void write_sum(const struct graded *graded, const struct marks *marks, const struct style *style, FILE *out) {
  char took[UNITS_TEXT_SIZE];
  fprintf(out, "%s%s%s: %u of %u points", graded->has_passed ? style->good : style->bad,
          graded->has_passed ? "PASSED" : "FAILED", style->end, graded->earned, graded->earned + graded->lost);
  if (marks->has_pass) fprintf(out, ", of which %u are enough", marks->pass);
  if (graded->unseen > 0)
    fprintf(out, "; %u more are of what could not be looked into, and are not held against the server", graded->unseen);
  fprintf(out, "; in %s\n", units_format_duration((double)graded->took_ns, took));
}

void grade_report_text(const struct graded *graded, const struct marks *marks, const struct style *style, FILE *out) {
  write_heading(graded, style, out);
  for (size_t i = 0; i < graded->count; i++)
    write_exam(&graded->exams[i], style, out);
  for (size_t i = 0; i < graded->count; i++)
    if (has_finding(&graded->exams[i]) && !is_told(graded, i)) write_finding(graded, i, style, out);
  fputc('\n', out);
  write_sum(graded, marks, style, out);
}

void grade_report_list(const struct marks *marks, const struct style *style, FILE *out) {
  static const char *const titles[] = {"TCP and unix", "UDP"};
  static const unsigned groups[] = {EXAM_STREAM, EXAM_DATAGRAM};
  const struct exam *exam;
  for (size_t group = 0; group < 2; group++) {
    fprintf(out, "%s%s%s\n", style->strong, titles[group], style->end);
    for (size_t i = 0; (exam = exams_at(i)) != NULL; i++)
      if ((exam->transports & groups[group]) != 0)
        fprintf(out, "  %5u  %-11s %s%s\n", marks->points[i], exam->name, exam->looks_at,
                exam->is_note                  ? " (a note, no failure)"
                : exam->transports == EXAM_TCP ? " (TCP alone)"
                                               : "");
  }
}
