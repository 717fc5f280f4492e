/* Questions to the kernel's routing over netlink. Internal to the seams of this folder. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_ROUTE_LINUX_H
#define LOPING_CLIENT_CHECK_FIREWALL_ROUTE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Called for each message that answers; `body` is what follows its header. */
typedef void route_visitor(void *owner, unsigned type, const uint8_t *body, size_t length);

/* Sends one request (a header and its body, `bytes` in all) and hands over what comes, to the end of a listing. Returns
 * 0 or a negative UV_ code, the kernel's own included. */
int route_ask(void *request, size_t bytes, bool is_listing, route_visitor *visit, void *owner);

#endif
