/* Room behind a descriptor, on Linux. */
#include "server/say/descriptor.h"

#include <poll.h>

bool descriptor_takes_more(int descriptor) {
  struct pollfd asked = {.fd = descriptor, .events = POLLOUT};
  /* What poll() fails with, the write will say. */
  return poll(&asked, 1, 0) != 0;
}
