/* Where no service manager is known that wants to be told. */
#include "server/manager/readiness.h"

int readiness_connect(struct readiness *readiness) {
  readiness->descriptor = -1;
  return 0;
}

int readiness_tell(const struct readiness *readiness, const char *state) {
  (void)readiness;
  (void)state;
  return 0;
}

void readiness_end(struct readiness *readiness) {
  (void)readiness;
}
