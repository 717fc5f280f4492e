/* See compare_schema.h; beside report_json.c and comparison.c, which write them. */
#include "client/compare/compare_schema.h"

#include "client/compare/conclude.h"
#include "client/compare/decide.h"

static const char *const tools[] = {"loping compare", NULL};

static const char *outcome_at(size_t index) {
  return index <= COMPARE_OUTCOME_FINE ? compare_outcome_text((enum compare_outcome)index) : NULL;
}

/* The last is none. */
static const char *verdict_at(size_t index) {
  return index < COMPARE_UNTESTED ? compare_verdict_text((enum compare_verdict)index) : NULL;
}

static const struct schema_field difference_fields[] = {
    {"name", SCHEMA_TEXT, "The name of the field.", NULL, NULL, NULL},
    {"baseline", SCHEMA_ANY, "What the baseline's file has there.", NULL, NULL, NULL},
    {"value", SCHEMA_ANY, "What the new side's file has there.", NULL, NULL, NULL},
};

static const struct schema_object difference = {"difference", "What the two sides do not have in common.", NULL,
                                                SCHEMA_FIELDS(difference_fields), NULL};

static const struct schema_field side_fields[] = {
    {"file", SCHEMA_TEXT, "The file that it stands in.", NULL, NULL, NULL},
    {"slices", SCHEMA_WHOLE, "How many full one-second slices it has.", NULL, NULL, NULL},
    {"first_slice_left_out", SCHEMA_TRUTH, "Its first slice does not belong to the others and is left out.", NULL, NULL,
     NULL},
    {"measured", SCHEMA_TRUTH, "Something was measured.", NULL, NULL, NULL},
    {"failed", SCHEMA_TRUTH, "It failed.", NULL, NULL, NULL},
    {"interrupted", SCHEMA_TRUTH, "It was interrupted.", NULL, NULL, NULL},
    {"faults", SCHEMA_TEXT | SCHEMA_NULL, "What it lost or broke, as a sentence.", NULL, NULL, NULL},
};

static const struct schema_object side_run = {"compared_run", "One run of a side, and how it ended.", NULL,
                                              SCHEMA_FIELDS(side_fields), NULL};

static const struct schema_field figure_fields[] = {
    {"part_of", SCHEMA_TEXT | SCHEMA_NULL, "The object of the result that its part stands in, such as legs_ns.", NULL,
     NULL, NULL},
    {"part", SCHEMA_TEXT | SCHEMA_NULL, "Its object in the result, such as rtt_ns.", NULL, NULL, NULL},
    {"name", SCHEMA_TEXT, "Its name there, such as p99.", NULL, NULL, NULL},
    {"baseline", SCHEMA_NUMBER | SCHEMA_NULL, "The baseline's, in the unit of the field in the result.", NULL, NULL,
     NULL},
    {"value", SCHEMA_NUMBER | SCHEMA_NULL, "The new side's, in the same unit.", NULL, NULL, NULL},
    {"change_percent", SCHEMA_NUMBER | SCHEMA_NULL, "By how much it changed, in percent.", NULL, NULL, NULL},
    {"slices_change_percent", SCHEMA_NUMBER | SCHEMA_NULL, "By how much its one-second slices changed, in percent.",
     NULL, NULL, NULL},
    {"verdict", SCHEMA_TEXT | SCHEMA_NULL, "Whether that is a change or noise; null: no verdict.", NULL, NULL,
     verdict_at},
    {"p_value", SCHEMA_NUMBER | SCHEMA_NULL, "How often chance alone would show more than the smallest change.", NULL,
     NULL, NULL},
    {"effective_slices", SCHEMA_NUMBER | SCHEMA_NULL,
     "How many slices of both sides count, less for those that resemble the one before.", NULL, NULL, NULL},
    {"rounds", SCHEMA_WHOLE | SCHEMA_NULL, "How many runs in turn were compared round by round.", NULL, NULL, NULL},
    {"regression", SCHEMA_TRUTH, "It is worse by more than the threshold and beyond noise.", NULL, NULL, NULL},
};

static const struct schema_object figure = {"compared_figure", "One figure of a pair of runs.", NULL,
                                            SCHEMA_FIELDS(figure_fields), NULL};

static const struct schema_field pair_fields[] = {
    {"workload", SCHEMA_OBJECT | SCHEMA_NULL, "What was measured, as the new side's file has it.", NULL, NULL, NULL},
    {"workload_differences", SCHEMA_LIST | SCHEMA_OBJECT, "Where the workloads differ.", &difference, NULL, NULL},
    {"baseline_slices", SCHEMA_WHOLE, "How many full slices the baseline's runs have.", NULL, NULL, NULL},
    {"slices", SCHEMA_WHOLE, "How many the new side's have.", NULL, NULL, NULL},
    {"baseline_runs", SCHEMA_LIST | SCHEMA_OBJECT, "The baseline's runs.", &side_run, NULL, NULL},
    {"runs", SCHEMA_LIST | SCHEMA_OBJECT, "The new side's runs.", &side_run, NULL, NULL},
    {"figures", SCHEMA_LIST | SCHEMA_OBJECT, "Their figures.", &figure, NULL, NULL},
};

static const struct schema_object pair = {"compared_pair", "Runs of both sides that measured the same kind of thing.",
                                          NULL, SCHEMA_FIELDS(pair_fields), NULL};

static const struct schema_field comparison_fields[] = {
    {"file", SCHEMA_TEXT, "The first file of the new side.", NULL, NULL, NULL},
    {"files", SCHEMA_LIST | SCHEMA_TEXT, "All files of the new side.", NULL, NULL, NULL},
    {"environment_differences", SCHEMA_LIST | SCHEMA_OBJECT, "Where the machines differ.", &difference, NULL, NULL},
    {"runs", SCHEMA_LIST | SCHEMA_OBJECT, "The pairs of runs.", &pair, NULL, NULL},
    {"runs_without_baseline", SCHEMA_LIST | SCHEMA_OBJECT,
     "What was measured by runs that the new side alone has, as its file says it.", NULL, NULL, NULL},
    {"runs_missing", SCHEMA_WHOLE, "How many runs the baseline alone has.", NULL, NULL, NULL},
};

static const struct schema_object one_comparison = {"comparison", "The baseline beside one file, or beside --new.",
                                                    NULL, SCHEMA_FIELDS(comparison_fields), NULL};

static const struct schema_field compare_fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"tool", SCHEMA_TEXT, "What wrote it.", NULL, tools, NULL},
    {"version", SCHEMA_TEXT, "The version of loping.", NULL, NULL, NULL},
    {"baseline", SCHEMA_TEXT, "The first file of the baseline.", NULL, NULL, NULL},
    {"baseline_files", SCHEMA_LIST | SCHEMA_TEXT, "All files of the baseline.", NULL, NULL, NULL},
    {"threshold_percent", SCHEMA_NUMBER, "How much worse a regression is at least.", NULL, NULL, NULL},
    {"smallest_percent", SCHEMA_NUMBER, "The smallest change that is worth a verdict.", NULL, NULL, NULL},
    {"alpha", SCHEMA_NUMBER, "How often chance alone may show a change.", NULL, NULL, NULL},
    {"regressions", SCHEMA_WHOLE, "How many figures and runs are worse.", NULL, NULL, NULL},
    {"conclusion", SCHEMA_TEXT, "What it comes to.", NULL, NULL, outcome_at},
    {"exit_status", SCHEMA_WHOLE, "The exit status that this gives.", NULL, NULL, NULL},
    {"reasons", SCHEMA_LIST | SCHEMA_TEXT, "Why it comes to that, a sentence each.", NULL, NULL, NULL},
    {"comparisons", SCHEMA_LIST | SCHEMA_OBJECT, "One for each file, or one for --new.", &one_comparison, NULL, NULL},
};

const struct schema_object compare_schema = {"compare", "What loping compare writes.", NULL,
                                             SCHEMA_FIELDS(compare_fields), NULL};
