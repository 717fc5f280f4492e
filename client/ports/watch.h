/* `loping ports --watch`: looks again and again, and shows what came and what went. */
#ifndef LOPING_CLIENT_PORTS_WATCH_H
#define LOPING_CLIENT_PORTS_WATCH_H

#include "client/ports/ports_settings.h"
#include "client/reports/style.h"

/* Runs until Ctrl-C or SIGTERM. Returns 0 or a negative UV_ code. */
int ports_watch(const struct ports_settings *settings, const struct style *style);

#endif
