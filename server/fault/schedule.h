/* Answers that are held until their moment, in the order of these moments. Knows no socket. */
#ifndef LOPING_SERVER_FAULT_SCHEDULE_H
#define LOPING_SERVER_FAULT_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/io/pacer.h"

/* An answer that will leave, or is dropped with its owner. */
struct held_answer {
  void (*leave)(struct held_answer *answer); /* its moment has come; it is freed after that */
  void *owner;
  uint64_t due_ns;
  uint64_t number; /* the schedule's: of two with one moment, the lower leaves first */
  uint64_t receive_ns;
  uint64_t arrival; /* the owner's */
  struct sockaddr_storage to;
  size_t length;
  uint8_t flags; /* WIRE_FRAME_FLAGS_FAULTS */
  bool is_frame;
  bool is_doubled;
  bool is_truncated;
  uint8_t bytes[];
};

struct fault_schedule {
  struct pacer *pacer;
  struct held_answer **heap; /* the earliest first */
  size_t count, capacity;
  size_t bytes; /* that are held, with what it takes to hold them */
  uint64_t numbers;
};

/* Returns 0 or a negative UV_ code. */
int fault_schedule_begin(struct fault_schedule *schedule, uv_loop_t *loop);

/* Frees all that is held. The loop must run once more. */
void fault_schedule_end(struct fault_schedule *schedule);

/* A copy of `length` bytes in an answer that is zeros otherwise; NULL without memory. The caller adds or frees it. */
struct held_answer *held_answer_make(const uint8_t *bytes, size_t length);

/* What it counts for in schedule->bytes. */
size_t held_answer_weight(size_t length);

/* Takes it over in any case. Returns 0, or a negative UV_ code and it is freed. */
int fault_schedule_add(struct fault_schedule *schedule, struct held_answer *answer);

/* Frees those of an owner that ends. */
void fault_schedule_forget(struct fault_schedule *schedule, const void *owner);

#endif
