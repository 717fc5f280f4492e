/* What a verdict's words say of the firewall: its evidence, its sentence, what to do. It must not decide anything. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_ADVICE_H
#define LOPING_CLIENT_CHECK_FIREWALL_ADVICE_H

#include "client/check/advice_text.h"

/* Adds what was found of the firewall, one sentence each. */
void firewall_advice_note(const struct advice_context *context, struct advice *out);

/* Was a rule found that took a packet? */
bool firewall_advice_has_rule(const struct advice_context *context);

/* Was one found that is for this very port? */
bool firewall_advice_names_port(const struct advice_context *context);

/* Says the sentence of a cause that only the look into the firewall told (a queue, a full table, a program on
 * loopback). False, and nothing is said, where there is none. */
bool firewall_advice_say(const struct advice_context *context, struct advice *out);

/* The sentence and the steps of the verdicts that are this module's alone. */
void firewall_advice_write_redirected(const struct advice_context *context, struct advice *out);
void firewall_advice_write_confined(const struct advice_context *context, struct advice *out);

/* Adds the steps against what is in the way. */
void firewall_advice_suggest(const struct advice_context *context, struct advice *out);

#endif
