/* Reading the command line from a table of options. Prints nothing; a mistake comes back as a sentence. */
#include "common/options/options.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/net/address.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"
#include "common/text/wrap.h"

#define SHOWN_VALUE_SIZE 80
/* getopt_long() returns this plus the row's index for an option that has no letter. */
#define LONG_ONLY 256

struct reader {
  const struct option_row *rows;
  size_t row_count;
  char *problem;
};

/* The user's own text, escaped and cut to a length that leaves room for the sentence around it. */
static const char *shown(const char *text, char out[SHOWN_VALUE_SIZE]) {
  safe_text_copy(text, strlen(text), out, SHOWN_VALUE_SIZE);
  return out;
}

static void *field(void *settings, const struct option_row *row) {
  return (char *)settings + row->offset;
}

static const char *write_number(const struct option_row *row, uint64_t value, char out[UNITS_TEXT_SIZE]) {
  if (row->kind == OPTION_DURATION) return units_format_duration((double)value, out);
  if (row->kind == OPTION_SIZE) return units_format_size(value, out);
  if (row->kind == OPTION_RATE) return units_format_rate((double)value / 1000, out);
  return units_format_count(value, out);
}

static const char *example_of(enum option_kind kind) {
  if (kind == OPTION_DURATION) return "such as 200ms, 3s or 1.5m";
  if (kind == OPTION_SIZE) return "such as 64, 64KiB or 1MiB";
  if (kind == OPTION_RATE) return "such as 0.5, 100 or 10k";
  return "such as 100 or 10k";
}

static enum units_status read_number(enum option_kind kind, const char *value, uint64_t *number) {
  if (kind == OPTION_DURATION) return units_parse_duration(value, number);
  if (kind == OPTION_SIZE) return units_parse_size(value, number);
  /* A seed may need all 64 bits. */
  if (kind == OPTION_COUNT && units_parse_count(value, number) == UNITS_OK) return UNITS_OK;
  double real = 0;
  enum units_status status = units_parse_real(value, &real);
  if (status != UNITS_OK) return status;
  if (kind == OPTION_RATE) real *= 1000;
  /* Half a message is none: a count is not rounded without a word. */
  if (kind == OPTION_COUNT && real != floor(real)) return UNITS_NOT_WHOLE;
  if (real > (double)UNITS_MOST) return UNITS_OUT_OF_RANGE;
  *number = (uint64_t)(real + 0.5);
  return UNITS_OK;
}

static uint64_t most_of(const struct option_row *row) {
  if (row->most > 0) return row->most;
  return row->kind == OPTION_COUNT ? UINT64_MAX : UNITS_MOST;
}

static bool set_number(const struct reader *reader, const struct option_row *row, const char *value, void *settings) {
  uint64_t number = 0;
  char text[SHOWN_VALUE_SIZE], least[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
  enum units_status status = read_number(row->kind, value, &number);
  bool is_beyond = status == UNITS_OUT_OF_RANGE || (row->most > 0 && number > row->most);
  if (status != UNITS_OK && !is_beyond) {
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s: '%s' %s; give %s %s", row->name, shown(value, text),
             units_status_text(status), row->argument, example_of(row->kind));
    return false;
  }
  if (is_beyond || number < row->least) {
    write_number(row, row->least, least);
    if (is_beyond || row->most > 0)
      snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s: '%s' is out of range; give %s from %s to %s", row->name,
               shown(value, text), row->argument, least, write_number(row, most_of(row), most));
    else
      snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s: '%s' is too small; give %s of at least %s", row->name,
               shown(value, text), row->argument, least);
    return false;
  }
  *(uint64_t *)field(settings, row) = number;
  return true;
}

static bool set_port(const struct reader *reader, const struct option_row *row, const char *value, void *settings) {
  char text[SHOWN_VALUE_SIZE];
  enum address_status status = address_parse_port(value, field(settings, row));
  if (status == ADDRESS_OK) return true;
  if (status == ADDRESS_PORT_OUT_OF_RANGE)
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE,
             "--%s: '%s' is above 65535, the highest port that 16 bits can name; give a port from 0 to 65535",
             row->name, shown(value, text));
  else
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE,
             "--%s: '%s' is not a port number; give a whole number from 0 to 65535, such as %d", row->name,
             shown(value, text), ADDRESS_DEFAULT_PORT);
  return false;
}

static bool set_list(const struct reader *reader, const struct option_row *row, const char *value, void *settings) {
  struct option_list *list = field(settings, row);
  if (list->count == OPTIONS_LIST_MAX) {
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s is given more than %d times; leave some out", row->name,
             OPTIONS_LIST_MAX);
    return false;
  }
  list->values[list->count++] = value;
  return true;
}

/* Is `value` one of the words of "echo|up|down"? */
static bool is_choice(const char *choices, const char *value) {
  size_t length = strlen(value);
  for (const char *word = choices; length > 0;) {
    size_t word_length = strcspn(word, "|");
    if (word_length == length && strncmp(word, value, length) == 0) return true;
    if (word[word_length] == '\0') return false;
    word += word_length + 1;
  }
  return false;
}

static bool set_choice(const struct reader *reader, const struct option_row *row, const char *value, void *settings) {
  char text[SHOWN_VALUE_SIZE];
  if (!is_choice(row->choices, value)) {
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s: '%s' is not known; give one of %s", row->name,
             shown(value, text), row->choices);
    return false;
  }
  *(const char **)field(settings, row) = value;
  return true;
}

static bool set_value(const struct reader *reader, const struct option_row *row, const char *value, void *settings) {
  switch (row->kind) {
    case OPTION_FLAG:
      *(bool *)field(settings, row) = true;
      return true;
    case OPTION_COUNT:
    case OPTION_RATE:
    case OPTION_SIZE:
    case OPTION_DURATION:
      return set_number(reader, row, value, settings);
    case OPTION_PORT:
      return set_port(reader, row, value, settings);
    case OPTION_TEXT:
    case OPTION_PATH:
      *(const char **)field(settings, row) = value;
      return true;
    case OPTION_LIST:
    case OPTION_PATHS:
      return set_list(reader, row, value, settings);
    case OPTION_CHOICE:
      return set_choice(reader, row, value, settings);
  }
  return false;
}

/* Says why getopt_long() refused `word`, the argument it stopped at. It returns ':' for a missing value, '?' for an
 * unknown option, an ambiguous beginning, or a value that a flag does not take. */
static void say_refused(const struct reader *reader, int answer, int letter, const char *word) {
  char text[SHOWN_VALUE_SIZE];
  const char *names[64] = {NULL};
  size_t name_count = 0;
  if (answer == ':') {
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "%s needs a value after it", shown(word, text));
    return;
  }
  /* Of an unknown letter getopt_long() tells only the letter: `word` may be the argument before a bundle like -xq. */
  if (letter != 0 && letter < LONG_ONLY) {
    char short_option[2] = {(char)letter, '\0'};
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "there is no option -%s", shown(short_option, text));
    return;
  }
  char name[SHOWN_VALUE_SIZE];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  size_t beginnings = 0;
  for (size_t i = 0; i < reader->row_count && name_count < 64; i++) {
    names[name_count++] = reader->rows[i].name;
    if (strcmp(reader->rows[i].name, name) == 0) {
      snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s takes no value; leave out what stands after it", name);
      return;
    }
    if (strncmp(reader->rows[i].name, name, strlen(name)) == 0) beginnings++;
  }
  const char *nearest = options_nearest(name, names, name_count);
  if (beginnings > 1)
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "--%s begins more than one option; write the whole name",
             shown(name, text));
  else if (nearest != NULL)
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "there is no option --%s; the nearest is --%s", shown(name, text),
             nearest);
  else
    snprintf(reader->problem, OPTIONS_PROBLEM_SIZE, "there is no option --%s", shown(name, text));
}

/* Makes getopt_long()'s tables from ours. The caller frees both. */
static bool make_getopt_tables(const struct option_row *rows, size_t count, struct option **long_options,
                               char **letters) {
  *long_options = memory_take_zeroed(count + 1, sizeof **long_options);
  *letters = memory_take_zeroed(count * 2 + 2, 1);
  if (*long_options == NULL || *letters == NULL) return false;
  size_t used = 0;
  /* A leading colon: a missing value is told apart from an unknown option, and getopt_long() prints nothing. */
  (*letters)[used++] = ':';
  for (size_t i = 0; i < count; i++) {
    bool has_value = rows[i].kind != OPTION_FLAG;
    (*long_options)[i].name = rows[i].name;
    (*long_options)[i].has_arg = has_value ? required_argument : no_argument;
    (*long_options)[i].val = LONG_ONLY + (int)i;
    if (rows[i].letter == 0) continue;
    (*letters)[used++] = rows[i].letter;
    if (has_value) (*letters)[used++] = ':';
  }
  return true;
}

static const struct option_row *find_row(const struct reader *reader, int answer) {
  if (answer >= LONG_ONLY) return &reader->rows[answer - LONG_ONLY];
  for (size_t i = 0; i < reader->row_count; i++)
    if (reader->rows[i].letter != 0 && reader->rows[i].letter == answer) return &reader->rows[i];
  return NULL;
}

bool options_is_list(const struct option_row *row) {
  return row->kind == OPTION_LIST || row->kind == OPTION_PATHS;
}

/* Of two values for one setting, the first would be dropped without a word. */
static bool is_single(const struct option_row *row) {
  return row->kind != OPTION_FLAG && !options_is_list(row);
}

static void say_twice(const struct reader *reader, const struct option_row *row, const char *value) {
  char text[SHOWN_VALUE_SIZE];
  snprintf(reader->problem, OPTIONS_PROBLEM_SIZE,
           "--%s is given twice, and takes one value; leave out '%s' or the other", row->name, shown(value, text));
}

bool options_parse(const struct option_row *rows, size_t row_count, int argc, char **argv, void *settings,
                   struct options_parsed *parsed) {
  struct reader reader = {rows, row_count, parsed->problem};
  struct option *long_options = NULL;
  char *letters = NULL;
  bool is_fine = false;
  parsed->rows = rows;
  parsed->row_count = row_count;
  parsed->given = 0;
  parsed->problem[0] = '\0';
  parsed->positional_count = 0;
  parsed->positionals = NULL;
  if (!make_getopt_tables(rows, row_count, &long_options, &letters)) {
    snprintf(parsed->problem, sizeof parsed->problem, "out of memory while reading the options");
    goto done;
  }
  opterr = 0;
  /* 1 would keep the state of an earlier call with another argv in glibc; 0 starts afresh there and in musl. */
  optind = 0;
  for (;;) {
    int answer = getopt_long(argc, argv, letters, long_options, NULL);
    if (answer == -1) break;
    const struct option_row *row = find_row(&reader, answer);
    if (row == NULL) {
      int at = optind > 1 ? optind - 1 : 1;
      say_refused(&reader, answer, optopt, argv[at < argc ? at : argc - 1]);
      goto done;
    }
    uint64_t bit = UINT64_C(1) << (row - rows);
    if ((parsed->given & bit) != 0 && is_single(row)) {
      say_twice(&reader, row, optarg);
      goto done;
    }
    if (!set_value(&reader, row, optarg, settings)) goto done;
    parsed->given |= bit;
  }
  parsed->positional_count = argc - optind;
  parsed->positionals = argv + optind;
  is_fine = true;
done:
  free(long_options);
  free(letters);
  return is_fine;
}

bool options_was_given(const struct options_parsed *parsed, const char *name) {
  for (size_t i = 0; i < parsed->row_count; i++)
    if (strcmp(parsed->rows[i].name, name) == 0) return (parsed->given >> i & 1) != 0;
  return false;
}

/* The options' own words begin in this column, after the names; below them, in the other. */
#define HELP_INDENT  33
#define BRIEF_INDENT 26
#define INDENT_BELOW 6

/* What does not fit is cut. */
static void put_text(void *owner, const char *bytes, size_t length) {
  char *out = owner;
  size_t used = strlen(out), room = OPTIONS_PROBLEM_SIZE - 1 - used;
  if (length > room) length = room;
  memcpy(out + used, bytes, length);
  out[used + length] = '\0';
}

const char *options_format_entry(const char *name, const char *words, size_t indent, size_t columns,
                                 char out[OPTIONS_PROBLEM_SIZE]) {
  /* Beside the name, or below it where that leaves the words less than half a line. */
  bool is_below = columns < 2 * indent;
  if (is_below)
    snprintf(out, OPTIONS_PROBLEM_SIZE, "  %s\n%*s", name, INDENT_BELOW, "");
  else
    snprintf(out, OPTIONS_PROBLEM_SIZE, "  %-*s ", (int)indent - 3, name);
  size_t column = is_below ? INDENT_BELOW : strlen(out);
  struct wrap wrap = {
      .columns = columns, .indent = is_below ? INDENT_BELOW : indent, .column = column, .put = put_text, .owner = out};
  wrap_write(&wrap, words);
  put_text(out, "\n", 1);
  return out;
}

bool options_is_brief(const struct option_row *row) {
  return strstr(row->help, OPTION_BRIEF_END) != NULL;
}

const char *options_help_words(const struct option_row *row, char out[OPTIONS_PROBLEM_SIZE]) {
  size_t brief = strcspn(row->help, OPTION_BRIEF_END);
  const char *rest = row->help + brief;
  if (rest[0] != '\0') rest++;
  snprintf(out, OPTIONS_PROBLEM_SIZE, "%.*s%s", (int)brief, row->help, rest);
  return out;
}

/* "-q, --quiet", "    --json FILE" */
static void write_names(const struct option_row *row, char out[64]) {
  char letter[8] = "    ";
  if (row->letter != 0) snprintf(letter, sizeof letter, "-%c, ", row->letter);
  snprintf(out, 64, "%s--%s%s%s", letter, row->name, row->argument != NULL ? " " : "",
           row->argument != NULL ? row->argument : "");
}

const char *options_format_help(const struct option_row *row, size_t columns, char out[OPTIONS_PROBLEM_SIZE]) {
  char names[64], words[OPTIONS_PROBLEM_SIZE];
  write_names(row, names);
  return options_format_entry(names, options_help_words(row, words), HELP_INDENT, columns, out);
}

const char *options_format_brief(const struct option_row *row, size_t columns, char out[OPTIONS_PROBLEM_SIZE]) {
  char names[64], words[OPTIONS_PROBLEM_SIZE];
  write_names(row, names);
  snprintf(words, sizeof words, "%.*s", (int)strcspn(row->help, OPTION_BRIEF_END), row->help);
  return options_format_entry(names, words, BRIEF_INDENT, columns, out);
}

/* The number of letters to insert, delete, replace or swap to get from one word to the other ("optimal string
 * alignment"), for words of at most 31 letters; longer ones are as far apart as can be. */
static size_t edit_distance(const char *one, const char *other) {
  enum { LONGEST = 32 };
  size_t rows[3][LONGEST];
  size_t one_length = strlen(one), other_length = strlen(other);
  if (one_length >= LONGEST || other_length >= LONGEST) return LONGEST;
  for (size_t j = 0; j <= other_length; j++)
    rows[0][j] = j;
  for (size_t i = 1; i <= one_length; i++) {
    size_t *now = rows[i % 3];
    const size_t *before = rows[(i + 2) % 3];
    now[0] = i;
    for (size_t j = 1; j <= other_length; j++) {
      size_t best = before[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
      if (before[j] + 1 < best) best = before[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      bool is_swap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (is_swap && rows[(i + 1) % 3][j - 2] + 1 < best) best = rows[(i + 1) % 3][j - 2] + 1;
      now[j] = best;
    }
  }
  return rows[one_length % 3][other_length];
}

const char *options_nearest(const char *typed, const char *const *words, size_t count) {
  const char *nearest = NULL;
  size_t least = 3;
  for (size_t i = 0; i < count; i++) {
    size_t distance = edit_distance(typed, words[i]);
    /* Of a word of three letters, two changed ones leave nothing that was meant. */
    if (distance >= least || distance * 2 > strlen(words[i])) continue;
    least = distance;
    nearest = words[i];
  }
  return nearest;
}
