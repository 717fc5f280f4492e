/* Blocks and options, each padded to 32 bits, in this machine's own byte order, which the head tells. */
#include "client/ladder/pcapng.h"

#include <string.h>

#define BLOCK_SECTION    0x0A0D0D0Au
#define BLOCK_INTERFACE  1u
#define BLOCK_PACKET     6u
#define BYTE_ORDER_MAGIC 0x1A2B3C4Du
#define LINKTYPE_RAW     101 /* begins with an IPv4 or IPv6 header */
#define OPTION_END       0
#define OPTION_COMMENT   1
#define SECTION_PROGRAM  4
#define INTERFACE_NAME   2
#define INTERFACE_TIMES  9 /* if_tsresol: the power of ten of a second */
#define NANOSECONDS      9

static size_t padded(size_t length) {
  return (length + 3) / 4 * 4;
}

static void put(FILE *out, const void *bytes, size_t length) {
  static const uint8_t nothing[4] = {0};
  fwrite(bytes, 1, length, out);
  fwrite(nothing, 1, padded(length) - length, out);
}

static void put_u32(FILE *out, uint32_t value) {
  fwrite(&value, sizeof value, 1, out);
}

static void put_u16(FILE *out, uint16_t value) {
  fwrite(&value, sizeof value, 1, out);
}

static size_t option_bytes(size_t length) {
  return 4 + padded(length);
}

static void put_option(FILE *out, uint16_t code, const void *value, size_t length) {
  put_u16(out, code);
  put_u16(out, (uint16_t)length);
  put(out, value, length);
}

static void write_section(FILE *out, const char *program, const char *comment) {
  size_t total = 12 + 16 + option_bytes(strlen(program)) + option_bytes(strlen(comment)) + option_bytes(0);
  put_u32(out, BLOCK_SECTION);
  put_u32(out, (uint32_t)total);
  put_u32(out, BYTE_ORDER_MAGIC);
  put_u16(out, 1);
  put_u16(out, 0);
  /* The section's length is not told. */
  put_u32(out, UINT32_MAX);
  put_u32(out, UINT32_MAX);
  put_option(out, SECTION_PROGRAM, program, strlen(program));
  put_option(out, OPTION_COMMENT, comment, strlen(comment));
  put_option(out, OPTION_END, "", 0);
  put_u32(out, (uint32_t)total);
}

static void write_interface(FILE *out) {
  static const uint8_t resolution = NANOSECONDS;
  size_t total = 12 + 8 + option_bytes(2) + option_bytes(1) + option_bytes(0);
  put_u32(out, BLOCK_INTERFACE);
  put_u32(out, (uint32_t)total);
  put_u16(out, LINKTYPE_RAW);
  put_u16(out, 0);
  put_u32(out, 0);
  put_option(out, INTERFACE_NAME, "lo", 2);
  put_option(out, INTERFACE_TIMES, &resolution, 1);
  put_option(out, OPTION_END, "", 0);
  put_u32(out, (uint32_t)total);
}

void pcapng_write_head(FILE *out, const char *program, const char *comment) {
  write_section(out, program, comment);
  write_interface(out);
}

void pcapng_write_packet(FILE *out, uint64_t at_ns, const uint8_t *bytes, size_t length, size_t whole,
                         const char *comment) {
  size_t options = comment != NULL ? option_bytes(strlen(comment)) + option_bytes(0) : 0;
  size_t total = 12 + 20 + padded(length) + options;
  put_u32(out, BLOCK_PACKET);
  put_u32(out, (uint32_t)total);
  put_u32(out, 0);
  put_u32(out, (uint32_t)(at_ns >> 32));
  put_u32(out, (uint32_t)at_ns);
  put_u32(out, (uint32_t)length);
  put_u32(out, (uint32_t)whole);
  put(out, bytes, length);
  if (comment != NULL) {
    put_option(out, OPTION_COMMENT, comment, strlen(comment));
    put_option(out, OPTION_END, "", 0);
  }
  put_u32(out, (uint32_t)total);
}
