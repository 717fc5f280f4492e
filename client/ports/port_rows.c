/* Which listeners are shown, and in which order: those that other machines can reach come first. Pure. */
#include "client/ports/port_rows.h"
#include "client/sockets/port_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TASK_COMM_LEN of the kernel, without the end mark. */
#define KERNEL_NAME_BYTES 15

enum port_reach port_reach_of(const struct port_socket *socket) {
  bool takes_requests = socket->transport == TRANSPORT_UDP || socket->state == SOCKET_STATE_LISTEN;
  if (!takes_requests) return PORT_REACH_NOBODY;
  return address_is_loopback(&socket->local) ? PORT_REACH_LOCAL : PORT_REACH_EXPOSED;
}

static bool holds_port(const struct port_range *range, enum transport transport, uint16_t port) {
  if (range->has_transport && range->transport != transport) return false;
  return port >= range->first && port <= range->last;
}

bool port_filter_admits_port(const struct port_filter *filter, enum transport transport, uint16_t port) {
  if (filter->only_tcp && transport != TRANSPORT_TCP) return false;
  if (filter->only_udp && transport != TRANSPORT_UDP) return false;
  if (filter->range_count == 0) return true;
  for (size_t i = 0; i < filter->range_count; i++)
    if (holds_port(&filter->ranges[i], transport, port)) return true;
  return false;
}

/* Would what is sent to the range's host, if it names one, come to this socket? */
static bool holds_socket(const struct port_range *range, const struct port_socket *socket) {
  if (!holds_port(range, socket->transport, address_port(&socket->local))) return false;
  for (size_t i = 0; i < range->host_count; i++)
    if (port_socket_overlaps(socket, &range->hosts[i], false)) return true;
  return range->host_count == 0;
}

static bool admits_place(const struct port_filter *filter, const struct port_socket *socket) {
  if (!port_filter_admits_port(filter, socket->transport, address_port(&socket->local))) return false;
  for (size_t i = 0; i < filter->range_count; i++)
    if (holds_socket(&filter->ranges[i], socket)) return true;
  return filter->range_count == 0;
}

bool port_process_is_called(const struct port_process *process, const char *name) {
  if (strcmp(process->command, name) == 0) return true;
  return strlen(process->command) == KERNEL_NAME_BYTES && strncmp(process->command, name, KERNEL_NAME_BYTES) == 0;
}

static bool admits_process(const struct port_filter *filter, const struct port_socket *socket) {
  if (filter->process == NULL && filter->pid < 0) return true;
  for (size_t i = 0; i < socket->process_count; i++) {
    const struct port_process *process = &socket->processes[i];
    if (filter->process != NULL ? port_process_is_called(process, filter->process) : process->pid == filter->pid)
      return true;
  }
  return false;
}

bool port_filter_admits(const struct port_filter *filter, const struct port_socket *socket) {
  enum port_reach reach = port_reach_of(socket);
  if (filter->only_exposed && reach != PORT_REACH_EXPOSED) return false;
  if (filter->only_local && reach == PORT_REACH_EXPOSED) return false;
  return admits_place(filter, socket) && admits_process(filter, socket);
}

static int compare_numbers(uint64_t one, uint64_t other) {
  return (one > other) - (one < other);
}

/* 0.0.0.0 and :: before the others, IPv4 before IPv6. */
static int compare_addresses(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  if (one->ss_family != other->ss_family) return one->ss_family == AF_INET ? -1 : 1;
  return memcmp(one, other, address_bytes(one));
}

int port_socket_compare(const struct port_socket *one, const struct port_socket *other) {
  int order = compare_numbers(port_reach_of(one), port_reach_of(other));
  if (order == 0) order = compare_numbers(address_port(&one->local), address_port(&other->local));
  if (order == 0) order = compare_numbers(one->transport, other->transport);
  if (order == 0) order = compare_addresses(&one->local, &other->local);
  if (order == 0) order = compare_numbers(one->dual_stack, other->dual_stack);
  if (order == 0) order = compare_numbers(one->inode, other->inode);
  return order;
}

static int compare_rows(const void *one, const void *other) {
  const struct port_row *first = one, *second = other;
  return port_socket_compare(first->socket, second->socket);
}

size_t port_rows_select(const struct port_list *list, const struct port_filter *filter, struct port_row *rows) {
  size_t count = 0;
  for (size_t i = 0; i < list->socket_count; i++)
    if (port_filter_admits(filter, &list->sockets[i]))
      rows[count++] = (struct port_row){.socket = &list->sockets[i], .mark = PORT_MARK_NONE};
  if (count > 0) qsort(rows, count, sizeof *rows, compare_rows);
  return count;
}
