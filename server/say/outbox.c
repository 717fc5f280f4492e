/* The queues and their thread; see outbox.h. Must not know what is said. */
#include "server/say/outbox.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "server/say/descriptor.h"

/* How often a stream that stalls is asked again. */
#define ASK_AGAIN_NS (50 * CLOCK_NS_PER_MS)
/* The thread ends when nothing was to be written for so long: a server that says nothing has none. */
#define LINGER_NS (2 * CLOCK_NS_PER_MS)
/* At the end: for so long nobody needs to take anything, and for so long in all it may take. */
#define STALL_NS (500 * CLOCK_NS_PER_MS)
#define END_NS   (2 * CLOCK_NS_PER_SECOND)
/* A thread that waits ends at once; one that is held within a write(2) is left there, and ends with the process. */
#define LAST_WAIT_NS (200 * CLOCK_NS_PER_MS)

struct text {
  struct text *next;
  uint64_t number; /* over both queues */
  size_t length, written;
  bool is_vital;
  char bytes[];
};

struct queue {
  int descriptor;
  struct text *first, *last;
  size_t bytes;
  uint64_t left_out; /* lines */
  bool is_stalled;
};

struct outbox {
  outbox_tell_left_out *tell;
  uv_mutex_t lock;
  /* Guarded by it: */
  uv_cond_t news, progress;
  uv_thread_t thread;
  bool is_running;
  bool must_join; /* it has run, or does */
  struct queue queues[OUTBOX_STREAMS];
  uint64_t numbers, writes;
  void (*on_lost)(void *owner);
  void *owner;
  int lost_code;
  bool is_given_up;
};

static void run(void *argument);

static void lose(struct outbox *outbox, int code) {
  if (outbox->lost_code != 0) return;
  outbox->lost_code = code;
  if (outbox->on_lost != NULL) outbox->on_lost(outbox->owner);
}

static uint64_t count_lines(const char *bytes) {
  uint64_t lines = 0;
  for (; *bytes != '\0'; bytes++)
    lines += *bytes == '\n';
  return lines;
}

static struct text *make_text(const char *bytes, size_t length) {
  struct text *text = malloc(sizeof *text + length);
  if (text == NULL) return NULL;
  *text = (struct text){.length = length};
  memcpy(text->bytes, bytes, length);
  return text;
}

static void append(struct outbox *outbox, struct queue *queue, struct text *text) {
  text->number = outbox->numbers++;
  if (queue->last == NULL)
    queue->first = text;
  else
    queue->last->next = text;
  queue->last = text;
  queue->bytes += text->length;
}

static void drop_first(struct queue *queue) {
  struct text *text = queue->first;
  queue->first = text->next;
  if (queue->first == NULL) queue->last = NULL;
  queue->bytes -= text->length;
  free(text);
}

/* False: there is no memory for it, and the gap goes on. */
static bool tell_gap(struct outbox *outbox, struct queue *queue) {
  char line[OUTBOX_LEFT_OUT_SIZE];
  if (queue->left_out == 0) return true;
  outbox->tell((enum outbox_stream)(queue - outbox->queues), queue->left_out, line);
  struct text *text = make_text(line, strlen(line));
  if (text == NULL) return false;
  append(outbox, queue, text);
  queue->left_out = 0;
  return true;
}

/* A gap goes on until half of the queue is free: one gap, not one before each line. */
static bool has_room(const struct queue *queue, size_t length) {
  size_t bound = queue->left_out > 0 ? OUTBOX_BOUND_BYTES / 2 : OUTBOX_BOUND_BYTES;
  return queue->bytes == 0 || queue->bytes + length <= bound;
}

/* Where the system has none to give now, what is queued waits for the next time. */
static int start_thread(struct outbox *outbox) {
  if (outbox->is_running) return 0;
  /* It has nothing more to do than to end. */
  if (outbox->must_join) uv_thread_join(&outbox->thread);
  int code = uv_thread_create(&outbox->thread, run, outbox);
  outbox->is_running = outbox->must_join = code == 0;
  return code;
}

static void put(struct outbox *outbox, enum outbox_stream stream, const char *bytes, bool is_vital) {
  struct queue *queue = &outbox->queues[stream];
  struct text *text = make_text(bytes, strlen(bytes));
  uv_mutex_lock(&outbox->lock);
  if (text != NULL && has_room(queue, text->length) && tell_gap(outbox, queue)) {
    text->is_vital = is_vital;
    append(outbox, queue, text);
  } else {
    queue->left_out += count_lines(bytes);
    if (is_vital) lose(outbox, text == NULL ? UV_ENOMEM : UV_ENOBUFS);
    free(text);
  }
  int code = start_thread(outbox);
  if (code != 0 && is_vital) lose(outbox, code);
  uv_cond_signal(&outbox->news);
  uv_mutex_unlock(&outbox->lock);
}

void outbox_put(struct outbox *outbox, enum outbox_stream stream, const char *text) {
  put(outbox, stream, text, false);
}

void outbox_put_vital(struct outbox *outbox, const char *text) {
  put(outbox, OUTBOX_STDOUT, text, true);
}

void outbox_lose(struct outbox *outbox, int code) {
  uv_mutex_lock(&outbox->lock);
  lose(outbox, code);
  uv_mutex_unlock(&outbox->lock);
}

/* Both may lead to one place: a text that is half written comes first, and otherwise the older one. */
static struct queue *choose(struct outbox *outbox) {
  struct queue *chosen = NULL;
  for (int i = 0; i < OUTBOX_STREAMS; i++) {
    struct queue *queue = &outbox->queues[i];
    if (queue->first == NULL) continue;
    if (queue->first->written > 0) return queue->is_stalled ? NULL : queue;
    if (queue->is_stalled) continue;
    if (chosen == NULL || queue->first->number < chosen->first->number) chosen = queue;
  }
  return chosen;
}

/* Of the first text. Returns how many bytes were taken, or a negative UV_ code: UV_EAGAIN where there is no room. */
static ssize_t write_some(const struct queue *queue) {
  uv_fs_t request;
  struct text *text = queue->first;
  uv_buf_t buffer = uv_buf_init(text->bytes + text->written, (unsigned)(text->length - text->written));
  if (!descriptor_takes_more(queue->descriptor)) return UV_EAGAIN;
  ssize_t written = uv_fs_write(NULL, &request, queue->descriptor, &buffer, 1, -1, NULL);
  uv_fs_req_cleanup(&request);
  return written;
}

/* The lock is not held during the write: nobody but this thread takes a text away. */
static void write_first(struct outbox *outbox, struct queue *queue) {
  uv_mutex_unlock(&outbox->lock);
  ssize_t written = write_some(queue);
  uv_mutex_lock(&outbox->lock);
  struct text *text = queue->first;
  if (written == UV_EAGAIN) {
    queue->is_stalled = true;
    return;
  }
  /* A reader that is gone is no error, but for what is vital. */
  if (written < 0 && text->is_vital) lose(outbox, (int)written);
  if (written >= 0) text->written += (size_t)written;
  if (written < 0 || text->written == text->length) drop_first(queue);
  outbox->writes++;
  uv_cond_signal(&outbox->progress);
}

static bool is_empty(const struct outbox *outbox) {
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    if (outbox->queues[i].first != NULL) return false;
  return true;
}

/* Where all that was laid down is written, the last gap is still to be told of. */
static void tell_last_gaps(struct outbox *outbox) {
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    if (outbox->queues[i].first == NULL) (void)tell_gap(outbox, &outbox->queues[i]);
}

static void wait_for_room(struct outbox *outbox) {
  (void)uv_cond_timedwait(&outbox->news, &outbox->lock, ASK_AGAIN_NS);
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    outbox->queues[i].is_stalled = false;
}

static void run(void *argument) {
  struct outbox *outbox = argument;
  bool is_idle = false;
  machine_block_signals();
  uv_mutex_lock(&outbox->lock);
  while (!outbox->is_given_up) {
    tell_last_gaps(outbox);
    struct queue *queue = choose(outbox);
    if (queue != NULL) {
      is_idle = false;
      write_first(outbox, queue);
    } else if (!is_empty(outbox)) {
      wait_for_room(outbox);
    } else if (is_idle) {
      break;
    } else {
      is_idle = uv_cond_timedwait(&outbox->news, &outbox->lock, LINGER_NS) != 0;
    }
  }
  outbox->is_running = false;
  uv_cond_signal(&outbox->progress);
  uv_mutex_unlock(&outbox->lock);
}

static int make_lock(struct outbox *outbox) {
  int code = uv_mutex_init(&outbox->lock);
  if (code != 0) return code;
  code = uv_cond_init(&outbox->news);
  if (code == 0) {
    code = uv_cond_init(&outbox->progress);
    if (code == 0) return 0;
    uv_cond_destroy(&outbox->news);
  }
  uv_mutex_destroy(&outbox->lock);
  return code;
}

static void destroy(struct outbox *outbox) {
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    while (outbox->queues[i].first != NULL)
      drop_first(&outbox->queues[i]);
  uv_cond_destroy(&outbox->progress);
  uv_cond_destroy(&outbox->news);
  uv_mutex_destroy(&outbox->lock);
  free(outbox);
}

int outbox_create(const int descriptors[OUTBOX_STREAMS], outbox_tell_left_out *tell, struct outbox **made) {
  struct outbox *outbox = calloc(1, sizeof *outbox);
  int code = outbox == NULL ? UV_ENOMEM : make_lock(outbox);
  if (code != 0) {
    free(outbox);
    return code;
  }
  outbox->tell = tell;
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    outbox->queues[i].descriptor = descriptors[i];
  *made = outbox;
  return 0;
}

void outbox_watch(struct outbox *outbox, void (*on_lost)(void *owner), void *owner) {
  uv_mutex_lock(&outbox->lock);
  outbox->on_lost = on_lost;
  outbox->owner = owner;
  if (on_lost != NULL && outbox->lost_code != 0) on_lost(owner);
  uv_mutex_unlock(&outbox->lock);
}

/* Until all is written, or nobody takes anything any more. */
static void wait_for_end(struct outbox *outbox) {
  uint64_t end_ns = clock_now_ns() + END_NS, now_ns = 0;
  bool is_moving = true;
  while (outbox->is_running && is_moving && (now_ns = clock_now_ns()) < end_ns) {
    uint64_t writes = outbox->writes, left_ns = end_ns - now_ns;
    int code = uv_cond_timedwait(&outbox->progress, &outbox->lock, left_ns < STALL_NS ? left_ns : STALL_NS);
    is_moving = code == 0 || outbox->writes != writes;
  }
  outbox->is_given_up = true;
  uv_cond_signal(&outbox->news);
  end_ns = clock_now_ns() + LAST_WAIT_NS;
  while (outbox->is_running && (now_ns = clock_now_ns()) < end_ns)
    (void)uv_cond_timedwait(&outbox->progress, &outbox->lock, end_ns - now_ns);
}

int outbox_end(struct outbox *outbox) {
  uv_mutex_lock(&outbox->lock);
  if (!is_empty(outbox)) (void)start_thread(outbox);
  wait_for_end(outbox);
  bool is_running = outbox->is_running;
  int lost_code = outbox->lost_code;
  uv_mutex_unlock(&outbox->lock);
  if (is_running) return lost_code;
  if (outbox->must_join) uv_thread_join(&outbox->thread);
  destroy(outbox);
  return lost_code;
}
