/* The account of a comparison; see conclude.h. */
#include "client/compare/conclude.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/compare/faults.h"
#include "client/compare/names.h"
#include "common/memory/memory.h"
#include "common/options/exit_status.h"

bool compare_account_add_reason(struct compare_account *account, const char *format, ...) {
  va_list arguments;
  if (account->reason_count == COMPARE_REASONS_MAX) return true;
  if (account->reasons == NULL) account->reasons = memory_take_zeroed(COMPARE_REASONS_MAX, sizeof *account->reasons);
  if (account->reasons == NULL) return false;
  va_start(arguments, format);
  vsnprintf(account->reasons[account->reason_count++], COMPARE_REASON_SIZE, format, arguments);
  va_end(arguments);
  return true;
}

void compare_account_clear(struct compare_account *account) {
  free(account->reasons);
  memset(account, 0, sizeof *account);
}

static bool add_faults(struct compare_account *account, const struct compare_side *side) {
  char file[COMPARE_SHOWN_SIZE], name[COMPARE_NAME_SIZE], faults[COMPARE_FAULT_SIZE];
  for (size_t i = 0; i < side->run_count; i++) {
    const struct compare_run *run = side->runs[i];
    if (!compare_describe_faults(run, faults)) continue;
    account->unsound_files++;
    if (!compare_account_add_reason(account, "%s of '%s' %s", compare_name_run(run, name),
                                    compare_name_file(run->file, file), faults))
      return false;
  }
  return true;
}

static bool add_regressions(struct compare_account *account, const struct compare_pair *pair, double threshold,
                            bool *is_judged) {
  char name[COMPARE_NAME_SIZE], figure[COMPARE_FIGURE_NAME_SIZE], change[COMPARE_CHANGE_SIZE];
  for (size_t i = 0; i < pair->row_count; i++) {
    const struct compare_row *row = &pair->rows[i];
    *is_judged = *is_judged || compare_is_judged(&row->answer);
    if (!compare_is_regression(&row->answer, threshold)) continue;
    account->regressions++;
    if (!compare_account_add_reason(account, "regression: %s of %s: %s", compare_name_figure(row, figure),
                                    compare_name_run(pair->side.runs[0], name), compare_name_change(row, change)))
      return false;
  }
  return true;
}

/* Why no figure of the pair has a verdict. */
static bool add_silence(struct compare_account *account, const struct compare_pair *pair) {
  char name[COMPARE_NAME_SIZE];
  compare_name_run(pair->side.runs[0], name);
  if (pair->differences.count > 0)
    return compare_account_add_reason(account, "no verdict on %s: the baseline measured another workload (%s)", name,
                                      pair->differences.rows[0].name);
  return compare_account_add_reason(account,
                                    "no verdict on %s: that needs %d full one-second slices on each side; measure "
                                    "longer",
                                    name, COMPARE_SLICES_MIN);
}

bool compare_account_add(struct compare_account *account, const struct compare_pair *pair, double threshold) {
  char name[COMPARE_NAME_SIZE];
  bool is_judged = false, is_done = true;
  bool is_empty = compare_count_measured(&pair->baseline) == 0 || compare_count_measured(&pair->side) == 0;
  bool has_failed = compare_count_failed(&pair->side) > 0 && compare_count_failed(&pair->baseline) == 0;
  is_done = add_regressions(account, pair, threshold, &is_judged);
  if (!is_empty && has_failed) {
    account->regressions++;
    is_done = is_done && compare_account_add_reason(account, "regression: %s failed, and did not in the baseline",
                                                    compare_name_run(pair->side.runs[0], name));
  }
  if (is_empty) {
    account->empty_pairs++;
  } else if (is_judged || has_failed) {
    account->judged_pairs++;
    if (pair->rounds.count > 0) account->pairs_in_turn++;
  } else {
    is_done = is_done && add_silence(account, pair);
  }
  return is_done && add_faults(account, &pair->baseline) && add_faults(account, &pair->side);
}

enum compare_outcome compare_conclude(const struct compare_account *account) {
  if (account->regressions > 0) return COMPARE_OUTCOME_WORSE;
  if (account->empty_pairs > 0 || account->judged_pairs == 0) return COMPARE_OUTCOME_NOTHING;
  return account->unsound_files > 0 ? COMPARE_OUTCOME_UNSOUND : COMPARE_OUTCOME_FINE;
}

const char *compare_outcome_text(enum compare_outcome outcome) {
  switch (outcome) {
    case COMPARE_OUTCOME_WORSE:
      return "worse";
    case COMPARE_OUTCOME_NOTHING:
      return "nothing to judge";
    case COMPARE_OUTCOME_UNSOUND:
      return "not worse, but not sound";
    case COMPARE_OUTCOME_FINE:
      return "no regression";
  }
  return "";
}

int compare_outcome_status(enum compare_outcome outcome) {
  switch (outcome) {
    case COMPARE_OUTCOME_WORSE:
      return EXIT_ANSWER_IS_NO;
    case COMPARE_OUTCOME_NOTHING:
      return EXIT_NOT_DONE;
    case COMPARE_OUTCOME_UNSOUND:
    case COMPARE_OUTCOME_FINE:
      break;
  }
  return EXIT_FINE;
}
