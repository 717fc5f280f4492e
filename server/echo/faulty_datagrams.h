/* The faults of the datagrams of one socket. */
#ifndef LOPING_SERVER_ECHO_FAULTY_DATAGRAMS_H
#define LOPING_SERVER_ECHO_FAULTY_DATAGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "server/fault/faults.h"

struct faulty_datagrams {
  struct faults *faults; /* NULL: none */
  /* Sends one; returns whether the system took it. */
  bool (*send)(void *owner, const uint8_t *bytes, size_t length, const struct sockaddr_storage *to);
  void *owner;
  uint64_t arrivals;
  struct held_answer *waiting; /* for the next answer to the same client, to leave behind it */
};

/* Takes one message, which may be changed. */
void faulty_datagrams_pass(struct faulty_datagrams *datagrams, uint8_t *bytes, size_t length, uint64_t receive_ns,
                           bool is_frame, const struct sockaddr_storage *to);

/* Is it a hello of WIRE_MODE_FAULTS? Then it is answered. */
bool faulty_datagrams_tell(struct faulty_datagrams *datagrams, const uint8_t *bytes, size_t length,
                           const struct sockaddr_storage *to);

/* The socket closes: what is held goes with it. */
void faulty_datagrams_end(struct faulty_datagrams *datagrams);

#endif
