/* With plain sockets and poll(2), one system call after the other: nothing else happens meanwhile. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/walk/walk.h"
#include "client/walk/walk_ends.h"
#include "common/io/plain_socket_posix.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

struct walk {
  const struct walk_plan *plan;
  struct walk_facts facts;
  int socket;
  uint64_t began_ns;
  uint8_t *answer;
};

static int last_code(void) {
  return uv_translate_sys_error(errno);
}

static void begin(struct walk *walk, enum walk_step step) {
  walk->facts.step = step;
  walk->facts.code = 0;
  walk->facts.bytes = 0;
  walk->began_ns = clock_now_ns();
}

/* Tells of the step; true: the walk goes on. */
static bool end(struct walk *walk, int code) {
  socklen_t length = sizeof walk->facts.local;
  walk->facts.took_ns = clock_now_ns() - walk->began_ns;
  walk->facts.code = code;
  if (walk->socket >= 0) {
    (void)getsockname(walk->socket, (struct sockaddr *)&walk->facts.local, &length);
    socket_facts_read_tcp(walk->socket, &walk->facts.tcp);
  }
  walk_ends_find(&walk->facts);
  walk->plan->on_step(walk->plan->owner, &walk->facts);
  return code == 0;
}

/* Waits until the socket is ready for `events`. Returns 0, UV_ETIMEDOUT, or what poll() failed with. */
static int wait_for(struct walk *walk, short events) {
  struct pollfd asked = {.fd = walk->socket, .events = events};
  for (;;) {
    uint64_t waited_ns = clock_now_ns() - walk->began_ns;
    if (waited_ns >= walk->plan->timeout_ns) return UV_ETIMEDOUT;
    /* Rounded up: a wait of nothing would only spin. */
    int ready = poll(&asked, 1, (int)((walk->plan->timeout_ns - waited_ns) / CLOCK_NS_PER_MS) + 1);
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return last_code();
  }
}

static bool bind_port(struct walk *walk) {
  struct sockaddr_storage any;
  memset(&any, 0, sizeof any);
  any.ss_family = walk->plan->target.ss_family;
  begin(walk, WALK_BOUND);
  /* Before it connects, so that who looks at packets knows which; a system without such a port lends one later. */
  (void)bind(walk->socket, (struct sockaddr *)&any, (socklen_t)address_bytes(&any));
  return end(walk, 0);
}

static bool connect_to(struct walk *walk) {
  int error = 0;
  socklen_t length = sizeof error;
  const struct sockaddr_storage *target = &walk->plan->target;
  begin(walk, WALK_CONNECTED);
  if (connect(walk->socket, (const struct sockaddr *)target, (socklen_t)address_bytes(target)) == 0)
    return end(walk, 0);
  if (errno != EINPROGRESS) return end(walk, last_code());
  int code = wait_for(walk, POLLOUT);
  if (code == 0 && getsockopt(walk->socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) code = last_code();
  if (code == 0 && error != 0) code = uv_translate_sys_error(error);
  return end(walk, code);
}

/* Returns 0 or a negative UV_ code. */
static int send_all(struct walk *walk, const uint8_t *bytes, size_t length) {
  size_t done = 0;
  int code = 0;
  while (code == 0 && done < length) {
    ssize_t sent = send(walk->socket, bytes + done, length - done, PLAIN_SOCKET_NO_SIGNAL);
    if (sent >= 0)
      done += (size_t)sent;
    else if (errno == EAGAIN)
      code = wait_for(walk, POLLOUT);
    else if (errno != EINTR)
      code = last_code();
  }
  walk->facts.bytes = done;
  return code;
}

static bool send_message(struct walk *walk) {
  begin(walk, WALK_SENT);
  return end(walk, send_all(walk, walk->plan->message, walk->plan->length));
}

/* Reads up to `most` bytes. Returns 0 when they came, UV_EOF at the server's end, or what went wrong. */
static int read_up_to(struct walk *walk, size_t most) {
  while (walk->facts.bytes < most) {
    ssize_t got = recv(walk->socket, walk->answer + walk->facts.bytes, most - walk->facts.bytes, 0);
    int code = 0;
    if (got > 0)
      walk->facts.bytes += (size_t)got;
    else if (got == 0)
      return UV_EOF;
    else if (errno == EAGAIN)
      code = wait_for(walk, POLLIN);
    else if (errno != EINTR)
      code = last_code();
    if (code != 0) return code;
  }
  return 0;
}

/* An answer that does not come is no reason not to part in good order. */
static bool hear_answer(struct walk *walk) {
  begin(walk, WALK_ANSWERED);
  int code = read_up_to(walk, walk->plan->length);
  walk->facts.is_same = code == 0 && walk->plan->is_same(walk->plan->message, walk->answer, walk->plan->length);
  end(walk, code);
  return code == 0 || code == UV_EOF || code == UV_ETIMEDOUT;
}

static bool greet(struct walk *walk) {
  begin(walk, WALK_GREETED);
  int code = send_all(walk, walk->plan->greeting, walk->plan->greeting_length);
  walk->facts.bytes = 0;
  if (code == 0) code = read_up_to(walk, walk->plan->greeting_length);
  walk->facts.is_same = code == 0 && walk->plan->is_same(walk->plan->greeting, walk->answer, walk->facts.bytes);
  return end(walk, code);
}

static bool finish(struct walk *walk) {
  begin(walk, WALK_FINISHED);
  return end(walk, shutdown(walk->socket, SHUT_WR) == 0 ? 0 : last_code());
}

static void hear_end(struct walk *walk) {
  begin(walk, WALK_ENDED);
  int code = read_up_to(walk, WALK_ANSWER_BYTES);
  end(walk, code == UV_EOF ? 0 : code);
}

static void close_it(struct walk *walk) {
  begin(walk, WALK_CLOSED);
  int code = close(walk->socket) == 0 ? 0 : last_code();
  walk->socket = -1;
  end(walk, code);
}

static void walk_all(struct walk *walk) {
  if (!bind_port(walk) || !connect_to(walk)) return;
  if (walk->plan->greeting != NULL && !greet(walk)) return;
  if (walk->plan->message != NULL && (!send_message(walk) || !hear_answer(walk))) return;
  if (!finish(walk)) return;
  hear_end(walk);
  close_it(walk);
}

int walk_run(const struct walk_plan *plan) {
  struct walk walk = {.plan = plan};
  walk.facts.remote = plan->target;
  walk.facts.local.ss_family = plan->target.ss_family;
  walk.answer = memory_take(WALK_ANSWER_BYTES);
  if (walk.answer == NULL) return UV_ENOMEM;
  walk.socket = plain_socket_open(plan->target.ss_family, SOCK_STREAM, false);
  int code = walk.socket < 0 ? last_code() : 0;
  if (code == 0) walk_all(&walk);
  if (walk.socket >= 0) close(walk.socket);
  free(walk.answer);
  return code;
}
