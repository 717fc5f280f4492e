/*
 * Is there room in what stands behind a descriptor? Asked before a write, as O_NONBLOCK would be set for all who share
 * the file: the shell that has the same terminal, the other writers of a pipe. The seam: descriptor_linux.c,
 * descriptor_portable.c.
 */
#ifndef LOPING_SERVER_SAY_DESCRIPTOR_H
#define LOPING_SERVER_SAY_DESCRIPTOR_H

#include <stdbool.h>

/* True where a write does something now: it takes some bytes, or fails. Also where this system does not tell. */
bool descriptor_takes_more(int descriptor);

#endif
