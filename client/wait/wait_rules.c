/* See wait_rules.h. */
#include "client/wait/wait_rules.h"

#include <string.h>
#include <uv.h>

#include "common/options/exit_status.h"
#include "common/text/clock.h"

#define QUICK_FOR_NS (10 * CLOCK_NS_PER_SECOND)
/* Each pause between connections is twice the one before, within these limits. */
#define CONNECT_PAUSE_LEAST_NS (50 * CLOCK_NS_PER_MS)
#define CONNECT_PAUSE_MOST_NS  CLOCK_NS_PER_SECOND
/* Where no table shows a listener coming, the connection is the look. */
#define BLIND_PAUSE_MOST_NS (250 * CLOCK_NS_PER_MS)

uint64_t wait_look_pause_ns(uint64_t waited_ns) {
  if (waited_ns < CLOCK_NS_PER_SECOND) return 20 * CLOCK_NS_PER_MS;
  return waited_ns < QUICK_FOR_NS ? 50 * CLOCK_NS_PER_MS : 250 * CLOCK_NS_PER_MS;
}

bool wait_is_time_to_connect(const struct wait_prospect *prospect) {
  uint64_t most_ns = prospect->is_known ? CONNECT_PAUSE_MOST_NS : BLIND_PAUSE_MOST_NS;
  uint64_t pause_ns = CONNECT_PAUSE_LEAST_NS;
  if (prospect->attempts == 0) return true;
  if (prospect->is_known && prospect->is_here && !prospect->was_here) return true;
  if (prospect->is_known && !prospect->is_here) return prospect->since_ns >= most_ns;
  for (unsigned i = 1; i < prospect->attempts && pause_ns < most_ns; i++)
    pause_ns *= 2;
  return prospect->since_ns >= (pause_ns < most_ns ? pause_ns : most_ns);
}

unsigned wait_http_status(const char *bytes, size_t length) {
  static const char beginning[] = "HTTP/";
  unsigned status = 0;
  if (length < sizeof beginning - 1 || memcmp(bytes, beginning, sizeof beginning - 1) != 0) return 0;
  const char *blank = memchr(bytes, ' ', length);
  if (blank == NULL || (size_t)(bytes + length - blank) < 4) return 0;
  for (size_t i = 1; i <= 3; i++) {
    if (blank[i] < '0' || blank[i] > '9') return 0;
    status = status * 10 + (unsigned)(blank[i] - '0');
  }
  bool ends = blank + 4 == bytes + length || blank[4] < '0' || blank[4] > '9';
  return ends && status >= 100 ? status : 0;
}

bool wait_is_reached(enum wait_goal goal, unsigned http_status, const struct probe_facts *facts,
                     const struct server_half_facts *half) {
  if (facts->outcome != PROBE_CONNECTED || facts->is_self) return false;
  if (goal == WAIT_HTTP) return wait_http_status(facts->first_bytes, facts->first_bytes_length) == http_status;
  if (goal == WAIT_FREE || facts->answer == ANSWER_END || facts->answer == ANSWER_RESET) return false;
  if (facts->first_bytes_length > 0) return true;
  /* Of a server on the far side of a redirection no table here tells: it kept the connection. */
  return !half->is_found || half->is_accepted;
}

bool wait_is_dead_path(const struct probe_facts *facts) {
  return facts->outcome == PROBE_REFUSED || facts->outcome == PROBE_NO_FILE;
}

bool wait_is_bind_hopeless(int code) {
  return code != 0 && code != UV_EADDRINUSE && code != UV_ENOMEM && code != UV_EMFILE && code != UV_ENFILE &&
         code != UV_ENOBUFS;
}

int wait_exit_status(enum wait_goal goal, int verdict_status) {
  if (goal == WAIT_ANSWERS || verdict_status != EXIT_FINE) return verdict_status;
  return EXIT_ANSWER_IS_NO;
}
