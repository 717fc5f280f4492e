/* Where nobody wrote that system's own file yet: it is not known. */
#include "common/text/terminal.h"

size_t terminal_columns(int descriptor) {
  (void)descriptor;
  return 0;
}
