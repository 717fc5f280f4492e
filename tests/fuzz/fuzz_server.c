/*
 * The live server, spoken to by any client. The first byte of the input is how many bytes the client writes at once (0:
 * all), the second how it behaves (enum behaviour); the rest is what it writes, and then it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/machine/machine.h"
#include "common/wire/wire.h"
#include "server/echo/accept.h"
#include "server/echo/services.h"
#include "server/fault/faults.h"
#include "server/http/desk.h"
#include "server/say/outbox.h"
#include "server/threads/worker.h"
#include "tests/fuzz/fuzz.h"

#define TURNS_MAX          100000
#define SOURCE_BYTES       (8 * 1024) /* of a session that sends for ever: then the client leaves */
#define REPLIES_KEPT_BYTES (FUZZ_INPUT_BYTES_MAX + 1)

#define FRAME "LPF1\x01\0\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define TIMED "LPF1\x01\x02\xff\xff\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define PING  "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define TEN   "0123456789"
#define LONG  TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

FUZZ_SEEDS(FUZZ_SEED("\0\0plain text for an echo"), FUZZ_SEED("\x03\x01in small pieces"), FUZZ_SEED("\0\0"),
           FUZZ_SEED("\0\0\x8bLOPING1\x01\0\0\0\x28\0\0\0" FRAME FRAME),
           FUZZ_SEED("\x11\x01\x8bLOPING1\x01\0\0\0\x2a\0\0\0" FRAME "ab" FRAME "cd"),
           FUZZ_SEED("\x40\0\x8bLOPING1\x01\0\0\0\x40\0\0\0" TIMED "kernel times, 24 bytes.." FRAME),
           FUZZ_SEED("\0\0\x8bLOPING1\x01\0\0\0\x28\0\0\0this is no frame, though it is long enough for one"),
           FUZZ_SEED("\x20\0\x8bLOPING1\x02\0\0\0\0\0\0\0some bytes to sink"),
           FUZZ_SEED("\x20\0\x8bLOPING1\x02\x01\0\0\0\0\0\0some bytes to sink"),
           FUZZ_SEED("\0\0\x8bLOPING1\x03\0\0\0\0\0\0\0"), FUZZ_SEED("\5\x38the server never sleeps"),
           FUZZ_SEED("\5\3it leaves without reading"), FUZZ_SEED("\xff\5" LONG LONG LONG LONG LONG LONG LONG LONG),
           FUZZ_SEED("\xff\7" LONG LONG LONG LONG LONG LONG LONG LONG), FUZZ_SEED("\0\x40" PING PING PING),
           FUZZ_SEED("\x30\x40" PING "GET / HTTP/1.0\r\nHost: [::1]\r\n\r\n"),
           FUZZ_SEED("\0\x44GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"),
           FUZZ_SEED("\x30\x40GET /events HTTP/1.1\r\nHost: localhost\r\n\r\nand nothing more"),
           FUZZ_SEED("\0\x40HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n"),
           FUZZ_SEED("\0\x40" PING PING PING PING PING PING PING PING PING), FUZZ_SEED("\0\x40" PING "hello\r\n\r\n"),
           FUZZ_SEED("\x26\x40" PING LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG LONG),
           FUZZ_SEED("\0\x40\x8bLOPING1\x01\0\0\0\x28\0\0\0" FRAME),
           FUZZ_SEED("\x28\x40\x8bLOPING1\x01\0\0\0\x28\0\0\0" FRAME "junk" FRAME),
           FUZZ_SEED("\0\x40plain text for an echo"), FUZZ_SEED("\1\x80" LONG),
           FUZZ_SEED("\x29\x80\x8bLOPING1\x01\0\0\0\x28\0\0\0" FRAME FRAME FRAME FRAME FRAME FRAME FRAME FRAME FRAME),
           FUZZ_SEED("\x20\x80\x8bLOPING1\x02\0\0\0\0\0\0\0some bytes to sink"),
           FUZZ_SEED("\0\x80\x8bLOPING1\x03\0\0\0\0\0\0\0"), FUZZ_SEED("\0\x80\x8bLOPING1\x04\0\0\0\r\n\r\n"));

/* Bits. */
enum behaviour {
  READS_LATE = 1,       /* when it has written everything */
  LEAVES = 2,           /* without reading what is left */
  HAS_NO_ROOM = 4,      /* the server can send little ahead */
  FINDS_IT_BUSY = 0x38, /* all of these: the server asks its sockets again and again, which takes long */
  BROWSES = 0x40,       /* and the server has --http */
  MEETS_FAULTS = 0x80,  /* of a server with --fault */
};

struct client {
  int descriptor;
  size_t count; /* of all that came */
  bool has_ended;
  uint8_t replies[REPLIES_KEPT_BYTES]; /* the first of them */
};

static void tell_left_out(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]) {
  (void)stream;
  snprintf(out, OUTBOX_LEFT_OUT_SIZE, "%llu lines left out\n", (unsigned long long)lines);
}

/* One for all inputs, as for all clients of a server; one that never sleeps, one with --http, and one with --fault. */
enum server { USUAL, BUSY, WITH_PAGE, FAILING, SERVERS };

static void add_faults(struct worker *worker) {
  static struct fault_spec spec;
  char problem[FAULT_PROBLEM_SIZE];
  FUZZ_CHECK(fault_spec_add(&spec, "drop=10%,duplicate=10%,corrupt=10%,truncate=10%,delay=20us@10%,reset=7", problem));
  fault_spec_settle(&spec, 1);
  FUZZ_CHECK(faults_create(&worker->loop, &spec, 1, &worker->faults) == 0);
}

static struct worker *start_once(enum server server) {
  static struct settings settings[] = {
      {.max_unsent_bytes = SETTINGS_UNSENT_LEAST_BYTES, .threads = 1, .verbose = true},
      {.max_unsent_bytes = SETTINGS_UNSENT_LEAST_BYTES, .threads = 1, .verbose = true, .busy_poll = true},
      {.max_unsent_bytes = SETTINGS_UNSENT_LEAST_BYTES, .threads = 1, .http = true},
      {.max_unsent_bytes = SETTINGS_UNSENT_LEAST_BYTES, .threads = 1, .verbose = true}};
  static struct worker workers[SERVERS];
  static bool is_started[SERVERS];
  struct worker *worker = &workers[server];
  if (is_started[server]) return worker;
  struct outbox *outbox;
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  machine_ignore_broken_pipe();
  FUZZ_CHECK(nowhere >= 0);
  FUZZ_CHECK(outbox_create((int[OUTBOX_STREAMS]){nowhere, nowhere}, tell_left_out, &outbox) == 0);
  FUZZ_CHECK(worker_init(worker, &settings[server], outbox, NULL) == 0);
  if (server == WITH_PAGE) FUZZ_CHECK(http_desk_create(true, &worker->http) == 0);
  if (server == FAILING) add_faults(worker);
  is_started[server] = true;
  return worker;
}

/* A browser comes over TCP. Without its ports, of which so many inputs would use up all: a pipe that says it is one. */
static int init_pipe(uv_loop_t *loop, union stream_handle *handle) {
  return uv_pipe_init(loop, &handle->pipe, 0);
}

static int open_pipe(union stream_handle *handle, uv_os_sock_t socket) {
  return uv_pipe_open(&handle->pipe, socket);
}

static int write_no_peer(const union stream_handle *handle, char out[ADDRESS_TEXT_SIZE]) {
  (void)handle;
  out[0] = '\0';
  return 0;
}

static const struct stream_kind like_tcp = {TRANSPORT_TCP, init_pipe, open_pipe, write_no_peer};

static void read_replies(struct client *client) {
  uint8_t bytes[16384];
  ssize_t count;
  while (!client->has_ended && (count = recv(client->descriptor, bytes, sizeof bytes, MSG_DONTWAIT)) >= 0) {
    if (count == 0) client->has_ended = true;
    for (ssize_t i = 0; i < count && client->count + (size_t)i < sizeof client->replies; i++)
      client->replies[client->count + (size_t)i] = bytes[i];
    client->count += (size_t)count;
    if (client->count > SOURCE_BYTES) return;
  }
  /* It had not read all when it ended. */
  if (!client->has_ended && errno == ECONNRESET) client->has_ended = true;
}

static void leave(struct client *client) {
  close(client->descriptor);
  client->descriptor = -1;
  client->has_ended = true;
}

/* False: the server has ended it. */
static bool write_all(struct worker *worker, struct client *client, const uint8_t *bytes, size_t length, size_t piece,
                      bool reads_late) {
  for (size_t at = 0; at < length; at += piece) {
    size_t wanted = length - at < piece ? length - at : piece;
    ssize_t sent = send(client->descriptor, bytes + at, wanted, MSG_NOSIGNAL);
    if (sent < 0) return false;
    FUZZ_CHECK((size_t)sent == wanted);
    uv_run(&worker->loop, UV_RUN_NOWAIT);
    if (!reads_late) read_replies(client);
  }
  return true;
}

/* Runs the server until the connection is gone from both ends. */
static void run_to_the_end(struct worker *worker, struct client *client) {
  for (int turn = 0; worker->stats.open_connections > 0 || !client->has_ended; turn++) {
    FUZZ_CHECK(turn < TURNS_MAX);
    uv_run(&worker->loop, UV_RUN_NOWAIT);
    read_replies(client);
    if (client->count > SOURCE_BYTES && client->descriptor >= 0) leave(client);
  }
  /* What was closed is freed in the next turn. */
  uv_run(&worker->loop, UV_RUN_NOWAIT);
}

static void check_replies(const struct client *client, const uint8_t *bytes, size_t length, size_t piece,
                          bool is_written) {
  struct wire_hello hello;
  struct wire_welcome welcome;
  if (length == 0) {
    FUZZ_CHECK(client->count == 0);
  } else if (!wire_get_hello(bytes, piece < length ? piece : length, &hello) || hello.mode == WIRE_MODE_FAULTS) {
    /* Who makes no failures on purpose has no answer to the question for them. */
    FUZZ_CHECK(is_written && client->count == length && memcmp(client->replies, bytes, length) == 0);
  } else {
    FUZZ_CHECK(client->count >= WIRE_HELLO_BYTES && wire_get_welcome(client->replies, WIRE_HELLO_BYTES, &welcome));
    FUZZ_CHECK(welcome.mode == hello.mode);
    /* Never more than came, but for the report at the end. */
    if (hello.mode == WIRE_MODE_STAMPED) FUZZ_CHECK(client->count <= length);
    if (hello.mode == WIRE_MODE_SINK) FUZZ_CHECK(client->count == WIRE_HELLO_BYTES + WIRE_SINK_REPORT_BYTES);
  }
}

/* Of the answers some are missing, and others come twice. */
static void check_faulty_replies(const struct client *client, const uint8_t *bytes, size_t length, size_t piece) {
  struct wire_hello hello;
  bool is_session = length > 0 && wire_get_hello(bytes, piece < length ? piece : length, &hello);
  if (!is_session) FUZZ_CHECK(client->count <= 2 * length);
}

/* Who begins with a request gets answers to it, and anybody else what he gets of any server. */
static bool is_answered(const struct client *client, const uint8_t *bytes, size_t length) {
  struct http_head head;
  enum http_head_status status = http_head_parse(bytes, length, &head);
  if (status != HTTP_HEAD_WHOLE && status != HTTP_HEAD_TOO_LARGE) return false;
  FUZZ_CHECK(client->count > 9 && memcmp(client->replies, "HTTP/1.1 ", 9) == 0);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  static struct client client;
  if (length < 2 || length > FUZZ_INPUT_BYTES_MAX) return 0;
  bool fails = (input[1] & MEETS_FAULTS) != 0, browses = !fails && (input[1] & BROWSES) != 0;
  bool is_busy = (input[1] & FINDS_IT_BUSY) == FINDS_IT_BUSY;
  struct worker *worker = start_once(fails ? FAILING : browses ? WITH_PAGE : is_busy ? BUSY : USUAL);
  const uint8_t *bytes = input + 2;
  bool reads_late = (input[1] & READS_LATE) != 0;
  length -= 2;
  /* So many pieces that each can be told from the next, and not more than a few dozen turns. */
  size_t piece = input[0] == 0 ? FUZZ_INPUT_BYTES_MAX : input[0] + length / 32;
  /* A session's stamps are this machine's, which a unix socket's always are. */
  bool is_session = length > 0 && bytes[0] == 0x8b;
  int ends[2];
  FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  if ((input[1] & HAS_NO_ROOM) != 0)
    FUZZ_CHECK(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &(int){1}, sizeof(int)) == 0);
  client = (struct client){.descriptor = ends[0]};
  FUZZ_CHECK((browses && !is_session ? accept_taken(worker, ends[1], &like_tcp) : echo_unix_accept(worker, ends[1])) ==
             0);
  FUZZ_CHECK(worker->stats.open_connections == 1);
  bool is_written = write_all(worker, &client, bytes, length, piece, reads_late);
  if ((input[1] & LEAVES) != 0)
    leave(&client);
  else
    shutdown(client.descriptor, SHUT_WR);
  run_to_the_end(worker, &client);
  /* The server reads no more at once than it may hold unsent, and a head that is not whole in its first read is echoed.
   */
  size_t first = piece < length ? piece : length;
  if (first > SETTINGS_UNSENT_LEAST_BYTES) first = SETTINGS_UNSENT_LEAST_BYTES;
  bool is_page = browses && (input[1] & LEAVES) == 0 && is_answered(&client, bytes, first);
  if (fails)
    check_faulty_replies(&client, bytes, length, piece);
  else if ((input[1] & LEAVES) == 0 && !is_page)
    check_replies(&client, bytes, length, piece, is_written);
  if (client.descriptor >= 0) close(client.descriptor);
  return 0;
}
