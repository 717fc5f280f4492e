/* Whose the ports of a survey are, and what follows from that: what is asked, whom it serves, where it forwards to. */
#ifndef LOPING_CLIENT_CHECK_HOLDER_H
#define LOPING_CLIENT_CHECK_HOLDER_H

#include "client/check/survey.h"
#include "client/peer/question.h"

/* Which question the server of this port wants. `half` is its end of the connection. */
struct question_choice holder_choose(struct examination *examination, const struct server_half_facts *half);

/* Notes of every examination who has the port, and the facts that this tells. */
void holders_find(struct survey *survey);

#endif
