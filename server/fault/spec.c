/* Reading --fault; the grammar is drawn in spec.h. */
#include "server/fault/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define PART_SIZE 64
/* Whoever waits longer has given up. */
#define HOLD_MOST_NS (3600 * CLOCK_NS_PER_SECOND)

#define GRAMMAR                                                                                            \
  "delay=2ms, delay=1ms-5ms, delay=exp:2ms, delay=normal:2ms/500us, each also on a share of the messages " \
  "(delay=2ms@10%%); stall=200ms/10s; drop=1%%, duplicate=1%%, reorder=1%%, corrupt=1%%, truncate=1%%; "   \
  "reset=100 (messages) or reset=1MiB; stop-reading=1MiB; slow-accept=100ms; silent; refuse; close; "      \
  "greet=TEXT; drop=? (a share that nobody is told). Several: "                                            \
  "with commas, or by repeating --fault"

/* Why a value is none, as the end of a sentence; NULL: it was read. */
typedef const char *read_value(struct fault_spec *spec, enum wire_fault fault, char *value);

static const char *read_share_text(const char *text, double *share) {
  char *end;
  size_t length = strlen(text);
  if (length < 2 || text[length - 1] != '%') return "needs a share of the messages, such as 1% or 0.1%";
  if (strspn(text, "0123456789.") != length - 1) return "has a share that is no number; 1% or 0.1% are such";
  double percent = strtod(text, &end);
  if (end != text + length - 1) return "has a share that is no number; 1% or 0.1% are such";
  if (!(percent > 0 && percent <= 100)) return "has a share that is not above 0% and at most 100%";
  *share = percent / 100;
  return NULL;
}

static const char *read_share(struct fault_spec *spec, enum wire_fault fault, char *value) {
  return read_share_text(value, &spec->share[fault]);
}

static const char *read_drop(struct fault_spec *spec, enum wire_fault fault, char *value) {
  spec->hides_drop = strcmp(value, "?") == 0;
  return spec->hides_drop ? NULL : read_share(spec, fault, value);
}

static const char *read_greeting(struct fault_spec *spec, enum wire_fault fault, char *value) {
  (void)fault;
  if (value[0] == '\0') return "needs the line that is said first, such as greet=SSH-2.0-test";
  for (const char *at = value; *at != '\0'; at++)
    if (*at <= ' ' || *at > '~' || *at == '=') return "has a line with more than letters, digits and signs of ASCII";
  snprintf(spec->greeting, sizeof spec->greeting, "%s", value);
  return NULL;
}

static const char *read_duration(const char *text, uint64_t *ns) {
  if (units_parse_duration(text, ns) != UNITS_OK) return "needs a duration with its unit, such as 2ms";
  if (*ns == 0 || *ns > HOLD_MOST_NS) return "has a duration that is not above 0 and at most 1h";
  return NULL;
}

/* Cuts `text` at the first `mark`; returns what follows it, or NULL where there is none. */
static char *cut_at(char *text, char mark) {
  char *at = strchr(text, mark);
  if (at == NULL) return NULL;
  *at = '\0';
  return at + 1;
}

static const char *read_spread(struct fault_spec *spec, char *value) {
  const char *problem;
  char *other;
  if (strncmp(value, "exp:", 4) == 0) {
    spec->spread = FAULT_EXPONENTIAL;
    return read_duration(value + 4, &spec->delay_ns);
  }
  if (strncmp(value, "normal:", 7) == 0) {
    spec->spread = FAULT_NORMAL;
    other = cut_at(value, '/');
    if (other == NULL) return "needs a mean and a standard deviation, such as normal:2ms/500us";
    problem = read_duration(value + 7, &spec->delay_ns);
    return problem != NULL ? problem : read_duration(other, &spec->delay_other_ns);
  }
  other = cut_at(value, '-');
  spec->spread = other == NULL ? FAULT_FIXED : FAULT_UNIFORM;
  problem = read_duration(value, &spec->delay_ns);
  if (problem != NULL || other == NULL) return problem;
  problem = read_duration(other, &spec->delay_other_ns);
  if (problem != NULL) return problem;
  return spec->delay_other_ns > spec->delay_ns ? NULL : "has a range that does not go up, as 1ms-5ms does";
}

static const char *read_delay(struct fault_spec *spec, enum wire_fault fault, char *value) {
  char *share = cut_at(value, '@');
  spec->share[fault] = 1;
  const char *problem = share == NULL ? NULL : read_share_text(share, &spec->share[fault]);
  return problem != NULL ? problem : read_spread(spec, value);
}

static const char *read_stall(struct fault_spec *spec, enum wire_fault fault, char *value) {
  char *every = cut_at(value, '/');
  (void)fault;
  if (every == NULL) return "needs a length and how often, such as 200ms/10s";
  const char *problem = read_duration(value, &spec->stall_ns);
  if (problem == NULL) problem = read_duration(every, &spec->stall_every_ns);
  if (problem != NULL) return problem;
  return spec->stall_ns < spec->stall_every_ns ? NULL : "lasts as long as the time from one to the next, or longer";
}

static const char *read_reset(struct fault_spec *spec, enum wire_fault fault, char *value) {
  bool is_count = strspn(value, "0123456789,_") == strlen(value);
  (void)fault;
  uint64_t *number = is_count ? &spec->reset_messages : &spec->reset_bytes;
  enum units_status status = is_count ? units_parse_count(value, number) : units_parse_size(value, number);
  return status == UNITS_OK && *number > 0 ? NULL
                                           : "needs a number of messages, such as 100, or of bytes, such as 1MiB";
}

static const char *read_stop_reading(struct fault_spec *spec, enum wire_fault fault, char *value) {
  (void)fault;
  if (value[0] == '\0') return NULL;
  bool is_size = units_parse_size(value, &spec->stop_reading_bytes) == UNITS_OK;
  return is_size ? NULL : "needs a number of bytes, such as 1MiB";
}

static const char *read_slow_accept(struct fault_spec *spec, enum wire_fault fault, char *value) {
  (void)fault;
  return read_duration(value, &spec->slow_accept_ns);
}

static const char *read_nothing(struct fault_spec *spec, enum wire_fault fault, char *value) {
  (void)spec;
  (void)fault;
  return value[0] == '\0' ? NULL : "stands alone, without a value";
}

#define FAULT_OF_STREAMS (FAULT_OF_TCP | FAULT_OF_UNIX)
#define FAULT_OF_ALL     (FAULT_OF_STREAMS | FAULT_OF_UDP)

static const struct {
  read_value *read;
  unsigned reach;
} rows[WIRE_FAULT_COUNT] = {
    [WIRE_FAULT_DELAY] = {read_delay, FAULT_OF_ALL},
    [WIRE_FAULT_STALL] = {read_stall, FAULT_OF_ALL},
    [WIRE_FAULT_DROP] = {read_drop, FAULT_OF_ALL},
    [WIRE_FAULT_DUPLICATE] = {read_share, FAULT_OF_ALL},
    [WIRE_FAULT_REORDER] = {read_share, FAULT_OF_UDP},
    [WIRE_FAULT_CORRUPT] = {read_share, FAULT_OF_ALL},
    [WIRE_FAULT_TRUNCATE] = {read_share, FAULT_OF_ALL},
    [WIRE_FAULT_RESET] = {read_reset, FAULT_OF_STREAMS},
    [WIRE_FAULT_STOP_READING] = {read_stop_reading, FAULT_OF_STREAMS},
    [WIRE_FAULT_SLOW_ACCEPT] = {read_slow_accept, FAULT_OF_STREAMS},
    [WIRE_FAULT_SILENT] = {read_nothing, FAULT_OF_ALL},
    [WIRE_FAULT_REFUSE] = {read_nothing, FAULT_OF_STREAMS},
    [WIRE_FAULT_CLOSE] = {read_nothing, FAULT_OF_STREAMS},
    [WIRE_FAULT_GREET] = {read_greeting, FAULT_OF_STREAMS},
};

static bool refuse(const char *text, const char *why, char problem[FAULT_PROBLEM_SIZE]) {
  char shown[PART_SIZE * 2];
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  snprintf(problem, FAULT_PROBLEM_SIZE, "'%s' %s. One of: " GRAMMAR, shown, why);
  return false;
}

static bool find(const char *name, enum wire_fault *fault) {
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    if (strcmp(wire_fault_name((enum wire_fault)i), name) != 0) continue;
    *fault = (enum wire_fault)i;
    return true;
  }
  return false;
}

/* One fault, without a comma. */
static bool add_part(struct fault_spec *spec, const char *part, size_t length, char problem[FAULT_PROBLEM_SIZE]) {
  char whole[PART_SIZE], name[PART_SIZE], empty[1] = "";
  enum wire_fault fault;
  size_t kept = length < sizeof whole ? length : sizeof whole - 1;
  memcpy(whole, part, kept);
  whole[kept] = '\0';
  if (kept < length) return refuse(whole, "is longer than any fault", problem);
  memcpy(name, whole, sizeof name);
  char *value = cut_at(name, '=');
  if (!find(name, &fault)) return refuse(whole, "is no fault that lopong knows", problem);
  if (spec->has[fault]) return refuse(whole, "is asked for twice", problem);
  const char *why = rows[fault].read(spec, fault, value != NULL ? value : empty);
  if (why != NULL) return refuse(whole, why, problem);
  spec->has[fault] = true;
  return true;
}

bool fault_spec_add(struct fault_spec *spec, const char *text, char problem[FAULT_PROBLEM_SIZE]) {
  size_t used = strlen(spec->text), length = strlen(text);
  if (used + 1 + length >= sizeof spec->text) return refuse(text, "is more than lopong keeps of --fault", problem);
  for (const char *part = text;; part++) {
    size_t part_length = strcspn(part, ",");
    if (!add_part(spec, part, part_length, problem)) return false;
    part += part_length;
    if (*part == '\0') break;
  }
  snprintf(spec->text + used, sizeof spec->text - used, "%s%s", used > 0 ? "," : "", text);
  return true;
}

void fault_spec_settle(struct fault_spec *spec, uint64_t seed) {
  if (spec->hides_drop) spec->share[WIRE_FAULT_DROP] = wire_fault_hidden_share(seed);
}

bool fault_spec_is_on(const struct fault_spec *spec) {
  return spec->text[0] != '\0';
}

unsigned fault_spec_reach(enum wire_fault fault) {
  return rows[fault].reach;
}

static const char *reach_words(unsigned reach) {
  static const char *const words[FAULT_OF_ALL + 1] = {
      [FAULT_OF_TCP] = "TCP",
      [FAULT_OF_UDP] = "UDP",
      [FAULT_OF_UNIX] = "unix sockets",
      [FAULT_OF_TCP | FAULT_OF_UDP] = "TCP and UDP",
      [FAULT_OF_STREAMS] = "TCP and unix sockets",
      [FAULT_OF_UDP | FAULT_OF_UNIX] = "UDP and unix sockets",
      [FAULT_OF_ALL] = "TCP, UDP and unix sockets",
  };
  return words[reach & FAULT_OF_ALL];
}

bool fault_spec_suits(const struct fault_spec *spec, unsigned served, char problem[FAULT_PROBLEM_SIZE]) {
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    if (!spec->has[i] || (rows[i].reach & served) != 0) continue;
    snprintf(problem, FAULT_PROBLEM_SIZE,
             "'%s' is a fault of %s, and only %s served; serve that too, or leave the fault out",
             wire_fault_name((enum wire_fault)i), reach_words(rows[i].reach),
             served == FAULT_OF_UDP   ? "UDP is"
             : served == FAULT_OF_TCP ? "TCP is"
                                      : "streams are");
    return false;
  }
  return true;
}

const char *fault_spec_tell_reach(const struct fault_spec *spec, unsigned served, char out[FAULT_PROBLEM_SIZE]) {
  size_t used = 0;
  out[0] = '\0';
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    unsigned both = rows[i].reach & served;
    if (!spec->has[i] || both == served) continue;
    int more = snprintf(out + used, FAULT_PROBLEM_SIZE - used, "%s%s only over %s", used > 0 ? "; " : "",
                        wire_fault_name((enum wire_fault)i), reach_words(both));
    used += (size_t)more;
    if (used >= FAULT_PROBLEM_SIZE) break;
  }
  return out;
}
