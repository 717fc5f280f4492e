/*
 * Asks Linux for its TCP and UDP sockets: NETLINK_SOCK_DIAG, with the filters run by the kernel, so that a machine with
 * a hundred thousand sockets answers as fast as an idle one. Needs no privilege, and shows bound
 * sockets that /proc/net/tcp leaves out. Must not know of processes.
 */
#include "common/sockets/sock_diag_linux.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/sockets/proc_text.h"

/* The kernel's NLMSG_ and RTA_ macros cast const away and compare signed with unsigned; clang blames their user. */
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wsign-compare"

/* The kernel never makes a dump's datagram longer than 32 KiB. */
#define BATCH_BYTES 32768
/* A table that changes all the time is taken as it was read last. */
#define DUMP_TRIES 3
/* Every state of tcp_states.h, with 1<<13: bound and inactive. Older kernels ignore that bit. */
#define STATES_ALL         ((1u << 14) - 2u)
#define STATE_SYN_RECEIVED 3
#define TIMER_TIME_WAIT    3
#define ANSWER_WAIT_S      1
#define FILTER_OP_BYTES    ((unsigned char)sizeof(struct inet_diag_bc_op))
#define FILTER_ALL_BYTES   (2 * sizeof(struct inet_diag_bc_op))

/* The states of sockets that take requests or could. Of TCP, TCP_LISTEN and 1<<13: with any other bit the kernel would
 * go through the table of connections as well. Of UDP, TCP_CLOSE: without a peer. */
static const unsigned states_taking[] = {[TRANSPORT_TCP] = (1u << 10) | (1u << 13), [TRANSPORT_UDP] = 1u << 7};

/* The states of sockets with another end. Of TCP all but TCP_CLOSE, TCP_LISTEN and 1<<13; of UDP, TCP_ESTABLISHED. */
static const unsigned states_connected[] = {
    [TRANSPORT_TCP] = ((1u << 13) - 2u) & ~(1u << 7) & ~(1u << 10), [TRANSPORT_UDP] = 1u << 1};

/* Which sockets are asked for. */
struct question {
  enum transport transport;
  int family;
  unsigned states;
  bool has_port;
  uint16_t port;
  bool is_remote; /* the port is that of the other end */
};

struct dump_request {
  struct nlmsghdr header;
  struct inet_diag_req_v2 body;
  struct rtattr filter;
  struct inet_diag_bc_op port_is[2];
};

static void read_address(unsigned family, const __be32 *bits, __be16 port, struct sockaddr_storage *address) {
  memset(address, 0, sizeof *address);
  address->ss_family = (sa_family_t)family;
  if (family == AF_INET)
    memcpy(&((struct sockaddr_in *)address)->sin_addr, bits, 4);
  else
    memcpy(&((struct sockaddr_in6 *)address)->sin6_addr, bits, 16);
  address_set_port(address, ntohs(port));
  proc_text_unmap(address);
}

/* Is a :: for IPv6 alone? Only LISTEN and CLOSE rows tell; the attribute is one byte. */
static bool is_v6only(const struct rtattr *attributes, int bytes) {
  for (const struct rtattr *each = attributes; RTA_OK(each, bytes); each = RTA_NEXT(each, bytes))
    if (each->rta_type == INET_DIAG_SKV6ONLY && RTA_PAYLOAD(each) >= 1)
      return *(const unsigned char *)RTA_DATA(each) != 0;
  return false;
}

static bool read_row(const struct nlmsghdr *message, enum transport transport, struct socket_row *row) {
  struct inet_diag_msg told;
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof told)) return false;
  memcpy(&told, NLMSG_DATA(message), sizeof told);
  if (told.idiag_family != AF_INET && told.idiag_family != AF_INET6) return false;
  memset(row, 0, sizeof *row);
  row->transport = transport;
  row->state = proc_text_state(transport, told.idiag_state);
  read_address(told.idiag_family, told.id.idiag_src, told.id.idiag_sport, &row->local);
  if (told.id.idiag_dport != 0) read_address(told.idiag_family, told.id.idiag_dst, told.id.idiag_dport, &row->remote);
  row->uid = told.idiag_uid;
  row->inode = told.idiag_inode;
  if (told.idiag_timer == TIMER_TIME_WAIT) row->expires_ms = told.idiag_expires;
  row->device = told.id.idiag_if;
  row->is_half_open = transport == TRANSPORT_TCP && told.idiag_state == STATE_SYN_RECEIVED;
  if (row->state == SOCKET_STATE_LISTEN) {
    row->queued = told.idiag_rqueue;
    row->queue_limit = told.idiag_wqueue;
  } else {
    row->unread_bytes = told.idiag_rqueue;
    row->unsent_bytes = told.idiag_wqueue;
  }
  size_t before_attributes = NLMSG_LENGTH(NLMSG_ALIGN(sizeof told));
  if (row->local.ss_family == AF_INET6 && message->nlmsg_len >= before_attributes)
    row->dual_stack = !is_v6only((const struct rtattr *)(const void *)((const char *)message + before_attributes),
                                 (int)(message->nlmsg_len - before_attributes));
  return true;
}

/* NLMSG_ERROR and NLMSG_DONE both may begin with a negative errno; libuv's codes are the same numbers on Linux. */
static int read_error(const struct nlmsghdr *message) {
  int code;
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof code)) return message->nlmsg_type == NLMSG_DONE ? 0 : UV_EPROTO;
  memcpy(&code, NLMSG_DATA(message), sizeof code);
  return code <= 0 ? code : UV_EPROTO;
}

enum sock_diag_batch sock_diag_read_batch(const void *batch, size_t length, enum transport transport, uint32_t sequence,
                                          sock_diag_visit *visit, void *visitor, int *code) {
  bool changed = false;
  /* Signed: NLMSG_NEXT and RTA_NEXT subtract an aligned length, and may go below 0 at the end. */
  int left = length > BATCH_BYTES ? BATCH_BYTES : (int)length;
  *code = 0;
  for (const struct nlmsghdr *message = batch; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
    struct socket_row row;
    if (message->nlmsg_seq != sequence) continue;
    if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) changed = true;
    if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
      *code = read_error(message);
      if (*code != 0) return SOCK_DIAG_FAILED;
      return changed ? SOCK_DIAG_CHANGED : SOCK_DIAG_DONE;
    }
    if (message->nlmsg_type == SOCK_DIAG_BY_FAMILY && read_row(message, transport, &row)) visit(&row, visitor);
  }
  return changed ? SOCK_DIAG_CHANGED : SOCK_DIAG_MORE;
}

static void make_request(const struct question *question, uint32_t sequence, struct dump_request *request) {
  memset(request, 0, sizeof *request);
  request->header.nlmsg_len = question->has_port ? sizeof *request : (unsigned)NLMSG_LENGTH(sizeof request->body);
  request->header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->header.nlmsg_seq = sequence;
  request->body.sdiag_family = (unsigned char)question->family;
  request->body.sdiag_protocol = question->transport == TRANSPORT_UDP ? IPPROTO_UDP : IPPROTO_TCP;
  request->body.idiag_states = question->states;
  request->filter.rta_type = INET_DIAG_REQ_BYTECODE;
  request->filter.rta_len = RTA_LENGTH(FILTER_ALL_BYTES);
  /* Two words: the test, then its operand. "yes" jumps to the end (accept), "no" beyond it (refuse). */
  request->port_is[0].code = question->is_remote ? INET_DIAG_BC_D_EQ : INET_DIAG_BC_S_EQ;
  request->port_is[0].yes = 2 * FILTER_OP_BYTES;
  request->port_is[0].no = 3 * FILTER_OP_BYTES;
  request->port_is[1].no = question->port;
}

static int send_request(int netlink, const struct question *question, uint32_t sequence) {
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  struct dump_request request;
  make_request(question, sequence, &request);
  ssize_t sent;
  do
    sent = sendto(netlink, &request, request.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

static int receive_answers(int netlink, enum transport transport, uint32_t sequence, bool *changed,
                           sock_diag_visit *visit, void *visitor) {
  union {
    struct nlmsghdr header;
    char bytes[BATCH_BYTES];
  } batch;
  for (;;) {
    struct sockaddr_nl sender = {0};
    struct iovec buffer = {.iov_base = &batch, .iov_len = sizeof batch};
    struct msghdr message = {.msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &buffer, .msg_iovlen = 1};
    ssize_t length = recvmsg(netlink, &message, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return errno == EAGAIN ? UV_ETIMEDOUT : -errno;
    if (length == 0) return UV_EOF;
    if ((message.msg_flags & MSG_TRUNC) != 0) return UV_EMSGSIZE;
    /* Only the kernel's own port id is 0: another process may write to our address. */
    if (sender.nl_pid != 0) continue;
    int code;
    switch (sock_diag_read_batch(&batch, (size_t)length, transport, sequence, visit, visitor, &code)) {
      case SOCK_DIAG_MORE:
        break;
      case SOCK_DIAG_CHANGED:
        *changed = true;
        return 0;
      case SOCK_DIAG_DONE:
        return 0;
      case SOCK_DIAG_FAILED:
        return code;
    }
  }
}

static int ask(const struct question *question, sock_diag_visit *visit, void *visitor) {
  struct timeval patience = {.tv_sec = ANSWER_WAIT_S};
  int code = 0;
  bool changed = true;
  for (uint32_t attempt = 1; attempt <= DUMP_TRIES && changed && code == 0; attempt++) {
    changed = false;
    /* A fresh socket each time: what is left of an interrupted dump cannot mix with the next one. */
    int netlink = lack_descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    if (netlink < 0) return -errno;
    if (setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) code = -errno;
    if (code == 0) code = send_request(netlink, question, attempt);
    if (code == 0) code = receive_answers(netlink, question->transport, attempt, &changed, visit, visitor);
    close(netlink);
  }
  return lack_note(code);
}

int sock_diag_find(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor) {
  struct question question = {transport, family, STATES_ALL, true, port, false};
  return ask(&question, visit, visitor);
}

int sock_diag_find_taking(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor) {
  struct question question = {transport, family, states_taking[transport], true, port, false};
  return ask(&question, visit, visitor);
}

int sock_diag_find_remote(enum transport transport, int family, uint16_t port, sock_diag_visit *visit, void *visitor) {
  struct question question = {transport, family, STATES_ALL, true, port, true};
  return ask(&question, visit, visitor);
}

int sock_diag_list(enum transport transport, int family, sock_diag_visit *visit, void *visitor) {
  struct question question = {transport, family, states_taking[transport], false, 0, false};
  return ask(&question, visit, visitor);
}

int sock_diag_list_connected(enum transport transport, int family, sock_diag_visit *visit, void *visitor) {
  struct question question = {transport, family, states_connected[transport], false, 0, false};
  return ask(&question, visit, visitor);
}
