/*
 * What --fault asks for: the grammar, and each fault's row. Pure: text in, plain data out.
 *
 *   SPEC     one fault, or several with commas
 *   fault    delay=TIME[@SHARE]   TIME: 2ms, 1ms-5ms, exp:2ms, normal:2ms/500us
 *            stall=DURATION/EVERY   drop=SHARE   duplicate=SHARE   reorder=SHARE   corrupt=SHARE   truncate=SHARE
 *            reset=COUNT or SIZE   stop-reading[=SIZE]   slow-accept=DURATION   silent   refuse   close   greet=TEXT
 *   SHARE    1%, 0.1%; of drop also ?, a share that nobody is told
 */
#ifndef LOPING_SERVER_FAULT_SPEC_H
#define LOPING_SERVER_FAULT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire/fault_report.h"

/* Whom a fault can befall. */
enum fault_reach { FAULT_OF_TCP = 1 << 0, FAULT_OF_UDP = 1 << 1, FAULT_OF_UNIX = 1 << 2 };

enum fault_spread { FAULT_FIXED, FAULT_UNIFORM, FAULT_EXPONENTIAL, FAULT_NORMAL };

#define FAULT_GREETING_SIZE 64

/* Begins as zeros: no fault. */
struct fault_spec {
  bool has[WIRE_FAULT_COUNT];
  double share[WIRE_FAULT_COUNT]; /* of the messages, from 0 to 1 */
  enum fault_spread spread;       /* of the delay */
  uint64_t delay_ns;              /* fixed, the least, or the mean */
  uint64_t delay_other_ns;        /* uniform: the most; normal: the standard deviation */
  uint64_t stall_ns, stall_every_ns;
  uint64_t reset_messages, reset_bytes; /* one of them; the other is 0 */
  uint64_t stop_reading_bytes;
  uint64_t slow_accept_ns;
  bool hides_drop;
  char greeting[FAULT_GREETING_SIZE]; /* the line that it says first, without its end */
  char text[WIRE_FAULT_SPEC_SIZE];    /* all of it, as it was typed */
};

#define FAULT_PROBLEM_SIZE 768

/* Adds what `text` asks for. False with the reason and the grammar in `problem`, which begins with the text. */
bool fault_spec_add(struct fault_spec *spec, const char *text, char problem[FAULT_PROBLEM_SIZE]);

/* All is added: what is hidden follows from the seed. */
void fault_spec_settle(struct fault_spec *spec, uint64_t seed);

bool fault_spec_is_on(const struct fault_spec *spec);

/* enum fault_reach of that fault. */
unsigned fault_spec_reach(enum wire_fault fault);

/* Can each fault befall one of `served` (enum fault_reach)? False with the sentence in `problem`. */
bool fault_spec_suits(const struct fault_spec *spec, unsigned served, char problem[FAULT_PROBLEM_SIZE]);

/* Which faults befall not all of `served`, as "reorder over UDP alone; reset over TCP and unix sockets"; empty where
 * all do. Returns `out`, FAULT_PROBLEM_SIZE bytes. */
const char *fault_spec_tell_reach(const struct fault_spec *spec, unsigned served, char out[FAULT_PROBLEM_SIZE]);

#endif
