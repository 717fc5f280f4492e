/* A file for Wireshark and tcpdump: pcapng (draft-ietf-opsawg-pcapng), of IP packets with times in nanoseconds. Pure.
 */
#ifndef LOPING_CLIENT_LADDER_PCAPNG_H
#define LOPING_CLIENT_LADDER_PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The head of the file; `comment` is about all of it. */
void pcapng_write_head(FILE *out, const char *program, const char *comment);

/* A packet from its network header on: `length` bytes of `whole`. `comment` is shown beside it; NULL: none. */
void pcapng_write_packet(FILE *out, uint64_t at_ns, const uint8_t *bytes, size_t length, size_t whole,
                         const char *comment);

#endif
