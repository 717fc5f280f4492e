/* See machine.h. */
#include "client/publish/machine.h"

#include <string.h>

#include "client/charts/markup.h"

#define VALUE_SIZE 512

/* A value of the environment as text: texts and numbers as they are, what is in groups with its names. */
static void show(const json_t *value, char out[VALUE_SIZE]) {
  size_t used = strlen(out);
  const char *key;
  json_t *inner;
  size_t i;
  if (json_is_string(value))
    snprintf(out + used, VALUE_SIZE - used, "%s", json_string_value(value));
  else if (json_is_integer(value))
    snprintf(out + used, VALUE_SIZE - used, "%lld", (long long)json_integer_value(value));
  else if (json_is_real(value))
    snprintf(out + used, VALUE_SIZE - used, "%.4g", json_real_value(value));
  else if (json_is_boolean(value))
    snprintf(out + used, VALUE_SIZE - used, "%s", json_is_true(value) ? "yes" : "no");
  json_array_foreach(value, i, inner) {
    if (i > 0) strncat(out, ", ", VALUE_SIZE - strlen(out) - 1);
    if (!json_is_object(inner) && !json_is_array(inner)) show(inner, out);
  }
  bool is_first = true;
  json_object_foreach((json_t *)(uintptr_t)value, key, inner) {
    used = strlen(out);
    snprintf(out + used, VALUE_SIZE - used, "%s%.32s ", is_first ? "" : ", ", key);
    if (!json_is_object(inner) && !json_is_array(inner)) show(inner, out);
    is_first = false;
  }
}

static void show_of(const struct publish *publish, size_t i, const char *key, char out[VALUE_SIZE]) {
  out[0] = '\0';
  show(json_object_get(read_group(publish->results[i], "environment"), key), out);
}

static void write_row(const struct publish *publish, const char *key, FILE *out) {
  char first[VALUE_SIZE], value[VALUE_SIZE], label[64];
  bool is_same = true;
  show_of(publish, 0, key, first);
  for (size_t i = 1; i < publish->count; i++) {
    show_of(publish, i, key, value);
    is_same = is_same && strcmp(first, value) == 0;
  }
  if (is_same && first[0] == '\0') return;
  snprintf(label, sizeof label, "%s", key);
  for (char *at = label; *at != '\0'; at++)
    if (*at == '_') *at = ' ';
  fputs("<tr><th scope=\"row\">", out);
  markup_write(out, label);
  fprintf(out, "</th><td colspan=\"%zu\">", is_same ? publish->count : 1);
  markup_write(out, first[0] == '\0' ? "not known" : first);
  fputs("</td>", out);
  for (size_t i = 1; i < publish->count && !is_same; i++) {
    show_of(publish, i, key, value);
    fputs("<td class=\"differs\">", out);
    markup_write(out, value[0] == '\0' ? "not known" : value);
    fputs("</td>", out);
  }
  fputs("</tr>\n", out);
}

void machine_write(const struct publish *publish, FILE *out) {
  const char *key;
  json_t *value;
  const json_t *first = read_group(publish->results[0], "environment");
  if (!json_is_object(first)) return;
  fputs("<section><h2>Machine</h2><p>As it was when the measurement began.</p><div class=\"wide\"><table>", out);
  if (publish->count > 1) {
    fputs("<thead><tr><td></td>", out);
    for (size_t i = 0; i < publish->count; i++) {
      fputs("<th scope=\"col\">", out);
      markup_write(out, publish->names[i]);
      fputs("</th>", out);
    }
    fputs("</tr></thead>", out);
  }
  fputs("<tbody>\n", out);
  json_object_foreach((json_t *)(uintptr_t)first, key, value) {
    (void)value;
    write_row(publish, key, out);
  }
  fputs("</tbody></table></div></section>\n", out);
}
