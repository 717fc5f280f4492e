/* What Linux has written down about ports: /etc/services through the C library, and /proc/sys/net. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/explain/machine_net.h"
#include "common/machine/proc_file_linux.h"

#define SERVICE_ROW_BYTES 4096

enum machine_answer machine_service_name(uint16_t port, enum transport transport, char *name) {
  struct servent row, *found = NULL;
  char text[SERVICE_ROW_BYTES];
  name[0] = '\0';
  if (getservbyport_r(htons(port), transport_name(transport), &row, text, sizeof text, &found) == 0 && found != NULL) {
    snprintf(name, MACHINE_SERVICE_NAME_SIZE, "%s", found->s_name);
    return MACHINE_YES;
  }
  return access("/etc/services", R_OK) == 0 ? MACHINE_NO : MACHINE_UNKNOWN;
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
