/*
 * Opening and closing the bound sockets, and taking what waits at them.
 *
 * A bind that failed can be followed by a listen() that "succeeds" elsewhere (libuv binds to any free port then), so a
 * handle is given up at its first error. Knows no connection; its sentences are those of a listener that pauses.
 */
#include "server/listen/listeners.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/sockets/waiting_socket.h"
#include "common/text/clock.h"
#include "server/fault/faults.h"
#include "server/listen/transports.h"
#include "server/threads/admission.h"
#include "server/threads/watch_claim.h"
#include "server/threads/worker.h"

#define RESUME_AFTER_MS 100

/* For another server that is just binding in a folder of ours. */
#define REMOVAL_WAIT_MS 500

/* A client can wait so long for a descriptor; then it is better off with an answer, even with that one. */
#define TRIES_UNTIL_SHED 10

/* As many as the system allows may wait (Linux cuts it to net.core.somaxconn): a thousand clients can start at once. */
#define BACKLOG 4096

/* To look once more after each connection would cost each one a system call; the poller tells it as well. So more than
 * one is taken at a time only where they keep coming. */
#define TURNS_OF_ONE  16
#define TAKEN_AT_ONCE 64

struct listener {
  union listener_handle as; /* first, as a handle is all that libuv tells of it; as.handle.data is the service's */
  uv_poll_t waiting;        /* of streams; its data is this */
  struct listeners *listeners;
  const struct transport_row *transport;
  const struct listener_service *service;
  struct unix_socket_file file; /* that it made at its path */
  size_t row;                   /* of the plan */
  uv_os_fd_t descriptor;
  unsigned full_turns; /* one after the other, in which nothing was said to be left */
  unsigned failed_tries;
  unsigned handles_to_close;
  bool is_polled;  /* `waiting` is made */
  bool is_pausing; /* for the timer to try again */
  bool is_slow;    /* who waits is taken when the timer of slow-accept ends */
  bool is_failing; /* said, and its end is not yet */
};

static void on_resume_timer(uv_timer_t *timer);

int listeners_init(struct listeners *listeners, struct worker *worker, struct plan *plan) {
  *listeners = (struct listeners){.worker = worker, .plan = plan, .reserve = -1};
  int code = uv_timer_init(&worker->loop, &listeners->resume_timer);
  listeners->resume_timer.data = listeners;
  if (code == 0) code = uv_timer_init(&worker->loop, &listeners->slow_timer);
  listeners->slow_timer.data = listeners;
  return code;
}

void listeners_keep_reserve(struct listeners *listeners) {
  uv_fs_t request;
  listeners->reserve = uv_fs_open(NULL, &request, "/dev/null", UV_FS_O_RDONLY, 0, NULL);
  uv_fs_req_cleanup(&request);
}

static void drop_reserve(struct listeners *listeners) {
  uv_fs_t request;
  if (listeners->reserve < 0) return;
  uv_fs_close(NULL, &request, listeners->reserve, NULL);
  uv_fs_req_cleanup(&request);
  listeners->reserve = -1;
}

static void note_closed(struct listener *listener) {
  if (--listener->handles_to_close == 0) free(listener);
}

static void after_close(uv_handle_t *handle) {
  note_closed((struct listener *)handle);
}

static void after_poll_close(uv_handle_t *handle) {
  note_closed(handle->data);
}

static const char *write_endpoint(const struct listener *listener, char text[ADDRESS_TEXT_SIZE * 4]) {
  return announce_endpoint_text(&listener->listeners->plan->rows[listener->row].endpoint, text);
}

static void remove_path(struct listener *listener) {
  char text[ADDRESS_TEXT_SIZE * 4];
  int code = unix_socket_remove(listener->listeners->plan->rows[listener->row].endpoint.path, &listener->file);
  if (code != 0)
    announce_notice(listener->listeners->worker->outbox, "%s is left behind: %s (%s). The next lopong there removes it",
                    write_endpoint(listener, text), uv_strerror(code), uv_err_name(code));
}

static void close_row(struct listeners *listeners, size_t row) {
  struct listener *listener = listeners->rows[row];
  if (listener == NULL) return;
  if (listener->service->end != NULL) listener->service->end(&listener->as.udp);
  /* Before the socket ends, so that nobody takes its path for a dead one's. */
  remove_path(listener);
  listener->handles_to_close = listener->is_polled ? 2 : 1;
  if (listener->is_polled) uv_close((uv_handle_t *)&listener->waiting, after_poll_close);
  uv_close(&listener->as.handle, after_close);
  listeners->rows[row] = NULL;
}

void listeners_close(struct listeners *listeners) {
  uv_timer_stop(&listeners->slow_timer);
  drop_reserve(listeners);
  unix_path_take_locks_back(&listeners->locks, REMOVAL_WAIT_MS);
  for (size_t row = 0; row < listeners->plan->count; row++)
    close_row(listeners, row);
}

void listeners_end_streams(struct listeners *listeners) {
  uv_timer_stop(&listeners->resume_timer);
  uv_timer_stop(&listeners->slow_timer);
  drop_reserve(listeners);
  unix_path_take_locks_back(&listeners->locks, REMOVAL_WAIT_MS);
  for (size_t row = 0; row < listeners->plan->count; row++)
    if (listeners->plan->rows[row].endpoint.transport != TRANSPORT_UDP) close_row(listeners, row);
  unix_path_lend_locks(&listeners->locks);
}

/* Said once, until it works again. */
static void say_failing(struct listener *listener, int code) {
  char text[ADDRESS_TEXT_SIZE * 4];
  bool is_stream = listener->is_polled;
  if (listener->is_failing) return;
  listener->is_failing = true;
  announce_notice(listener->listeners->worker->outbox,
                  "%s on %s pauses: %s (%s). The port stays open, and %s until that works again",
                  is_stream ? "taking connections" : "receiving datagrams", write_endpoint(listener, text),
                  uv_strerror(code), uv_err_name(code), is_stream ? "who connects waits" : "what comes waits");
}

static void note_working(struct listener *listener) {
  char text[ADDRESS_TEXT_SIZE * 4];
  listener->failed_tries = 0;
  if (!listener->is_failing) return;
  listener->is_failing = false;
  announce_notice(listener->listeners->worker->outbox, "%s on %s works again",
                  listener->is_polled ? "taking connections" : "receiving datagrams", write_endpoint(listener, text));
}

static void try_later(struct listener *listener) {
  struct listeners *listeners = listener->listeners;
  listener->is_pausing = true;
  if (uv_is_active((uv_handle_t *)&listeners->resume_timer)) return;
  /* Can fail only for want of a callback. */
  uv_timer_start(&listeners->resume_timer, on_resume_timer, RESUME_AFTER_MS, RESUME_AFTER_MS);
}

/* Without a pause the poller would call again at once, for ever. */
static void begin_pause(struct listener *listener, int code) {
  listener->listeners->worker->stats.accept_errors++;
  uv_poll_stop(&listener->waiting); /* always 0, says its source */
  say_failing(listener, code);
  try_later(listener);
}

static int take_one(struct listener *listener) {
  uv_os_sock_t socket;
  int code = waiting_socket_take(listener->descriptor, &socket);
  if (code != 0) return waiting_socket_is_of_connection(code) ? 0 : code;
  if (listener->service->accept(listener->listeners->worker, socket) != 0) waiting_socket_close(socket);
  return 0;
}

/* Returns 0 where more may wait, UV_EAGAIN where nobody does, or another code where none can be taken. */
static int take(struct listener *listener) {
  unsigned most = listener->full_turns < TURNS_OF_ONE && !listener->is_failing ? 1 : TAKEN_AT_ONCE;
  int code = 0;
  /* Who takes one may end the server. */
  for (unsigned i = 0; i < most && code == 0 && !uv_is_closing(&listener->as.handle); i++)
    code = take_one(listener);
  listener->full_turns = code == UV_EAGAIN ? 0 : listener->full_turns + 1;
  /* Only now: while they are taken one by one as others leave, it would be said each time. */
  if (code == UV_EAGAIN) note_working(listener);
  return code;
}

static void on_waiting(uv_poll_t *waiting, int status, int events);

static bool fails(const struct listener *listener, enum wire_fault fault) {
  const struct faults *faults = listener->listeners->worker->faults;
  return faults != NULL && faults->spec->has[fault];
}

/* One connection each time, and the next waits as long again. */
static void on_slow_timer(uv_timer_t *timer) {
  struct listeners *listeners = timer->data;
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct listener *listener = listeners->rows[row];
    if (listener == NULL || !listener->is_slow) continue;
    listener->is_slow = false;
    faults_count(listeners->worker->faults, WIRE_FAULT_SLOW_ACCEPT);
    int code = take_one(listener);
    if (code == 0 || code == UV_EAGAIN) code = uv_poll_start(&listener->waiting, UV_READABLE, on_waiting);
    if (code != 0) begin_pause(listener, code);
  }
}

static void take_slowly(struct listener *listener) {
  struct listeners *listeners = listener->listeners;
  uint64_t slow_ns = listeners->worker->faults->spec->slow_accept_ns;
  uv_poll_stop(&listener->waiting); /* always 0, says its source */
  listener->is_slow = true;
  if (uv_is_active((uv_handle_t *)&listeners->slow_timer)) return;
  uv_update_time(&listeners->worker->loop);
  /* Can fail only for want of a callback. */
  uv_timer_start(&listeners->slow_timer, on_slow_timer, (slow_ns + CLOCK_NS_PER_MS - 1) / CLOCK_NS_PER_MS, 0);
}

static void on_waiting(uv_poll_t *waiting, int status, int events) {
  struct listener *listener = waiting->data;
  if (status == 0 && fails(listener, WIRE_FAULT_SLOW_ACCEPT)) {
    take_slowly(listener);
    return;
  }
  int code = status != 0 ? status : take(listener);
  (void)events;
  if (code != 0 && code != UV_EAGAIN) begin_pause(listener, code);
}

static bool is_for_want_of_descriptor(int code) {
  return code == UV_EMFILE || code == UV_ENFILE;
}

/* Who has waited for long is closed, as those beyond a limit are, by means of the reserve: to wait on would be to hang.
 */
static void shed(struct listener *listener) {
  struct listeners *listeners = listener->listeners;
  struct server_stats *stats = &listeners->worker->stats;
  char text[ADDRESS_TEXT_SIZE * 4];
  uv_os_sock_t socket;
  uint64_t count = 0;
  if (listeners->reserve < 0) return;
  drop_reserve(listeners);
  while (count < BACKLOG && waiting_socket_take(listener->descriptor, &socket) == 0) {
    waiting_socket_close(socket);
    count++;
  }
  listeners_keep_reserve(listeners);
  stats->refusals += count;
  stats->refused_no_descriptors += count;
  if (count > 0 && admission_say_once(&listeners->worker->said_no_descriptors))
    announce_notice(listeners->worker->outbox,
                    "who waits on %s is closed, as no file descriptor became free within 1 s",
                    write_endpoint(listener, text));
}

static int resume_stream(struct listener *listener) {
  int code = take(listener);
  /* libuv does not fail where the kernel has no room for it: it ends the process. */
  if (code == 0 || code == UV_EAGAIN)
    code = watch_claim_take(&listener->listeners->worker->loop, (uv_os_sock_t)listener->descriptor);
  if (code == 0) return uv_poll_start(&listener->waiting, UV_READABLE, on_waiting);
  listener->listeners->worker->stats.accept_errors++;
  if (++listener->failed_tries >= TRIES_UNTIL_SHED && is_for_want_of_descriptor(code)) shed(listener);
  return code;
}

static void on_resume_timer(uv_timer_t *timer) {
  struct listeners *listeners = timer->data;
  bool is_pausing = false;
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct listener *listener = listeners->rows[row];
    if (listener == NULL || !listener->is_pausing) continue;
    int code = listener->is_polled ? resume_stream(listener) : listener->service->resume(&listener->as.udp);
    listener->is_pausing = code != 0;
    is_pausing = is_pausing || listener->is_pausing;
  }
  if (!is_pausing) uv_timer_stop(timer);
}

static void on_state(uv_udp_t *socket, int code) {
  struct listener *listener = (struct listener *)socket;
  if (code == 0) {
    note_working(listener);
    return;
  }
  say_failing(listener, code);
  try_later(listener);
}

static int bind_row(struct listeners *listeners, size_t row) {
  const struct plan_row *planned = &listeners->plan->rows[row];
  struct listener *listener = calloc(1, sizeof *listener);
  if (listener == NULL) return UV_ENOMEM;
  listener->listeners = listeners;
  listener->row = row;
  listener->service = planned->service;
  listener->transport = transports_find(planned->endpoint.transport);
  int code = listener->transport->init(&listeners->worker->loop, &listener->as);
  if (code != 0) {
    free(listener);
    return code;
  }
  listeners->rows[row] = listener;
  code = planned->is_given ? listener->transport->open(&listener->as, planned->descriptor)
                           : listener->transport->bind(&listener->as, planned, &listener->file);
  if (code != 0) close_row(listeners, row);
  return code;
}

static int start_datagrams(struct listener *listener) {
  struct worker *worker = listener->listeners->worker;
  int code = watch_claim_take(&worker->loop, (uv_os_sock_t)listener->descriptor);
  return code != 0 ? code : listener->service->begin(worker, &listener->as.udp, on_state);
}

static void on_nothing(uv_timer_t *timer) {
  (void)timer;
}

/* A port that is bound and on which nobody listens: the kernel refuses who comes. A timer keeps the loop running. */
static int start_refusing(struct listener *listener) {
  uint64_t hour_ms = 3600 * CLOCK_NS_PER_SECOND / CLOCK_NS_PER_MS;
  return uv_timer_start(&listener->listeners->slow_timer, on_nothing, hour_ms, hour_ms);
}

/* libuv itself tries here whether it can be watched. */
static int start_stream(struct listener *listener) {
  uv_loop_t *loop = &listener->listeners->worker->loop;
  /* One that was given listens already, with the backlog that its giver wants. */
  bool is_given = listener->listeners->plan->rows[listener->row].is_given;
  if (!is_given && fails(listener, WIRE_FAULT_REFUSE)) return start_refusing(listener);
  int code = is_given ? 0 : waiting_socket_listen(listener->descriptor, BACKLOG);
  if (code == 0) code = uv_poll_init_socket(loop, &listener->waiting, (uv_os_sock_t)listener->descriptor);
  if (code != 0) return code;
  listener->waiting.data = listener;
  listener->is_polled = true;
  return uv_poll_start(&listener->waiting, UV_READABLE, on_waiting);
}

static int start(struct listener *listener) {
  int code = uv_fileno(&listener->as.handle, &listener->descriptor);
  if (code != 0) return code;
  return listener->service->begin != NULL ? start_datagrams(listener) : start_stream(listener);
}

/* The first socket with port 0 was given a number: from now on all rows want that one. */
static int adopt_port(struct listeners *listeners, size_t row) {
  struct endpoint *wanted = &listeners->plan->rows[row].endpoint;
  struct endpoint got = *wanted;
  if (wanted->transport == TRANSPORT_UNIX || address_port(&wanted->address) != 0) return 0;
  int code = listeners->rows[row]->transport->ask_address(&listeners->rows[row]->as, &got);
  if (code == 0) plan_set_port(listeners->plan, address_port(&got.address));
  return code;
}

static bool is_ipv6_missing(const struct plan_row *row, int code) {
  return row->may_lack_ipv6 && (code == UV_EADDRNOTAVAIL || code == UV_EAFNOSUPPORT);
}

static int bind_all(struct listeners *listeners, size_t *failed_row) {
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct plan_row *planned = &listeners->plan->rows[row];
    if (planned->is_left_out) continue;
    int code = bind_row(listeners, row);
    if (is_ipv6_missing(planned, code)) {
      planned->is_left_out = true;
      continue;
    }
    if (code == 0) code = adopt_port(listeners, row);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

static int start_all(struct listeners *listeners, size_t *failed_row) {
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct listener *listener = listeners->rows[row];
    if (listener == NULL) continue;
    int code = start(listener);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

int listeners_open(struct listeners *listeners, size_t *failed_row) {
  int code = bind_all(listeners, failed_row);
  if (code == 0) code = start_all(listeners, failed_row);
  if (code != 0) listeners_close(listeners);
  return code;
}
