/* One socket in words: its address, its holder, its user. Every name from outside is escaped here. Pure. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/ports/port_view.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"

#define NAME_SIZE    256
#define PIDS_SHOWN   3
#define ADDRESS_CELL (ADDRESS_TEXT_SIZE + 16)
#define HOLDER_CELL  (NAME_SIZE + 96)

const char *port_address_text(const struct port_socket *socket, char *out, size_t out_bytes) {
  char host[ADDRESS_TEXT_SIZE];
  bool takes_ipv4 = socket->dual_stack && address_is_any(&socket->local) && socket->local.ss_family == AF_INET6;
  snprintf(out, out_bytes, "%s%s", address_format_host(&socket->local, host), takes_ipv4 ? " and IPv4" : "");
  return out;
}

static bool has_one_name(const struct port_socket *socket) {
  for (size_t i = 1; i < socket->process_count; i++)
    if (strcmp(socket->processes[i].command, socket->processes[0].command) != 0) return false;
  return true;
}

static size_t append_name(const struct port_process *process, char *out, size_t out_bytes) {
  return safe_text_copy(process->command[0] != '\0' ? process->command : "?",
                        process->command[0] != '\0' ? strlen(process->command) : 1, out, out_bytes);
}

/* "nginx (pid 12)", "nginx (pids 12, 13, 14 and 2 more)"; of different programs "systemd (pid 1), sshd (pid 12)". */
static void describe_processes(const struct port_socket *socket, char *out, size_t out_bytes) {
  size_t used = 0, all = socket->process_count + socket->processes_left_out;
  size_t shown = socket->process_count < PIDS_SHOWN ? socket->process_count : PIDS_SHOWN;
  bool one_name = has_one_name(socket);
  for (size_t i = 0; i < shown && used + 1 < out_bytes; i++) {
    const struct port_process *process = &socket->processes[i];
    const char *stopped = !process->is_stopped ? "" : all > 1 ? " stopped" : ", stopped";
    if (i > 0) used += (size_t)snprintf(out + used, out_bytes - used, one_name ? ", " : "), ");
    if (used + 1 >= out_bytes) return;
    if (i == 0 || !one_name) {
      used += append_name(process, out + used, out_bytes - used);
      used += (size_t)snprintf(out + used, out_bytes - used, " (pid%s ", one_name && all > 1 ? "s" : "");
    }
    if (used + 1 >= out_bytes) return;
    used += (size_t)snprintf(out + used, out_bytes - used, "%" PRId64 "%s", process->pid, stopped);
  }
  if (used + 1 >= out_bytes) return;
  if (all > shown)
    snprintf(out + used, out_bytes - used, " and %zu more)", all - shown);
  else
    snprintf(out + used, out_bytes - used, ")");
}

const char *port_holder_text(const struct port_socket *socket, char *out, size_t out_bytes) {
  static const char *const without_process[] = {
      [SOCKET_OWNER_SHOWN] = "not known",
      [SOCKET_OWNER_HIDDEN] = "hidden",
      [SOCKET_OWNER_OUTSIDE] = "not visible here",
      [SOCKET_OWNER_NONE] = "the kernel",
      [SOCKET_OWNER_UNKNOWN] = "not known",
      [SOCKET_OWNER_KERNEL] = "the kernel",
      [SOCKET_OWNER_GONE] = "gone",
  };
  if (socket->process_count > 0)
    describe_processes(socket, out, out_bytes);
  else
    snprintf(out, out_bytes, "%s", without_process[socket->owner]);
  return out;
}

const char *port_user_text(const struct port_socket *socket, char *out, size_t out_bytes) {
  const char *user =
      socket->process_count > 0 && socket->processes[0].user[0] != '\0' ? socket->processes[0].user : socket->user;
  if (user[0] == '\0') user = "not known";
  safe_text_copy(user, strlen(user), out, out_bytes);
  return out;
}

void port_report_change(const struct port_socket *socket, char sign, int64_t now, char line[PORT_LINE_SIZE]) {
  char utc[CLOCK_UTC_TEXT_SIZE], address[ADDRESS_CELL], holder[HOLDER_CELL], user[NAME_SIZE];
  static const char *const reaches[] = {[PORT_REACH_EXPOSED] = "; other machines can reach it",
                                        [PORT_REACH_LOCAL] = "",
                                        [PORT_REACH_NOBODY] = "; bound, does not listen"};
  clock_utc_text(now, utc);
  snprintf(line, PORT_LINE_SIZE, "%s %c %u/%s on %s: %s, user %s%s", utc, sign, address_port(&socket->local),
           transport_name(socket->transport), port_address_text(socket, address, sizeof address),
           port_holder_text(socket, holder, sizeof holder), port_user_text(socket, user, sizeof user),
           sign == '-' ? "" : reaches[port_reach_of(socket)]);
}

const char *port_use_word(const struct port_use *use) {
  return use->is_counted && port_use_missed(use) == 0 ? "unused" : "not seen in use";
}

const char *port_use_text(const struct port_use *use, int64_t since, char *out, size_t out_bytes) {
  char utc[CLOCK_UTC_TEXT_SIZE];
  uint64_t missed = port_use_missed(use);
  clock_utc_text(since, utc);
  int used = snprintf(out, out_bytes,
                      "nobody was connected at any of %" PRIu64
                      " looks at the kernel's table of connections since %s, and there was no rest of a closed one "
                      "(TIME_WAIT)",
                      use->looks, utc);
  size_t left = used > 0 && (size_t)used < out_bytes ? out_bytes - (size_t)used : 0;
  if (!use->is_counted)
    snprintf(out + out_bytes - left, left, "; shorter connections are not counted on this system.");
  else if (missed == 0)
    snprintf(out + out_bytes - left, left,
             "; the kernel's counter (PassiveOpens) says that no connection to a listener of this machine was missed.");
  else
    snprintf(out + out_bytes - left, left,
             "; but %" PRIu64 " of the %" PRIu64
             " connections to this machine's listeners that the kernel counted (PassiveOpens) were gone before a "
             "look, and to which listener is not known. A shorter --interval misses fewer.",
             missed, use->counted);
  return out;
}

bool port_view_two_servers(const struct port_list *list, const struct port_row *row, struct two_servers *two) {
  return row->socket->transport == TRANSPORT_TCP &&
         two_servers_find(list->sockets, list->socket_count, address_port(&row->socket->local), two) &&
         two->ipv4 == row->socket;
}

bool port_view_misses(const struct port_view *view, const struct expected_port *port) {
  bool is_wanted = (port->allows_tcp && port_filter_admits_port(view->filter, TRANSPORT_TCP, port->port)) ||
                   (port->allows_udp && port_filter_admits_port(view->filter, TRANSPORT_UDP, port->port));
  return is_wanted && !expected_is_there(port, view->list);
}
