/* The examination as the result file and as JUnit's XML; the file's rows. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/report_schema.h"
#include "client/grade/grade_report.h"
#include "client/publish/junit.h"
#include "common/explain/explanation_schema.h"
#include "common/memory/memory.h"
#include "common/text/json_text.h"
#include "common/text/safe_text.h"

#define FAILURE_SIZE (3 * FINDING_TEXT_SIZE)

static bool has_finding(const struct graded_exam *exam) {
  return exam->result.state == EXAM_FAILED || exam->result.state == EXAM_NOTED;
}

static bool has_reason(const struct graded_exam *exam) {
  return exam->result.state == EXAM_NOT_SEEN || exam->result.state == EXAM_NOT_EXAMINED;
}

static json_t *finding_json(const struct finding *finding) {
  char words[MISTAKE_WORDS_SIZE];
  return json_pack("{s:s, s:o, s:s, s:s}", "name", mistake_name(finding->mistake), "mistake",
                   json_text(mistake_words(finding->mistake, words)), "sent", finding->sent, "came", finding->came);
}

static json_t *exam_json(const struct graded_exam *exam) {
  return json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:o}", "name", exam->exam->name, "looks_at", exam->exam->looks_at,
                   "result", exam_state_name(exam->result.state), "points", (int)graded_points(exam), "points_most",
                   (int)exam->points, "finding", has_finding(exam) ? finding_json(&exam->result.finding) : json_null(),
                   "reason", has_reason(exam) ? json_string(exam->result.reason) : json_null());
}

json_t *grade_report_json(const struct graded *graded, const struct marks *marks, json_t *check) {
  const struct endpoint *target = &graded->target;
  char host[ADDRESS_TEXT_SIZE], path[4 * ADDRESS_PATH_SIZE];
  bool is_unix = target->transport == TRANSPORT_UNIX;
  json_t *object = json_object(), *exams = json_array();
  safe_text_copy(target->path, strlen(target->path), path, sizeof path);
  for (size_t i = 0; i < graded->count; i++)
    json_array_append_new(exams, exam_json(&graded->exams[i]));
  json_object_set_new(object, "schema_version", json_integer(GRADE_SCHEMA_VERSION));
  json_object_set_new(object, "address",
                      is_unix ? json_null() : json_string(address_format_host(&target->address, host)));
  json_object_set_new(object, "port", is_unix ? json_null() : json_integer(address_port(&target->address)));
  json_object_set_new(object, "path", is_unix ? json_string(path) : json_null());
  json_object_set_new(object, "transport", json_string(transport_name(target->transport)));
  json_object_set_new(object, "pid", graded->pid > 0 ? json_integer(graded->pid) : json_null());
  json_object_set_new(object, "command", json_text(graded->command));
  json_object_set_new(object, "is_passed", json_boolean(graded->has_passed));
  json_object_set_new(object, "points", json_integer(graded->earned));
  json_object_set_new(object, "points_most", json_integer(graded->earned + graded->lost));
  json_object_set_new(object, "points_not_looked_into", json_integer(graded->unseen));
  json_object_set_new(object, "pass", marks->has_pass ? json_integer(marks->pass) : json_null());
  json_object_set_new(object, "took_ns", json_integer((json_int_t)graded->took_ns));
  json_object_set_new(object, "exams", exams);
  json_object_set_new(object, "check", check != NULL ? check : json_null());
  return object;
}

static void write_failure(const struct graded_exam *exam, char out[FAILURE_SIZE]) {
  const struct finding *finding = &exam->result.finding;
  char said[MISTAKE_WORDS_SIZE];
  const char *words = mistake_words(finding->mistake, said);
  if (exam->result.state == EXAM_NOT_EXAMINED)
    snprintf(out, FAILURE_SIZE, "not examined: %s", exam->result.reason);
  else
    snprintf(out, FAILURE_SIZE, "%s%s%s sent: %s; came: %s", mistake_name(finding->mistake), words != NULL ? ": " : "",
             words != NULL ? words : ";", finding->sent, finding->came);
}

char *grade_report_junit(const struct graded *graded) {
  char(*failures)[FAILURE_SIZE] = memory_take_zeroed(graded->count + 1, sizeof *failures);
  struct junit_case cases[EXAMS_MAX];
  size_t count = 0;
  if (failures == NULL) return NULL;
  for (size_t i = 0; i < graded->count; i++) {
    const struct graded_exam *exam = &graded->exams[i];
    enum exam_state state = exam->result.state;
    bool is_failure = (state == EXAM_FAILED || state == EXAM_NOT_EXAMINED) && exam->points > 0;
    if (state == EXAM_NOT_SEEN) continue;
    if (is_failure) write_failure(exam, failures[i]);
    cases[count++] = (struct junit_case){exam->exam->name, is_failure ? failures[i] : NULL};
  }
  char *document = junit_make("loping grade", cases, count);
  free(failures);
  return document;
}

static const char *mistake_at(size_t index) {
  return index + 1 < MISTAKES ? mistake_name((enum mistake)(index + 1)) : NULL;
}

static const char *exam_at(size_t index) {
  const struct exam *exam = exams_at(index);
  return exam != NULL ? exam->name : NULL;
}

static const char *const states[] = {"passed", "failed", "note", "not-looked-into", "not-examined", NULL};

static const struct schema_field finding_fields[] = {
    {"name", SCHEMA_TEXT, "The name of the mistake.", NULL, NULL, mistake_at},
    {"mistake", SCHEMA_TEXT | SCHEMA_NULL, "What is usually wrong then; null where nothing can be said.", NULL, NULL,
     NULL},
    {"sent", SCHEMA_TEXT, "What was sent.", NULL, NULL, NULL},
    {"came", SCHEMA_TEXT, "What came.", NULL, NULL, NULL},
};

static const struct schema_object finding_object = {"finding", "What is wrong with a server, as an exam showed it.",
                                                    NULL, SCHEMA_FIELDS(finding_fields), NULL};

static const struct schema_field exam_fields[] = {
    {"name", SCHEMA_TEXT, "The name of the exam.", NULL, NULL, exam_at},
    {"looks_at", SCHEMA_TEXT, "What it examines.", NULL, NULL, NULL},
    {"result", SCHEMA_TEXT,
     "How it ended; a note costs its points and fails nothing; of what could not be looked into the points do not count.",
     NULL, states, NULL},
    {"points", SCHEMA_WHOLE, "The points that it brought.", NULL, NULL, NULL},
    {"points_most", SCHEMA_WHOLE, "The points that it is worth.", NULL, NULL, NULL},
    {"finding", SCHEMA_OBJECT | SCHEMA_NULL, "What is wrong; null where nothing is.", &finding_object, NULL, NULL},
    {"reason", SCHEMA_TEXT | SCHEMA_NULL, "Why it was not done, or not looked into; null where it was.", NULL, NULL,
     NULL},
};

static const struct schema_object exam_object = {"exam", "One exam.", NULL, SCHEMA_FIELDS(exam_fields), NULL};

static const struct schema_field grade_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"address", SCHEMA_TEXT | SCHEMA_NULL, "The server's address; null for a unix socket.", NULL, NULL, NULL},
    {"port", SCHEMA_WHOLE | SCHEMA_NULL, "Its port; null for a unix socket.", NULL, NULL, NULL},
    {"path", SCHEMA_TEXT | SCHEMA_NULL, "The path of a unix socket; null for a port.", NULL, NULL, NULL},
    {"transport", SCHEMA_TEXT, "What it was examined over.", NULL, explanation_schema_transports, NULL},
    {"pid", SCHEMA_WHOLE | SCHEMA_NULL, "The server's process; null where it is not known.", NULL, NULL, NULL},
    {"command", SCHEMA_TEXT | SCHEMA_NULL, "The name of its program.", NULL, NULL, NULL},
    {"is_passed", SCHEMA_TRUTH, "Nothing failed; or, with a pass mark, the points reach it.", NULL, NULL, NULL},
    {"points", SCHEMA_WHOLE, "The points of all exams.", NULL, NULL, NULL},
    {"points_most", SCHEMA_WHOLE, "The points that could be had, without what could not be looked into.", NULL, NULL,
     NULL},
    {"points_not_looked_into", SCHEMA_WHOLE, "The points of what could not be looked into.", NULL, NULL, NULL},
    {"pass", SCHEMA_WHOLE | SCHEMA_NULL, "How many points are enough, by the file of --points; null: it names none.",
     NULL, NULL, NULL},
    {"took_ns", SCHEMA_WHOLE, "How long the examination took, in nanoseconds.", NULL, NULL, NULL},
    {"exams", SCHEMA_LIST | SCHEMA_OBJECT, "The exams, in their order.", &exam_object, NULL, NULL},
    {"check", SCHEMA_OBJECT | SCHEMA_NULL,
     "What check says of a server that is not there, or that is no echo server; null otherwise.",
     &report_schema_checked, NULL, NULL},
};

const struct schema_object grade_schema = {"grade", "What loping grade writes.", NULL, SCHEMA_FIELDS(grade_fields),
                                           NULL};
