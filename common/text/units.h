/* Numbers with units, read from the command line and written for people. One table of units serves both ways. */
#ifndef LOPING_COMMON_TEXT_UNITS_H
#define LOPING_COMMON_TEXT_UNITS_H

#include <stddef.h>
#include <stdint.h>

#define UNITS_TEXT_SIZE    32
#define UNITS_COUNTED_SIZE 96
/* 2^53: the most that is read of anything with a fraction or a unit. Above it a double no longer counts every integer;
 * nobody means a duration of 104 days or 8 PiB. */
#define UNITS_MOST UINT64_C(9007199254740992)

/* Why a text is no number; UNITS_OK when it is one. */
enum units_status {
  UNITS_OK,
  UNITS_NOT_A_NUMBER,
  UNITS_UNKNOWN_UNIT,
  UNITS_OUT_OF_RANGE,
  UNITS_NOT_WHOLE,
};

/* In each number but a port's, digits may be grouped by thousands, as we write them: "1,000,000", "1_000_000". */

/* Reads a whole number such as "62893": digits only, no sign, no spaces. */
enum units_status units_parse_count(const char *text, uint64_t *count);

/* Reads a duration such as "200ms", "1.5s" or "2m" into nanoseconds. A unit is required: ns, us, ms, s, m, h.
 * A bare "0" needs none. */
enum units_status units_parse_duration(const char *text, uint64_t *ns);

/* Reads a size such as "64", "64KiB", "1MB" or "64k" into bytes. No unit means bytes; k, M, G mean KiB, MiB, GiB;
 * kB, MB, GB are powers of ten (IEC 80000-13). */
enum units_status units_parse_size(const char *text, uint64_t *bytes);

/* Reads a count or a rate such as "0.1", "10000", "1.5M" or "10k": k, M, G, T are powers of ten. The second takes
 * "1Gbit/s" as well, and gives whole ones. */
enum units_status units_parse_real(const char *text, double *number);
enum units_status units_parse_bit_rate(const char *text, uint64_t *bits_per_second);

/* One sentence on `status` for an error message, such as "is not a number". Never NULL. */
const char *units_status_text(enum units_status status);

/* Each writes into `out` (UNITS_TEXT_SIZE bytes), with three significant digits and a unit, and returns `out`. */
const char *units_format_duration(double ns, char out[UNITS_TEXT_SIZE]);
const char *units_format_bytes(double bytes, char out[UNITS_TEXT_SIZE]);
const char *units_format_bit_rate(double bits_per_second, char out[UNITS_TEXT_SIZE]);
/* A rate of things a second: four significant digits below a thousand, then whole ones, such as "10.5", "1,234,567". */
const char *units_format_rate(double per_second, char out[UNITS_TEXT_SIZE]);
/* A size with all its digits, so that 1,472 B and 1,473 B differ: "64 B", "1,472 B", "512 KiB", "1 MiB". */
const char *units_format_size(uint64_t bytes, char out[UNITS_TEXT_SIZE]);
/* A count with thousands separated by commas, such as "1,234,567". */
const char *units_format_count(uint64_t count, char out[UNITS_TEXT_SIZE]);
/* The same with its noun: "1 reply", "1,234 replies". `out` has UNITS_COUNTED_SIZE bytes. */
const char *units_format_counted(uint64_t count, const char *one, const char *many, char out[UNITS_COUNTED_SIZE]);
/* The end of a regular noun behind its count: "" or "s". */
const char *units_plural(uint64_t count);

#endif
