/* The words of the verdicts on a server that was reached: it answers, it is busy, it hangs up. */
#ifndef LOPING_CLIENT_CHECK_ADVICE_SERVER_H
#define LOPING_CLIENT_CHECK_ADVICE_SERVER_H

#include "client/check/advice_text.h"

typedef void advice_writer(const struct advice_context *context, struct advice *out);

advice_writer advice_write_open;
advice_writer advice_write_answers;
advice_writer advice_write_accepts;
advice_writer advice_write_queue_full;
advice_writer advice_write_paused;
advice_writer advice_write_not_reading;
advice_writer advice_write_hung_up;
advice_writer advice_write_not_echo;

#endif
