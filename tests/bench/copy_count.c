/*
 * Loaded before the C library (LD_PRELOAD), counts what a program has copied when it ends: by memcpy and memmove, and
 * between itself and the kernel by read, recv, write and send of all kinds. Writes both, and nothing else, to the file
 * that COPY_COUNT names, which is opened at the start, as a sandbox may forbid it later.
 */
/* Fortified calls are other functions, and these are to be the C library's. */
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_ullong own_bytes, kernel_bytes;
static int report = -1;

/* Of the library that would have been called. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static ssize_t count(ssize_t moved) {
  if (moved > 0) atomic_fetch_add(&kernel_bytes, (unsigned long long)moved);
  return moved;
}

/* By volatile bytes, so that the compiler does not make a call of the function itself of it. */
static void *copy(void *to, const void *from, size_t length, bool is_forward) {
  volatile unsigned char *target = to;
  const volatile unsigned char *source = from;
  atomic_fetch_add(&own_bytes, length);
  for (size_t i = 0; i < length; i++) {
    size_t at = is_forward ? i : length - 1 - i;
    target[at] = source[at];
  }
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  return copy(to, from, length, true);
}

void *memmove(void *to, const void *from, size_t length) {
  return copy(to, from, length, (uintptr_t)to <= (uintptr_t)from);
}

void *__memcpy_chk(void *to, const void *from, size_t length, size_t room);
void *__memcpy_chk(void *to, const void *from, size_t length, size_t room) {
  (void)room;
  return copy(to, from, length, true);
}

ssize_t read(int file, void *bytes, size_t length) {
  return count(REAL(read)(file, bytes, length));
}

ssize_t recv(int socket, void *bytes, size_t length, int flags) {
  /* MSG_TRUNC discards: nothing is copied. */
  ssize_t moved = REAL(recv)(socket, bytes, length, flags);
  return flags & MSG_TRUNC ? moved : count(moved);
}

ssize_t recvfrom(int socket, void *restrict bytes, size_t length, int flags, struct sockaddr *restrict from,
                 socklen_t *restrict from_length) {
  return count(REAL(recvfrom)(socket, bytes, length, flags, from, from_length));
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags) {
  return count(REAL(recvmsg)(socket, message, flags));
}

ssize_t write(int file, const void *bytes, size_t length) {
  return count(REAL(write)(file, bytes, length));
}

ssize_t writev(int file, const struct iovec *parts, int part_count) {
  return count(REAL(writev)(file, parts, part_count));
}

ssize_t send(int socket, const void *bytes, size_t length, int flags) {
  return count(REAL(send)(socket, bytes, length, flags));
}

ssize_t sendto(int socket, const void *bytes, size_t length, int flags, const struct sockaddr *to,
               socklen_t to_length) {
  return count(REAL(sendto)(socket, bytes, length, flags, to, to_length));
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
  return count(REAL(sendmsg)(socket, message, flags));
}

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("COPY_COUNT");
  if (name != NULL) report = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void end(void) {
  char line[64];
  int length = snprintf(line, sizeof line, "%llu %llu\n", atomic_load(&own_bytes), atomic_load(&kernel_bytes));
  if (report >= 0 && length > 0 && REAL(write)(report, line, (size_t)length) != length) abort();
}
