/* See graded.h. */
#include "client/grade/graded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/grade/exam_tools.h"
#include "common/memory/memory.h"
#include "common/sockets/port_owner.h"
#include "common/text/clock.h"

/* In percent of the patience: what one exam may take, and what is kept for each that is still to come. */
#define EXAM_SHARE 350
#define KEPT_SHARE 30

const char *exam_state_name(enum exam_state state) {
  static const char *const names[] = {[EXAM_PASSED] = "passed",
                                      [EXAM_FAILED] = "failed",
                                      [EXAM_NOTED] = "note",
                                      [EXAM_NOT_SEEN] = "not-looked-into",
                                      [EXAM_NOT_EXAMINED] = "not-examined"};
  return names[state];
}

unsigned graded_points(const struct graded_exam *exam) {
  return exam->result.state == EXAM_PASSED ? exam->points : 0;
}

/* The process that listens, if it is one alone. */
static void find_server(struct examiner *examiner) {
  struct port_report *report = NULL;
  const struct endpoint *target = &examiner->target;
  int code = target->transport == TRANSPORT_UNIX
                 ? port_owner_find_unix(target->path, &report)
                 : port_owner_find(target->transport, address_port(&target->address), &target->address, &report);
  if (report != NULL && code == 0 && report->socket_count > 0) {
    const struct port_socket *socket = &report->sockets[0];
    bool is_server = socket->state == SOCKET_STATE_LISTEN || target->transport == TRANSPORT_UDP;
    examiner->is_pid_hidden = socket->owner == SOCKET_OWNER_HIDDEN;
    if (is_server && socket->process_count == 1 && socket->processes_left_out == 0) {
      examiner->pid = socket->processes[0].pid;
      examiner->listener_inode = socket->inode;
      memcpy(examiner->command, socket->processes[0].command, sizeof examiner->command);
      examiner->ends_at_sigpipe = process_facts_ends_at_sigpipe(examiner->pid);
    }
  }
  if (report != NULL) port_report_free(report);
}

/* Each exam has a time of its own, and leaves the others theirs. */
static bool begin_time(struct examiner *examiner, uint64_t end_ns, uint64_t patience_ns, size_t still_to_come) {
  uint64_t now = clock_now_ns();
  uint64_t kept = patience_ns * KEPT_SHARE / 100 * still_to_come;
  uint64_t own = patience_ns * EXAM_SHARE / 100;
  if (now >= end_ns) return false;
  uint64_t left = end_ns - now > kept ? end_ns - now - kept : (end_ns - now) / (still_to_come + 1);
  /* Of a server that waits for more before it answers, silence is what is expected. */
  bool is_silent = examiner->known == MISTAKE_WAITS_FOR_NEWLINE || examiner->known == MISTAKE_WAITS_FOR_END;
  examiner->talks.patience_ns = is_silent ? patience_ns / 3 : patience_ns;
  examiner->talks.until_ns = now + (left < own ? left : own);
  return true;
}

/* An exam that failed may have ended the server: then that is what there is to say. */
static bool is_ended(struct examiner *examiner, struct exam_result *result) {
  enum mistake mistake = result->finding.mistake;
  examiner->talks.until_ns = clock_now_ns() + examiner->talks.patience_ns;
  if (result->state != EXAM_FAILED || exam_is_server_there(examiner)) return false;
  if (mistake == MISTAKE_DIES_AT_RESET || mistake == MISTAKE_DIES_AT_SIGPIPE || mistake == MISTAKE_ENDS_AT_EMPTY)
    return true;
  exam_fail(result, MISTAKE_DIES);
  finding_say_came(&result->finding, "the server's end: nobody listens any more");
  return true;
}

static void leave_out_rest(struct graded *graded, size_t from, const char *reason) {
  for (size_t i = from; i < graded->count; i++)
    exam_leave_out(&graded->exams[i].result, EXAM_NOT_EXAMINED, "%s", reason);
}

static void examine(struct examiner *examiner, struct graded *graded, uint64_t patience_ns) {
  uint64_t end_ns = clock_now_ns() + (uint64_t)((double)patience_ns * GRADED_PATIENCES);
  char reason[EXAM_REASON_SIZE];
  for (size_t i = 0; i < graded->count && examiner->lack_code == 0; i++) {
    struct graded_exam *exam = &graded->exams[i];
    if (!begin_time(examiner, end_ns, patience_ns, graded->count - i - 1)) {
      leave_out_rest(graded, i, "the exams before it took all the time");
      return;
    }
    exam->exam->run(examiner, &exam->result);
    if (exam->result.state == EXAM_FAILED && exam->exam->is_note) exam->result.state = EXAM_NOTED;
    if (i == 0) graded->is_not_there = exam->result.finding.mistake == MISTAKE_REFUSES;
    graded->is_no_echo =
        i == 0 && exam->result.state == EXAM_FAILED && mistake_is_no_echo(exam->result.finding.mistake);
    if (graded->is_no_echo) {
      leave_out_rest(graded, 1, "the first exam failed wholly, so nothing else was sent");
      return;
    }
    if (!is_ended(examiner, &exam->result)) continue;
    snprintf(reason, sizeof reason, "the server ended in the exam %s", exam->exam->name);
    leave_out_rest(graded, i + 1, reason);
    return;
  }
}

static void sum_up(struct graded *graded, const struct marks *marks) {
  for (size_t i = 0; i < graded->count; i++) {
    const struct graded_exam *exam = &graded->exams[i];
    enum exam_state state = exam->result.state;
    graded->earned += graded_points(exam);
    if (state == EXAM_NOT_SEEN) graded->unseen += exam->points;
    if (state != EXAM_PASSED && state != EXAM_NOT_SEEN) graded->lost += exam->points;
    if ((state == EXAM_FAILED || state == EXAM_NOT_EXAMINED) && exam->points > 0) graded->has_failed = true;
  }
  /* What could not be looked into is not held against anybody. */
  graded->has_passed = marks->has_pass ? graded->earned + graded->unseen >= marks->pass : !graded->has_failed;
}

int graded_run(const struct endpoint *target, const struct marks *marks, uint64_t patience_ns, struct graded *out) {
  struct examiner *examiner = memory_take_zeroed(1, sizeof *examiner);
  const struct exam *exam;
  memset(out, 0, sizeof *out);
  out->target = *target;
  if (examiner == NULL) return UV_ENOMEM;
  examiner->target = *target;
  for (size_t i = 0; (exam = exams_at(i)) != NULL; i++)
    if ((exam->transports & 1u << target->transport) != 0)
      out->exams[out->count++] = (struct graded_exam){.exam = exam, .points = marks->points[i]};
  uint64_t began_ns = clock_now_ns();
  int code = talks_begin(&examiner->talks);
  if (code == 0) {
    find_server(examiner);
    examine(examiner, out, patience_ns);
    talks_finish(&examiner->talks);
    code = examiner->lack_code;
  }
  out->took_ns = clock_now_ns() - began_ns;
  out->pid = examiner->pid;
  memcpy(out->command, examiner->command, sizeof out->command);
  sum_up(out, marks);
  free(examiner);
  return code;
}
