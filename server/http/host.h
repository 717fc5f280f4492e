/*
 * Who may be answered, by what the browser says of whom it asks and for whom. Pure.
 *
 * A page of another site can make a browser connect here, by a name of its own that it has pointed at 127.0.0.1 (DNS
 * rebinding) or without one. Its browser then says so in Host, Origin and Sec-Fetch-Site, which no script can change.
 */
#ifndef LOPING_SERVER_HTTP_HOST_H
#define LOPING_SERVER_HTTP_HOST_H

#include "server/http/head.h"

/* Is this value of Host the loopback interface itself: 127.0.0.0/8, [::1], localhost or a name below it (RFC 6761 6.3),
 * with or without a port? */
bool http_host_is_loopback(const struct http_text *host);

/* Is this value of Origin that of a page from this very Host? */
bool http_origin_is_own(const struct http_text *origin, const struct http_text *host);

#endif
