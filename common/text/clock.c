/* The clocks of both programs. Knows libuv's clock and nothing of who asks. */
#include "common/text/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <uv.h>

#define SECONDS_A_DAY 86400
/* RFC 3339 has years of four digits. A calendar of 400 years repeats itself, and 1600 begins one. */
#define FIRST_YEAR   1600
#define FIRST_SECOND INT64_C(-11676096000)
#define LAST_SECOND  INT64_C(253402300799)

uint64_t clock_now_ns(void) {
  return uv_hrtime();
}

int64_t clock_calendar_seconds(void) {
  uv_timeval64_t now;
  if (uv_gettimeofday(&now) != 0) return 0;
  return now.tv_sec;
}

static bool is_leap(unsigned year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* `month` is 0 for January. */
static unsigned days_in(unsigned year, unsigned month) {
  static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 1 && is_leap(year) ? 29 : days[month];
}

/* Not gmtime(): where its time_t has 32 bits, it knows no moment after 2038. */
void clock_utc_text(int64_t seconds, char out[CLOCK_UTC_TEXT_SIZE]) {
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
    snprintf(out, CLOCK_UTC_TEXT_SIZE, "unknown");
    return;
  }
  int64_t since = seconds - FIRST_SECOND;
  unsigned days = (unsigned)(since / SECONDS_A_DAY), second = (unsigned)(since % SECONDS_A_DAY);
  unsigned year = FIRST_YEAR, month = 0;
  while (days >= 365U + is_leap(year))
    days -= 365U + is_leap(year++);
  for (unsigned length; days >= (length = days_in(year, month)); month++)
    days -= length;
  snprintf(out, CLOCK_UTC_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", year % 10000, (month + 1) % 100,
           (days + 1) % 100, second / 3600, second / 60 % 60, second % 60);
}
