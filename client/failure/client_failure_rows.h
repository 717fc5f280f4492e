/* The rows of client failures: explain_client.c has the table, its siblings the sentences. Internal. Pure. */
#ifndef LOPING_CLIENT_FAILURE_CLIENT_FAILURE_ROWS_H
#define LOPING_CLIENT_FAILURE_CLIENT_FAILURE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/run/run_failure.h"
#include "common/explain/explain_text.h"
#include "common/text/units.h"

/* Says why a run failed. The facts decide, in the order of the table in client_failure.c. */
void explain_client_failure(const struct client_failure *failure, struct explanation *out);

/* Makes the sentences of one kind of failure. `holders` may be empty where the row does not need any. */
typedef void client_writer(const struct client_failure *failure, const struct explain_holders *holders,
                           struct explanation *out);

/* Nothing came of the connection (explain_client_connect.c). */
client_writer client_write_self_connect;
client_writer client_write_full_queue;
client_writer client_write_firewall_refuses;
client_writer client_write_elsewhere;
client_writer client_write_only_bound;
client_writer client_write_nobody;
client_writer client_write_timeout_nobody;
client_writer client_write_timeout_server;
client_writer client_write_loopback_down;
client_writer client_write_ipv6_off;
client_writer client_write_no_client_port;
client_writer client_write_descriptors;
client_writer client_write_unknown_host;
client_writer client_write_no_unix_socket;
client_writer client_write_stale_unix_socket;
client_writer client_write_forbidden_unix_socket;
client_writer client_write_forbidden;
client_writer client_write_unreachable;

/* The connection stood, and the answer is missing, wrong or cut off (explain_client_answer.c). */
client_writer client_write_not_echo;
client_writer client_write_plain_echo;
client_writer client_write_no_kernel_times;
client_writer client_write_hung_up;
client_writer client_write_stopped;
client_writer client_write_silent_queue;
client_writer client_write_silent;
client_writer client_write_timeout_measured;
client_writer client_write_other;

/* What both say (explain_client_steps.c). */
bool client_is_udp(const struct client_failure *failure);
bool client_is_unix(const struct client_failure *failure);
uint16_t client_target_port(const struct client_failure *failure);

/* Do this machine's sockets tell anything on the target? Not where they are unknown or the target is elsewhere. */
bool client_has_sockets(const struct client_failure *failure);

/* "127.0.0.1:62893 (tcp)", in `out`; "3.00 s" or "the time allowed". */
const char *client_target_name(const struct client_failure *failure, char out[EXPLAIN_NAME_SIZE * 4]);
const char *client_waited(const struct client_failure *failure, char out[UNITS_TEXT_SIZE]);

/* "1 round trip" or "1,234 round trips". */
const char *client_round_trips(const struct client_failure *failure, char out[EXPLAIN_NAME_SIZE]);

/* Adds to the cause where the first holder listens, and who it is. */
void client_describe_server(const struct client_failure *failure, const struct explain_holders *holders,
                            struct explanation *out);

/* Each adds one step: the command that starts a server for this very target; the one that shows the holder; the one
 * that shows the firewall's rules. */
void client_suggest_server(const struct client_failure *failure, struct explanation *out);
void client_suggest_look(const struct client_failure *failure, const struct explain_holders *holders,
                         struct explanation *out);
void client_suggest_firewall(const struct client_failure *failure, struct explanation *out);

#endif
