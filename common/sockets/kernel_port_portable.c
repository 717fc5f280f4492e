/* Where the system does not tell. */
#include "common/sockets/kernel_port.h"

bool kernel_port_find(uint16_t port, char name[KERNEL_PORT_NAME_SIZE]) {
  (void)port;
  name[0] = '\0';
  return false;
}

bool kernel_port_read_link(const void *message, size_t length, uint16_t port, char name[KERNEL_PORT_NAME_SIZE]) {
  (void)message;
  (void)length;
  return kernel_port_find(port, name);
}
