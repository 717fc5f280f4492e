/* A packet socket with a filter in the kernel: packet(7), and "Linux Socket Filtering" of its documentation. */
#include "client/ladder/capture.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "common/io/plain_socket_posix.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define QUEUE_BYTES  (4 * 1024 * 1024)
#define STAMP_TRY_NS 2000000
#define STAMP_TRIES  50

struct capture {
  int socket;
  uint64_t missed;
  uint8_t bytes[CAPTURE_BYTES_MAX];
};

/* TCP over IPv4 or IPv6 with the port at either end; the packet begins with its network header. */
static int attach_filter(int socket, uint16_t port) {
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 7, 14),
      /* IPv4: the ports stand behind a header of its own length. */
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 12),
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 8, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 6, 7),
      /* IPv6 */
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 5),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 40),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 2, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 42),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, CAPTURE_BYTES_MAX),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

/* The filter first, and only then the interface: what comes in between would be there without it. */
static int prepare(int socket, uint16_t port) {
  int yes = 1, queue_bytes = QUEUE_BYTES;
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  place.sll_ifindex = (int)if_nametoindex("lo");
  if (place.sll_ifindex == 0 || attach_filter(socket, port) != 0) return uv_translate_sys_error(errno);
  if (setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) != 0) return uv_translate_sys_error(errno);
  (void)setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &queue_bytes, sizeof queue_bytes);
  if (bind(socket, (struct sockaddr *)&place, sizeof place) != 0) return uv_translate_sys_error(errno);
  return 0;
}

static uint64_t find_stamp(struct msghdr *message) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
    struct timespec time;
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    return (uint64_t)time.tv_sec * CLOCK_NS_PER_SECOND + (uint64_t)time.tv_nsec;
  }
  return 0;
}

/* One datagram to oneself, left lying for a moment: does its stamp say when it came, or when it was read? */
static bool is_stamped_early(int socket, const struct sockaddr_in *own) {
  char byte = 0;
  union {
    struct cmsghdr alignment;
    char bytes[128];
  } notes;
  struct iovec buffer = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {.msg_iov = &buffer, .msg_iovlen = 1, .msg_control = &notes, .msg_controllen = sizeof notes};
  const struct timespec moment = {.tv_nsec = STAMP_TRY_NS};
  struct timespec sent;
  clock_gettime(CLOCK_REALTIME, &sent);
  if (sendto(socket, &byte, 1, 0, (const struct sockaddr *)own, sizeof *own) != 1) return true;
  nanosleep(&moment, NULL);
  if (recvmsg(socket, &message, MSG_DONTWAIT) < 0) return true;
  uint64_t sent_ns = (uint64_t)sent.tv_sec * CLOCK_NS_PER_SECOND + (uint64_t)sent.tv_nsec;
  return find_stamp(&message) < sent_ns + STAMP_TRY_NS;
}

/* The kernel begins to stamp packets some time after somebody asked for it. One without a stamp gets it when it is
 * read, which is far too late. */
static void wait_for_stamps(void) {
  int yes = 1;
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof own;
  int socket = plain_socket_open(AF_INET, SOCK_DGRAM, false);
  if (socket < 0) return;
  bool can_try = setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes) == 0 &&
                 bind(socket, (struct sockaddr *)&own, sizeof own) == 0 &&
                 getsockname(socket, (struct sockaddr *)&own, &length) == 0;
  for (int i = 0; can_try && i < STAMP_TRIES && !is_stamped_early(socket, &own); i++) {
  }
  close(socket);
}

int capture_begin(uint16_t port, struct capture **capture) {
  *capture = memory_take_zeroed(1, sizeof **capture);
  if (*capture == NULL) return UV_ENOMEM;
  (*capture)->socket = plain_socket_open(AF_PACKET, SOCK_DGRAM, false);
  int code = (*capture)->socket < 0 ? uv_translate_sys_error(errno) : prepare((*capture)->socket, port);
  if (code == 0) wait_for_stamps();
  if (code != 0) {
    capture_end(*capture);
    *capture = NULL;
  }
  return code;
}

/* Takes one that is there. Returns 1, 0 where it is the copy of a packet on its way out, or -1 where none is there. */
static int take(struct capture *capture, struct captured *packet) {
  union {
    struct cmsghdr alignment;
    char bytes[256];
  } notes;
  struct sockaddr_ll from;
  struct iovec buffer = {.iov_base = capture->bytes, .iov_len = sizeof capture->bytes};
  struct msghdr message = {.msg_name = &from,
                           .msg_namelen = sizeof from,
                           .msg_iov = &buffer,
                           .msg_iovlen = 1,
                           .msg_control = &notes,
                           .msg_controllen = sizeof notes};
  ssize_t length = recvmsg(capture->socket, &message, MSG_TRUNC | MSG_DONTWAIT);
  if (length < 0) return -1;
  /* Each packet passes loopback twice: on its way out, and coming in. */
  if (from.sll_pkttype == PACKET_OUTGOING) return 0;
  packet->at_ns = find_stamp(&message);
  packet->bytes = capture->bytes;
  packet->whole = (size_t)length;
  packet->length = packet->whole < sizeof capture->bytes ? packet->whole : sizeof capture->bytes;
  return 1;
}

bool capture_next(struct capture *capture, int wait_ms, struct captured *packet) {
  for (;;) {
    int taken = take(capture, packet);
    struct pollfd asked = {.fd = capture->socket, .events = POLLIN};
    if (taken > 0) return true;
    if (taken < 0 && poll(&asked, 1, wait_ms) <= 0) return false;
  }
}

/* The kernel counts anew with each question. */
uint64_t capture_missed(struct capture *capture) {
  struct tpacket_stats counted;
  socklen_t length = sizeof counted;
  if (getsockopt(capture->socket, SOL_PACKET, PACKET_STATISTICS, &counted, &length) == 0)
    capture->missed += counted.tp_drops;
  return capture->missed;
}

void capture_end(struct capture *capture) {
  if (capture == NULL) return;
  if (capture->socket >= 0) close(capture->socket);
  free(capture);
}
