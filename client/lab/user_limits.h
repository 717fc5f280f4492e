/* Which setting of this system keeps ordinary users from making user namespaces. The seam: user_limits_linux.c,
 * user_limits_portable.c. */
#ifndef LOPING_CLIENT_LAB_USER_LIMITS_H
#define LOPING_CLIENT_LAB_USER_LIMITS_H

#include <stdbool.h>

struct user_limit {
  const char *setting; /* as sysctl(8) names it */
  const char *value;
};

/* The first that forbids it. False: none of those that are known does. */
bool user_limits_find(struct user_limit *limit);

#endif
