/* By ioctl(2): libuv's uv_tty_get_winsize() needs a handle, and a handle would reopen the terminal and make it
 * non-blocking. */
#include "common/text/terminal.h"

#include <locale.h>
#include <sys/ioctl.h>
#include <wchar.h>

size_t terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void terminal_know_characters(void) {
  /* macOS and the BSDs have it by the other name. */
  if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) (void)setlocale(LC_CTYPE, "UTF-8");
}

size_t terminal_character_columns(uint32_t character) {
  int columns = wcwidth((wchar_t)character);
  return columns < 0 ? 1 : (size_t)columns;
}
