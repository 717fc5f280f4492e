/*
 * From ports to facts and verdicts: the order in which probes are made and tables are read, for one port or several at
 * once.
 */
#ifndef LOPING_CLIENT_CHECK_EXAMINE_H
#define LOPING_CLIENT_CHECK_EXAMINE_H

#include "client/check/survey.h"

/* Examines every port of the survey, those that take long at the same time. Returns 0 or a negative UV_ code (no loop,
 * no memory); what could be found out is in the examinations in any case. survey_clear() frees it. */
int survey_run(struct survey *survey);

/* The same where each port was tried already by somebody else, who has set facts.probe: nothing is sent, the tables are
 * read. */
void survey_judge(struct survey *survey);

#endif
