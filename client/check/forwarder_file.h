/* The configuration of a forwarder, as that process sees it: the seam. */
#ifndef LOPING_CLIENT_CHECK_FORWARDER_FILE_H
#define LOPING_CLIENT_CHECK_FORWARDER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A longer file is not read. */
#define FORWARDER_FILE_SIZE 65536

/* Reads the text file at `path`, an absolute one of the process's own file system, into `text` with an end mark. False
 * where it cannot be read, or may be another file than the process's. */
bool forwarder_file_read(int64_t pid, const char *path, char text[FORWARDER_FILE_SIZE]);

#endif
