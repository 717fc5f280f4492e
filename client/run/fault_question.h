/* Asks a server what it does wrong on purpose (common/wire/fault_report.h), on a connection of its own. */
#ifndef LOPING_CLIENT_RUN_FAULT_QUESTION_H
#define LOPING_CLIENT_RUN_FAULT_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"
#include "common/wire/fault_report.h"
#include "common/wire/wire.h"

/* The question, WIRE_HELLO_BYTES long; over UDP it is a datagram. */
void fault_question_write(uint8_t out[WIRE_HELLO_BYTES]);

/* Reads the whole answer. False: these bytes are none, or not the whole of it. */
bool fault_question_read(const uint8_t *bytes, size_t length, struct wire_fault_report *report);

/* Asks, and waits for the answer for so long at most, in a loop of its own. False: there was none, so that the server
 * fails by nobody's will, or cannot say. */
bool fault_question_ask(const struct endpoint *endpoint, uint64_t limit_ns, struct wire_fault_report *report);

#endif
