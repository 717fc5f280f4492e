/*
 * The waiting: the kernel's socket tables are looked at often, which no server notices, and a connection is made when
 * they show a listener. It ends in order, and stays open while a server is slow to take it, so that a server that is
 * slow to start sees one.
 */
#include "client/wait/waiting.h"

#include <signal.h>

#include "client/check/socket_tables.h"
#include "client/peer/question.h"
#include "client/wait/wait_path.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/text/clock.h"

/* Who takes a connection and closes it at once is no server yet: a forwarder whose target is not there. */
#define KEEPS_MS 20
/* An answer to a HEAD may take longer than the first bytes of others. */
#define HTTP_ANSWER_NS (5 * CLOCK_NS_PER_SECOND)
/* So long an opening packet may be under way. */
#define CONNECT_NS (1500 * CLOCK_NS_PER_MS)

static void end_all(struct waiting *waiting) {
  uv_handle_t *handles[] = {(uv_handle_t *)&waiting->timer, (uv_handle_t *)&waiting->interrupt,
                            (uv_handle_t *)&waiting->terminate, (uv_handle_t *)&waiting->hang_up};
  if (waiting->is_over) return;
  waiting->is_over = true;
  waiting->waited_ns = clock_now_ns() - waiting->start_ns;
  for (size_t i = 0; i < waiting->way_count; i++) {
    if (waiting->ways[i].running != NULL) probe_give_up(waiting->ways[i].running);
    waiting->ways[i].running = NULL;
  }
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
    if (handles[i]->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handles[i])) uv_close(handles[i], NULL);
}

static bool is_settled(const struct wait_port *port) {
  return port->is_reached || port->is_hopeless;
}

static void end_if_all_settled(struct waiting *waiting) {
  for (size_t i = 0; i < waiting->port_count; i++)
    if (!is_settled(&waiting->ports[i])) return;
  end_all(waiting);
}

/* Of a port that shall answer one way is enough; to be free it must be so on all. */
static bool are_enough_reached(const struct waiting *waiting, size_t port) {
  for (size_t i = 0; i < waiting->way_count; i++) {
    const struct wait_way *way = &waiting->ways[i];
    if (way->port == port && way->is_reached != (waiting->goal == WAIT_FREE)) return way->is_reached;
  }
  return waiting->goal == WAIT_FREE;
}

static void note_reached(struct wait_way *way) {
  struct waiting *waiting = way->waiting;
  struct wait_port *port = &waiting->ports[way->port];
  way->is_reached = true;
  if (port->is_reached || !are_enough_reached(waiting, way->port)) return;
  port->is_reached = true;
  port->after_ns = clock_now_ns() - waiting->start_ns;
  port->way = (size_t)(way - waiting->ways);
  for (size_t i = 0; i < waiting->way_count; i++) {
    struct wait_way *other = &waiting->ways[i];
    if (other->port != way->port || other->running == NULL) continue;
    probe_give_up(other->running);
    other->running = NULL;
  }
  waiting->on_reached(waiting->owner, port);
}

/* A socket's file whose listener could not be seen: nobody listens, so a bind could take its place. */
static void note_asked(struct wait_way *way) {
  way->attempts++;
  way->bind_code = wait_is_dead_path(&way->facts) ? 0 : UV_EADDRINUSE;
  if (way->bind_code == 0) note_reached(way);
}

static void on_settled(void *owner, const struct server_half_facts *half) {
  struct wait_way *way = owner;
  way->facts = way->running_facts;
  way->ended_ns = clock_now_ns();
  if (way->waiting->goal == WAIT_FREE)
    note_asked(way);
  else if (wait_is_reached(way->waiting->goal, way->waiting->http_status, &way->facts, half))
    note_reached(way);
  else
    way->attempts++;
  end_if_all_settled(way->waiting);
}

/* A lost opening packet is repeated by the system after a second, then after two more, then four: a new one is
 * quicker. */
static void give_up_lost(struct wait_way *way) {
  bool is_lost = way->running != NULL && way->running_facts.outcome != PROBE_CONNECTED &&
                 clock_now_ns() - way->began_ns > CONNECT_NS;
  if (!is_lost) return;
  probe_give_up(way->running);
  way->running = NULL;
  way->facts = way->running_facts;
  way->facts.outcome = PROBE_TIMED_OUT;
  way->ended_ns = clock_now_ns();
  way->attempts++;
}

/* A server that wants its connections only with their first bytes (TCP_DEFER_ACCEPT) is asked what its port is known
 * for; nobody else is asked anything. */
static struct question_choice on_choose(void *owner, const struct server_half_facts *half) {
  const struct wait_way *way = owner;
  struct question_clues clues = {.port = address_port(&way->target.address), .command = "", .command_line = ""};
  if (half->is_found && half->is_half_open) return question_choose(&clues);
  return (struct question_choice){.question = QUESTION_NONE};
}

/* A connection that stands may wait to the end of the time: it is in the server's queue, and one is enough. */
static uint64_t attempt_ns(const struct waiting *waiting) {
  uint64_t waited_ns = clock_now_ns() - waiting->start_ns;
  uint64_t left_ns = waited_ns < waiting->timeout_ns ? waiting->timeout_ns - waited_ns : CLOCK_NS_PER_MS;
  uint64_t most_ns = waiting->goal == WAIT_HTTP ? HTTP_ANSWER_NS : left_ns;
  return left_ns < most_ns ? left_ns : most_ns;
}

static void connect_once(struct wait_way *way) {
  struct waiting *waiting = way->waiting;
  static const enum probe_manner manners[] = {
      [WAIT_ANSWERS] = PROBE_LOOKS, [WAIT_FREE] = PROBE_CONNECTS, [WAIT_HTTP] = PROBE_ASKS};
  struct probe_plan plan = {.target = way->target,
                            .timeout_ns = attempt_ns(waiting),
                            .manner = manners[waiting->goal],
                            .question = QUESTION_HTTP,
                            .choose = on_choose,
                            .quiet_ms = KEEPS_MS,
                            .running = &way->running};
  way->connections++;
  way->began_ns = clock_now_ns();
  /* Its time begins now, and not when the look at the tables did. */
  uv_update_time(&waiting->loop);
  if (probe_start(&waiting->loop, &plan, &way->running_facts, on_settled, way) == 0) return;
  /* No descriptor now: the next look tries again. */
  way->running = NULL;
  way->attempts++;
  way->ended_ns = clock_now_ns();
}

static void look_for_answer(struct wait_way *way, const struct listener_facts *listener) {
  struct wait_prospect prospect = {.is_known = listener->is_known,
                                   .is_here = listener->is_here,
                                   .was_here = way->was_here,
                                   .attempts = way->attempts,
                                   .since_ns = clock_now_ns() - way->ended_ns};
  if (listener->is_here && !way->was_here && way->attempts > 0) way->attempts = 1;
  way->was_here = listener->is_here;
  give_up_lost(way);
  if (way->running == NULL && wait_is_time_to_connect(&prospect)) connect_once(way);
}

static void after_trial(uv_handle_t *handle) {
  struct wait_way *way = handle->data;
  way->is_trying = false;
}

/* As lopong binds: by libuv, which sets SO_REUSEADDR for TCP. It keeps EADDRINUSE for the first call after. The
 * descriptor is closed at once, the handle before the next look. */
static int try_bind(struct wait_way *way) {
  const struct sockaddr *address = (const struct sockaddr *)&way->target.address;
  struct sockaddr_storage bound;
  int length = sizeof bound;
  bool is_udp = way->target.transport == TRANSPORT_UDP;
  int code =
      is_udp ? uv_udp_init(&way->waiting->loop, &way->trial.udp) : uv_tcp_init(&way->waiting->loop, &way->trial.tcp);
  if (code != 0) return code;
  way->is_trying = true;
  way->trial.handle.data = way;
  code = is_udp ? uv_udp_bind(&way->trial.udp, address, 0) : uv_tcp_bind(&way->trial.tcp, address, 0);
  if (code == 0 && !is_udp) code = uv_tcp_getsockname(&way->trial.tcp, (struct sockaddr *)&bound, &length);
  uv_close(&way->trial.handle, after_trial);
  return code;
}

static void judge_room(struct wait_way *way) {
  struct wait_port *port = &way->waiting->ports[way->port];
  if (way->bind_code == 0 && !way->is_reached) note_reached(way);
  if (!wait_is_bind_hopeless(way->bind_code)) return;
  port->is_hopeless = true;
  port->way = (size_t)(way - way->waiting->ways);
}

static void look_for_room(struct wait_way *way, const struct listener_facts *listener) {
  if (way->is_trying) return;
  way->is_reached = false;
  /* Where somebody is seen to have it, nothing is tried. */
  way->bind_code = listener->is_known && listener->is_here ? UV_EADDRINUSE : try_bind(way);
  judge_room(way);
}

static void look_for_path(struct wait_way *way) {
  bool is_to_be_asked;
  if (way->running != NULL) return;
  way->is_reached = false;
  way->bind_code = wait_path_bind_code(way->target.path, &is_to_be_asked);
  struct wait_prospect prospect = {.attempts = way->attempts, .since_ns = clock_now_ns() - way->ended_ns};
  if (is_to_be_asked && wait_is_time_to_connect(&prospect)) connect_once(way);
  judge_room(way);
}

static void look(struct wait_way *way) {
  struct port_facts facts = {.probe = {.outcome = PROBE_NOT_TRIED}};
  struct listener_facts listener;
  bool is_unix = way->target.transport == TRANSPORT_UNIX;
  if (is_unix && way->waiting->goal == WAIT_FREE) {
    look_for_path(way);
    return;
  }
  if (is_unix)
    tables_read_unix_listener(way->target.path, &facts);
  else
    tables_read_listener(&way->target, &facts.listener);
  listener = facts.listener;
  if (way->waiting->goal == WAIT_FREE)
    look_for_room(way, &listener);
  else
    look_for_answer(way, &listener);
}

static void on_timer(uv_timer_t *timer) {
  struct waiting *waiting = timer->data;
  waiting->looks++;
  for (size_t i = 0; i < waiting->way_count; i++) {
    struct wait_way *way = &waiting->ways[i];
    if (!is_settled(&waiting->ports[way->port])) look(way);
  }
  end_if_all_settled(waiting);
  uint64_t waited_ns = clock_now_ns() - waiting->start_ns;
  bool is_hopeless = lack_is_of_memory();
  if (!waiting->is_over && (is_hopeless || waited_ns >= waiting->timeout_ns)) end_all(waiting);
  if (waiting->is_over) return;
  uint64_t pause_ns = wait_look_pause_ns(waited_ns), left_ns = waiting->timeout_ns - waited_ns;
  if (pause_ns > left_ns) pause_ns = left_ns;
  uv_update_time(&waiting->loop);
  uv_timer_start(timer, on_timer, pause_ns / CLOCK_NS_PER_MS + (pause_ns == left_ns), 0);
}

static void on_signal(uv_signal_t *signal, int number) {
  struct waiting *waiting = signal->data;
  waiting->signal = number;
  end_all(waiting);
}

static int begin(struct waiting *waiting) {
  int code = uv_timer_init(&waiting->loop, &waiting->timer);
  if (code == 0) code = uv_signal_init(&waiting->loop, &waiting->interrupt);
  if (code == 0) code = uv_signal_init(&waiting->loop, &waiting->terminate);
  if (code == 0) code = uv_signal_init(&waiting->loop, &waiting->hang_up);
  waiting->timer.data = waiting->interrupt.data = waiting->terminate.data = waiting->hang_up.data = waiting;
  if (code == 0) code = uv_signal_start(&waiting->interrupt, on_signal, SIGINT);
  if (code == 0) code = uv_signal_start(&waiting->terminate, on_signal, SIGTERM);
  if (code == 0 && !machine_ignores_hang_up()) code = uv_signal_start(&waiting->hang_up, on_signal, SIGHUP);
  if (code == 0) code = uv_timer_start(&waiting->timer, on_timer, 0, 0);
  return code;
}

int waiting_run(struct waiting *waiting) {
  int code = uv_loop_init(&waiting->loop);
  if (code != 0) return code;
  for (size_t i = 0; i < waiting->way_count; i++)
    waiting->ways[i].waiting = waiting;
  waiting->start_ns = clock_now_ns();
  code = begin(waiting);
  if (code != 0) end_all(waiting);
  uv_run(&waiting->loop, UV_RUN_DEFAULT);
  uv_loop_close(&waiting->loop);
  return code;
}
