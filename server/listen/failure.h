/* The facts of this machine that explain why an endpoint cannot be had. */
#ifndef LOPING_SERVER_LISTEN_FAILURE_H
#define LOPING_SERVER_LISTEN_FAILURE_H

#include <stddef.h>
#include <stdint.h>

#include "server/listen/explain_bind.h"
#include "server/listen/plan.h"

#define FAILURE_HOLDER_SIZE 160

struct listeners;

/* Gathers the facts on the row that could not be opened, and announces them explained. */
void failure_announce(struct listeners *listeners, size_t failed_row, int code, enum unix_path_state state);

/* Who has the row's address on `port`, in a few words for a sentence: "pid 812 (nc)". Returns `out`. */
const char *failure_name_holder(const struct plan_row *row, uint16_t port, char out[FAILURE_HOLDER_SIZE]);

#endif
