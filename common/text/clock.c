/* The clocks of both programs. Knows libuv's clock and nothing of who asks. */
#include "common/text/clock.h"

#include <stdio.h>
#include <time.h>
#include <uv.h>

uint64_t clock_now_ns(void) {
  return uv_hrtime();
}

int64_t clock_calendar_seconds(void) {
  uv_timeval64_t now;
  if (uv_gettimeofday(&now) != 0) return 0;
  return now.tv_sec;
}

void clock_utc_text(int64_t seconds, char out[CLOCK_UTC_TEXT_SIZE]) {
  time_t moment = (time_t)seconds;
  /* gmtime()'s static result is copied before anybody else can ask: both programs format dates on one thread. */
  const struct tm *utc = gmtime(&moment);
  if (utc == NULL || strftime(out, CLOCK_UTC_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", utc) == 0)
    snprintf(out, CLOCK_UTC_TEXT_SIZE, "unknown");
}
