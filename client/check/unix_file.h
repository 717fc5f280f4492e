/* What stands at a unix socket's path, and what keeps this user from it. */
#ifndef LOPING_CLIENT_CHECK_UNIX_FILE_H
#define LOPING_CLIENT_CHECK_UNIX_FILE_H

#include <stdint.h>

#include "client/check/facts.h"

#define UNIX_FILE_PLACE_SIZE 1024
#define UNIX_FILE_MODE_SIZE  11

struct unix_file {
  enum unix_file_state state;
  char place[UNIX_FILE_PLACE_SIZE]; /* the folder that is missing or shut, else the file itself, where links lead to;
                                       not escaped */
  uint64_t mode;                    /* stat(2)'s, of `place`; 0: not known */
  int64_t uid;
  int64_t gid;
  char user[64]; /* their names; not escaped */
  char group[64];
  int64_t made; /* seconds since 1970 UTC: when the socket was bound */
};

/* Walks along the path as connect() does. Touches nothing. */
void unix_file_look(const char *path, struct unix_file *file);

/* "drwxr-x---", as ls(1) writes it. Pure. */
const char *unix_file_mode_text(uint64_t mode, char out[UNIX_FILE_MODE_SIZE]);

/* "a folder", "a regular file", ... Pure. */
const char *unix_file_kind_text(uint64_t mode);

#endif
