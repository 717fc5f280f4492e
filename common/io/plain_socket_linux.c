/* A socket of our own on Linux: socket(2) takes the flags. */
#include "common/io/plain_socket_posix.h"

#include <sys/socket.h>

#include "common/memory/lack.h"

int plain_socket_open(int family, int type, bool waits) {
  return lack_descriptor(socket(family, type | SOCK_CLOEXEC | (waits ? 0 : SOCK_NONBLOCK), 0));
}
