/*
 * Threads, and the one place where they share anything: what is guarded by the pool's lock.
 *
 * A libuv handle belongs to its loop for good, so a connection changes its thread as a copy of its descriptor. The lock
 * is taken when a connection opens or closes, never for a message. Must not know what is done with a connection.
 */
#include "server/pool.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/machine/machine.h"
#include "server/echo/policy.h"
#include "server/echo/socket_copy.h"
#include "server/echo/stream.h"
#include "server/server.h"
#include "server/shutdown.h"

#define FIRST_THREAD 0

/* A connection on its way to another thread. */
struct handed_over {
  struct handed_over *next;
  const struct stream_kind *kind;
  uv_os_sock_t socket;
  uint64_t number;
};

struct thread {
  uv_thread_t id;
  struct server *server;
  /* Guarded by the pool's lock: */
  uint64_t open_connections;
  struct handed_over *first, *last;
  bool must_end;
  bool must_cut;
};

struct pool {
  size_t count;    /* with the first thread */
  size_t previous; /* that got the last connection; the first thread's */
  uv_mutex_t lock;
  /* Guarded by it: */
  uint64_t open_connections;
  size_t running; /* loops, without the first */
  struct thread threads[];
};

static void take_over(struct server *server, struct handed_over *connection) {
  while (connection != NULL) {
    struct handed_over *next = connection->next;
    echo_stream_take_over(server, connection->kind, connection->socket, connection->number);
    free(connection);
    connection = next;
  }
}

/* In a further thread. What was handed over before the end is served before it. */
static void on_wake(uv_async_t *wake) {
  struct server *server = wake->data;
  struct thread *thread = &server->pool->threads[server->thread];
  uv_mutex_lock(&server->pool->lock);
  struct handed_over *first = thread->first;
  bool must_end = thread->must_end, must_cut = thread->must_cut;
  thread->first = thread->last = NULL;
  uv_mutex_unlock(&server->pool->lock);
  take_over(server, first);
  if (must_end && server->phase == SERVER_SERVING) {
    uv_unref((uv_handle_t *)wake);
    shutdown_begin(server);
  }
  if (must_cut) shutdown_cut(server);
}

/* In the first thread, which waits for the others. */
static void on_ended(uv_async_t *wake) {
  struct server *server = wake->data;
  uv_mutex_lock(&server->pool->lock);
  bool is_last = server->pool->running == 0;
  uv_mutex_unlock(&server->pool->lock);
  if (is_last) uv_unref((uv_handle_t *)wake);
}

static void run(void *argument) {
  struct server *server = argument;
  struct pool *pool = server->pool;
  machine_block_signals();
  uv_run(&server->loop, UV_RUN_DEFAULT);
  uv_mutex_lock(&pool->lock);
  pool->running--;
  /* Within the lock: who sees that nobody runs any more may close the handle. */
  uv_async_send(&pool->threads[FIRST_THREAD].server->wake);
  uv_mutex_unlock(&pool->lock);
}

static int watch_wake(struct server *server, uv_async_cb on_call) {
  server->wake.data = server;
  return uv_async_init(&server->loop, &server->wake, on_call);
}

static int start_thread(struct pool *pool, size_t number, const struct settings *settings) {
  struct thread *thread = &pool->threads[number];
  int code = server_create(settings, &thread->server);
  if (code != 0) return code;
  thread->server->pool = pool;
  thread->server->thread = number;
  thread->server->phase = SERVER_SERVING;
  code = watch_wake(thread->server, on_wake);
  if (code == 0) code = uv_thread_create(&thread->id, run, thread->server);
  if (code == 0) return 0;
  server_destroy(thread->server);
  return code;
}

static void say_refused(const struct pool *pool, uint64_t wanted, int code) {
  announce_notice("cannot start: the system gave %zu of the %" PRIu64
                  " threads that --threads asks for, and refused the next: %s (%s). Ask for at most %zu",
                  pool->count, wanted, uv_strerror(code), uv_err_name(code), pool->count);
}

static int start_all(struct pool *pool, const struct settings *settings) {
  for (pool->count = 1; pool->count < settings->threads; pool->count++) {
    pool->running++;
    int code = start_thread(pool, pool->count, settings);
    if (code == 0) continue;
    pool->running--;
    say_refused(pool, settings->threads, code);
    return code;
  }
  /* The first connection is the first thread's: alone it has no need to change. */
  pool->previous = pool->count - 1;
  return 0;
}

int pool_start(struct server *server) {
  const struct settings *settings = server->settings;
  struct pool *pool = calloc(1, sizeof *pool + settings->threads * sizeof pool->threads[0]);
  int code = pool == NULL ? UV_ENOMEM : uv_mutex_init(&pool->lock);
  if (code == 0) {
    code = watch_wake(server, on_ended);
    if (code != 0) uv_mutex_destroy(&pool->lock);
  }
  if (code != 0) {
    announce_notice("cannot start: %s", uv_strerror(code));
    free(pool);
    return code;
  }
  pool->threads[FIRST_THREAD].server = server;
  server->pool = pool;
  code = start_all(pool, settings);
  if (code == 0) return 0;
  pool_end(pool);
  pool_finish(server);
  return code;
}

uint64_t pool_note_opened(struct pool *pool) {
  uv_mutex_lock(&pool->lock);
  uint64_t open = ++pool->open_connections;
  uv_mutex_unlock(&pool->lock);
  return open;
}

void pool_note_closed(struct server *server) {
  struct pool *pool = server->pool;
  uv_mutex_lock(&pool->lock);
  pool->open_connections--;
  pool->threads[server->thread].open_connections--;
  uv_mutex_unlock(&pool->lock);
}

uint64_t pool_open_connections(struct pool *pool) {
  uv_mutex_lock(&pool->lock);
  uint64_t open = pool->open_connections;
  uv_mutex_unlock(&pool->lock);
  return open;
}

static size_t choose(struct pool *pool) {
  uint64_t open[SETTINGS_THREADS_MAX];
  uv_mutex_lock(&pool->lock);
  for (size_t i = 0; i < pool->count; i++)
    open[i] = pool->threads[i].open_connections;
  uv_mutex_unlock(&pool->lock);
  return limits_choose_thread(open, pool->count, pool->previous);
}

/* The copy takes a second descriptor until the first is closed, and keeps its own number: one of those that are to stay
 * free is not for it. NULL where none can be had. */
static struct handed_over *make_copy(const struct stream_kind *kind, const uv_handle_t *handle, uint64_t number) {
  struct admission_facts facts = {.descriptor_limit = machine_descriptor_limit()};
  struct handed_over *copy = calloc(1, sizeof *copy);
  if (copy == NULL) return NULL;
  copy->kind = kind;
  copy->number = number;
  if (socket_copy_make(handle, &copy->socket) != 0) {
    free(copy);
    return NULL;
  }
  facts.descriptor = (int64_t)copy->socket;
  if (limits_judge_connection(&facts) == ADMISSION_ACCEPT) return copy;
  socket_copy_close(copy->socket);
  free(copy);
  return NULL;
}

static void append(struct thread *thread, struct handed_over *copy) {
  if (thread->last == NULL)
    thread->first = copy;
  else
    thread->last->next = copy;
  thread->last = copy;
}

bool pool_hand_over(struct pool *pool, const struct stream_kind *kind, const uv_handle_t *handle, uint64_t number) {
  size_t chosen = choose(pool);
  struct handed_over *copy = chosen == FIRST_THREAD ? NULL : make_copy(kind, handle, number);
  if (copy == NULL) chosen = FIRST_THREAD;
  struct thread *thread = &pool->threads[chosen];
  pool->previous = chosen;
  uv_mutex_lock(&pool->lock);
  thread->open_connections++;
  if (copy != NULL) append(thread, copy);
  uv_mutex_unlock(&pool->lock);
  if (copy != NULL) uv_async_send(&thread->server->wake);
  return copy != NULL;
}

static void tell_all(struct pool *pool, bool must_cut) {
  uv_mutex_lock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++) {
    pool->threads[i].must_end = true;
    pool->threads[i].must_cut = must_cut;
  }
  uv_mutex_unlock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++)
    uv_async_send(&pool->threads[i].server->wake);
}

void pool_end(struct pool *pool) {
  tell_all(pool, false);
}

void pool_cut(struct pool *pool) {
  tell_all(pool, true);
}

void pool_finish(struct server *server) {
  struct pool *pool = server->pool;
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++) {
    struct thread *thread = &pool->threads[i];
    uv_thread_join(&thread->id);
    server_stats_add(&server->stats, &thread->server->stats);
    server->cut_connections += thread->server->cut_connections;
    server_destroy(thread->server);
  }
  uv_mutex_destroy(&pool->lock);
  free(pool);
  server->pool = NULL;
}
