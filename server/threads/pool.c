/*
 * Threads, and the one place where they share anything: what is guarded by the pool's lock.
 *
 * A libuv handle belongs to its loop for good, so a connection changes its thread as a copy of its descriptor. The lock
 * is taken when a connection opens or closes, never for a message. Must not know what is done with a connection.
 */
#include "server/threads/pool.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/machine/machine.h"
#include "server/threads/admission.h"
#include "server/threads/socket_copy.h"
#include "server/threads/worker.h"

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
  struct worker *worker;
  uv_async_t wake; /* by another thread */
  bool is_ending;
  /* Guarded by the pool's lock: */
  uint64_t open_connections;
  struct handed_over *first, *last;
  bool must_end;
  bool must_cut;
  bool must_tell;
  struct server_stats told; /* what it had counted when it was asked last */
};

struct pool {
  const struct pool_work *work;
  size_t count;    /* with the first thread */
  size_t previous; /* that got the last connection; the first thread's */
  uv_mutex_t lock;
  /* Guarded by it: */
  uint64_t open_connections;
  size_t running; /* loops, without the first */
  struct thread threads[];
};

static void take_over(const struct pool *pool, struct worker *worker, struct handed_over *connection) {
  while (connection != NULL) {
    struct handed_over *next = connection->next;
    pool->work->take(worker, connection->kind, connection->socket, connection->number);
    free(connection);
    connection = next;
  }
}

/* In a further thread. What was handed over before the end is served before it. */
static void on_wake(uv_async_t *wake) {
  struct worker *worker = wake->data;
  struct pool *pool = worker->pool;
  struct thread *thread = &pool->threads[worker->thread];
  uv_mutex_lock(&pool->lock);
  struct handed_over *first = thread->first;
  bool must_end = thread->must_end, must_cut = thread->must_cut;
  thread->first = thread->last = NULL;
  if (thread->must_tell) thread->told = worker->stats;
  thread->must_tell = false;
  uv_mutex_unlock(&pool->lock);
  take_over(pool, worker, first);
  if (must_end && !thread->is_ending) {
    thread->is_ending = true;
    uv_unref((uv_handle_t *)wake);
    pool->work->end(worker);
  }
  if (must_cut) pool->work->cut(worker);
}

/* In the first thread, which waits for the others. */
static void on_ended(uv_async_t *wake) {
  struct worker *first = wake->data;
  struct pool *pool = first->pool;
  uv_mutex_lock(&pool->lock);
  bool is_last = pool->running == 0;
  uv_mutex_unlock(&pool->lock);
  if (is_last) uv_unref((uv_handle_t *)wake);
}

static void run(void *argument) {
  struct worker *worker = argument;
  struct pool *pool = worker->pool;
  machine_block_signals();
  uv_run(&worker->loop, UV_RUN_DEFAULT);
  uv_mutex_lock(&pool->lock);
  pool->running--;
  /* Within the lock: who sees that nobody runs any more may close the handle. */
  uv_async_send(&pool->threads[FIRST_THREAD].wake);
  uv_mutex_unlock(&pool->lock);
}

/* Makes the worker one of the pool's. */
static int join(struct pool *pool, size_t number, struct worker *worker, uv_async_cb on_call) {
  struct thread *thread = &pool->threads[number];
  thread->worker = worker;
  thread->wake.data = worker;
  worker->pool = pool;
  worker->thread = number;
  worker->on_closed = pool_note_closed;
  return uv_async_init(&worker->loop, &thread->wake, on_call);
}

static int start_thread(struct pool *pool, size_t number) {
  struct thread *thread = &pool->threads[number];
  struct worker *worker;
  int code = pool->work->start(pool->threads[FIRST_THREAD].worker, &worker);
  if (code != 0) return code;
  code = join(pool, number, worker, on_wake);
  if (code == 0) code = uv_thread_create(&thread->id, run, worker);
  if (code != 0) pool->work->finish(worker);
  return code;
}

static void say_refused(const struct pool *pool, uint64_t wanted, int code) {
  announce_notice(pool->threads[FIRST_THREAD].worker->outbox,
                  "cannot start: the system gave %zu of the %" PRIu64
                  " threads that --threads asks for, and refused the next: %s (%s). Ask for at most %zu",
                  pool->count, wanted, uv_strerror(code), uv_err_name(code), pool->count);
}

static int start_all(struct pool *pool, uint64_t wanted) {
  for (pool->count = 1; pool->count < wanted; pool->count++) {
    pool->running++;
    int code = start_thread(pool, pool->count);
    if (code == 0) continue;
    pool->running--;
    say_refused(pool, wanted, code);
    return code;
  }
  /* The first connection is the first thread's: alone it has no need to change. */
  pool->previous = pool->count - 1;
  return 0;
}

static void leave(struct worker *first) {
  first->pool = NULL;
  first->on_closed = NULL;
}

int pool_start(struct worker *first, const struct pool_work *work) {
  uint64_t threads = first->settings->threads;
  struct pool *pool = calloc(1, sizeof *pool + threads * sizeof pool->threads[0]);
  int code = pool == NULL ? UV_ENOMEM : uv_mutex_init(&pool->lock);
  if (code == 0) {
    pool->work = work;
    code = join(pool, FIRST_THREAD, first, on_ended);
    if (code != 0) {
      leave(first);
      uv_mutex_destroy(&pool->lock);
    }
  }
  if (code != 0) {
    announce_notice(first->outbox, "cannot start: %s", uv_strerror(code));
    free(pool);
    return code;
  }
  code = start_all(pool, threads);
  if (code == 0) return 0;
  pool_end(pool);
  pool_finish(first);
  return code;
}

uint64_t pool_note_opened(struct pool *pool) {
  uv_mutex_lock(&pool->lock);
  uint64_t open = ++pool->open_connections;
  uv_mutex_unlock(&pool->lock);
  return open;
}

void pool_note_closed(struct worker *worker) {
  struct pool *pool = worker->pool;
  uv_mutex_lock(&pool->lock);
  pool->open_connections--;
  pool->threads[worker->thread].open_connections--;
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
  return admission_choose_thread(open, pool->count, pool->previous);
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
  if (admission_judge(&facts) == ADMISSION_ACCEPT) return copy;
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
  if (copy != NULL) uv_async_send(&thread->wake);
  return copy != NULL;
}

void pool_ask_counts(struct pool *pool, struct server_stats *sum) {
  uv_mutex_lock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++) {
    server_stats_add(sum, &pool->threads[i].told);
    pool->threads[i].must_tell = true;
  }
  uv_mutex_unlock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++)
    uv_async_send(&pool->threads[i].wake);
}

void pool_sum_counts(const struct worker *first, struct server_stats *sum) {
  *sum = first->stats;
  if (first->pool == NULL) return;
  pool_ask_counts(first->pool, sum);
  sum->open_connections = pool_open_connections(first->pool);
}

static void tell_all(struct pool *pool, bool must_cut) {
  uv_mutex_lock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++) {
    pool->threads[i].must_end = true;
    pool->threads[i].must_cut = must_cut;
  }
  uv_mutex_unlock(&pool->lock);
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++)
    uv_async_send(&pool->threads[i].wake);
}

void pool_end(struct pool *pool) {
  tell_all(pool, false);
}

void pool_cut(struct pool *pool) {
  tell_all(pool, true);
}

/* The first thread's handle is a part of the pool, and its loop closes it after all others. */
static void after_close(uv_handle_t *wake) {
  free(wake->data);
}

void pool_finish(struct worker *first) {
  struct pool *pool = first->pool;
  for (size_t i = FIRST_THREAD + 1; i < pool->count; i++) {
    struct thread *thread = &pool->threads[i];
    uv_thread_join(&thread->id);
    worker_add_counts(first, thread->worker);
    pool->work->finish(thread->worker);
  }
  leave(first);
  uv_mutex_destroy(&pool->lock);
  uv_async_t *wake = &pool->threads[FIRST_THREAD].wake;
  wake->data = pool;
  uv_close((uv_handle_t *)wake, after_close);
}
