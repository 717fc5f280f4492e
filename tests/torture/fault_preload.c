/* A library for LD_PRELOAD: the N-th allocation of a program fails, or that one and all that follow. It stands before
 * libc's own malloc(), so that libc's, libuv's and jansson's allocations are met too. It must use no memory itself.
 *
 *   FAULT_ALLOCATION=N    the N-th fails (N+: from then on all fail); 0: none does, they are only counted
 *   FAULT_TRAP=1          the program stops there for its debugger (SIGTRAP)
 *   FAULT_COUNTER=FILE    two numbers in it at the end, also of a program that was killed, of 8 bytes each, native: how
 *                         many there were, and how many of those that failed were within getaddrinfo(3)
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* glibc's own, behind the names that are taken over here. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);

enum { ALL, IN_RESOLVER, COUNTERS };

static _Atomic uint64_t own_counters[COUNTERS];
static _Atomic uint64_t *counters = own_counters;
static int (*resolve)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
static _Thread_local bool is_resolving;
static uint64_t failing;
static bool is_sticky, is_counting, is_trapping;

/* strtoull() without the locale. */
static uint64_t read_number(const char *text, const char **end) {
  uint64_t number = 0;
  for (; *text >= '0' && *text <= '9'; text++)
    number = number * 10 + (uint64_t)(*text - '0');
  *end = text;
  return number;
}

__attribute__((constructor)) static void begin(void) {
  const char *which = getenv("FAULT_ALLOCATION"), *path = getenv("FAULT_COUNTER");
  const char *end = "";
  if (which == NULL) return;
  failing = read_number(which, &end);
  is_sticky = *end == '+';
  is_trapping = getenv("FAULT_TRAP") != NULL;
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && ftruncate(file, sizeof own_counters) == 0) {
    void *shared = mmap(NULL, sizeof own_counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED) counters = shared;
  }
  if (file >= 0) close(file);
  *(void **)&resolve = dlsym(RTLD_NEXT, "getaddrinfo");
  is_counting = true;
}

static bool is_refused(void) {
  if (!is_counting) return false;
  uint64_t number = atomic_fetch_add(&counters[ALL], 1) + 1;
  bool is_it = failing > 0 && (number == failing || (is_sticky && number > failing));
  if (is_it && is_trapping) raise(SIGTRAP);
  if (is_it && is_resolving) atomic_fetch_add(&counters[IN_RESOLVER], 1);
  if (is_it) errno = ENOMEM;
  return is_it;
}

void *malloc(size_t bytes) {
  return is_refused() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  return is_refused() ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes) {
  return is_refused() ? NULL : __libc_realloc(old, bytes);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  is_resolving = true;
  int code = resolve(name, service, hints, found);
  is_resolving = false;
  return code;
}
