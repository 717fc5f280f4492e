/* By ioctl(2): libuv's uv_tty_get_winsize() needs a handle, and a handle would reopen the terminal and make it
 * non-blocking. */
#include "common/text/terminal.h"

#include <locale.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

size_t terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_size(int descriptor, size_t *columns, size_t *lines) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return false;
  *columns = size.ws_col;
  *lines = size.ws_row;
  return size.ws_col > 0 && size.ws_row > 0;
}

bool terminal_is_ours(int descriptor) {
  pid_t group = tcgetpgrp(descriptor);
  /* One that is not our controlling terminal has no such thing. */
  return group == getpgrp() || group < 0;
}

bool terminal_is_same(int one, int other) {
  struct stat first, second;
  return fstat(one, &first) == 0 && fstat(other, &second) == 0 && S_ISCHR(first.st_mode) && S_ISCHR(second.st_mode) &&
         first.st_rdev == second.st_rdev;
}

bool terminal_is_always_utf8(void) {
  return false;
}

void terminal_know_characters(void) {
  /* macOS and the BSDs have it by the other name. */
  if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) (void)setlocale(LC_CTYPE, "UTF-8");
}

size_t terminal_character_columns(uint32_t character) {
  int columns = wcwidth((wchar_t)character);
  return columns < 0 ? 1 : (size_t)columns;
}
