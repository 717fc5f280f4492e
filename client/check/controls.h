/* What is tried around a port once its own probe is under way: controls, a server of our own there, a second look.
 */
#ifndef LOPING_CLIENT_CHECK_CONTROLS_H
#define LOPING_CLIENT_CHECK_CONTROLS_H

#include "client/check/survey.h"

#define CONTROLS_MAX 4

/* Something whose state is known, for one transport and address. */
struct control {
  struct survey *survey;
  struct endpoint like; /* its port is 0 */
  bool has_closed_port;
  uv_os_sock_t closed_port; /* bound, and does not listen: refused where nothing is in the way */
  struct own_server *listener;
  struct probe_facts closed_facts;
  struct probe_facts listener_facts;
};

struct controls {
  size_t count;
  struct control each[CONTROLS_MAX];
};

/* Starts the control probes for every transport and address of the survey. Wait for them with survey_wait(). */
void controls_start(struct survey *survey, struct controls *controls);

/* Notes what came of them in the facts, and closes what they needed. Returns how many TCP probes went unanswered. */
size_t controls_end(struct survey *survey, struct controls *controls);

/* Where nobody has a port, if it is looked at closely: listens there for a moment and probes that. Where a server hung
 * up on a question: connects once more and is silent. Waits for all of it. */
void around_run(struct survey *survey, bool is_close);

#endif
