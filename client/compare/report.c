/* The text of compare. What stands in the files comes from outside, and is escaped before it is printed. */
#include "client/compare/report.h"

#include <math.h>
#include <string.h>

#include "client/compare/names.h"

/* The columns of the table, and the widest verdict behind them. */
#define TABLE_COLUMNS 78

static void print_files(const char *label, const struct compare_files *files, FILE *out) {
  char path[COMPARE_SHOWN_SIZE], started[COMPARE_SHOWN_SIZE];
  for (size_t i = 0; i < files->count; i++) {
    const json_t *started_at = json_object_get(files->files[i].root, "started_at");
    fprintf(out, "%-9s %s", i == 0 ? label : "", compare_name_file(&files->files[i], path));
    if (json_is_string(started_at)) fprintf(out, ", measured %s", compare_show_value(started_at, started));
    fputc('\n', out);
  }
}

static void print_differences(const char *what, const struct compare_differences *differences, FILE *out) {
  char one[COMPARE_SHOWN_SIZE], other[COMPARE_SHOWN_SIZE], name[COMPARE_SHOWN_SIZE];
  for (size_t i = 0; i < differences->count; i++) {
    const struct compare_difference *row = &differences->rows[i];
    fprintf(out, "%s %s: %s, then %s\n", what, compare_show_text(row->name, name),
            compare_show_value(row->baseline, one), compare_show_value(row->value, other));
  }
}

void compare_report_files(const struct compare_files *baseline, const struct compare_files *files,
                          const struct compare_differences *environment, FILE *out) {
  print_files("baseline", baseline, out);
  print_files("against", files, out);
  print_differences("differs:", environment, out);
}

static bool is_named(const struct compare_row *row, const char *name) {
  return strcmp(row->field->name, name) == 0;
}

/* All of them are in the JSON report; on a terminal the ones that matter. */
static bool is_printed(const struct compare_row *row, bool only_changes) {
  bool is_change = row->answer.verdict == COMPARE_BETTER || row->answer.verdict == COMPARE_WORSE;
  bool is_error = strcmp(row->section->name, "errors") == 0;
  bool is_main = row->section->parent == NULL &&
                 (strcmp(row->section->name, "rtt_ns") == 0 || strcmp(row->section->name, "throughput") == 0);
  if (only_changes) return is_change;
  if (is_error) return row->baseline > 0 || row->value > 0;
  return is_main || is_named(row, "p50") || is_named(row, "p99");
}

/* Where it does not fit side by side, the figures stand below the name. */
static void print_figures(const struct compare_row *row, size_t columns, FILE *out) {
  char name[COMPARE_FIGURE_NAME_SIZE], one[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE], change[UNITS_TEXT_SIZE] = "";
  const char *verdict = compare_verdict_text(row->answer.verdict);
  compare_name_figure(row, name);
  result_field_format_value(row->field->kind, row->baseline, one);
  result_field_format_value(row->field->kind, row->value, other);
  if (!isnan(row->answer.change)) snprintf(change, sizeof change, "%+.1f %%", row->answer.change * 100);
  if (columns >= TABLE_COLUMNS)
    fprintf(out, "  %-23s %11s %11s %9s%s%s\n", name, one, other, change, verdict[0] == '\0' ? "" : "  ", verdict);
  else
    fprintf(out, "  %s\n    %s, then %s%s%s%s%s\n", name, one, other, change[0] == '\0' ? "" : ": ", change,
            verdict[0] == '\0' ? "" : ": ", verdict);
}

static void print_row(const struct compare_row *row, const struct compare_limits *limits, size_t columns, FILE *out) {
  const struct compare_answer *answer = &row->answer;
  print_figures(row, columns, out);
  if (answer->verdict == COMPARE_WORSE && !compare_is_regression(answer, limits->threshold))
    fprintf(out, "    not by more than %.3g %%\n", limits->threshold * 100);
  /* A few seconds of another kind weigh on the whole run, and not on the slices. */
  if (compare_is_judged(answer) && fabs(answer->shift - answer->change) > limits->smallest)
    fprintf(out, "    %s %+.1f %%\n", answer->rounds > 0 ? "round by round" : "by its slices", answer->shift * 100);
}

static void print_slices(const struct compare_side *side, FILE *out) {
  fprintf(out, "%zu", compare_count_slices(side));
  if (side->run_count > 1) fprintf(out, " of %zu runs", side->run_count);
}

/* First seconds that are left out. */
static void print_firsts(const struct compare_side *side, FILE *out) {
  char file[COMPARE_SHOWN_SIZE], first[UNITS_TEXT_SIZE], rest[UNITS_TEXT_SIZE];
  for (size_t i = 0; i < side->run_count; i++) {
    const struct compare_first *own = &side->runs[i]->first;
    enum field_kind kind = own->is_time ? FIELD_NS_REAL : FIELD_BITS_PER_SECOND;
    if (!own->is_left_out) continue;
    fprintf(out,
            "The first second of '%s' does not belong to the others (%s%s, theirs %s), and is left out of the "
            "verdicts.\n",
            compare_name_file(side->runs[i]->file, file), own->is_time ? "p50 " : "",
            result_field_format_value(kind, own->value, first), result_field_format_value(kind, own->rest, rest));
  }
}

void compare_report_pair(const struct compare_pair *pair, const struct compare_limits *limits, bool only_changes,
                         size_t columns, FILE *out) {
  char name[COMPARE_NAME_SIZE];
  fprintf(out, "\n%s; one-second slices: ", compare_name_run(pair->side.runs[0], name));
  print_slices(&pair->baseline, out);
  fputs(", then ", out);
  print_slices(&pair->side, out);
  if (pair->rounds.count > 0) fprintf(out, "; measured in turn: %zu rounds", pair->rounds.count);
  fputc('\n', out);
  print_differences("not the same workload:", &pair->differences, out);
  print_firsts(&pair->baseline, out);
  print_firsts(&pair->side, out);
  if (columns >= TABLE_COLUMNS) fprintf(out, "  %-23s %11s %11s %9s  %s\n", "", "baseline", "now", "change", "verdict");
  for (size_t i = 0; i < pair->row_count; i++)
    if (is_printed(&pair->rows[i], only_changes)) print_row(&pair->rows[i], limits, columns, out);
}

void compare_report_method(const struct compare_limits *limits, const struct compare_account *account, FILE *out) {
  fputs("\nVerdicts", out);
  if (account->pairs_in_turn < account->judged_pairs || account->pairs_in_turn == 0)
    fputs(
        " by the ranks of the one-second slices (Welch's t-test), fewer of them counted the more each resembles the "
        "one before, and by how much runs of one side differ;",
        out);
  if (account->pairs_in_turn > 0)
    fputs(
        " of runs measured in turn by the medians of their slices, round by round, so that what slows both runs of a "
        "round is left out (Student's t, of trimmed means);",
        out);
  fprintf(out,
          " \"within noise\" unless the change is surely more than %.3g %% (chance alone shows one at most once in "
          "%.0f). Figures that no slice has of its own, such as p99.9, get none. A regression is worse by more than "
          "%.3g %%.\n",
          limits->smallest * 100, 1 / COMPARE_ALPHA, limits->threshold * 100);
}

void compare_report_outcome(const struct compare_account *account, FILE *out) {
  enum compare_outcome outcome = compare_conclude(account);
  for (size_t i = 0; i < account->reason_count; i++)
    fprintf(out, "%s\n", account->reasons[i]);
  if (outcome == COMPARE_OUTCOME_UNSOUND)
    fputs("nothing got worse, but not every run is sound: see above\n", out);
  else if (outcome == COMPARE_OUTCOME_FINE)
    fprintf(out, "%s\n", compare_outcome_text(outcome));
}
