/* One socket's facts where nobody wrote that system's own file yet: nothing is known. */
#include <string.h>

#include "client/sockets/socket_facts.h"

void socket_facts_keep_errors(uv_os_fd_t descriptor, int family) {
  (void)descriptor;
  (void)family;
}

void socket_facts_take_error(uv_os_fd_t descriptor, struct socket_icmp *icmp) {
  (void)descriptor;
  memset(icmp, 0, sizeof *icmp);
}

void socket_facts_read_tcp(uv_os_fd_t descriptor, struct socket_tcp_facts *facts) {
  (void)descriptor;
  memset(facts, 0, sizeof *facts);
}
