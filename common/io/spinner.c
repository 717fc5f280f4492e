/*
 * The spinning of --busy-poll; see spinner.h.
 *
 * An active idle handle keeps the loop from sleeping: in each turn it makes DIRECT_IO_TRIES tries at the sockets that
 * were handed in, all of them once before any of them twice, and then the loop asks its poller for the others. So none
 * starves, and a socket that is silent costs nothing.
 */
#include "common/io/spinner.h"

#include "common/io/direct_io.h"
#include "common/text/clock.h"

int spinner_init(struct spinner *spinner, uv_loop_t *loop, bool is_on, uint64_t quiet_ns) {
  *spinner = (struct spinner){.is_on = is_on, .quiet_ns = quiet_ns};
  int code = uv_idle_init(loop, &spinner->idle);
  spinner->idle.data = spinner;
  return code;
}

bool spinner_add(struct spinner *spinner, struct direct_socket *socket, const uv_handle_t *handle) {
  if (socket->is_direct) return true;
  if (!direct_io_is_possible() || uv_fileno(handle, &socket->descriptor) != 0) return false;
  socket->is_direct = true;
  socket->heard_ns = spinner->turn_ns;
  socket->before = spinner->last;
  socket->after = NULL;
  if (spinner->last != NULL)
    spinner->last->after = socket;
  else
    spinner->first = socket;
  spinner->last = socket;
  spinner->count++;
  return true;
}

void spinner_remove(struct spinner *spinner, struct direct_socket *socket) {
  if (!socket->is_direct) return;
  socket->is_direct = false;
  if (spinner->next == socket) spinner->next = socket->after;
  if (socket->before != NULL)
    socket->before->after = socket->after;
  else
    spinner->first = socket->after;
  if (socket->after != NULL)
    socket->after->before = socket->before;
  else
    spinner->last = socket->before;
  spinner->count--;
}

/* Asks each once. One that comes meanwhile waits for the next walk, which may be counted out by it. */
static bool ask_each(struct spinner *spinner) {
  bool has_read = false;
  size_t left = spinner->count;
  for (spinner->next = spinner->first; spinner->next != NULL && left > 0; left--) {
    struct direct_socket *socket = spinner->next;
    spinner->next = socket->after;
    if (!socket->ops->poll(socket)) continue;
    socket->heard_ns = spinner->turn_ns;
    has_read = true;
  }
  spinner->next = NULL;
  return has_read;
}

static bool ask_for_a_turn(struct spinner *spinner) {
  bool has_read = false;
  for (size_t tries = 0; tries < DIRECT_IO_TRIES && spinner->count > 0;) {
    tries += spinner->count;
    has_read = ask_each(spinner) || has_read;
  }
  return has_read;
}

static void give_back_silent(struct spinner *spinner, uint64_t since_ns) {
  for (spinner->next = spinner->first; spinner->next != NULL;) {
    struct direct_socket *socket = spinner->next;
    spinner->next = socket->after;
    if (socket->heard_ns > since_ns) continue;
    spinner_remove(spinner, socket);
    socket->ops->watch(socket);
  }
}

void spinner_give_back(struct spinner *spinner) {
  give_back_silent(spinner, UINT64_MAX);
}

static void on_spin(uv_idle_t *idle) {
  struct spinner *spinner = idle->data;
  bool has_moved = ask_for_a_turn(spinner) || spinner->has_moved;
  spinner->has_moved = false;
  spinner->turn_ns = clock_now_ns();
  if (has_moved) spinner->busy_ns = spinner->turn_ns;
  if (spinner->turn_ns - spinner->busy_ns > SPINNER_IDLE_MS * CLOCK_NS_PER_MS) {
    spinner_stop(spinner);
  } else if (spinner->quiet_ns > 0 && spinner->turn_ns - spinner->looked_ns > spinner->quiet_ns) {
    spinner->looked_ns = spinner->turn_ns;
    give_back_silent(spinner, spinner->turn_ns - spinner->quiet_ns);
  }
}

void spinner_note(struct spinner *spinner) {
  if (!spinner->is_on) return;
  spinner->has_moved = true;
  if (uv_is_active((uv_handle_t *)&spinner->idle)) return;
  spinner->busy_ns = spinner->turn_ns = clock_now_ns();
  uv_idle_start(&spinner->idle, on_spin); /* fails only without a callback */
}

void spinner_stop(struct spinner *spinner) {
  uv_idle_stop(&spinner->idle);
  spinner_give_back(spinner);
}

void spinner_end(struct spinner *spinner) {
  spinner->is_on = false;
  spinner_stop(spinner);
}
