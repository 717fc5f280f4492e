/* The queues; see outbox.h. Must not know what is said. */
#include "server/say/outbox.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/memory.h"
#include "common/screen/frame.h"
#include "common/text/clock.h"
#include "server/say/descriptor.h"

/* At the end: for so long nobody needs to take anything, and for so long in all it may take. */
#define STALL_MS 500
#define END_NS   (2 * CLOCK_NS_PER_SECOND)

/* What becomes of a text that cannot be written. */
enum weight {
  WEIGHT_LIGHT, /* a reader that is gone is no error */
  WEIGHT_SUMMARY,
  WEIGHT_VITAL,
};

struct text {
  struct text *next;
  uint64_t number; /* over both queues */
  size_t length, written;
  enum weight weight;
  char bytes[];
};

struct queue {
  struct descriptor descriptor;
  struct text *first, *last;
  size_t bytes;
  uint64_t left_out; /* lines */
  bool is_stalled;
};

struct outbox {
  outbox_tell_left_out *tell;
  uv_mutex_t lock;
  /* Guarded by it: */
  struct queue queues[OUTBOX_STREAMS];
  uint64_t numbers, writes;
  char *frame; /* of the view; owned; NULL: none */
  enum outbox_stream frame_stream;
  bool is_frame_of_both;
  void (*on_news)(void *owner);
  void *owner;
  struct outbox_losses losses;
};

static void tell_news(const struct outbox *outbox) {
  if (outbox->on_news != NULL) outbox->on_news(outbox->owner);
}

static void lose(struct outbox *outbox, enum weight weight, int code) {
  if (weight == WEIGHT_SUMMARY && code != UV_EPIPE) outbox->losses.summary = code;
  if (weight != WEIGHT_VITAL || outbox->losses.vital != 0) return;
  outbox->losses.vital = code;
  tell_news(outbox);
}

static uint64_t count_lines(const char *bytes) {
  uint64_t lines = 0;
  for (; *bytes != '\0'; bytes++)
    lines += *bytes == '\n';
  return lines;
}

/* Of three parts, one after the other. */
static struct text *make_text_of(const char *const parts[3]) {
  size_t lengths[3], length = 0, used = 0;
  for (size_t i = 0; i < 3; i++)
    length += lengths[i] = strlen(parts[i]);
  struct text *text = malloc(sizeof *text + length);
  if (text == NULL) return NULL;
  *text = (struct text){.length = length};
  for (size_t i = 0; i < 3; used += lengths[i++])
    memcpy(text->bytes + used, parts[i], lengths[i]);
  return text;
}

static struct text *make_text(const char *bytes) {
  return make_text_of((const char *const[]){bytes, "", ""});
}

/* The view goes, the text takes its place, and the view comes again below it. */
static struct text *make_text_above(const char *bytes, const char *frame) {
  return make_text_of((const char *const[]){FRAME_ERASE, bytes, frame});
}

static bool has_view(const struct outbox *outbox, enum outbox_stream stream) {
  return outbox->frame != NULL && (outbox->is_frame_of_both || outbox->frame_stream == stream);
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
  struct text *text = make_text(line);
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

static void write_first(struct outbox *outbox, struct queue *queue) {
  struct text *text = queue->first;
  ssize_t written = descriptor_write(&queue->descriptor, text->bytes + text->written, text->length - text->written);
  if (written == UV_EAGAIN) {
    queue->is_stalled = true;
    return;
  }
  if (written < 0) lose(outbox, text->weight, (int)written);
  if (written >= 0) text->written += (size_t)written;
  if (written < 0 || text->written == text->length) drop_first(queue);
  outbox->writes++;
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

/* Returns whether something waits on. */
static bool pump(struct outbox *outbox) {
  struct queue *queue;
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    outbox->queues[i].is_stalled = false;
  do {
    tell_last_gaps(outbox);
    queue = choose(outbox);
    if (queue != NULL) write_first(outbox, queue);
  } while (queue != NULL);
  return !is_empty(outbox);
}

/* Without memory to keep it: as much of it as is taken now. Nothing waits before it. */
static void write_straight(struct outbox *outbox, const struct queue *queue, const char *bytes, enum weight weight) {
  ssize_t written = 0;
  for (size_t done = 0, length = strlen(bytes); done < length && written >= 0;
       done += written > 0 ? (size_t)written : 0)
    written = descriptor_write(&queue->descriptor, bytes + done, length - done);
  if (written < 0) lose(outbox, weight, (int)written);
}

static void put(struct outbox *outbox, enum outbox_stream stream, const char *bytes, enum weight weight) {
  struct queue *queue = &outbox->queues[stream];
  uv_mutex_lock(&outbox->lock);
  struct text *text = has_view(outbox, stream) ? make_text_above(bytes, outbox->frame) : make_text(bytes);
  bool has_waited = !is_empty(outbox);
  if (text != NULL && has_room(queue, text->length) && tell_gap(outbox, queue)) {
    text->weight = weight;
    append(outbox, queue, text);
  } else if (text == NULL && !has_waited) {
    write_straight(outbox, queue, bytes, weight);
  } else {
    queue->left_out += count_lines(bytes);
    /* Of a summary, the line that counts what is left out tells where its reader stalls. */
    if (weight == WEIGHT_VITAL || text == NULL) lose(outbox, weight, text == NULL ? UV_ENOMEM : UV_ENOBUFS);
    free(text);
  }
  /* Where something waits already, whoever was told of it asks again: not each line. */
  if (!has_waited && pump(outbox)) tell_news(outbox);
  uv_mutex_unlock(&outbox->lock);
}

void outbox_put(struct outbox *outbox, enum outbox_stream stream, const char *text) {
  put(outbox, stream, text, WEIGHT_LIGHT);
}

void outbox_put_vital(struct outbox *outbox, const char *text) {
  put(outbox, OUTBOX_STDOUT, text, WEIGHT_VITAL);
}

void outbox_put_summary(struct outbox *outbox, const char *text) {
  put(outbox, OUTBOX_STDOUT, text, WEIGHT_SUMMARY);
}

void outbox_show(struct outbox *outbox, enum outbox_stream stream, bool is_both, const char *frame) {
  const char *bytes = frame != NULL ? frame : FRAME_ERASE;
  uv_mutex_lock(&outbox->lock);
  bool is_wanted = frame == NULL ? outbox->frame != NULL : is_empty(outbox);
  struct text *text = is_wanted ? make_text(bytes) : NULL;
  char *copy = text != NULL && frame != NULL ? memory_copy_text(frame, strlen(frame)) : NULL;
  if (text != NULL) {
    append(outbox, &outbox->queues[stream], text);
    if (pump(outbox)) tell_news(outbox);
  }
  if (copy != NULL || frame == NULL) {
    free(outbox->frame);
    outbox->frame = copy;
    outbox->frame_stream = stream;
    outbox->is_frame_of_both = is_both;
  }
  uv_mutex_unlock(&outbox->lock);
}

void outbox_lose(struct outbox *outbox, int code) {
  uv_mutex_lock(&outbox->lock);
  lose(outbox, WEIGHT_VITAL, code);
  uv_mutex_unlock(&outbox->lock);
}

void outbox_lose_summary(struct outbox *outbox, int code) {
  uv_mutex_lock(&outbox->lock);
  lose(outbox, WEIGHT_SUMMARY, code);
  uv_mutex_unlock(&outbox->lock);
}

bool outbox_pump(struct outbox *outbox) {
  uv_mutex_lock(&outbox->lock);
  bool waits = pump(outbox);
  uv_mutex_unlock(&outbox->lock);
  return waits;
}

int outbox_lost_code(struct outbox *outbox) {
  uv_mutex_lock(&outbox->lock);
  int code = outbox->losses.vital;
  uv_mutex_unlock(&outbox->lock);
  return code;
}

int outbox_create(const int descriptors[OUTBOX_STREAMS], outbox_tell_left_out *tell, struct outbox **made) {
  struct outbox *outbox = calloc(1, sizeof *outbox);
  int code = outbox == NULL ? UV_ENOMEM : uv_mutex_init(&outbox->lock);
  if (code != 0) {
    free(outbox);
    return code;
  }
  outbox->tell = tell;
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    outbox->queues[i].descriptor = descriptor_begin(descriptors[i]);
  *made = outbox;
  return 0;
}

void outbox_watch(struct outbox *outbox, void (*on_news)(void *owner), void *owner) {
  uv_mutex_lock(&outbox->lock);
  outbox->on_news = on_news;
  outbox->owner = owner;
  if (outbox->losses.vital != 0 || !is_empty(outbox)) tell_news(outbox);
  uv_mutex_unlock(&outbox->lock);
}

static const struct queue *find_waiting(const struct outbox *outbox) {
  for (int i = 0; i < OUTBOX_STREAMS; i++)
    if (outbox->queues[i].first != NULL) return &outbox->queues[i];
  return NULL;
}

/* Until all is written, or nobody takes anything any more. */
static void write_the_rest(struct outbox *outbox) {
  uint64_t end_ns = clock_now_ns() + END_NS;
  for (uint64_t writes = outbox->writes; pump(outbox) && clock_now_ns() < end_ns; writes = outbox->writes) {
    descriptor_wait(&find_waiting(outbox)->descriptor, STALL_MS);
    pump(outbox);
    if (outbox->writes == writes) return;
  }
}

struct outbox_losses outbox_end(struct outbox *outbox) {
  write_the_rest(outbox);
  struct outbox_losses losses = outbox->losses;
  for (int i = 0; i < OUTBOX_STREAMS; i++) {
    struct queue *queue = &outbox->queues[i];
    while (queue->first != NULL)
      drop_first(queue);
    descriptor_end(&queue->descriptor);
  }
  uv_mutex_destroy(&outbox->lock);
  free(outbox->frame);
  free(outbox);
  return losses;
}
