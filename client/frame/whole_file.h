/* Files that are there as a whole or not at all. */
#ifndef LOPING_CLIENT_FRAME_WHOLE_FILE_H
#define LOPING_CLIENT_FRAME_WHOLE_FILE_H

#include <stddef.h>

/* Makes `path` hold exactly these bytes: they are written beside it, and that file takes its name once it is whole and
 * on the disk. After a failure, and when the program ends meanwhile, what was there is untouched. A link stays one, and
 * a file keeps its permissions. What is no plain file (a pipe, a terminal) is written directly. Returns 0 or a negative
 * UV_ code. */
int whole_file_write(const char *path, const char *bytes, size_t length);

#endif
