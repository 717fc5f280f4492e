/* The lanes of a run: opening, greeting, events. Knows no workload by name. */
#include "client/run/flows.h"

#include <string.h>

#include "client/run/busy_poll.h"
#include "common/text/clock.h"

/* Lanes that may be connecting at once: fewer than the shortest usual accept queue (128). */
#define OPENING_MAX 64

static void lane_is_ready(struct lane *lane) {
  struct run *run = lane->run;
  lane->state = LANE_READY;
  run->lanes_ready++;
  if (run->lanes_ready == run->lane_count)
    run_begin(run);
  else
    lanes_open(run);
}

static void greet(struct lane *lane) {
  struct run *run = lane->run;
  lane->state = LANE_GREETING;
  lane->since_ns = clock_now_ns();
  if (run->greeting == GREETING_NONE) {
    lane_is_ready(lane);
    return;
  }
  greeting_write(run->greeting, (uint32_t)run->plan->bytes, run->plan->is_zero_copy, lane->greeting);
  int code = connection_send(lane->connection, lane->greeting, sizeof lane->greeting);
  if (code != 0) run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_NONE, code);
}

/* The target's name may mean several addresses ("localhost": ::1 and 127.0.0.1): the next one is tried. */
static bool try_next_candidate(struct run *run, struct lane *lane) {
  bool is_first = run->lanes_begun == 1;
  if (!is_first || run->candidate + 1 >= run->plan->candidate_count) return false;
  connection_close(lane->connection);
  lane->connection = NULL;
  run->endpoint = run->plan->candidates[++run->candidate];
  run->lanes_begun = 0;
  lanes_open(run);
  return true;
}

static void on_open(void *owner, int status) {
  struct lane *lane = owner;
  struct run *run = lane->run;
  busy_poll_note(run);
  if (lane->state == LANE_RECONNECTING && status != CONNECTION_REACHED_ITSELF) {
    lane->state = LANE_READY;
    run->plan->workload->on_reconnected(lane, status);
    return;
  }
  if (status == 0) {
    greet(lane);
    return;
  }
  if (status == CONNECTION_REACHED_ITSELF) {
    run_fail(run, CLIENT_STEP_CONNECT, CLIENT_FINDING_SELF_CONNECT, 0);
    return;
  }
  run->result->errors.connection_failures++;
  if (!try_next_candidate(run, lane)) run_fail(run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, status);
}

/* The answer is no echo: its beginning is kept for the explanation. */
static void fail_not_echo(struct lane *lane, const uint8_t *bytes, size_t length) {
  struct run *run = lane->run;
  size_t kept = lane->answer_length;
  size_t room = sizeof run->failure.first_bytes - kept;
  memcpy(run->failure.first_bytes, lane->answer, kept);
  memcpy(run->failure.first_bytes + kept, bytes, length < room ? length : room);
  run->failure.first_bytes_length = kept + (length < room ? length : room);
  run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_NOT_ECHO, 0);
}

static void take_greeting(struct lane *lane, const uint8_t *bytes, size_t length) {
  struct run *run = lane->run;
  struct wire_welcome welcome;
  uint8_t answer[GREETING_BYTES];
  size_t room = GREETING_BYTES - lane->answer_length;
  size_t taken = length < room ? length : room;
  size_t total = lane->answer_length + taken;
  /* Only a source has anything to say beyond its welcome. */
  if (length > taken && run->greeting != GREETING_SOURCE) {
    fail_not_echo(lane, bytes, length);
    return;
  }
  memcpy(answer, lane->answer, lane->answer_length);
  memcpy(answer + lane->answer_length, bytes, taken);
  switch (greeting_judge(lane->greeting, answer, total, &welcome)) {
    case GREETING_ANSWER_OTHER:
      fail_not_echo(lane, bytes, length);
      return;
    case GREETING_ANSWER_PARTIAL:
      memcpy(lane->answer, answer, total);
      lane->answer_length = total;
      return;
    case GREETING_ANSWER_LOPONG:
      run->result->peer.kind = PEER_LOPONG;
      run->result->peer.pid = welcome.pid;
      run->is_unread_there = (welcome.flags & WIRE_HELLO_FLAG_UNREAD) != 0;
      break;
    case GREETING_ANSWER_ECHO:
      if (greeting_needs_lopong(run->greeting)) {
        run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_PLAIN_ECHO, 0);
        return;
      }
      /* The probe does not tell lopong from others. */
      if (run->greeting == GREETING_HELLO) run->result->peer.kind = PEER_PLAIN_ECHO;
      break;
  }
  lane_is_ready(lane);
  if (length > taken && lane->state == LANE_READY) run->plan->workload->on_bytes(lane, bytes + taken, length - taken);
}

static void on_bytes(void *owner, const uint8_t *bytes, size_t length) {
  struct lane *lane = owner;
  busy_poll_note(lane->run);
  if (lane->state == LANE_GREETING)
    take_greeting(lane, bytes, length);
  else if (lane->state == LANE_READY)
    lane->run->plan->workload->on_bytes(lane, bytes, length);
}

static void on_sent(void *owner) {
  struct lane *lane = owner;
  busy_poll_note(lane->run);
  const struct workload *workload = lane->run->plan->workload;
  if (lane->state == LANE_READY && workload->on_sent != NULL) workload->on_sent(lane);
}

static void on_end(void *owner, int code) {
  struct lane *lane = owner;
  struct run *run = lane->run;
  bool is_awaited = run->phase == RUN_DRAINING && run->plan->workload->is_drained(lane);
  lane->state = LANE_ENDED;
  if (is_awaited) return;
  enum client_step step = run->phase == RUN_OPENING ? CLIENT_STEP_GREET : CLIENT_STEP_MEASURE;
  /* A connected UDP socket learns only with its first datagram that nobody listens. */
  if (run->endpoint.transport == TRANSPORT_UDP && !run->has_answer) step = CLIENT_STEP_CONNECT;
  if (code == UV_EOF || code == UV_ECONNRESET || code == UV_EPIPE)
    run_fail(run, step, CLIENT_FINDING_HUNG_UP, code);
  else
    run_fail(run, step, CLIENT_FINDING_NONE, code);
}

static const struct connection_events events = {on_open, on_bytes, on_sent, on_end};

/* Returns 0, or a UV_ code when the lane could not even begin to connect. */
static int open_lane(struct run *run, struct lane *lane) {
  const struct workload *workload = run->plan->workload;
  lane->run = run;
  lane->state = LANE_CONNECTING;
  lane->since_ns = clock_now_ns();
  lane->answer_length = 0;
  int code = lane->exchange == NULL && workload->prepare != NULL ? workload->prepare(run, lane) : 0;
  if (code != 0) return code;
  struct connection_options options = {.keeps_nagle = run->plan->keeps_nagle};
  return connection_open(&run->loop, &run->endpoint, &events, &options, &run->buffer, lane, &lane->connection);
}

/* The first lane goes alone, so that a dead address or a server that is no echo meets one connection, not many. */
static bool may_open_another(const struct run *run) {
  size_t most = run->lanes_ready == 0 ? 1 : OPENING_MAX;
  return run->phase == RUN_OPENING && run->lanes_begun < run->lane_count && run->lanes_begun - run->lanes_ready < most;
}

void lanes_open(struct run *run) {
  /* A UDP lane is ready at once, from inside connection_open(): the outermost call opens the next. */
  if (run->is_opening_lanes) return;
  run->is_opening_lanes = true;
  while (may_open_another(run)) {
    struct lane *lane = &run->lanes[run->lanes_begun++];
    int code = open_lane(run, lane);
    if (code == 0) continue;
    run->result->errors.connection_failures++;
    if (!try_next_candidate(run, lane)) run_fail(run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, code);
  }
  run->is_opening_lanes = false;
}

void lanes_reconnect(struct lane *lane, const struct sockaddr_storage *source) {
  struct run *run = lane->run;
  connection_close(lane->connection);
  lane->connection = NULL;
  lane->state = LANE_RECONNECTING;
  lane->since_ns = clock_now_ns();
  struct connection_options options = {.source = source, .keeps_nagle = run->plan->keeps_nagle};
  int code = connection_open(&run->loop, &run->endpoint, &events, &options, &run->buffer, lane, &lane->connection);
  if (code == 0) return;
  lane->state = LANE_READY;
  run->plan->workload->on_reconnected(lane, code);
}

void lanes_guard(struct run *run, uint64_t now_ns) {
  const struct workload *workload = run->plan->workload;
  for (size_t i = 0; i < run->lanes_begun && run->phase != RUN_CLOSING; i++) {
    struct lane *lane = &run->lanes[i];
    bool is_late = now_ns > lane->since_ns && now_ns - lane->since_ns > run->plan->timeout_ns;
    if (lane->state == LANE_CONNECTING && is_late) {
      run->result->errors.connection_failures++;
      if (!try_next_candidate(run, lane)) run_fail(run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, UV_ETIMEDOUT);
    } else if (lane->state == LANE_RECONNECTING && is_late) {
      run->result->errors.connection_failures++;
      run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, UV_ETIMEDOUT);
    } else if (lane->state == LANE_GREETING && is_late) {
      run_fail(run, CLIENT_STEP_GREET, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    } else if (lane->state == LANE_READY && workload->on_guard != NULL) {
      workload->on_guard(lane, now_ns);
    }
  }
}
