/*
 * The command line of both programs: one table of options serves the parser, the check of each value and --help.
 * Reads with getopt_long(3). Prints nothing: a wrong option comes back as a sentence.
 */
#ifndef LOPING_COMMON_OPTIONS_OPTIONS_H
#define LOPING_COMMON_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIONS_PROBLEM_SIZE 1024
#define OPTIONS_LIST_MAX     16
#define OPTIONS_ROWS_MAX     64

/* How an option's value is read and where it is written. `offset` is that of the field in the settings struct. */
enum option_kind {
  OPTION_FLAG,     /* bool, set to true */
  OPTION_COUNT,    /* uint64_t */
  OPTION_RATE,     /* uint64_t, thousandths, and so are `least` and `most` */
  OPTION_SIZE,     /* uint64_t, bytes */
  OPTION_DURATION, /* uint64_t, ns */
  OPTION_PORT,     /* uint16_t */
  OPTION_TEXT,     /* const char *, points into argv */
  OPTION_PATH,     /* the same, and names a file: the shell completes it */
  OPTION_LIST,     /* struct option_list, one entry each time */
  OPTION_PATHS,    /* the same of files */
  OPTION_CHOICE,   /* const char *, one of `choices` */
};

/* In front of a row's help: the option stands in the short help too, with these words. The full help has them and what
 * follows: OPTION_BRIEF("how long to measure") ", warm-up not counted". */
#define OPTION_BRIEF(words) words OPTION_BRIEF_END
#define OPTION_BRIEF_END    "\037"

struct option_list {
  size_t count;
  const char *values[OPTIONS_LIST_MAX];
};

struct option_row {
  const char *name; /* "max-connections" */
  char letter;      /* 'q', or 0 */
  enum option_kind kind;
  size_t offset;
  const char *argument; /* what --help calls the value: "DURATION"; NULL for a flag */
  uint64_t least, most; /* of counts, sizes and durations; most 0: no upper limit */
  const char *choices;  /* "echo|up|down" */
  const char *help;     /* one line; the default is named in it; may begin with OPTION_BRIEF */
};

struct options_parsed {
  const struct option_row *rows;
  size_t row_count;
  uint64_t given; /* bit i: that of row i was given; see options_was_given() */
  int positional_count;
  char *const *positionals;           /* in argv */
  char problem[OPTIONS_PROBLEM_SIZE]; /* when the parser returned false: what, why and the way out */
};

/* Reads argv into `settings`, which holds the defaults already, by a table of at most OPTIONS_ROWS_MAX rows. Options
 * and positionals may be mixed. argv[0] is the program's (or command's) name. Returns false at the first mistake. */
bool options_parse(const struct option_row *rows, size_t row_count, int argc, char **argv, void *settings,
                   struct options_parsed *parsed);

/* Does the option of that name stand on the command line? For values that a default can be, too. */
bool options_was_given(const struct options_parsed *parsed, const char *name);

/* Writes one option's line of --help into `out` (OPTIONS_PROBLEM_SIZE bytes), newline included, and returns it: wrapped
 * at so many columns, and where they are few, below the names. */
const char *options_format_help(const struct option_row *row, size_t columns, char out[OPTIONS_PROBLEM_SIZE]);

/* The same for the short help. */
const char *options_format_brief(const struct option_row *row, size_t columns, char out[OPTIONS_PROBLEM_SIZE]);

/* Does the option stand in the short help? */
bool options_is_brief(const struct option_row *row);

/* Writes the option's help as one line without a mark into `out` (OPTIONS_PROBLEM_SIZE bytes) and returns it. */
const char *options_help_words(const struct option_row *row, char out[OPTIONS_PROBLEM_SIZE]);

/* Does the option gather the values of each time it is given? */
bool options_is_list(const struct option_row *row);

/* The same of anything else with a name: its words begin in column `indent`. */
const char *options_format_entry(const char *name, const char *words, size_t indent, size_t columns,
                                 char out[OPTIONS_PROBLEM_SIZE]);

/* The word of `words` nearest to `typed` when it is plausibly a slip of the fingers (edit distance of at most 2),
 * otherwise NULL. */
const char *options_nearest(const char *typed, const char *const *words, size_t count);

#endif
