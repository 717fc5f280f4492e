#include "client/lab/user_limits.h"

bool user_limits_find(struct user_limit *limit) {
  (void)limit;
  return false;
}
