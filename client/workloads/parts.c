/* Parts of round trips, counted; see parts.h. Knows no socket and no clock. */
#include "client/workloads/parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

enum { SERVER_KERNEL = 1, CLIENT_KERNEL = 6 };

/* Which whole a part belongs to. */
static const enum anatomy_whole whole_of[ANATOMY_PART_COUNT] = {
    [ANATOMY_TO_SERVER_SOCKET] = ANATOMY_CARRYING, [ANATOMY_SERVER_WAKEUP] = ANATOMY_WAKING,
    [ANATOMY_SERVER_ASKING] = ANATOMY_ASKING,      [ANATOMY_SERVER_READ] = ANATOMY_READING,
    [ANATOMY_SERVER] = ANATOMY_ANSWERING,          [ANATOMY_TO_CLIENT_SOCKET] = ANATOMY_CARRYING,
    [ANATOMY_CLIENT_WAKEUP] = ANATOMY_WAKING,      [ANATOMY_CLIENT_ASKING] = ANATOMY_ASKING,
    [ANATOMY_CLIENT_READ] = ANATOMY_READING,
};

struct parts {
  struct histogram *parts[ANATOMY_PART_COUNT];
  struct histogram *wholes[ANATOMY_WHOLE_COUNT];
  struct histogram *client_send, *server_send;
};

struct parts *parts_create(void) {
  struct parts *parts = memory_take_zeroed(1, sizeof *parts);
  if (parts == NULL) return NULL;
  bool is_whole = true;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    is_whole = (parts->parts[i] = histogram_create()) != NULL && is_whole;
  for (size_t i = 0; i < ANATOMY_WHOLE_COUNT; i++)
    is_whole = (parts->wholes[i] = histogram_create()) != NULL && is_whole;
  parts->client_send = histogram_create();
  parts->server_send = histogram_create();
  if (is_whole && parts->client_send != NULL && parts->server_send != NULL) return parts;
  parts_free(parts);
  return NULL;
}

void parts_free(struct parts *parts) {
  if (parts == NULL) return;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    histogram_free(parts->parts[i]);
  for (size_t i = 0; i < ANATOMY_WHOLE_COUNT; i++)
    histogram_free(parts->wholes[i]);
  histogram_free(parts->client_send);
  histogram_free(parts->server_send);
  free(parts);
}

static uint64_t put_between(uint64_t before, uint64_t moment, uint64_t after, uint64_t error_ns) {
  if (moment < before && before - moment <= error_ns) return before;
  if (moment > after && moment - after <= error_ns) return after;
  return moment;
}

static bool put_in_order(const uint64_t moments[PARTS_MOMENTS], uint64_t kernel_error_ns,
                         uint64_t ordered[PARTS_MOMENTS]) {
  memcpy(ordered, moments, PARTS_MOMENTS * sizeof ordered[0]);
  ordered[SERVER_KERNEL] = put_between(ordered[0], ordered[1], ordered[2], kernel_error_ns);
  ordered[CLIENT_KERNEL] = put_between(ordered[5], ordered[6], ordered[7], kernel_error_ns);
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    if (ordered[i] > ordered[i + 1]) return false;
  return true;
}

bool parts_is_ordered(const uint64_t moments[PARTS_MOMENTS], uint64_t kernel_error_ns) {
  uint64_t ordered[PARTS_MOMENTS];
  return put_in_order(moments, kernel_error_ns, ordered);
}

bool parts_add(struct parts *parts, const uint64_t moments[PARTS_MOMENTS], uint64_t kernel_error_ns) {
  uint64_t ordered[PARTS_MOMENTS], wholes[ANATOMY_WHOLE_COUNT] = {0};
  if (!put_in_order(moments, kernel_error_ns, ordered)) return false;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++) {
    histogram_record(parts->parts[i], ordered[i + 1] - ordered[i]);
    wholes[whole_of[i]] += ordered[i + 1] - ordered[i];
  }
  for (size_t i = 0; i < ANATOMY_WHOLE_COUNT; i++)
    histogram_record(parts->wholes[i], wholes[i]);
  return true;
}

void parts_add_client_send(struct parts *parts, uint64_t ns) {
  histogram_record(parts->client_send, ns);
}

void parts_add_server_send(struct parts *parts, uint64_t ns) {
  histogram_record(parts->server_send, ns);
}

bool parts_result(const struct parts *parts, struct distribution figures[FIGURE_COUNT]) {
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    distribution_of(parts->parts[i], &figures[FIGURE_ANATOMY + i]);
  for (size_t i = 0; i < ANATOMY_WHOLE_COUNT; i++)
    distribution_of(parts->wholes[i], &figures[FIGURE_WHOLES + i]);
  distribution_of(parts->client_send, &figures[FIGURE_CLIENT_SEND]);
  distribution_of(parts->server_send, &figures[FIGURE_SERVER_SEND]);
  return figures[FIGURE_ANATOMY].count > 0;
}
