/* What passed and what failed, for a CI system: the XML that JUnit made usual (https://github.com/testmoapp/junitxml).
 */
#ifndef LOPING_CLIENT_PUBLISH_JUNIT_H
#define LOPING_CLIENT_PUBLISH_JUNIT_H

#include <stddef.h>

struct junit_case {
  const char *name;
  const char *failure; /* what is wrong; NULL: it passed */
};

/* The whole document; the caller frees it. NULL if memory ran out. */
char *junit_make(const char *suite, const struct junit_case *cases, size_t count);

#endif
