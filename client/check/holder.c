/* Who has a port. Gathers; it must not judge. */
#include "client/check/holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/forwarder_file.h"
#include "client/check/haproxy_config.h"
#include "client/sockets/sock_table.h"
#include "client/sockets/unix_table.h"
#include "common/memory/memory.h"

/* One walk over the processes serves all ports of a survey. */
static void gather(struct survey *survey) {
  if (survey->has_sockets) return;
  survey->has_sockets = true;
  /* Without the holders the verdicts are only poorer. */
  (void)port_list_gather(&survey->sockets);
}

static bool is_on_port(const struct port_socket *socket, const struct endpoint *target, uint16_t port) {
  return socket->transport == target->transport && address_port(&socket->local) == port;
}

/* The socket that takes what comes to the target: of several the one with the very address. NULL: nobody has it. */
static const struct port_socket *find_socket(const struct survey *survey, const struct endpoint *target,
                                             uint16_t port) {
  const struct port_socket *found = NULL;
  struct sockaddr_storage wanted = target->address;
  address_set_port(&wanted, port);
  for (size_t i = 0; i < survey->sockets.socket_count; i++) {
    const struct port_socket *socket = &survey->sockets.sockets[i];
    if (!is_on_port(socket, target, port) || !port_socket_overlaps(socket, &wanted, false)) continue;
    if (found == NULL || address_same_host(&socket->local, &wanted)) found = socket;
  }
  return found;
}

static struct question_choice choose_for(const struct examination *examination, const struct port_process *process) {
  struct question_clues clues = {
      .is_udp = examination->facts.is_udp,
      .port = address_port(&examination->target.address),
      .command = process != NULL ? process->command : "",
      .command_line = process != NULL ? process->command_line : "",
      .path = examination->facts.is_unix ? examination->target.path : NULL,
  };
  return question_choose(&clues);
}

/* A server for one client has closed its listener already: its end of the connection tells who it is. */
static struct question_choice choose_by_connection(const struct examination *examination, uint16_t port) {
  struct port_report *report = NULL;
  const struct port_process *process = NULL;
  (void)port_owner_find(examination->target.transport, port, &examination->target.address, &report);
  for (size_t i = 0; report != NULL && i < report->socket_count && process == NULL; i++)
    if (report->sockets[i].process_count > 0) process = &report->sockets[i].processes[0];
  struct question_choice choice = choose_for(examination, process);
  port_report_free(report);
  return choice;
}

/* Once: the list grows by it. */
static void add_unix_holder(struct survey *survey, struct examination *examination) {
  struct unix_row row;
  bool is_file_gone;
  if (examination->holder_count > 0) return;
  gather(survey);
  if (unix_table_find_bound(examination->target.path, &row, &is_file_gone) != 0 || row.inode == 0) return;
  size_t index = survey->sockets.socket_count;
  (void)unix_table_add_holder(&row, &survey->sockets);
  if (survey->sockets.socket_count > index) examination->holders[examination->holder_count++] = index;
}

/* Where the processes' descriptors are not to be seen, who called listen() is told all the same. */
static struct question_choice choose_unix(struct survey *survey, struct examination *examination,
                                          const struct server_half_facts *half) {
  struct port_process listener = {.pid = half->listener_pid};
  add_unix_holder(survey, examination);
  if (examination->holder_count > 0) {
    const struct port_socket *socket = &survey->sockets.sockets[examination->holders[0]];
    if (socket->process_count > 0) return choose_for(examination, &socket->processes[0]);
  }
  (void)unix_table_describe(listener.pid, listener.command, listener.command_line);
  return choose_for(examination, &listener);
}

struct question_choice holder_choose(struct examination *examination, const struct server_half_facts *half) {
  struct survey *survey = examination->survey;
  struct question_choice forced = {.question = survey->question};
  uint16_t port = half->port != 0 ? half->port : address_port(&examination->target.address);
  if (survey->is_question_given) return forced;
  if (examination->facts.is_unix) return choose_unix(survey, examination, half);
  gather(survey);
  const struct port_socket *socket = find_socket(survey, &examination->target, port);
  if (socket != NULL) return choose_for(examination, socket->process_count > 0 ? &socket->processes[0] : NULL);
  /* What nobody has, nobody is troubled by. */
  if (examination->facts.is_udp) return (struct question_choice){.question = QUESTION_ECHO};
  if (half->is_accepted) return choose_by_connection(examination, port);
  return choose_for(examination, NULL);
}

static bool is_wanted(const struct examination *examination) {
  const struct listener_facts *listener = &examination->facts.listener;
  return listener->is_here || listener->is_elsewhere || listener->is_on_device || listener->only_bound ||
         examination->facts.server_half.port != 0;
}

static bool is_all_stopped(const struct port_socket *socket) {
  for (size_t i = 0; i < socket->process_count; i++)
    if (!socket->processes[i].is_stopped) return false;
  return socket->process_count > 0;
}

/* How near a socket is to what comes to the target: 0 has that very address, and gets it all; 1 any address; 2 only
 * others. */
static unsigned distance_of(const struct port_socket *socket, const struct endpoint *target) {
  if (!port_socket_overlaps(socket, &target->address, false)) return 2;
  return address_same_host(&socket->local, &target->address) ? 0 : 1;
}

/* Returns how many there are. */
static size_t add_holders(struct survey *survey, struct examination *examination, unsigned distance) {
  uint16_t port = examination->facts.server_half.port;
  size_t count = 0;
  if (port == 0) port = address_port(&examination->target.address);
  for (size_t i = 0; i < survey->sockets.socket_count; i++) {
    const struct port_socket *socket = &survey->sockets.sockets[i];
    if (examination->holder_count == PORT_SOCKETS_MAX) break;
    if (!is_on_port(socket, &examination->target, port) || distance_of(socket, &examination->target) != distance)
      continue;
    examination->holders[examination->holder_count++] = i;
    count++;
  }
  return count;
}

/* The nearest first: those alone get what is sent. */
static void add_all_holders(struct survey *survey, struct examination *examination) {
  struct listener_facts *listener = &examination->facts.listener;
  size_t nearest = add_holders(survey, examination, 0);
  size_t wide = add_holders(survey, examination, 1);
  if (nearest == 0) nearest = wide;
  (void)add_holders(survey, examination, 2);
  for (size_t i = 0; i < nearest; i++) {
    const struct port_socket *socket = &survey->sockets.sockets[examination->holders[i]];
    listener->is_stopped = listener->is_stopped || is_all_stopped(socket);
    listener->is_hidden = listener->is_hidden || socket->owner == SOCKET_OWNER_HIDDEN;
  }
}

static bool waits_to_be_accepted(const struct port_facts *facts) {
  const struct server_half_facts *half = &facts->server_half;
  return !facts->is_udp && half->is_found && !half->is_accepted && !half->is_half_open;
}

/* Who is at the other end of a connection that the server at `server` has. One client port may be lent to connections
 * of several programs, each to another server: only both ends tell one from another. */
static void find_client(const struct sockaddr_storage *server, struct busy_facts *busy) {
  struct port_report *report = NULL;
  (void)port_owner_find(TRANSPORT_TCP, address_port(&busy->client), &busy->client, &report);
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    bool is_its_end = address_same_host(&socket->local, &busy->client) && address_same_host(&socket->remote, server) &&
                      address_port(&socket->remote) == address_port(server);
    if (!is_its_end || socket->process_count == 0) continue;
    busy->pid = socket->processes[0].pid;
    memcpy(busy->command, socket->processes[0].command, sizeof busy->command);
  }
  port_report_free(report);
}

/* The clients that the server has taken while it does not take this one. */
static void find_clients(struct examination *examination) {
  struct port_report *report = NULL;
  struct busy_facts *busy = &examination->busy;
  (void)port_owner_find(TRANSPORT_TCP, address_port(&examination->target.address), &examination->target.address,
                        &report);
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    bool is_taken = socket->state == SOCKET_STATE_ESTABLISHED && socket->process_count > 0;
    if (!is_taken || !address_same_host(&socket->local, &examination->target.address)) continue;
    if (busy->count++ == 0) busy->client = socket->remote;
  }
  port_report_free(report);
  if (busy->count > 0) find_client(&examination->target.address, busy);
}

static bool is_listening(const struct sockaddr_storage *address) {
  struct sock_table table;
  if (sock_table_find_local(TRANSPORT_TCP, address_port(address), &table) != 0) return true;
  for (size_t i = 0; i < table.count; i++)
    if (table.rows[i].state == SOCKET_STATE_LISTEN &&
        address_overlaps(&table.rows[i].local, table.rows[i].dual_stack, address, false))
      return true;
  return table.left_out > 0;
}

/* A command line says it, or the file that it names. */
static bool find_target(const struct port_process *process, uint16_t port, struct forward_facts *forward) {
  char path[256];
  if (forward_find(process->command, process->command_line, port, &forward->target)) return true;
  if (strcmp(process->command, "haproxy") != 0 || !haproxy_config_path(process->command_line, path, sizeof path))
    return false;
  char *text = memory_take(FORWARDER_FILE_SIZE);
  forward->is_from_file = text != NULL && forwarder_file_read(process->pid, path, text) &&
                          haproxy_config_find(text, port, &forward->target);
  free(text);
  return forward->is_from_file;
}

/* Only an address of loopback is looked into: a name would have to be asked for, and others are not here. */
static void find_forward(const struct survey *survey, struct examination *examination) {
  struct forward_facts *forward = &examination->forward;
  struct sockaddr_storage address;
  const struct port_socket *holder =
      examination->holder_count > 0 ? &survey->sockets.sockets[examination->holders[0]] : NULL;
  if (holder == NULL || holder->process_count == 0) return;
  const struct port_process *process = &holder->processes[0];
  forward->is_known = find_target(process, address_port(&examination->target.address), forward);
  if (!forward->is_known) return;
  const char *host = strcmp(forward->target.host, "localhost") == 0 ? ADDRESS_DEFAULT_HOST : forward->target.host;
  memset(&address, 0, sizeof address);
  if (uv_ip4_addr(host, forward->target.port, (struct sockaddr_in *)&address) != 0 &&
      uv_ip6_addr(host, forward->target.port, (struct sockaddr_in6 *)&address) != 0)
    return;
  forward->is_dead = address_is_loopback(&address) && !is_listening(&address);
}

/* Where the holders came from. Without it, less is said. */
static void find_origins(struct survey *survey) {
  if (survey->count > EXAMINE_CLOSELY_MAX || survey->sockets.socket_count == 0) return;
  bool *is_wanted = memory_take_zeroed(survey->sockets.socket_count, sizeof *is_wanted);
  if (is_wanted == NULL) return;
  for (size_t i = 0; i < survey->count; i++)
    for (size_t j = 0; j < survey->examinations[i].holder_count; j++)
      is_wanted[survey->examinations[i].holders[j]] = true;
  (void)port_list_find_origins(&survey->sockets, is_wanted);
  free(is_wanted);
}

static void find_unix_holder(struct survey *survey, struct examination *examination) {
  struct listener_facts *listener = &examination->facts.listener;
  char command_line[256];
  (void)unix_table_describe(examination->facts.server_half.listener_pid, examination->listener_command, command_line);
  add_unix_holder(survey, examination);
  if (examination->holder_count == 0) return;
  const struct port_socket *socket = &survey->sockets.sockets[examination->holders[0]];
  listener->is_stopped = is_all_stopped(socket);
  listener->is_hidden = socket->owner == SOCKET_OWNER_HIDDEN;
}

/* Servers of these ports have a unix socket as well, or alone. PostgreSQL's has the number in its name. */
static void find_beside(struct examination *examination) {
  static const struct {
    uint16_t port;
    const char *name;
  } services[] = {{3306, "mysqld.sock"}, {3306, "mysql.sock"},  {3306, "mariadb.sock"}, {6379, "redis*"},
                  {11211, "memcached*"}, {2375, "docker.sock"}, {2376, "docker.sock"},  {9000, "php-fpm.sock"}};
  char postgresql[24];
  struct unix_row row = {.inode = 0};
  uint16_t port = address_port(&examination->target.address);
  snprintf(postgresql, sizeof postgresql, ".s.PGSQL.%u", port);
  (void)unix_table_find_named(postgresql, &row);
  for (size_t i = 0; row.inode == 0 && i < sizeof services / sizeof services[0]; i++)
    if (services[i].port == port) (void)unix_table_find_named(services[i].name, &row);
  memcpy(examination->beside, row.name, sizeof examination->beside);
}

void holders_find(struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++) {
    struct examination *examination = &survey->examinations[i];
    if (examination->facts.is_unix) find_unix_holder(survey, examination);
    if (survey->count <= EXAMINE_CLOSELY_MAX && examination->target.transport == TRANSPORT_TCP)
      find_beside(examination);
    if (examination->facts.is_unix || !is_wanted(examination)) continue;
    gather(survey);
    add_all_holders(survey, examination);
    find_forward(survey, examination);
    if (waits_to_be_accepted(&examination->facts)) find_clients(examination);
  }
  find_origins(survey);
}
