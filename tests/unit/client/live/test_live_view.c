/* A view of each kind, at several widths and heights, in Unicode and in ASCII, held against tests/golden/live/. */
#include "client/live/live_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/live/live_history.h"
#include "common/text/draw.h"
#include "tests/unit/unit_test.h"

#define VIEW_SIZE 32768
#define TENTH_NS  UINT64_C(100000000)

enum kind { LATENCY, TWO_MODES, THROUGHPUT, PING, WARMING };

static struct live_history history;
static struct live_snapshot snapshot;
static struct live_facts facts;
static char view[VIEW_SIZE];
static size_t widest, line_count;

static void put(void *columns, const char *line) {
  (void)columns;
  size_t wide = draw_columns(line);
  if (wide > widest) widest = wide;
  line_count++;
  /* Trailing blanks would be lost in an editor. */
  size_t length = strlen(line), used = strlen(view);
  while (length > 0 && line[length - 1] == ' ')
    length--;
  snprintf(view + used, sizeof view - used, "%.*s\n", (int)length, line);
}

static uint64_t next_number(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state >> 33;
}

/* 1.8 of 3 seconds, a look each tenth. */
static void make_facts(enum kind kind) {
  uint64_t state = 1;
  memset(&history, 0, sizeof history);
  memset(&snapshot, 0, sizeof snapshot);
  snapshot.run = 1;
  snapshot.run_count = kind == THROUGHPUT ? 2 : 1;
  snapshot.name = kind == THROUGHPUT ? "throughput" : "latency";
  snprintf(snapshot.target, sizeof snapshot.target, "127.0.0.1:62893 (tcp), 64 B");
  snapshot.phase = kind == WARMING ? LIVE_WARMING : LIVE_MEASURING;
  snapshot.has_round_trips = kind != THROUGHPUT;
  snapshot.is_ping = kind == PING;
  snapshot.total_ns = 30 * TENTH_NS;
  for (unsigned look = 0; look < 18; look++) {
    snapshot.elapsed_ns += kind == WARMING ? 0 : TENTH_NS;
    for (unsigned i = 0; i < 1000 && kind != WARMING; i++) {
      uint64_t ns = 5000 + next_number(&state) % 40 * (next_number(&state) % 40);
      if (kind == TWO_MODES && i % 80 == 7) ns = 40000000 + next_number(&state) % 400000;
      coarse_record(&snapshot.rtt, ns);
      snapshot.round_trips++;
    }
    if (look == 5 && kind == TWO_MODES) snapshot.errors = 3;
    for (unsigned i = 0; i < 4; i++)
      snapshot.replies[snapshot.reply_count++ % LIVE_CELLS] =
          look == 12 && i == 2 ? DRAW_GAP : 80000 + 1000 * (double)((look * 7 + i * 13) % 40);
    snapshot.bytes_moved += 100000000 + look % 5 * 10000000;
    live_history_add(&history, &snapshot, &facts);
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

static const char *drawn(enum kind kind, enum draw_set set, size_t columns, size_t lines) {
  struct style style = {"", "", "", "", "", "", set, columns};
  make_facts(kind);
  view[0] = '\0';
  widest = line_count = 0;
  live_view_write(&facts, &style, lines, put, NULL);
  return view;
}

static void views_look_as_they_were_found_good(void **state) {
  static const struct {
    const char *name;
    enum kind kind;
    enum draw_set set;
    size_t columns, lines;
  } cases[] = {
      {"latency_60", LATENCY, DRAW_UNICODE, 59, 23},
      {"latency_80", LATENCY, DRAW_UNICODE, 79, 23},
      {"latency_120", LATENCY, DRAW_UNICODE, 119, 39},
      {"latency_60_ascii", LATENCY, DRAW_ASCII, 59, 23},
      {"latency_80_ascii", LATENCY, DRAW_ASCII, 79, 23},
      {"latency_120_ascii", LATENCY, DRAW_ASCII, 119, 39},
      {"latency_40", LATENCY, DRAW_UNICODE, 39, 23},
      {"two_modes_80", TWO_MODES, DRAW_UNICODE, 79, 23},
      {"two_modes_40", TWO_MODES, DRAW_UNICODE, 39, 15},
      {"throughput_80", THROUGHPUT, DRAW_UNICODE, 79, 23},
      {"throughput_60_ascii", THROUGHPUT, DRAW_ASCII, 59, 23},
      {"ping_80", PING, DRAW_UNICODE, 79, 23},
      {"ping_60_ascii", PING, DRAW_ASCII, 59, 23},
      {"warming_80", WARMING, DRAW_UNICODE, 79, 23},
      {"latency_80_low", LATENCY, DRAW_UNICODE, 79, 8},
      {"latency_40_lowest", LATENCY, DRAW_ASCII, 39, 7},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const char *text = drawn(cases[i].kind, cases[i].set, cases[i].columns, cases[i].lines);
    assert_string_equal(text, golden(cases[i].name));
  }
}

static void no_view_is_wider_or_higher_than_its_terminal(void **state) {
  (void)state;
  for (enum kind kind = LATENCY; kind <= WARMING; kind++) {
    for (size_t lines = 7; lines < 30; lines++) {
      drawn(kind, DRAW_UNICODE, 79, lines);
      assert_in_range(line_count, 1, lines);
    }
    for (size_t columns = 59; columns < 220; columns += 7) {
      drawn(kind, DRAW_UNICODE, columns, 30);
      assert_in_range(widest, 1, columns);
    }
  }
}

static void its_height_stays_from_the_first_moment_to_the_last(void **state) {
  (void)state;
  drawn(WARMING, DRAW_UNICODE, 79, 23);
  size_t lines = line_count;
  drawn(LATENCY, DRAW_UNICODE, 79, 23);
  assert_int_equal(lines, line_count);
}

static void the_last_second_is_apart_from_the_rest(void **state) {
  (void)state;
  make_facts(LATENCY);
  /* A slow second after fast ones. */
  for (unsigned look = 0; look < 10; look++) {
    snapshot.elapsed_ns += TENTH_NS;
    for (unsigned i = 0; i < 10; i++)
      coarse_record(&snapshot.rtt, 1000000);
    snapshot.round_trips += 10;
    live_history_add(&history, &snapshot, &facts);
  }
  assert_float_equal(facts.last.p50_ns / 1e6, 1, 0.02);
  assert_float_equal(facts.last.per_second, 100, 1);
  assert_true(facts.all.p50_ns < 10000);
  assert_float_equal(facts.share, 2.8 / 3, 1e-6);
  assert_float_equal((double)facts.left_ns / 1e6, 200, 1);
  assert_int_equal(28, facts.cell_count);
  assert_float_equal(facts.cells[27].per_second, 100, 1);
}

static void another_run_begins_anew(void **state) {
  (void)state;
  make_facts(LATENCY);
  memset(&snapshot, 0, sizeof snapshot);
  snapshot.run = 2;
  snapshot.phase = LIVE_MEASURING;
  snapshot.has_round_trips = true;
  snapshot.total_ns = 600 * 10 * TENTH_NS;
  snapshot.elapsed_ns = TENTH_NS;
  live_history_add(&history, &snapshot, &facts);
  assert_int_equal(0, facts.cell_count);
  assert_int_equal(10 * TENTH_NS, facts.cell_ns);
  assert_float_equal(facts.all.p50_ns, 0, 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_look_as_they_were_found_good),
      cmocka_unit_test(no_view_is_wider_or_higher_than_its_terminal),
      cmocka_unit_test(its_height_stays_from_the_first_moment_to_the_last),
      cmocka_unit_test(the_last_second_is_apart_from_the_rest),
      cmocka_unit_test(another_run_begins_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
