/* The words and exit statuses of the verdicts. Pure. */
#include "client/check/verdict.h"

static const struct {
  const char *name;
  int exit_status;
} verdicts[VERDICTS] = {
    [VERDICT_OPEN] = {"open", 0},
    [VERDICT_ANSWERS] = {"answers", 0},
    [VERDICT_ACCEPTS] = {"accepts", 0},
    [VERDICT_CLOSED] = {"closed", 1},
    [VERDICT_WRONG_ADDRESS] = {"wrong-address", 1},
    [VERDICT_BLOCKED] = {"blocked", 4},
    [VERDICT_BLOCKED_OUT] = {"blocked-out", 4},
    [VERDICT_REJECTED] = {"rejected", 4},
    [VERDICT_REPLIES_BLOCKED] = {"replies-blocked", 4},
    [VERDICT_DATA_BLOCKED] = {"data-blocked", 4},
    [VERDICT_QUEUE_FULL] = {"queue-full", 1},
    [VERDICT_PAUSED] = {"paused", 1},
    [VERDICT_NOT_READING] = {"not-reading", 1},
    [VERDICT_HUNG_UP] = {"hung-up", 1},
    [VERDICT_NOT_ECHO] = {"not-echo", 0},
    [VERDICT_REDIRECTED] = {"redirected", 1},
    [VERDICT_SELF_CONNECT] = {"self-connect", 1},
    [VERDICT_NO_CLIENT_PORTS] = {"no-client-ports", 1},
    [VERDICT_LOOPBACK_DOWN] = {"loopback-down", 1},
    [VERDICT_ROUTE_FORBIDDEN] = {"route-forbidden", 1},
    [VERDICT_CONFINED] = {"confined", 3},
    [VERDICT_INTERMITTENT] = {"intermittent", 4},
    [VERDICT_UNKNOWN] = {"unknown", 3},
};

const char *verdict_name(enum verdict verdict) {
  return verdicts[verdict].name;
}

int verdict_exit_status(enum verdict verdict, const struct port_facts *facts) {
  if (verdict == VERDICT_REDIRECTED && verdict_is_answered(facts)) return 0;
  return verdicts[verdict].exit_status;
}
