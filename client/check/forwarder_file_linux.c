/* Files of another process on Linux. Sources: proc_pid_root(5), proc_pid_ns(5). */
#include "client/check/forwarder_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"

#define PATH_SIZE 512

/* In the same mount namespace a path means the same, also where the process has locked itself into a folder (chroot)
 * since it read the file. */
static bool sees_our_files(int64_t pid) {
  char path[PATH_SIZE];
  struct stat own, other;
  snprintf(path, sizeof path, "/proc/%" PRId64 "/ns/mnt", pid);
  return stat("/proc/self/ns/mnt", &own) == 0 && stat(path, &other) == 0 && own.st_ino == other.st_ino;
}

bool forwarder_file_read(int64_t pid, const char *path, char text[FORWARDER_FILE_SIZE]) {
  char name[PATH_SIZE];
  struct stat file;
  size_t used = 0;
  ssize_t got = 1;
  int length = sees_our_files(pid) ? snprintf(name, sizeof name, "%s", path)
                                   : snprintf(name, sizeof name, "/proc/%" PRId64 "/root%s", pid, path);
  if (length < 0 || (size_t)length >= sizeof name) return false;
  /* Another user named it: it may be a pipe that never ends, or a device. */
  int descriptor = proc_file_descriptor(AT_FDCWD, name, O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return false;
  if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode)) got = -1;
  while (got > 0 && used < FORWARDER_FILE_SIZE) {
    got = read(descriptor, text + used, FORWARDER_FILE_SIZE - used);
    if (got > 0) used += (size_t)got;
  }
  (void)close(descriptor);
  if (got != 0 || used == FORWARDER_FILE_SIZE || memchr(text, '\0', used) != NULL) return false;
  text[used] = '\0';
  return true;
}
