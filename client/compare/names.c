/* Names for sentences; see names.h. */
#include "client/compare/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/text/safe_text.h"

const char *compare_show_text(const char *text, char out[COMPARE_SHOWN_SIZE]) {
  safe_text_copy(text, strlen(text), out, COMPARE_SHOWN_SIZE);
  return out;
}

const char *compare_show_value(const json_t *value, char out[COMPARE_SHOWN_SIZE]) {
  if (value == NULL) return "none";
  if (json_is_string(value)) return compare_show_text(json_string_value(value), out);
  char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
  if (text == NULL) return "?";
  compare_show_text(text, out);
  memory_give_back(text);
  return out;
}

const char *compare_name_file(const struct compare_file *file, char out[COMPARE_SHOWN_SIZE]) {
  return compare_show_text(file->path, out);
}

const char *compare_name_run(const struct compare_run *run, char out[COMPARE_NAME_SIZE]) {
  char name[COMPARE_SHOWN_SIZE], direction[COMPARE_SHOWN_SIZE], transport[COMPARE_SHOWN_SIZE], size[UNITS_TEXT_SIZE];
  const json_t *way = json_object_get(run->workload, "direction");
  const json_t *bytes = json_object_get(run->workload, "payload_bytes");
  snprintf(out, COMPARE_NAME_SIZE, "%.40s%s%.40s (%.16s, %s)",
           compare_show_value(json_object_get(run->workload, "name"), name), json_is_string(way) ? " " : "",
           json_is_string(way) ? compare_show_value(way, direction) : "",
           compare_show_value(json_object_get(run->workload, "transport"), transport),
           units_format_bytes(json_number_value(bytes), size));
  return out;
}

const char *compare_name_figure(const struct compare_row *row, char out[COMPARE_FIGURE_NAME_SIZE]) {
  bool is_distribution = result_section_is_distribution(row->section);
  snprintf(out, COMPARE_FIGURE_NAME_SIZE, "%s%s%s", is_distribution ? row->section->label : "",
           is_distribution ? " " : "", row->field->label);
  return out;
}

const char *compare_name_change(const struct compare_row *row, char out[COMPARE_CHANGE_SIZE]) {
  char one[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE];
  const struct compare_answer *answer = &row->answer;
  out[0] = '\0';
  if (answer->is_fault)
    snprintf(out, COMPARE_CHANGE_SIZE, "%s, then %s", result_field_format_value(row->field->kind, row->baseline, one),
             result_field_format_value(row->field->kind, row->value, other));
  else if (!isnan(answer->shift))
    snprintf(out, COMPARE_CHANGE_SIZE, "%+.1f %%", answer->shift * 100);
  else if (!isnan(answer->change))
    snprintf(out, COMPARE_CHANGE_SIZE, "%+.1f %%", answer->change * 100);
  return out;
}
