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

static struct port_report *create_report(void) {
  return calloc(1, sizeof(struct port_report));
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
  return code != 0 ? code : walk_code;
}

void port_report_free(struct port_report *report) {
  free(report);
}
