/* Sentences on what a reader of a result should know of how it came about. Pure. */
#ifndef LOPING_CLIENT_RESULT_NOTES_H
#define LOPING_CLIENT_RESULT_NOTES_H

#include "client/result/environment.h"
#include "client/result/result.h"

/* Appends to the run's notes those that matter for it; each names its figures. */
void notes_add(struct result_run *run, const struct environment *environment);

#endif
