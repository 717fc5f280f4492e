/* Users and groups by name. The files are read here first: libc's way to them (nsswitch.conf(5)) loads libraries, and
 * ends the process where it lacks memory. */
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"
#include "common/sockets/process_linux.h"

/* Of the longest row that is read whole. */
#define ROW_BYTES 16384

/* Both files have rows of "NAME:x:NUMBER:". */
static bool is_row_of(const char *row, int64_t number, char *out, size_t out_bytes) {
  size_t length = strcspn(row, ":");
  const char *at = row[length] == ':' ? strchr(row + length + 1, ':') : NULL;
  char *end;
  if (at == NULL || length == 0 || at[1] < '0' || at[1] > '9' || strtoll(at + 1, &end, 10) != number || *end != ':')
    return false;
  snprintf(out, out_bytes, "%.*s", (int)length, row);
  return true;
}

/* Reads on behind what is left of a line. Returns the bytes in the buffer. */
static size_t read_on(int file, char text[ROW_BYTES], size_t left) {
  ssize_t length = read(file, text + left, ROW_BYTES - 1 - left);
  size_t used = left + (length > 0 ? (size_t)length : 0);
  text[used] = '\0';
  return used;
}

static bool find_in_file(const char *file_name, int64_t number, char *out, size_t out_bytes) {
  char text[ROW_BYTES];
  size_t used = 0, left = 0;
  bool is_found = false;
  int file = proc_file_descriptor(AT_FDCWD, file_name, 0);
  if (file < 0) return false;
  while (!is_found && (used = read_on(file, text, left)) > left) {
    char *row = text, *end;
    while (!is_found && (end = strchr(row, '\n')) != NULL) {
      *end = '\0';
      is_found = is_row_of(row, number, out, out_bytes);
      row = end + 1;
    }
    left = used - (size_t)(row - text);
    memmove(text, row, left);
  }
  close(file);
  return is_found;
}

void process_user_name(int64_t uid, char *out, size_t out_bytes) {
  char row[ROW_BYTES];
  struct passwd entry, *found = NULL;
  out[0] = '\0';
  if (uid < 0 || find_in_file("/etc/passwd", uid, out, out_bytes)) return;
  int code = getpwuid_r((uid_t)uid, &entry, row, sizeof row, &found);
  (void)lack_note(-code);
  if (found != NULL)
    snprintf(out, out_bytes, "%s", found->pw_name);
  else
    snprintf(out, out_bytes, "%lld", (long long)uid);
}

void process_group_name(int64_t gid, char *out, size_t out_bytes) {
  char row[ROW_BYTES];
  struct group entry, *found = NULL;
  if (find_in_file("/etc/group", gid, out, out_bytes)) return;
  int code = getgrgid_r((gid_t)gid, &entry, row, sizeof row, &found);
  (void)lack_note(-code);
  if (found != NULL)
    snprintf(out, out_bytes, "%s", found->gr_name);
  else
    snprintf(out, out_bytes, "%lld", (long long)gid);
}
