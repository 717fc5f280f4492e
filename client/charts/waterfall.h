/* Parts of one time, one below the other, each beginning where the one before ends. Draws what it is given. */
#ifndef LOPING_CLIENT_CHARTS_WATERFALL_H
#define LOPING_CLIENT_CHARTS_WATERFALL_H

#include <stddef.h>
#include <stdio.h>

#define WATERFALL_PARTS_MAX 16

struct waterfall_part {
  const char *label;
  double duration_ns;
  int kind; /* of which side or sort it is: its class, 0 to 7 */
};

struct waterfall {
  const char *title;
  size_t count;
  struct waterfall_part parts[WATERFALL_PARTS_MAX];
};

/* As chart_write() and chart_write_table(). */
void waterfall_write(const struct waterfall *waterfall, const char *where, FILE *out);
void waterfall_write_table(const struct waterfall *waterfall, FILE *out);

#endif
