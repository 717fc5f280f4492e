/* Which stream goes through the kernel; see bulk.h. */
#include "server/echo/bulk.h"

#include "server/echo/connection.h"
#include "server/threads/relay.h"

/* A read of so much counts for it, and of less than the other against it. */
#define LARGE_BYTES (64 * 1024)
#define SMALL_BYTES (16 * 1024)
/* So many more of the one than of the other, and back to none: a stream that stutters does not change at each read. */
#define READS_UNTIL_ON 4
#define READS_MOST     8
/* Of several streams each gets so much in its turn: the kernel's buffers of some hold no more, and those of others ten
 * times as much. */
#define SHARE_BYTES (96 * 1024)
/* Each may keep two descriptors, and pages of a pipe, of which a user has a share (pipe(7), pipe-user-pages-soft).
 * Where there are more none does, so that they stay equals. */
#define STREAMS_MAX 64

static bool may_be(const struct connection *connection) {
  return connection->session.mode == SESSION_PLAIN && connection->kind->transport == TRANSPORT_TCP &&
         !connection->is_unfit_for_bulk;
}

/* Of this loop. */
static uint64_t streams_max(const struct worker *worker) {
  return STREAMS_MAX / worker->settings->threads;
}

bool bulk_is_on(const struct connection *connection) {
  return connection->relay != NULL ||
         (connection->is_bulk && connection->worker->bulk_connections <= streams_max(connection->worker));
}

void bulk_rest(struct connection *connection) {
  worker_give_relay(connection->worker, connection->relay);
  connection->relay = NULL;
}

void bulk_leave(struct connection *connection) {
  if (connection->is_bulk) connection->worker->bulk_connections--;
  connection->is_bulk = false;
  connection->bulk_reads = 0;
  if (connection->relay != NULL) bulk_rest(connection);
}

ssize_t bulk_fill(struct connection *connection, size_t most) {
  uv_os_fd_t socket;
  int code = uv_fileno(&connection->as.handle, &socket);
  if (code != 0) return code;
  if (connection->relay == NULL) connection->relay = worker_take_relay(connection->worker);
  if (connection->relay == NULL) {
    /* It is read as any other, from the next turn on. */
    bulk_leave(connection);
    return UV_EAGAIN;
  }
  if (connection->worker->bulk_connections > 1 && most > SHARE_BYTES) most = SHARE_BYTES;
  ssize_t filled = most == 0 ? UV_EAGAIN : relay_fill(connection->relay, socket, most);
  if (relay_held_bytes(connection->relay) == 0) bulk_rest(connection);
  if (filled >= 0 || !relay_is_unfit((int)filled)) return filled;
  connection->is_unfit_for_bulk = true;
  /* What stands in the relay leaves by it; the input is read. */
  if (connection->relay == NULL) bulk_leave(connection);
  return UV_EAGAIN;
}

void bulk_note(struct connection *connection, size_t bytes) {
  if (!may_be(connection)) return;
  if (bytes >= LARGE_BYTES && connection->bulk_reads < READS_MOST) connection->bulk_reads++;
  if (bytes < SMALL_BYTES && connection->bulk_reads > 0) connection->bulk_reads--;
  /* What stands in its relay keeps it for now. */
  if (connection->bulk_reads == 0 && connection->relay == NULL) bulk_leave(connection);
  if (connection->bulk_reads < READS_UNTIL_ON || connection->is_bulk) return;
  connection->is_bulk = true;
  connection->bulk_reads = READS_MOST;
  connection->worker->bulk_connections++;
}
