/*
 * Which of two sockets on one port number stands in the other's way, and which rows of a long table a report keeps.
 * Pure: the rows come from whatever system tells them.
 */
#include <stdlib.h>
#include <string.h>

#include "common/sockets/port_owner.h"
#include "common/sockets/socket_row.h"

bool port_socket_overlaps(const struct port_socket *socket, const struct sockaddr_storage *wanted, bool wanted_dual) {
  if (socket->transport == TRANSPORT_UNIX || socket->local.ss_family == AF_UNSPEC) return false;
  return address_overlaps(&socket->local, socket->dual_stack, wanted, wanted_dual);
}

/* The order of the states in a report. */
static int state_rank(enum socket_state state) {
  static const int ranks[] = {
      [SOCKET_STATE_UNKNOWN] = 7,    [SOCKET_STATE_LISTEN] = 0,   [SOCKET_STATE_BOUND] = 1,
      [SOCKET_STATE_CLOSE_WAIT] = 2, [SOCKET_STATE_FIN_WAIT] = 3, [SOCKET_STATE_ESTABLISHED] = 4,
      [SOCKET_STATE_CONNECTING] = 5, [SOCKET_STATE_TIME_WAIT] = 6};
  return ranks[state];
}

static bool row_overlaps(const struct port_socket *row, const struct sockaddr_storage *wanted) {
  /* What is wanted may be dual-stack: a row too many is better than one too few. */
  return wanted != NULL && port_socket_overlaps(row, wanted, true);
}

static int compare_rows(const struct port_socket *one, const struct port_socket *other,
                        const struct sockaddr_storage *wanted, bool overlap_first) {
  int by_overlap = (int)row_overlaps(other, wanted) - (int)row_overlaps(one, wanted);
  int by_state = state_rank(one->state) - state_rank(other->state);
  if (overlap_first) return by_overlap != 0 ? by_overlap : by_state;
  return by_state != 0 ? by_state : by_overlap;
}

void socket_row_expand(const struct socket_row *row, struct port_socket *socket) {
  memset(socket, 0, sizeof *socket);
  socket->transport = row->transport;
  socket->state = row->state;
  socket->local = row->local;
  socket->remote = row->remote;
  socket->dual_stack = row->dual_stack;
  memcpy(socket->path, row->path, sizeof socket->path);
  socket->uid = row->uid;
  socket->inode = row->inode;
  socket->told_pid = row->told_pid;
  socket->expires_ms = row->expires_ms;
  socket->queued = row->queued;
  socket->queue_limit = row->queue_limit;
}

/* One socket has one inode; what has none (TIME_WAIT) is told apart by its two ends. */
static bool is_same_socket(const struct port_socket *socket, const struct socket_row *row) {
  if (socket->inode != 0 || row->inode != 0) return socket->inode == row->inode;
  return socket->state == row->state && memcmp(&socket->local, &row->local, sizeof row->local) == 0 &&
         memcmp(&socket->remote, &row->remote, sizeof row->remote) == 0;
}

void port_report_keep(struct port_report *report, const struct socket_row *row, const struct sockaddr_storage *wanted) {
  for (size_t i = 0; i < report->socket_count; i++)
    if (is_same_socket(&report->sockets[i], row)) return;
  if (report->socket_count < PORT_SOCKETS_MAX) {
    socket_row_expand(row, &report->sockets[report->socket_count++]);
    return;
  }
  report->sockets_left_out++;
  size_t worst = 0;
  for (size_t i = 1; i < report->socket_count; i++)
    if (compare_rows(&report->sockets[i], &report->sockets[worst], wanted, true) > 0) worst = i;
  struct port_socket candidate = {.transport = row->transport,
                                  .state = row->state,
                                  .local = row->local,
                                  .remote = row->remote,
                                  .dual_stack = row->dual_stack};
  if (compare_rows(&candidate, &report->sockets[worst], wanted, true) < 0)
    socket_row_expand(row, &report->sockets[worst]);
}

/* An insertion sort: stable, and there are at most PORT_SOCKETS_MAX. */
void port_report_sort(struct port_report *report, const struct sockaddr_storage *wanted) {
  for (size_t i = 1; i < report->socket_count; i++) {
    struct port_socket moving = report->sockets[i];
    size_t place = i;
    while (place > 0 && compare_rows(&report->sockets[place - 1], &moving, wanted, false) > 0) {
      report->sockets[place] = report->sockets[place - 1];
      place--;
    }
    report->sockets[place] = moving;
  }
}

void port_report_free(struct port_report *report) {
  free(report);
}
