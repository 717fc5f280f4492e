/*
 * The counters of refusals are the whole machine's. One that does not grow while a port refuses says for certain that a
 * firewall made the refusal. One that grows says nothing, for another program's refusal may have been counted: then the
 * port is tried again. A port that refuses has nobody who could be disturbed by that.
 */
#include "client/check/refusal.h"

#include <math.h>

#include "client/check/probe.h"
#include "client/check/socket_tables.h"
#include "common/text/clock.h"

/* As long as a silent datagram was watched alone. */
#define IDLE_MS 100
/* So many times in a row that every refusal was counted and nothing else was. */
#define QUIET_TRIES 4
/* Where others are refused as well: a gap between two of theirs comes sooner than this. */
#define BUSY_TRIES 200
#define BUSY_NS    (400 * CLOCK_NS_PER_MS)

struct attempt {
  struct survey *survey;
  struct probe_facts facts;
};

static void on_settled(void *owner, const struct server_half_facts *half) {
  struct attempt *attempt = owner;
  (void)half;
  attempt->survey->pending--;
}

static int64_t *counter_of(struct port_facts *facts) {
  return facts->is_udp ? &facts->counters.udp_no_port : &facts->counters.resets_sent;
}

static bool is_in_doubt(struct port_facts *facts) {
  const struct probe_facts *probe = &facts->probe;
  bool is_plain = !facts->is_unix && (facts->is_udp || !probe->icmp_came);
  /* A server of our own there was refused or reached: that is clear already. */
  bool is_settled = facts->controls.own_server.outcome == PROBE_CONNECTED;
  return probe->outcome == PROBE_REFUSED && !probe->is_immediate && is_plain && !is_settled && *counter_of(facts) != 0;
}

/* By how much the counter grew while the port was tried once more; FACT_UNKNOWN if it did not refuse this time. */
static int64_t try_again(struct examination *examination) {
  struct attempt attempt = {.survey = examination->survey};
  struct probe_plan plan = {.target = examination->target,
                            .timeout_ns = examination->survey->timeout_ns,
                            .manner = PROBE_CONNECTS,
                            .question = QUESTION_ECHO};
  struct net_counters before, after;
  struct counter_facts counters;
  struct port_facts facts = {.is_udp = examination->facts.is_udp};
  net_counters_read(&before);
  examination->survey->pending++;
  if (probe_start(examination->survey->loop, &plan, &attempt.facts, on_settled, &attempt) != 0) {
    examination->survey->pending--;
    return FACT_UNKNOWN;
  }
  survey_wait(examination->survey);
  net_counters_read(&after);
  tables_read_growth(&before, &after, &counters);
  if (attempt.facts.outcome != PROBE_REFUSED) return FACT_UNKNOWN;
  facts.counters = counters;
  return *counter_of(&facts);
}

/* Had a firewall made the refusals, all that was counted would be others', and so many windows without one would have
 * been expected among these. None was seen. */
static bool is_certain(int64_t tries, int64_t sum) {
  const double expected_gaps = 7; /* none of them by chance: less than 1 in 1,000 */
  return tries >= QUIET_TRIES && (sum == tries || (double)tries * exp(-(double)sum / (double)tries) >= expected_gaps);
}

static void confirm(struct examination *examination) {
  int64_t *counted = counter_of(&examination->facts);
  uint64_t start_ns = clock_now_ns();
  int64_t sum = 0, tries = 0;
  while (tries < BUSY_TRIES && !is_certain(tries, sum) && clock_now_ns() - start_ns < BUSY_NS) {
    int64_t growth = try_again(examination);
    if (growth == FACT_UNKNOWN) return;
    if (growth == 0) {
      *counted = 0;
      return;
    }
    sum += growth;
    tries++;
  }
  *counted = is_certain(tries, sum) ? 1 : FACT_UNKNOWN;
}

void refusals_confirm(struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++)
    if (is_in_doubt(&survey->examinations[i].facts)) confirm(&survey->examinations[i]);
}

static bool is_silent(const struct examination *examination) {
  const struct probe_facts *probe = &examination->facts.probe;
  return examination->facts.is_udp && probe->outcome == PROBE_CONNECTED && probe->answer == ANSWER_SILENT;
}

static void forget_moved(const struct counter_facts *idle, struct counter_facts *counters) {
  const struct {
    int64_t idle;
    int64_t *counted;
  } rows[] = {
      {idle->udp_received, &counters->udp_received},         {idle->udp_sent, &counters->udp_sent},
      {idle->udp_no_port, &counters->udp_no_port},           {idle->udp_buffer_full, &counters->udp_buffer_full},
      {idle->ip_out_discarded, &counters->ip_out_discarded},
  };
  /* What did not move at all while the probe was under way stays evidence. */
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].idle > 0 && *rows[i].counted > 0) *rows[i].counted = FACT_UNKNOWN;
}

void silences_confirm(struct survey *survey) {
  struct net_counters before, after;
  struct counter_facts idle;
  bool is_wanted = false;
  for (size_t i = 0; i < survey->count; i++)
    is_wanted = is_wanted || is_silent(&survey->examinations[i]);
  if (!is_wanted) return;
  net_counters_read(&before);
  uv_sleep(IDLE_MS);
  net_counters_read(&after);
  tables_read_growth(&before, &after, &idle);
  for (size_t i = 0; i < survey->count; i++)
    if (is_silent(&survey->examinations[i])) forget_moved(&idle, &survey->examinations[i].facts.counters);
}
