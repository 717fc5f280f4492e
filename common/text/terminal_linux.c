/* By ioctl(2): libuv's uv_tty_get_winsize() needs a handle, and a handle would reopen the terminal and make it
 * non-blocking. */
#include "common/text/terminal.h"

#include <sys/ioctl.h>

size_t terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
