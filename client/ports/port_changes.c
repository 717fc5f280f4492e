/* Compares the listeners of two looks: both lists are in one order, so one pass over both finds what differs. Pure. */
#include "client/ports/port_changes.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

/* One pass over the old list and the new one. */
struct merge {
  struct port_history next;
  uint64_t before_ns; /* the look before */
  uint64_t now_ns;
  uint64_t fade_ns;
  port_changed *changed;
  void *owner;
};

static void add(struct merge *merge, const struct port_socket *socket, enum port_mark mark, uint64_t changed_ns) {
  struct port_seen *seen = &merge->next.seen[merge->next.count++];
  seen->socket = seen->named = *socket;
  seen->mark = mark;
  seen->changed_ns = changed_ns;
}

static void tell_change(const struct merge *merge, const struct port_socket *socket, enum port_mark mark) {
  if (merge->changed != NULL) merge->changed(merge->owner, socket, mark);
}

static bool is_fresh(const struct merge *merge, const struct port_seen *seen) {
  return merge->now_ns - seen->changed_ns < merge->fade_ns;
}

static void take_new(struct merge *merge, const struct port_socket *socket) {
  add(merge, socket, PORT_MARK_CAME, merge->now_ns);
  merge->next.seen[merge->next.count - 1].since_ns = merge->before_ns;
  tell_change(merge, socket, PORT_MARK_CAME);
}

static void take_missing(struct merge *merge, const struct port_seen *old) {
  if (old->mark != PORT_MARK_WENT) {
    add(merge, &old->named, PORT_MARK_WENT, merge->now_ns);
    tell_change(merge, &old->named, PORT_MARK_WENT);
  } else if (is_fresh(merge, old)) {
    add(merge, &old->socket, PORT_MARK_WENT, old->changed_ns);
  }
}

static void take_both(struct merge *merge, const struct port_seen *old, const struct port_socket *socket) {
  if (old->mark == PORT_MARK_WENT) {
    take_new(merge, socket);
    return;
  }
  if (old->mark == PORT_MARK_CAME && is_fresh(merge, old))
    add(merge, socket, PORT_MARK_CAME, old->changed_ns);
  else
    add(merge, socket, PORT_MARK_NONE, 0);
  struct port_seen *seen = &merge->next.seen[merge->next.count - 1];
  seen->since_ns = old->since_ns;
  seen->is_used = old->is_used;
  seen->is_unexpected = old->is_unexpected;
  /* A process that ends gives up its descriptors (/proc/PID/fd) a moment before the kernel closes their sockets. */
  if (socket->process_count == 0) seen->named = old->named;
}

static int allocate(struct port_history *history, size_t count) {
  memset(history, 0, sizeof *history);
  if (count == 0) return 0;
  history->seen = memory_take_zeroed(count, sizeof *history->seen);
  return history->seen == NULL ? UV_ENOMEM : 0;
}

int port_history_update(struct port_history *history, const struct port_row *rows, size_t count, uint64_t now_ns,
                        uint64_t fade_ns, port_changed *changed, void *owner) {
  struct merge merge = {
      .before_ns = history->looked_ns, .now_ns = now_ns, .fade_ns = fade_ns, .changed = changed, .owner = owner};
  int code = allocate(&merge.next, history->count + count);
  if (code != 0) return code;
  size_t old = 0, new = 0;
  while (old < history->count || new < count) {
    int order = old == history->count ? 1
                : new == count        ? -1
                                      : port_socket_compare(&history->seen[old].socket, rows[new].socket);
    if (order < 0)
      take_missing(&merge, &history->seen[old++]);
    else if (order > 0)
      take_new(&merge, rows[new ++].socket);
    else
      take_both(&merge, &history->seen[old++], rows[new ++].socket);
  }
  port_history_free(history);
  *history = merge.next;
  history->looked_ns = now_ns;
  return 0;
}

int port_history_begin(struct port_history *history, const struct port_row *rows, size_t count) {
  struct merge merge = {0};
  int code = allocate(&merge.next, count);
  if (code != 0) return code;
  for (size_t i = 0; i < count; i++)
    add(&merge, rows[i].socket, PORT_MARK_NONE, 0);
  *history = merge.next;
  return 0;
}

void port_history_free(struct port_history *history) {
  free(history->seen);
  memset(history, 0, sizeof *history);
}
