/* A heap of held answers, and the pacer that wakes the loop for the first of them. */
#include "server/fault/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "common/text/clock.h"

#define FIRST_CAPACITY 64

size_t held_answer_weight(size_t length) {
  return sizeof(struct held_answer) + length;
}

struct held_answer *held_answer_make(const uint8_t *bytes, size_t length) {
  struct held_answer *answer = calloc(1, held_answer_weight(length));
  if (answer == NULL) return NULL;
  answer->length = length;
  memcpy(answer->bytes, bytes, length);
  return answer;
}

static bool is_before(const struct held_answer *one, const struct held_answer *other) {
  return one->due_ns != other->due_ns ? one->due_ns < other->due_ns : one->number < other->number;
}

static void swap(struct held_answer **heap, size_t one, size_t other) {
  struct held_answer *kept = heap[one];
  heap[one] = heap[other];
  heap[other] = kept;
}

static void rise(struct fault_schedule *schedule, size_t at) {
  for (; at > 0 && is_before(schedule->heap[at], schedule->heap[(at - 1) / 2]); at = (at - 1) / 2)
    swap(schedule->heap, at, (at - 1) / 2);
}

static void sink(struct fault_schedule *schedule, size_t at) {
  for (;;) {
    size_t least = at, left = 2 * at + 1;
    for (size_t child = left; child <= left + 1 && child < schedule->count; child++)
      if (is_before(schedule->heap[child], schedule->heap[least])) least = child;
    if (least == at) return;
    swap(schedule->heap, at, least);
    at = least;
  }
}

static struct held_answer *take_first(struct fault_schedule *schedule) {
  struct held_answer *first = schedule->heap[0];
  schedule->heap[0] = schedule->heap[--schedule->count];
  sink(schedule, 0);
  schedule->bytes -= held_answer_weight(first->length);
  return first;
}

/* While something is held the loop goes on for it. A moment that cannot be set is tried anew with the next answer. */
static int set_pacer(struct fault_schedule *schedule) {
  pacer_hold_loop(schedule->pacer, schedule->count > 0);
  return schedule->count > 0 ? pacer_set(schedule->pacer, schedule->heap[0]->due_ns) : 0;
}

static void on_due(void *owner) {
  struct fault_schedule *schedule = owner;
  while (schedule->count > 0 && schedule->heap[0]->due_ns <= clock_now_ns()) {
    struct held_answer *answer = take_first(schedule);
    answer->leave(answer);
    free(answer);
  }
  (void)set_pacer(schedule);
}

int fault_schedule_begin(struct fault_schedule *schedule, uv_loop_t *loop) {
  *schedule = (struct fault_schedule){0};
  int code = pacer_create(loop, on_due, schedule, &schedule->pacer);
  if (code == 0) pacer_hold_loop(schedule->pacer, false);
  return code;
}

void fault_schedule_end(struct fault_schedule *schedule) {
  for (size_t i = 0; i < schedule->count; i++)
    free(schedule->heap[i]);
  free(schedule->heap);
  pacer_close(schedule->pacer);
  *schedule = (struct fault_schedule){0};
}

static int make_room(struct fault_schedule *schedule) {
  if (schedule->count < schedule->capacity) return 0;
  size_t capacity = schedule->capacity == 0 ? FIRST_CAPACITY : 2 * schedule->capacity;
  struct held_answer **heap = realloc(schedule->heap, capacity * sizeof(struct held_answer *));
  if (heap == NULL) return UV_ENOMEM;
  schedule->heap = heap;
  schedule->capacity = capacity;
  return 0;
}

int fault_schedule_add(struct fault_schedule *schedule, struct held_answer *answer) {
  int code = make_room(schedule);
  if (code != 0) {
    free(answer);
    return code;
  }
  answer->number = ++schedule->numbers;
  schedule->bytes += held_answer_weight(answer->length);
  schedule->heap[schedule->count++] = answer;
  rise(schedule, schedule->count - 1);
  return schedule->heap[0] == answer ? set_pacer(schedule) : 0;
}

void fault_schedule_forget(struct fault_schedule *schedule, const void *owner) {
  size_t kept = 0;
  for (size_t i = 0; i < schedule->count; i++) {
    struct held_answer *answer = schedule->heap[i];
    if (answer->owner != owner) {
      schedule->heap[kept++] = answer;
      continue;
    }
    schedule->bytes -= held_answer_weight(answer->length);
    free(answer);
  }
  if (kept == schedule->count) return;
  schedule->count = kept;
  for (size_t i = kept / 2; i-- > 0;)
    sink(schedule, i);
  (void)set_pacer(schedule);
}
