/* Windows' named pipes (CreateFile, "Naming a pipe"). */
#include "common/io/pipe_name.h"

#include <string.h>

#define BEGINNING "\\\\.\\pipe\\"

bool pipe_name_is_needed(void) {
  return true;
}

bool pipe_name_fits(const char *path) {
  size_t length = strlen(BEGINNING);
  return strlen(path) > length && _strnicmp(path, BEGINNING, length) == 0;
}
