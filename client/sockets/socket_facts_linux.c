/* One socket's facts on Linux: the error queue of ip(7), tcp(7)'s TCP_INFO. Must not know why anybody asks. */
#include "client/sockets/socket_facts.h"

#include <linux/errqueue.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define QUEUE_READS_MAX 64

void socket_facts_keep_errors(uv_os_fd_t descriptor, int family) {
  int on = 1;
  /* Where it is refused, the errors are only poorer. */
  if (family == AF_INET6)
    (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  else
    (void)setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
}

static void note_error(const struct cmsghdr *note, struct socket_icmp *icmp) {
  struct sock_extended_err told;
  bool is_error_note = (note->cmsg_level == IPPROTO_IP && note->cmsg_type == IP_RECVERR) ||
                       (note->cmsg_level == IPPROTO_IPV6 && note->cmsg_type == IPV6_RECVERR);
  if (!is_error_note || note->cmsg_len < CMSG_LEN(sizeof told)) return;
  memcpy(&told, CMSG_DATA(note), sizeof told);
  if (told.ee_origin != SO_EE_ORIGIN_ICMP && told.ee_origin != SO_EE_ORIGIN_ICMP6) return;
  icmp->came = true;
  icmp->type = told.ee_type;
  icmp->code = told.ee_code;
  icmp->error = -(int)told.ee_errno;
}

void socket_facts_take_error(uv_os_fd_t descriptor, struct socket_icmp *icmp) {
  memset(icmp, 0, sizeof *icmp);
  for (int i = 0; i < QUEUE_READS_MAX; i++) {
    char payload[64];
    union {
      struct cmsghdr alignment;
      char bytes[512];
    } notes;
    struct iovec buffer = {.iov_base = payload, .iov_len = sizeof payload};
    struct msghdr message = {
        .msg_iov = &buffer, .msg_iovlen = 1, .msg_control = &notes, .msg_controllen = sizeof notes};
    if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    for (struct cmsghdr *note = CMSG_FIRSTHDR(&message); note != NULL; note = CMSG_NXTHDR(&message, note))
      note_error(note, icmp);
  }
}

/* The C libraries' structs end before what newer kernels tell; theirs only ever grows (linux/tcp.h). */
static void read_segments(uv_os_fd_t descriptor, struct socket_tcp_facts *facts) {
  enum { SEGMENTS_OUT_AT = 136, SEGMENTS_IN_AT = 140 };
  unsigned char told[SEGMENTS_IN_AT + sizeof(uint32_t)];
  socklen_t length = sizeof told;
  facts->counts_segments =
      getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, told, &length) == 0 && length == (socklen_t)sizeof told;
  if (!facts->counts_segments) return;
  memcpy(&facts->segments_out, told + SEGMENTS_OUT_AT, sizeof facts->segments_out);
  memcpy(&facts->segments_in, told + SEGMENTS_IN_AT, sizeof facts->segments_in);
}

void socket_facts_read_tcp(uv_os_fd_t descriptor, struct socket_tcp_facts *facts) {
  struct tcp_info told;
  socklen_t length = sizeof told;
  int unacknowledged = 0;
  memset(facts, 0, sizeof *facts);
  memset(&told, 0, sizeof told);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &told, &length) != 0) return;
  facts->known = true;
  facts->is_established = told.tcpi_state != TCP_SYN_SENT && told.tcpi_state != TCP_CLOSE;
  facts->repeats = told.tcpi_total_retrans;
  if (facts->is_established && ioctl(descriptor, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged > 0)
    facts->unacknowledged = (uint32_t)unacknowledged;
  read_segments(descriptor, facts);
}
