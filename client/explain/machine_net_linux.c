/* What Linux has written down about ports: /etc/services, and /proc/sys/net. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/explain/machine_net.h"
#include "common/machine/proc_file_linux.h"

#define SERVICES "/etc/services"

struct service {
  unsigned port;
  const char *transport;
  char *name; /* MACHINE_SERVICE_NAME_SIZE */
};

/* "ssh 22/tcp # comment" (services(5)). */
static bool look_for_service(void *owner, const char *line) {
  struct service *service = owner;
  char name[MACHINE_SERVICE_NAME_SIZE], transport[16];
  unsigned port;
  _Static_assert(MACHINE_SERVICE_NAME_SIZE == 64, "the width of a name below");
  if (sscanf(line, " %63[^# \t\n] %u/%15[a-z]", name, &port, transport) != 3) return true;
  if (port != service->port || strcmp(transport, service->transport) != 0) return true;
  memcpy(service->name, name, sizeof name);
  return false;
}

/* The file is read here: libc's way to it (nsswitch.conf(5)) ends the process where it lacks memory. */
enum machine_answer machine_service_name(uint16_t port, enum transport transport, char *name) {
  struct service service = {.port = port, .transport = transport_name(transport), .name = name};
  name[0] = '\0';
  if (proc_file_each_line(SERVICES, look_for_service, &service) != 0) return MACHINE_UNKNOWN;
  return name[0] != '\0' ? MACHINE_YES : MACHINE_NO;
}

enum machine_answer machine_reserved_ports(char *list, size_t list_bytes) {
  list[0] = '\0';
  if (!proc_file_first_line("/proc/sys/net/ipv4/ip_local_reserved_ports", list, list_bytes)) return MACHINE_UNKNOWN;
  size_t length = strlen(list);
  bool is_whole = length + 1 < list_bytes || (length > 0 && list[length - 1] == '\n');
  list[strcspn(list, "\n")] = '\0';
  /* The last number may have lost digits. */
  char *comma = is_whole ? NULL : strrchr(list, ',');
  if (comma != NULL) *comma = '\0';
  return list[0] == '\0' ? MACHINE_NO : MACHINE_YES;
}

uint32_t machine_queue_limit(void) {
  char line[32];
  unsigned limit;
  bool is_read = proc_file_first_line("/proc/sys/net/core/somaxconn", line, sizeof line);
  return is_read && sscanf(line, "%u", &limit) == 1 ? limit : 0;
}
