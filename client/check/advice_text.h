/* A verdict's words on their way: one sentence, its evidence, what to do. Knows no verdict. */
#ifndef LOPING_CLIENT_CHECK_ADVICE_TEXT_H
#define LOPING_CLIENT_CHECK_ADVICE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/check/firewall/firewall_tool.h"
#include "client/check/survey.h"
#include "client/sockets/port_list.h"
#include "common/explain/two_servers.h"
#include "common/machine/machine.h"

#define ADVICE_EVIDENCE_MAX  16
#define ADVICE_EVIDENCE_SIZE 1024
#define ADVICE_STEPS_MAX     8
#define ADVICE_STEP_SIZE     1800

#define ADVICE_TARGET_SIZE 640

struct advice {
  char sentence[512];
  size_t evidence_count;
  char evidence[ADVICE_EVIDENCE_MAX][ADVICE_EVIDENCE_SIZE];
  bool is_chief[ADVICE_EVIDENCE_MAX]; /* belongs to the shortest account: the very rule, the holder */
  size_t step_count;
  char steps[ADVICE_STEPS_MAX][ADVICE_STEP_SIZE];
};

/* What the words need beyond the facts of the port. */
struct advice_context {
  const struct examination *examination;
  const struct port_list *sockets;
  const char *show_firewall;
  struct machine_ports ports;
  uint64_t timeout_ns;
  int64_t own_user_id;
  bool has_two_servers; /* on the port, one on each address of localhost */
  struct two_servers two_servers;
  enum localhost_order localhost;
  bool shows_rules;        /* this process may see the firewall's rules */
  char interface_name[64]; /* that has the target's address, where it is not loopback; escaped; "": none */
};

/* Gathers what the words need. What it points to must outlive it. */
void advice_context_make(const struct survey *survey, const struct examination *examination,
                         struct advice_context *context);

/* Each adds one line. What does not fit is cut. */
__attribute__((format(__printf__, 2, 3))) void advice_say(struct advice *out, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void advice_note(struct advice *out, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void advice_step(struct advice *out, const char *format, ...);

/* Makes the evidence from the `first` line on chief. */
void advice_mark_chief(struct advice *out, size_t first);

/* The first socket that would answer, or NULL. */
const struct port_socket *advice_holder(const struct advice_context *context);

uint16_t advice_port(const struct advice_context *context);
bool advice_is_udp(const struct advice_context *context);

/* The processes' ids that may be put after `kill`, each with a space in front; "" where none is known. Returns `out`.
 */
const char *advice_pids(const struct advice_context *context, bool only_stopped, char *out, size_t out_bytes);

/* Adds the steps that stop the holder for good, as alternatives: "or stop the holder: kill 4711". */
void advice_suggest_stop(const struct advice_context *context, struct advice *out);

/* The system's own command that shows the holder; and adds it as a step, unless the evidence says it already. */
const char *advice_look_words(const struct port_facts *facts);
void advice_suggest_look(const struct advice_context *context, struct advice *out);

/* "127.0.0.1:7777 (tcp)" or "unix:/run/x", escaped; "7777" or "unix:/run/x" as a word for loping on a command line.
 * Write into `out` and return it. */
const char *advice_target(const struct advice_context *context, char out[ADVICE_TARGET_SIZE]);
const char *advice_word(const struct advice_context *context, char out[ADVICE_TARGET_SIZE]);

#endif
