/*
 * Who has a port, on Linux: the sockets by sock_diag(7), or from /proc/net where a sandbox or an old kernel does not
 * offer it; then their processes. Facts only: it must not judge which of them is in the way.
 */
#include "common/sockets/port_owner.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/memory/memory.h"
#include "common/sockets/kernel_port.h"
#include "common/sockets/proc_text.h"
#include "common/sockets/process_linux.h"
#include "common/sockets/sock_diag_linux.h"
#include "common/sockets/socket_row.h"

/* What a table is searched for, and where its rows go. */
struct search {
  struct port_report *report;
  const struct sockaddr_storage *wanted;
  enum transport transport;
  uint16_t port;
  const char *path;
  int64_t path_owner;
};

static void on_row(const struct socket_row *row, void *visitor) {
  const struct search *search = visitor;
  if (address_port(&row->local) == search->port) port_report_keep(search->report, row, search->wanted);
}

static bool on_inet_line(void *owner, const char *line) {
  const struct search *search = owner;
  struct socket_row row;
  if (proc_text_read_inet(line, search->transport, sysconf(_SC_CLK_TCK), &row)) on_row(&row, owner);
  return true;
}

static bool on_unix_line(void *owner, const char *line) {
  const struct search *search = owner;
  struct socket_row row;
  if (!proc_text_read_unix(line, &row) || strcmp(row.path, search->path) != 0) return true;
  row.uid = search->path_owner;
  port_report_keep(search->report, &row, NULL);
  return true;
}

/* One address family: sock_diag, or the table in /proc/net. */
static int find_in_family(int family, const struct search *search) {
  static const char *const tables[2][2] = {{"/proc/net/tcp", "/proc/net/tcp6"}, {"/proc/net/udp", "/proc/net/udp6"}};
  struct search visitor = *search;
  if (sock_diag_find(search->transport, family, search->port, on_row, &visitor) == 0) return 0;
  int code =
      proc_file_each_line(tables[search->transport == TRANSPORT_UDP][family == AF_INET6], on_inet_line, &visitor);
  /* No IPv6 in this kernel: no IPv6 socket either. */
  return code == UV_ENOENT && family == AF_INET6 ? 0 : code;
}

/* A socket that nobody was found to have may be gone since the tables were read, with the process that had it. */
static void forget_gone(const struct search *search) {
  struct port_report *again = memory_take_zeroed(1, sizeof *again);
  struct search second = *search;
  if (again == NULL) return;
  second.report = again;
  bool is_read = find_in_family(AF_INET, &second) == 0 && find_in_family(AF_INET6, &second) == 0;
  for (size_t i = 0; is_read && i < search->report->socket_count; i++) {
    struct port_socket *socket = &search->report->sockets[i];
    bool is_there = false;
    if (socket->owner != SOCKET_OWNER_KERNEL && socket->owner != SOCKET_OWNER_OUTSIDE) continue;
    for (size_t j = 0; j < again->socket_count; j++)
      is_there = is_there || again->sockets[j].inode == socket->inode;
    if (!is_there) socket->owner = SOCKET_OWNER_GONE;
  }
  free(again);
}

static bool is_listened_on(const struct sockaddr_storage *address) {
  struct port_report *found = memory_take_zeroed(1, sizeof *found);
  struct search search = {
      .report = found, .wanted = address, .transport = TRANSPORT_TCP, .port = address_port(address)};
  bool is_there = false;
  if (found == NULL) return false;
  (void)find_in_family(AF_INET, &search);
  (void)find_in_family(AF_INET6, &search);
  for (size_t i = 0; i < found->socket_count; i++)
    is_there = is_there || (found->sockets[i].state == SOCKET_STATE_LISTEN &&
                            port_socket_overlaps(&found->sockets[i], address, false));
  free(found);
  return is_there;
}

/* Of a connection with both ends on loopback, the end whose port nobody listens on, while somebody does on the other's,
 * is the one that began it. */
static void find_ways(struct port_report *report) {
  for (size_t i = 0; i < report->socket_count; i++)
    if (report->sockets[i].state == SOCKET_STATE_LISTEN) return;
  for (size_t i = 0; i < report->socket_count; i++) {
    struct port_socket *socket = &report->sockets[i];
    bool is_local = socket->remote.ss_family != AF_UNSPEC && address_is_loopback(&socket->remote);
    if (socket->transport == TRANSPORT_TCP && is_local && is_listened_on(&socket->remote))
      socket->way = CONNECTION_WAY_OUTGOING;
  }
}

void port_socket_find_origins(struct port_socket *socket, struct process_origin *origins, size_t *count, size_t most) {
  uint16_t port = socket->transport == TRANSPORT_UNIX ? 0 : address_port(&socket->local);
  for (size_t i = 0; i < socket->process_count; i++) {
    struct port_process *process = &socket->processes[i];
    for (size_t j = 0; j < *count; j++)
      if (origins[j].self.pid == process->pid) process->origin = &origins[j];
    if (process->origin != NULL || *count == most) continue;
    origin_find(process->pid, port, &origins[*count]);
    process->origin = &origins[(*count)++];
  }
}

static void find_origins(struct port_report *report) {
  for (size_t i = 0; i < report->socket_count; i++)
    port_socket_find_origins(&report->sockets[i], report->origins, &report->origin_count, PORT_PROCESSES_MAX);
}

void port_socket_find_kernel(struct port_socket *socket) {
  if (socket->transport != TRANSPORT_UDP || socket->process_count > 0) return;
  if (kernel_port_find(address_port(&socket->local), socket->kernel_name)) socket->owner = SOCKET_OWNER_KERNEL;
}

static struct port_report *create_report(void) {
  return memory_take_zeroed(1, sizeof(struct port_report));
}

int port_owner_find(enum transport transport, uint16_t port, const struct sockaddr_storage *wanted,
                    struct port_report **report) {
  *report = create_report();
  if (*report == NULL) return UV_ENOMEM;
  struct search search = {.report = *report, .wanted = wanted, .transport = transport, .port = port};
  int code = find_in_family(AF_INET, &search);
  int code6 = find_in_family(AF_INET6, &search);
  (*report)->known = code == 0 && code6 == 0;
  port_report_sort(*report, wanted);
  int walk_code = process_find_holders((*report)->sockets, (*report)->socket_count);
  forget_gone(&search);
  for (size_t i = 0; i < (*report)->socket_count; i++)
    port_socket_find_kernel(&(*report)->sockets[i]);
  find_ways(*report);
  find_origins(*report);
  return code != 0 ? code : code6 != 0 ? code6 : walk_code;
}

int port_owner_find_unix(const char *path, struct port_report **report) {
  struct stat file;
  *report = create_report();
  if (*report == NULL) return UV_ENOMEM;
  struct search search = {.report = *report, .path = path, .path_owner = -1};
  /* /proc/net/unix names no user, but bind() creates the file as its caller's, unix(7). */
  if (stat(path, &file) == 0) search.path_owner = file.st_uid;
  int code = proc_file_each_line("/proc/net/unix", on_unix_line, &search);
  (*report)->known = code == 0;
  port_report_sort(*report, NULL);
  int walk_code = process_find_holders((*report)->sockets, (*report)->socket_count);
  find_origins(*report);
  return code != 0 ? code : walk_code;
}
