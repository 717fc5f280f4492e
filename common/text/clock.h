/* Time: one monotonic clock for measuring, one calendar clock for labels. */
#ifndef LOPING_COMMON_TEXT_CLOCK_H
#define LOPING_COMMON_TEXT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_NS_PER_SECOND UINT64_C(1000000000)
#define CLOCK_NS_PER_MS     UINT64_C(1000000)
#define CLOCK_UTC_TEXT_SIZE 32

/* Nanoseconds since an arbitrary moment of this machine; never goes back and is shared by all of its processes
 * (uv_hrtime: CLOCK_MONOTONIC on Linux), so that two processes' stamps can be subtracted. */
uint64_t clock_now_ns(void);

/* Seconds since 1970-01-01 UTC, for labels only: it can jump. Returns 0 if the system does not say. */
int64_t clock_calendar_seconds(void);

/* Writes `seconds` since 1970 as "2026-11-22T09:30:00Z" (RFC 3339). `out` holds CLOCK_UTC_TEXT_SIZE bytes. */
void clock_utc_text(int64_t seconds, char out[CLOCK_UTC_TEXT_SIZE]);

#endif
