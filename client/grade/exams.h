/* The exams: a row for each, and what they share while one server is examined. */
#ifndef LOPING_CLIENT_GRADE_EXAMS_H
#define LOPING_CLIENT_GRADE_EXAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/grade/conversation.h"
#include "client/grade/findings.h"
#include "client/grade/process_facts.h"
#include "common/net/address.h"

#define EXAMS_MAX        24
#define EXAM_REASON_SIZE 256

enum exam_state {
  EXAM_PASSED,
  EXAM_FAILED,
  EXAM_NOTED,        /* worth a word and its points, and no failure */
  EXAM_NOT_SEEN,     /* this system or this user cannot look into it: its points do not count */
  EXAM_NOT_EXAMINED, /* the server is no more, or the time was up: its points are lost */
};

struct exam_result {
  enum exam_state state;
  struct finding finding;        /* of EXAM_FAILED and EXAM_NOTED */
  char reason[EXAM_REASON_SIZE]; /* of the last two */
};

/* The server, and what is known of it so far. */
struct examiner {
  struct talks talks;
  struct endpoint target;
  /* Of the one process that listens; 0: not known, or there are several. */
  int64_t pid;
  uint64_t listener_inode;
  bool is_pid_hidden;
  bool ends_at_sigpipe; /* SIGPIPE is neither ignored nor caught */
  char command[64];     /* not escaped */
  int lack_code;        /* this program itself could not go on */
  /* What earlier exams found, so that one mistake is not taken for another. */
  enum mistake known; /* of the first exam, or of the slow reader's; MISTAKE_NONE */
  bool is_echo_fine;
  bool long_is_fine; /* 4 MiB came back whole */
  bool is_for_one;   /* several clients are not served, or mixed up */
  bool stays_open;   /* it does not close its side after ours */
  enum mistake open_mistake;
};

/* Does the exam, on connections of its own, and leaves none behind. `result` is EXAM_PASSED before. */
typedef void exam_run(struct examiner *examiner, struct exam_result *result);

#define EXAM_STREAM   (1u << TRANSPORT_TCP | 1u << TRANSPORT_UNIX)
#define EXAM_TCP      (1u << TRANSPORT_TCP)
#define EXAM_DATAGRAM (1u << TRANSPORT_UDP)

struct exam {
  const char *name;
  unsigned transports; /* a bit for each enum transport */
  unsigned points;     /* unless the teacher says otherwise */
  exam_run *run;
  const char *looks_at; /* what it examines */
  bool is_note;         /* it costs its points and fails nothing */
};

/* The row of that index; NULL behind the last. */
const struct exam *exams_at(size_t index);

/* The index of the exam of that name; SIZE_MAX: there is none. */
size_t exams_find(const char *name);

/* The exams of streams, of their ends, of several clients, of the machine around, of datagrams. */
exam_run exam_echo, exam_bytes, exam_sizes, exam_pieces, exam_several;
exam_run exam_half_close, exam_end, exam_reset, exam_gone;
exam_run exam_clients, exam_slow_reader, exam_many;
exam_run exam_restart, exam_ipv6;
exam_run exam_datagram, exam_datagram_bytes, exam_datagram_sizes, exam_datagram_several, exam_datagram_clients,
    exam_datagram_empty;

#endif
