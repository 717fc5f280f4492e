/* Columns are given up from the left where a terminal is narrow: the time first, then what an arrow tells. */
#include "client/ladder/rungs.h"

#include <stdio.h>
#include <string.h>

#include "common/text/units.h"
#include "common/text/wrap.h"

#define TIME_COLUMNS  9
#define STATE_COLUMNS 11
#define GAP           2
/* Below, an arrow has no room for its words beside a time. */
#define COLUMNS_WITH_TIME 58
/* The widest ladder: an arrow that is longer is no clearer. */
#define COLUMNS_MOST 100
#define ROW_SIZE     1024
#define LABEL_SIZE   160

struct row {
  char text[ROW_SIZE];
  size_t used;
};

static void add(struct row *row, const char *text) {
  int length = snprintf(row->text + row->used, sizeof row->text - row->used, "%s", text);
  if (length > 0 && row->used + (size_t)length < sizeof row->text) row->used += (size_t)length;
}

static void add_blanks(struct row *row, size_t count) {
  while (count-- > 0)
    add(row, " ");
}

/* `text`, and blanks up to so many columns. */
static void add_field(struct row *row, const char *text, size_t columns) {
  size_t taken = wrap_columns(text, strlen(text));
  add(row, text);
  if (taken < columns) add_blanks(row, columns - taken);
}

static void end_row(struct row *row, const struct rungs *rungs) {
  while (row->used > 0 && row->text[row->used - 1] == ' ')
    row->used--;
  rungs->put(rungs->owner, row->text, row->used);
  rungs->put(rungs->owner, "\n", 1);
}

static size_t ladder_columns(const struct rungs *rungs) {
  return rungs->columns < COLUMNS_MOST ? rungs->columns : COLUMNS_MOST;
}

static bool has_time(const struct rungs *rungs) {
  return rungs->columns >= COLUMNS_WITH_TIME;
}

static size_t arrow_columns(const struct rungs *rungs) {
  size_t beside = 2 * (STATE_COLUMNS + GAP) + (has_time(rungs) ? TIME_COLUMNS + GAP : 0);
  return ladder_columns(rungs) - beside - 1;
}

static void begin_row(struct row *row, const struct rungs *rungs, const char *time, const char *client) {
  char field[64];
  row->used = 0;
  row->text[0] = '\0';
  if (has_time(rungs)) {
    snprintf(field, sizeof field, "%*s", TIME_COLUMNS, time);
    add(row, field);
    add_blanks(row, GAP);
  }
  add_field(row, client, STATE_COLUMNS);
  add_blanks(row, GAP);
}

/* Cut, where it does not fit: the names stand in whole above the ladder. */
static void cut(const char *name, size_t columns, char out[64]) {
  snprintf(out, 64, "%.*s", (int)wrap_cut(name, columns), name);
}

void rungs_begin(struct rungs *rungs, const char *client, const char *server, bool is_listening) {
  struct row row;
  char left[64], right[64];
  ends_begin(&rungs->ends, is_listening);
  cut(client, STATE_COLUMNS, left);
  cut(server, STATE_COLUMNS, right);
  begin_row(&row, rungs, "time", left);
  add_blanks(&row, arrow_columns(rungs) + GAP);
  add(&row, right);
  end_row(&row, rungs);
  begin_row(&row, rungs, "", end_state_name(rungs->ends.client.state));
  add_blanks(&row, arrow_columns(rungs) + GAP);
  add(&row, end_state_name(rungs->ends.server.state));
  end_row(&row, rungs);
}

/* The most that fits into so many columns. */
static void describe(const struct packet *packet, const struct relative *relative, size_t columns,
                     char out[LABEL_SIZE]) {
  char flags[PACKET_FLAGS_SIZE], sequence[20] = "", acknowledged[20] = "", size[20] = "";
  packet_flags(packet, flags);
  bool counts = (packet->flags & (PACKET_SYN | PACKET_FIN)) != 0 || packet->payload_bytes > 0;
  if (counts) snprintf(sequence, sizeof sequence, " seq %u", relative->sequence);
  if ((packet->flags & PACKET_ACK) != 0) snprintf(acknowledged, sizeof acknowledged, " ack %u", relative->acknowledged);
  if (packet->payload_bytes > 0) snprintf(size, sizeof size, " len %u", packet->payload_bytes);
  snprintf(out, LABEL_SIZE, "%s%s%s%s", flags, sequence, acknowledged, size);
  if (strlen(out) > columns) snprintf(out, LABEL_SIZE, "%s%s", flags, size);
  if (strlen(out) > columns) snprintf(out, LABEL_SIZE, "%s", flags);
  if (strlen(out) > columns) out[columns] = '\0';
}

static void add_arrow(struct row *row, const struct rungs *rungs, const char *label, bool is_from_client) {
  const char *line = rungs->style->set == DRAW_UNICODE ? "\u2500" : "-";
  const char *head = is_from_client ? ">" : "<";
  /* Head, a piece of line and a blank on each side of the label. */
  size_t rest = arrow_columns(rungs) - strlen(label) - 5;
  add(row, rungs->style->drawn);
  add(row, is_from_client ? line : head);
  add(row, line);
  add(row, rungs->style->end);
  add(row, " ");
  add(row, label);
  add(row, " ");
  add(row, rungs->style->drawn);
  for (size_t i = 0; i < rest; i++)
    add(row, line);
  add(row, is_from_client ? head : line);
  add(row, rungs->style->end);
}

void rungs_add(struct rungs *rungs, const struct packet *packet, bool is_from_client, bool has_arrived) {
  struct row row;
  char time[UNITS_TEXT_SIZE], label[LABEL_SIZE];
  struct ends before = rungs->ends;
  if (!rungs->has_first) rungs->first_ns = packet->at_ns;
  rungs->has_first = true;
  struct relative relative = ends_take(&rungs->ends, packet, is_from_client, has_arrived);
  describe(packet, &relative, arrow_columns(rungs) - 6, label);
  /* The clock may be set back in between. */
  uint64_t after_ns = packet->at_ns > rungs->first_ns ? packet->at_ns - rungs->first_ns : 0;
  units_format_duration((double)after_ns, time);
  bool has_client = before.client.state != rungs->ends.client.state;
  begin_row(&row, rungs, time, has_client ? end_state_name(rungs->ends.client.state) : "");
  add_arrow(&row, rungs, label, is_from_client);
  add_blanks(&row, GAP);
  if (before.server.state != rungs->ends.server.state) add(&row, end_state_name(rungs->ends.server.state));
  end_row(&row, rungs);
}
