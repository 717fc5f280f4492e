/* A socket of our own by what every POSIX system has. */
#include "common/io/plain_socket_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/memory/lack.h"

int plain_socket_open(int family, int type, bool waits) {
  int made = lack_descriptor(socket(family, type, 0));
  if (made < 0) return made;
  if (fcntl(made, F_SETFD, FD_CLOEXEC) == 0 && (waits || fcntl(made, F_SETFL, O_NONBLOCK) == 0)) return made;
  int error = errno;
  (void)close(made);
  errno = error;
  return -1;
}
