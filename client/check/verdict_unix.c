/*
 * See verdict_unix.h. No packet is sent to a unix socket, so its file, its permissions and its queue are all that can
 * be in the way: connect(2), unix(7), path_resolution(7).
 */
#include "client/check/verdict_unix.h"

typedef bool facts_test(const struct port_facts *facts);

static bool is_forbidden(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_FORBIDDEN || facts->probe.outcome == PROBE_NOT_PERMITTED;
}

/* The modes say no themselves. */
static bool is_shut(const struct port_facts *facts) {
  enum unix_file_state file = facts->at_path.file;
  return is_forbidden(facts) && (file == UNIX_FILE_SHUT || file == UNIX_FILE_SHUT_FOLDER);
}

/* Every mode lets this user in, and yet it was refused. */
static bool is_confined(const struct port_facts *facts) {
  enum unix_file_state file = facts->at_path.file;
  return is_forbidden(facts) && (file == UNIX_FILE_SOCKET || file == UNIX_FILE_ABSTRACT);
}

static bool is_nobody(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_NO_FILE || facts->probe.outcome == PROBE_REFUSED;
}

static bool is_other_kind(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_OTHER_KIND;
}

static bool is_other_kind_and_paused(const struct port_facts *facts) {
  return is_other_kind(facts) && facts->listener.is_stopped;
}

static bool is_full(const struct port_facts *facts) {
  return facts->probe.outcome == PROBE_QUEUE_FULL;
}

static bool is_full_and_paused(const struct port_facts *facts) {
  return is_full(facts) && facts->listener.is_stopped;
}

static bool is_unexplained(const struct port_facts *facts) {
  return facts->probe.outcome != PROBE_CONNECTED;
}

static const struct {
  facts_test *fits;
  enum verdict verdict;
} rows[] = {
    {is_shut, VERDICT_REJECTED},      {is_confined, VERDICT_CONFINED},
    {is_nobody, VERDICT_CLOSED},      {is_other_kind_and_paused, VERDICT_PAUSED},
    {is_other_kind, VERDICT_ACCEPTS}, {is_full_and_paused, VERDICT_PAUSED},
    {is_full, VERDICT_QUEUE_FULL},    {is_unexplained, VERDICT_UNKNOWN},
};

bool verdict_unix_decide(const struct port_facts *facts, enum verdict *verdict) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].fits(facts)) {
      *verdict = rows[i].verdict;
      return true;
    }
  return false;
}
