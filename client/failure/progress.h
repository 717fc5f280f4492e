/* How far a run had come when it failed, in words. Pure. */
#ifndef LOPING_CLIENT_FAILURE_PROGRESS_H
#define LOPING_CLIENT_FAILURE_PROGRESS_H

#include <stdbool.h>

#include "client/run/run_failure.h"

#define PROGRESS_BYTES 160

/* Had anything of the workload come back (of direction up: left)? */
bool progress_has_begun(const struct run_account *account);

/* "210 MiB (1.5 s)", "1,234 round trips (2 s)", "1,000 round trips of the warm-up (0.1 s)". */
const char *progress_text(const struct run_account *account, char out[PROGRESS_BYTES]);

/* "on 1 of 10 connections, after 12 MiB there, "; empty where it befell all, or none in particular. */
const char *progress_where(const struct run_account *account, char out[PROGRESS_BYTES]);

/* What had been measured, the warm-up left out: "1,234 round trips", "200 MiB", "nothing, it was still warming up". */
const char *progress_measured(const struct run_account *account, char out[PROGRESS_BYTES]);

#endif
