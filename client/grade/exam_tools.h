/* What the exams share: bytes to send, and the judging of one conversation. */
#ifndef LOPING_CLIENT_GRADE_EXAM_TOOLS_H
#define LOPING_CLIENT_GRADE_EXAM_TOOLS_H

#include "client/grade/exams.h"

/* Bytes of which each place is known by what stands there: no NUL, no newline, printable. The caller frees them; NULL
 * if memory ran out, which the examiner notes. */
uint8_t *exam_bytes_make(struct examiner *examiner, size_t length);

/* Connects. NULL: it could not be, and the result says so. */
struct conversation *exam_connect(struct examiner *examiner, int receive_bytes, struct exam_result *result);

/* What was sent on a conversation, and how the waiting for its echo ended. */
struct exam_sending {
  const void *bytes;
  size_t length;
  size_t first_bytes; /* these two as in struct echo_facts */
  bool is_more_than_sent;
  enum talk_end end;
};

/* Judges what came against it; false: it is not the same, and the result says what it is. */
bool exam_judge(struct examiner *examiner, struct conversation *conversation, const struct exam_sending *sending,
                struct exam_result *result);

/* Sends the next `length` of the bytes, and waits for their echo. */
void exam_send_next(struct conversation *conversation, struct exam_sending *sending, size_t length);

/* Sends a message and judges its echo, of which nothing came before. */
bool exam_echoes(struct examiner *examiner, struct conversation *conversation, const void *message, size_t length,
                 struct exam_result *result);

/* The same on a connection of its own, which is closed. */
bool exam_echoes_alone(struct examiner *examiner, const void *message, size_t length, struct exam_result *result);

/* Fails the exam by this mistake. Returns the finding for more words. */
struct finding *exam_fail(struct exam_result *result, enum mistake mistake);

__attribute__((format(__printf__, 3, 4))) void exam_leave_out(struct exam_result *result, enum exam_state state,
                                                              const char *format, ...);

/* So long nothing may move before a server is taken for one that does not read on, in ns. */
uint64_t exam_stall_ns(const struct examiner *examiner);

/* Is the server still there? A connection is made for it, and left. */
bool exam_is_server_there(struct examiner *examiner);

#endif
