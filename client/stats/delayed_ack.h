/* The mark that Nagle's algorithm and delayed acknowledgements leave in round trips when they meet. Pure. */
#ifndef LOPING_CLIENT_STATS_DELAYED_ACK_H
#define LOPING_CLIENT_STATS_DELAYED_ACK_H

#include <stdbool.h>

#include "client/stats/histogram.h"
#include "client/stats/modes.h"

/* Are there round trips that waited for a delayed acknowledgement? Linux puts one off for 40 ms (TCP_DELACK_MIN, and up
 * to a clock tick more); Nagle's algorithm (RFC 9293 3.7.4) holds a small segment back until the one before it is
 * acknowledged. True when at least 3 values and 0.5 % of all lie from 39 to 56 ms, four times as many as in the 17 ms
 * before and twice as many as in the 17 ms after; `found` is then their number and median. */
bool delayed_ack_find(const struct histogram *histogram, struct mode *found);

#endif
