/* See unix_diag_linux.h. What the messages hold: linux/unix_diag.h. Must not know why anybody asks. */
#include "client/sockets/unix_diag_linux.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/memory/lack.h"

#define BATCH_BYTES   32768
#define ANSWER_WAIT_S 1
/* tcp_states.h */
#define STATE_ESTABLISHED 1
#define STATE_LISTEN      10
/* The kernel's own device numbers, of which 20 bits are the minor one (linux/kdev_t.h). */
#define MINOR_BITS 20
/* UNIX_DIAG_UID, of Linux 5.3. */
#define ATTRIBUTE_UID 7
#define SHOW_UID      0x00000040u

static void read_name(const char *bytes, size_t length, char name[UNIX_NAME_SIZE]) {
  if (length >= UNIX_NAME_SIZE) length = UNIX_NAME_SIZE - 1;
  memcpy(name, bytes, length);
  name[length] = '\0';
  if (length > 0 && name[0] == '\0') name[0] = '@';
}

static bool has_inode(const char *inodes, size_t length, uint64_t wanted) {
  for (size_t at = 0; at + sizeof(uint32_t) <= length; at += sizeof(uint32_t)) {
    uint32_t inode;
    memcpy(&inode, inodes + at, sizeof inode);
    if (wanted != 0 && inode == wanted) return true;
  }
  return false;
}

static void read_queues(const char *value, struct unix_row *row) {
  struct unix_diag_rqlen queues;
  memcpy(&queues, value, sizeof queues);
  if (row->is_listening) {
    row->queued = queues.udiag_rqueue;
    row->queue_limit = queues.udiag_wqueue;
  } else {
    row->unread_bytes = queues.udiag_rqueue;
    row->unsent_bytes = queues.udiag_wqueue;
  }
}

static void read_attribute(unsigned type, const char *value, size_t length, uint64_t waiting, struct unix_row *row) {
  struct unix_diag_vfs file;
  uint32_t number;
  if (type == UNIX_DIAG_NAME) read_name(value, length, row->name);
  if (type == UNIX_DIAG_ICONS) row->has_waiting = has_inode(value, length, waiting);
  if (type == UNIX_DIAG_RQLEN && length >= sizeof(struct unix_diag_rqlen)) read_queues(value, row);
  if (type == UNIX_DIAG_VFS && length >= sizeof file) {
    memcpy(&file, value, sizeof file);
    row->has_file = true;
    row->file_inode = file.udiag_vfs_ino;
    row->file_device = makedev(file.udiag_vfs_dev >> MINOR_BITS, file.udiag_vfs_dev & ((1u << MINOR_BITS) - 1));
  }
  if (length < sizeof number) return;
  memcpy(&number, value, sizeof number);
  if (type == UNIX_DIAG_PEER) row->peer_inode = number;
  if (type == ATTRIBUTE_UID) row->uid = number;
}

bool unix_diag_read(const void *body, size_t length, uint64_t waiting, struct unix_row *row) {
  struct unix_diag_msg told;
  memset(row, 0, sizeof *row);
  if (length < sizeof told) return false;
  memcpy(&told, body, sizeof told);
  if (told.udiag_family != AF_UNIX) return false;
  row->uid = -1;
  row->kind = told.udiag_type == SOCK_DGRAM       ? UNIX_KIND_DATAGRAM
              : told.udiag_type == SOCK_SEQPACKET ? UNIX_KIND_SEQPACKET
                                                  : UNIX_KIND_STREAM;
  row->is_listening = told.udiag_state == STATE_LISTEN;
  row->is_connected = told.udiag_state == STATE_ESTABLISHED;
  row->inode = told.udiag_ino;
  const char *at = (const char *)body + NLMSG_ALIGN(sizeof told);
  length -= NLMSG_ALIGN(sizeof told);
  while (length >= sizeof(struct rtattr)) {
    struct rtattr attribute;
    memcpy(&attribute, at, sizeof attribute);
    size_t own = attribute.rta_len, padded = RTA_ALIGN(own);
    if (own < RTA_LENGTH(0) || own > length) break;
    read_attribute(attribute.rta_type, at + RTA_LENGTH(0), own - RTA_LENGTH(0), waiting, row);
    if (padded >= length) break;
    at += padded;
    length -= padded;
  }
  return true;
}

/* True: more is to come. */
static bool read_batch(const char *batch, size_t length, uint64_t waiting, unix_diag_visit *visit, void *visitor,
                       int *code) {
  while (length >= sizeof(struct nlmsghdr)) {
    const struct nlmsghdr *header = (const struct nlmsghdr *)(const void *)batch;
    struct unix_row row;
    size_t own = header->nlmsg_len, padded = NLMSG_ALIGN(own);
    if (own < NLMSG_LENGTH(0) || own > length) return false;
    if (header->nlmsg_type == NLMSG_ERROR) *code = UV_ENOTSUP;
    if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return false;
    if (header->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
        unix_diag_read(batch + NLMSG_LENGTH(0), own - NLMSG_LENGTH(0), waiting, &row) && !visit(&row, visitor))
      return false;
    if (padded >= length) break;
    batch += padded;
    length -= padded;
  }
  return true;
}

int unix_diag_list(uint64_t waiting, unix_diag_visit *visit, void *visitor) {
  struct {
    struct nlmsghdr header;
    struct unix_diag_req body;
  } request = {.header = {.nlmsg_len = sizeof request,
                          .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                          .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
               .body = {.sdiag_family = AF_UNIX,
                        .udiag_states = UINT32_MAX,
                        .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS |
                                      UDIAG_SHOW_RQLEN | SHOW_UID}};
  _Alignas(struct nlmsghdr) char batch[BATCH_BYTES];
  struct timeval patience = {.tv_sec = ANSWER_WAIT_S};
  int code = 0;
  int netlink = lack_descriptor(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (netlink < 0) return -errno;
  (void)setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ssize_t length = send(netlink, &request, sizeof request, 0);
  if (length < 0) code = -errno;
  while (length > 0) {
    do
      length = recv(netlink, batch, sizeof batch, 0);
    while (length < 0 && errno == EINTR);
    if (length < 0) code = -errno;
    if (length <= 0 || !read_batch(batch, (size_t)length, waiting, visit, visitor, &code)) break;
  }
  close(netlink);
  return lack_note(code);
}
