/* The table of the exams, in the order in which they are done: what may end a server comes last. */
#include "client/grade/exams.h"

#include <string.h>

static const struct exam rows[] = {
    {"echo", EXAM_STREAM, 10, exam_echo, "three messages, one after the other", false},
    {"bytes", EXAM_STREAM, 10, exam_bytes, "all 256 byte values, NUL among them", false},
    {"sizes", EXAM_STREAM, 10, exam_sizes, "1 B to 4 MiB, each in one go", false},
    {"pieces", EXAM_STREAM, 5, exam_pieces, "one message in eight pieces", false},
    {"several", EXAM_STREAM, 5, exam_several, "several messages that come in one read", false},
    {"clients", EXAM_STREAM, 10, exam_clients, "three clients at once, and a silent one", false},
    {"slow-reader", EXAM_STREAM, 5, exam_slow_reader, "a client that reads late, another meanwhile", false},
    {"half-close", EXAM_STREAM, 10, exam_half_close, "the client ends, and is owed the rest still", false},
    {"end", EXAM_STREAM, 5, exam_end, "a client that says nothing and goes", false},
    {"many", EXAM_STREAM, 10, exam_many, "200 connections one after the other", false},
    {"restart", EXAM_TCP, 5, exam_restart, "SO_REUSEADDR, for a restart at once", false},
    {"ipv6", EXAM_TCP, 2, exam_ipv6, "the same port of ::1", true},
    {"reset", EXAM_STREAM, 6, exam_reset, "a connection that is reset", false},
    {"gone", EXAM_STREAM, 7, exam_gone, "clients that are gone when it writes", false},
    {"udp-echo", EXAM_DATAGRAM, 20, exam_datagram, "one datagram, and where its echo comes from", false},
    {"udp-bytes", EXAM_DATAGRAM, 20, exam_datagram_bytes, "all 256 byte values, NUL among them", false},
    {"udp-sizes", EXAM_DATAGRAM, 20, exam_datagram_sizes, "1, 512, 1,472, 8,192 and 65,507 B", false},
    {"udp-several", EXAM_DATAGRAM, 10, exam_datagram_several, "five datagrams in a row", false},
    {"udp-clients", EXAM_DATAGRAM, 20, exam_datagram_clients, "two clients by turns", false},
    {"udp-empty", EXAM_DATAGRAM, 10, exam_datagram_empty, "a datagram of 0 B", false},
};

#define ROWS (sizeof rows / sizeof rows[0])
_Static_assert(ROWS <= EXAMS_MAX, "an examination has room for every exam");

const struct exam *exams_at(size_t index) {
  return index < ROWS ? &rows[index] : NULL;
}

size_t exams_find(const char *name) {
  for (size_t i = 0; i < ROWS; i++)
    if (strcmp(rows[i].name, name) == 0) return i;
  return SIZE_MAX;
}
