/* The view of a server: what it counts over time, at several widths, held against tests/golden/live/. */
#include "server/say/live_view.h"

#include <stdio.h>
#include <string.h>

#include "common/text/draw.h"
#include "tests/unit/unit_test.h"

#define VIEW_SIZE 16384
#define FIFTH_NS  UINT64_C(200000000)

static struct live_counts counts;
static struct server_stats stats;
static char view[VIEW_SIZE];
static size_t widest, line_count;

static void put(void *owner, const char *line) {
  size_t wide = draw_columns(line), length = strlen(line), used = strlen(view);
  (void)owner;
  if (wide > widest) widest = wide;
  line_count++;
  while (length > 0 && line[length - 1] == ' ')
    length--;
  snprintf(view + used, sizeof view - used, "%.*s\n", (int)length, line);
}

/* 12 seconds, in which connections come, rest and are refused. */
static void make_counts(void) {
  memset(&counts, 0, sizeof counts);
  memset(&stats, 0, sizeof stats);
  for (unsigned look = 1; look <= 60; look++) {
    uint64_t step = look % 20;
    stats.open_connections = 1 + step / 5;
    stats.connections += step % 5 == 0;
    stats.peak_connections = 4;
    stats.messages += 1000 * step;
    stats.bytes_in += 64000 * step;
    stats.bytes_out += 64000 * step;
    if (look == 31) stats.refusals = stats.refused_too_many = 7;
    if (look == 44) stats.protocol_errors = 2;
    live_counts_add(&counts, look * FIFTH_NS, &stats);
  }
}

static const char *golden(const char *name) {
  static char text[VIEW_SIZE];
  char path[128];
  snprintf(path, sizeof path, "tests/golden/live/%s.txt", name);
  FILE *file = fopen(path, "r");
  size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
  if (file != NULL) fclose(file);
  text[length] = '\0';
  return text;
}

static const char *drawn(enum draw_set set, size_t columns, size_t lines) {
  struct style style = {"", "", "", "", "", "", set, columns};
  view[0] = '\0';
  widest = line_count = 0;
  live_view_write(&counts, "127.0.0.1:62893 (tcp) and 1 more", &style, lines, put, NULL);
  return view;
}

static void views_look_as_they_were_found_good(void **state) {
  static const struct {
    const char *name;
    enum draw_set set;
    size_t columns, lines;
  } cases[] = {
      {"server_60", DRAW_UNICODE, 59, 23},     {"server_80", DRAW_UNICODE, 79, 23},
      {"server_120", DRAW_UNICODE, 119, 39},   {"server_60_ascii", DRAW_ASCII, 59, 23},
      {"server_80_ascii", DRAW_ASCII, 79, 23}, {"server_120_ascii", DRAW_ASCII, 119, 39},
      {"server_80_low", DRAW_UNICODE, 79, 7},  {"server_40", DRAW_UNICODE, 39, 23},
  };
  (void)state;
  make_counts();
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(drawn(cases[i].set, cases[i].columns, cases[i].lines), golden(cases[i].name));
}

static void no_view_is_higher_than_its_terminal(void **state) {
  (void)state;
  make_counts();
  for (size_t lines = 0; lines < 20; lines++) {
    drawn(DRAW_ASCII, 79, lines);
    assert_in_range(line_count, 0, lines);
  }
}

static void the_last_second_is_apart_from_the_rest(void **state) {
  (void)state;
  make_counts();
  /* Nothing comes any more. */
  for (unsigned look = 61; look <= 66; look++)
    live_counts_add(&counts, look * FIFTH_NS, &stats);
  assert_float_equal(counts.now[LIVE_MESSAGES], 0, 1e-9);
  assert_int_equal(570000, live_counts_total(&live_counts_newest(&counts)->stats, LIVE_MESSAGES));
}

static void counts_that_go_back_are_no_rate(void **state) {
  (void)state;
  make_counts();
  stats.messages -= 1000;
  live_counts_add(&counts, 60 * FIFTH_NS + 5 * FIFTH_NS, &stats);
  assert_true(counts.now[LIVE_MESSAGES] >= 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_look_as_they_were_found_good),
      cmocka_unit_test(no_view_is_higher_than_its_terminal),
      cmocka_unit_test(the_last_second_is_apart_from_the_rest),
      cmocka_unit_test(counts_that_go_back_are_no_rate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
