/* Where nobody wrote that system's own file yet: the write finds out. */
#include "server/say/descriptor.h"

bool descriptor_takes_more(int descriptor) {
  (void)descriptor;
  return true;
}
