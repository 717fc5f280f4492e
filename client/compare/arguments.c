/* Lists on the command line; see arguments.h. */
#include "client/compare/arguments.h"

#include <stdbool.h>
#include <string.h>

/* The row that an argument such as "--base", "--base=FILE", "--ba" or "-j" begins; NULL: none, the parser says so. */
static const struct option_row *find_row(const struct option_row *rows, size_t row_count, const char *word) {
  bool is_long = word[1] == '-';
  size_t length = is_long ? strcspn(word + 2, "=") : 0;
  const struct option_row *found = NULL;
  for (size_t i = 0; i < row_count; i++) {
    if (!is_long && rows[i].letter == word[1]) return &rows[i];
    if (!is_long || strncmp(rows[i].name, word + 2, length) != 0) continue;
    if (rows[i].name[length] == '\0') return &rows[i];
    found = &rows[i];
  }
  return found;
}

/* Is the next argument this one's value? */
static bool takes_next(const struct option_row *row, const char *word) {
  if (row == NULL || row->kind == OPTION_FLAG) return false;
  return word[1] == '-' ? strchr(word, '=') == NULL : word[2] == '\0';
}

int compare_spread_lists(const struct option_row *rows, size_t row_count, int argc, char **argv, char **out) {
  char *list = NULL;
  int count = 0;
  for (int i = 0; i < argc; i++) {
    bool is_option = i > 0 && argv[i][0] == '-' && argv[i][1] != '\0';
    if (!is_option) {
      if (list != NULL) out[count++] = list;
      out[count++] = argv[i];
      continue;
    }
    /* Behind it there are no options any more, and what stands there belongs to none. */
    bool is_end = strcmp(argv[i], "--") == 0;
    const struct option_row *row = is_end ? NULL : find_row(rows, row_count, argv[i]);
    bool has_next = takes_next(row, argv[i]) && i + 1 < argc;
    list = NULL;
    out[count++] = argv[i];
    if (row != NULL && options_is_list(row) && has_next) list = argv[i];
    if (has_next) out[count++] = argv[++i];
    while (is_end && i + 1 < argc)
      out[count++] = argv[++i];
  }
  out[count] = NULL;
  return count;
}
