/* See conversation.h. Over libuv, so that every system has it. Judges nothing. */
#include "client/grade/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "client/sockets/sock_table.h"
#include "common/io/unix_socket.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define READ_BYTES   65536
#define TURN_MS_MOST 10
/* What comes beyond this is counted no more: a server that sends without end is to be told, not stored. */
#define KEPT_BYTES_MAX ((size_t)32 << 20)

struct sending {
  uv_write_t request;
  struct conversation *conversation;
};

struct conversation {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } as;
  struct talks *talks;
  uv_connect_t connect;
  uv_shutdown_t shutdown;
  bool is_tcp;
  bool is_connecting;
  bool is_closed;
  bool is_shut; /* the end was sent, or could not be */
  int connect_code;
  int end_code; /* of reading: 0, UV_EOF or an error */
  size_t pending;
  uint64_t moves; /* grows with everything that happens */
  uint8_t *bytes;
  size_t length, capacity;
  uint8_t chunk[READ_BYTES];
};

int talks_begin(struct talks *talks) {
  int code = uv_loop_init(&talks->loop);
  if (code == 0) code = uv_timer_init(&talks->loop, &talks->timer);
  return lack_note(code);
}

void talks_finish(struct talks *talks) {
  uv_close((uv_handle_t *)&talks->timer, NULL);
  (void)uv_run(&talks->loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&talks->loop);
}

static void on_turn_over(uv_timer_t *timer) {
  (void)timer;
}

void talks_turn(struct talks *talks, uint64_t quiet_until_ns) {
  uint64_t now = clock_now_ns();
  uint64_t until = quiet_until_ns < talks->until_ns ? quiet_until_ns : talks->until_ns;
  uint64_t left_ms = until > now ? (until - now) / CLOCK_NS_PER_MS + 1 : 0;
  uv_update_time(&talks->loop);
  /* It repeats: one that is due before the loop looks at its sockets would leave that look without an end. */
  (void)uv_timer_start(&talks->timer, on_turn_over, left_ms, TURN_MS_MOST);
  (void)uv_run(&talks->loop, UV_RUN_ONCE);
  uv_timer_stop(&talks->timer);
}

void talks_pass(struct talks *talks, uint64_t ns) {
  uint64_t until = clock_now_ns() + ns;
  if (until > talks->until_ns) until = talks->until_ns;
  while (clock_now_ns() < until)
    talks_turn(talks, until);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct conversation *conversation = handle->data;
  (void)suggested;
  *buffer = uv_buf_init((char *)conversation->chunk, sizeof conversation->chunk);
}

static bool keep(struct conversation *conversation, size_t length) {
  if (conversation->length + length > KEPT_BYTES_MAX) return false;
  if (conversation->length + length > conversation->capacity) {
    size_t capacity = conversation->capacity == 0 ? READ_BYTES : conversation->capacity * 2;
    while (capacity < conversation->length + length)
      capacity *= 2;
    uint8_t *grown = memory_grow(conversation->bytes, capacity);
    if (grown == NULL) return false;
    conversation->bytes = grown;
    conversation->capacity = capacity;
  }
  memcpy(conversation->bytes + conversation->length, conversation->chunk, length);
  conversation->length += length;
  return true;
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct conversation *conversation = stream->data;
  (void)buffer;
  if (length == 0) return;
  conversation->moves++;
  if (length > 0 && keep(conversation, (size_t)length)) return;
  conversation->end_code = length < 0 ? (int)length : UV_ENOBUFS;
  (void)uv_read_stop(stream);
}

static void after_connect(uv_connect_t *connect, int status) {
  struct conversation *conversation = connect->data;
  conversation->is_connecting = false;
  conversation->connect_code = status;
}

static int open_unix(struct conversation *conversation, const struct endpoint *target) {
  uv_os_sock_t made;
  int code = uv_pipe_init(&conversation->talks->loop, &conversation->as.pipe, 0);
  if (code != 0) return code;
  if (!unix_socket_is_abstract(target->path)) {
    uv_pipe_connect(&conversation->connect, &conversation->as.pipe, target->path, after_connect);
    return 0;
  }
  conversation->is_connecting = false;
  conversation->connect_code = unix_socket_connect_abstract(target->path, &made);
  if (conversation->connect_code == 0) conversation->connect_code = uv_pipe_open(&conversation->as.pipe, (uv_file)made);
  return 0;
}

static int open_tcp(struct conversation *conversation, const struct endpoint *target, int receive_bytes) {
  int code = uv_tcp_init_ex(&conversation->talks->loop, &conversation->as.tcp, (unsigned)target->address.ss_family);
  if (code != 0) return code;
  conversation->is_tcp = true;
  (void)uv_tcp_nodelay(&conversation->as.tcp, 1);
  if (receive_bytes > 0) (void)uv_recv_buffer_size(&conversation->as.handle, &receive_bytes);
  conversation->connect_code = uv_tcp_connect(&conversation->connect, &conversation->as.tcp,
                                              (const struct sockaddr *)&target->address, after_connect);
  if (conversation->connect_code != 0) conversation->is_connecting = false;
  return 0;
}

int conversation_open(struct talks *talks, const struct endpoint *target, int receive_bytes,
                      struct conversation **out) {
  struct conversation *conversation = memory_take_zeroed(1, sizeof *conversation);
  *out = NULL;
  if (conversation == NULL) return UV_ENOMEM;
  conversation->talks = talks;
  conversation->is_connecting = true;
  conversation->connect.data = conversation;
  int code = target->transport == TRANSPORT_UNIX ? open_unix(conversation, target)
                                                 : open_tcp(conversation, target, receive_bytes);
  if (code != 0) {
    free(conversation);
    return lack_note(code);
  }
  conversation->as.handle.data = conversation;
  /* A queue that was full for a moment is asked again by the system itself after 1 s. */
  uint64_t until = clock_now_ns() + 2 * talks->patience_ns;
  while (conversation->is_connecting && clock_now_ns() < until && clock_now_ns() < talks->until_ns)
    talks_turn(talks, until);
  code = conversation->is_connecting ? UV_ETIMEDOUT : conversation->connect_code;
  if (code == 0) code = uv_read_start(&conversation->as.stream, on_alloc, on_read);
  if (code != 0) {
    conversation_close(conversation);
    return lack_note(code);
  }
  *out = conversation;
  return 0;
}

/* What was not taken because the other side is gone is no failure of its own: reading tells the end. */
static void after_write(uv_write_t *request, int status) {
  struct sending *sending = (struct sending *)request;
  struct conversation *conversation = sending->conversation;
  (void)status;
  conversation->pending--;
  conversation->moves++;
  free(sending);
}

void conversation_send(struct conversation *conversation, const void *bytes, size_t length) {
  struct sending *sending = memory_take(sizeof *sending);
  if (sending == NULL) return;
  sending->conversation = conversation;
  /* libuv's buffers are not const, and it only reads from them. */
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  conversation->pending++;
  if (uv_write(&sending->request, &conversation->as.stream, &buffer, 1, after_write) == 0) return;
  conversation->pending--;
  free(sending);
}

static void after_shutdown(uv_shutdown_t *request, int status) {
  struct conversation *conversation = request->data;
  (void)status;
  conversation->is_shut = true;
  conversation->moves++;
}

void conversation_end(struct conversation *conversation) {
  conversation->shutdown.data = conversation;
  if (uv_shutdown(&conversation->shutdown, &conversation->as.stream, after_shutdown) != 0) conversation->is_shut = true;
}

void conversation_read(struct conversation *conversation, bool reads) {
  if (reads && conversation->end_code == 0)
    (void)uv_read_start(&conversation->as.stream, on_alloc, on_read);
  else
    (void)uv_read_stop(&conversation->as.stream);
}

/* What moves: events here, and bytes that the system took from a long sending. */
static uint64_t moves_of(const struct conversation *conversation) {
  return conversation->moves - uv_stream_get_write_queue_size(&conversation->as.stream);
}

static enum talk_end end_of(const struct conversation *conversation) {
  return conversation->end_code == UV_EOF ? TALK_END : TALK_RESET;
}

/* Turns the loop until `bytes` are there or the other side ended; SIZE_MAX: until it ended. */
static enum talk_end await(struct conversation *conversation, size_t bytes) {
  struct talks *talks = conversation->talks;
  uint64_t moves = moves_of(conversation);
  uint64_t quiet_until = clock_now_ns() + talks->patience_ns;
  bool is_last_look = false;
  for (;;) {
    if (conversation->length >= bytes) return TALK_ENOUGH;
    if (conversation->end_code != 0) return end_of(conversation);
    if (is_last_look) return TALK_SILENT;
    /* A loop that was kept busy comes to its timers before its sockets: these get one more look. */
    is_last_look = clock_now_ns() >= quiet_until || clock_now_ns() >= talks->until_ns;
    talks_turn(talks, quiet_until);
    if (moves_of(conversation) == moves) continue;
    moves = moves_of(conversation);
    quiet_until = clock_now_ns() + talks->patience_ns;
    is_last_look = is_last_look && clock_now_ns() >= talks->until_ns;
  }
}

enum talk_end conversation_await(struct conversation *conversation, size_t bytes) {
  return await(conversation, bytes);
}

enum talk_end conversation_await_end(struct conversation *conversation) {
  return await(conversation, SIZE_MAX);
}

bool conversation_await_sent(struct conversation *conversation, uint64_t quiet_ns) {
  struct talks *talks = conversation->talks;
  uint64_t moves = moves_of(conversation);
  uint64_t quiet_until = clock_now_ns() + quiet_ns;
  while (conversation->pending > 0 && clock_now_ns() < quiet_until && clock_now_ns() < talks->until_ns) {
    talks_turn(talks, quiet_until);
    if (moves_of(conversation) != moves) quiet_until = clock_now_ns() + quiet_ns;
    moves = moves_of(conversation);
  }
  return conversation->pending == 0;
}

size_t conversation_unread(const struct conversation *conversation) {
  struct sockaddr_storage own;
  struct sock_table table;
  int length = sizeof own;
  if (conversation->is_closed) return 0;
  size_t unread = uv_stream_get_write_queue_size(&conversation->as.stream);
  if (!conversation->is_tcp || uv_tcp_getsockname(&conversation->as.tcp, (struct sockaddr *)&own, &length) != 0 ||
      sock_table_find_remote(TRANSPORT_TCP, &own, &table) != 0)
    return unread;
  for (size_t i = 0; i < table.count; i++)
    unread += table.rows[i].unread_bytes;
  return unread;
}

const uint8_t *conversation_received(const struct conversation *conversation, size_t *length) {
  *length = conversation->length;
  return conversation->bytes;
}

static void after_close(uv_handle_t *handle) {
  struct conversation *conversation = handle->data;
  conversation->is_closed = true;
}

static void leave(struct conversation *conversation, bool with_reset) {
  struct talks *talks = conversation->talks;
  conversation->as.handle.data = conversation;
  /* What is in the way of a reset is an end that was sent already: then that is the end. */
  if (!with_reset || !conversation->is_tcp || uv_tcp_close_reset(&conversation->as.tcp, after_close) != 0)
    uv_close(&conversation->as.handle, after_close);
  while (!conversation->is_closed)
    (void)uv_run(&talks->loop, UV_RUN_ONCE);
  free(conversation->bytes);
  free(conversation);
}

void conversation_close(struct conversation *conversation) {
  leave(conversation, false);
}

void conversation_reset(struct conversation *conversation) {
  leave(conversation, true);
}
