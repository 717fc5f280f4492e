/* Text files of Linux's /proc and /sys, line by line. What the lines mean is the caller's. */
#ifndef LOPING_COMMON_MACHINE_PROC_FILE_LINUX_H
#define LOPING_COMMON_MACHINE_PROC_FILE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Of the longest line that is read whole: "flags" of /proc/cpuinfo is about 2,000 bytes. */
#define PROC_LINE_SIZE 8192

/* openat(2) for reading, closed on exec(2), with `flags` besides. A signal that comes between is no answer: it asks
 * again. Returns a descriptor that the caller owns, or -1 with errno; that this process lacked something for it is
 * noted. */
int proc_file_descriptor(int folder, const char *name, int flags);

/* Opens one for reading. NULL with errno where that cannot be; that this process lacked something for it is noted. */
FILE *proc_file_open(const char *file_name);

/* Reads the first line, its end included. False where it cannot be read. */
bool proc_file_first_line(const char *file_name, char *line, size_t line_bytes);

/* Calls on_line with each line until it returns false. Returns 0 or a negative UV_ code. */
int proc_file_each_line(const char *file_name, bool (*on_line)(void *owner, const char *line), void *owner);

#endif
