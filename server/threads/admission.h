/* Who gets in, and which thread serves it: pure decisions, so that each can be tested as a table. */
#ifndef LOPING_SERVER_THREADS_ADMISSION_H
#define LOPING_SERVER_THREADS_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Descriptors that stay free for what is no connection: a look into /proc, libuv's own, a log. */
#define ADMISSION_SPARE_DESCRIPTORS 8

enum admission { ADMISSION_ACCEPT, ADMISSION_TOO_MANY, ADMISSION_NO_DESCRIPTORS };

struct admission_facts {
  uint64_t open_connections; /* without the new one */
  uint64_t max_connections;  /* 0: no limit */
  int64_t descriptor;        /* of the new connection; -1: not a small number on this system */
  uint64_t descriptor_limit; /* 0: unknown */
};

/* Judges a connection that was just accepted. The system hands out the lowest free descriptor (open(2)), so a number
 * near the limit means that the table is nearly full. */
enum admission admission_judge(const struct admission_facts *facts);

/* Which of the threads gets the next connection: the one with the fewest open; among equals the first after `previous`,
 * the one that got the last. `count` is at least 1. */
size_t admission_choose_thread(const uint64_t *open_connections, size_t count, size_t previous);

/* True the first time after a recovery: what is to be said once. `was_said` is the caller's memory. */
bool admission_say_once(bool *was_said);

#endif
