/* The lab command: the list, a sheet, a lab to work in; and, in one, what it was and what an answer is worth. */
#include "client/lab/command_lab.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/text_stream.h"
#include "client/lab/labs.h"
#include "client/lab/reveal.h"
#include "client/lab/scene.h"
#include "client/lab/scene_words.h"
#include "client/lab/sheet.h"
#include "common/net/address.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define SHOWN_SIZE    64
#define NAME_COLUMN   25
#define GREETING_SIZE 512

struct lab_settings {
  struct common_settings common;
  bool wants_sheet;
  bool wants_random;
  bool wants_reveal;
  const char *answer; /* of --check */
};

#define FIELD(name) offsetof(struct lab_settings, name)

static const struct option_row rows[] = {
    {"sheet", 's', OPTION_FLAG, FIELD(wants_sheet), NULL, 0, 0, NULL,
     OPTION_BRIEF("print the lab's sheet, which is Markdown, and do nothing")},
    {"random", 'r', OPTION_FLAG, FIELD(wants_random), NULL, 0, 0, NULL,
     OPTION_BRIEF("a situation at random, without telling which: find it out")},
    {"check", 'c', OPTION_TEXT, FIELD(answer), "ANSWER", 0, 0, NULL,
     OPTION_BRIEF("in a lab: is this right? Of a situation, the verdict's name")},
    {"reveal", 0, OPTION_FLAG, FIELD(wants_reveal), NULL, 0, 0, NULL,
     OPTION_BRIEF("in a lab: what it was, and the evidence")},
    COMMAND_HELP_ROW(lab_settings),
    COMMAND_HELP_ALL_ROW(lab_settings),
    COMMAND_VERSION_ROW(lab_settings),
};

#define ROWS (sizeof rows / sizeof rows[0])

void command_lab_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] [NAME]";
  help->takes = COMPLETION_LABS;
  help->before =
      "Without NAME: the list. With it: a shell in namespaces of its own, in which the situation is real and the task "
      "is on the screen. The machine's own network and processes are out of reach; files are the real ones. Leaving the "
      "shell (exit) takes everything away. With commands on stdin instead of a terminal it runs them. NAME is one of "
      "the list.\n";
  help->before_brief = "Without NAME: the list. With it: a shell in which the situation is real; exit ends it.\n";
  help->after = "exit status: 0 fine (--check: right), 1 not right, 2 wrong usage, 3 no lab; a lab: the shell's.\n";
  help->rows = rows;
  help->row_count = ROWS;
}

static void list_kind(const char *title, bool lessons) {
  char line[OPTIONS_PROBLEM_SIZE];
  printf("%s\n", title);
  for (size_t i = 0; i < lab_count; i++)
    if ((lab_rows[i].kind != LAB_SITUATION) == lessons)
      printf("%s",
             options_format_entry(lab_rows[i].name, lab_rows[i].title, NAME_COLUMN, layout_columns(stdout), line));
}

static int print_list(void) {
  list_kind("lessons, in the order of a course:", true);
  list_kind("\nsituations, each named as the verdict of loping check:", false);
  layout_write(stdout,
               "\nloping lab NAME begins one; loping lab --random one of the situations, without telling which.\n");
  return EXIT_FINE;
}

/* The lab that this shell is in; NULL: none. */
static const struct lab *own_lab(void) {
  const char *code = getenv(SCENE_CODE_VARIABLE);
  return code != NULL ? lab_of_code(strtoull(code, NULL, 16)) : NULL;
}

static uint64_t own_seed(void) {
  const char *seed = getenv(SCENE_SEED_VARIABLE);
  return seed != NULL ? strtoull(seed, NULL, 10) : 0;
}

static int judge(const struct lab *lab, const char *answer) {
  char shown[SHOWN_SIZE];
  safe_text_copy(answer, strlen(answer), shown, sizeof shown);
  switch (lab_judge(lab, lab_hidden_percent(own_seed()), answer)) {
    case LAB_RIGHT:
      printf("right: %s. Why: loping lab --reveal\n", shown);
      return EXIT_FINE;
    case LAB_WRONG:
      printf("no, it is not '%s'. Look on; or: loping lab --reveal\n", shown);
      break;
    case LAB_NO_ANSWER:
      printf(lab->kind == LAB_LESSON_OF_SHARE ? "'%s' is no share: type a number of percent, such as 4.5\n"
                                              : "'%s' is none of the situations: loping lab lists them\n",
             shown);
      break;
  }
  return EXIT_ANSWER_IS_NO;
}

static const char *lacking_program(const struct lab *lab) {
  if ((lab->needs & LAB_NEEDS_NFT) != 0 && !scene_has_program("nft")) return "nft (package nftables)";
  if ((lab->needs & LAB_NEEDS_IP) != 0 && !scene_has_program("ip")) return "ip (package iproute2)";
  return NULL;
}

static bool can_be_made(const struct lab *lab) {
  return lab->kind == LAB_SITUATION && lacking_program(lab) == NULL;
}

/* One of the situations that can be made here; NULL: none can. */
static const struct lab *pick(uint64_t number) {
  size_t count = 0;
  for (size_t i = 0; i < lab_count; i++)
    if (can_be_made(&lab_rows[i])) count++;
  if (count == 0) return NULL;
  uint64_t left = number % count;
  for (size_t i = 0; i < lab_count; i++)
    if (can_be_made(&lab_rows[i]) && left-- == 0) return &lab_rows[i];
  return NULL;
}

static void greet(const struct lab *lab, bool is_secret, FILE *out) {
  char text[GREETING_SIZE];
  size_t columns = layout_columns(stdout);
  if (is_secret)
    snprintf(text, sizeof text,
             "# What is wrong here?\n\nSomebody says that the server at 127.0.0.1:%u does not work. Find out what is "
             "the matter, and name the verdict. Of use: loping check, loping ports, ss, nft list ruleset.\n\n",
             (unsigned)(lab->port != 0 ? lab->port : ADDRESS_DEFAULT_PORT));
  else
    text[0] = '\0';
  if (!is_secret) sheet_show_until(sheet_lines(lab->name), SHEET_SEEN, columns, out);
  layout_text(text, columns, layout_put_stream, out);
  snprintf(
      text, sizeof text,
      "---\nThis shell has a network and processes of its own, apart from the machine's; files are the real ones. loping "
      "lab --check ANSWER judges, --reveal tells what it was%s; exit ends it.\n",
      is_secret ? "" : ", --sheet prints the whole sheet");
  layout_text(text, columns, layout_put_stream, out);
}

/* Texts for the scene, which are the caller's to free. False if memory ran out. */
static bool write_texts(const struct lab *lab, bool is_secret, struct text_stream texts[2]) {
  if (text_stream_open(&texts[0]) != 0) return false;
  greet(lab, is_secret, texts[0].file);
  if (text_stream_close(&texts[0]) != 0) return false;
  if (text_stream_open(&texts[1]) != 0) return false;
  sheet_write_commands(sheet_lines(lab->name), SHEET_MADE, texts[1].file);
  return text_stream_close(&texts[1]) == 0;
}

static int play(const struct lab *lab, bool is_secret, uint64_t seed) {
  struct text_stream texts[2] = {{.text = NULL}};
  struct scene_failure failure;
  char prompt[SHOWN_SIZE];
  int status = EXIT_NOT_DONE;
  snprintf(prompt, sizeof prompt, is_secret ? "lab" : "lab %s", lab->name);
  if (write_texts(lab, is_secret, texts)) {
    struct scene scene = {.greeting = texts[0].text, .setup = texts[1].text, .prompt = prompt};
    snprintf(scene.code, sizeof scene.code, "%016" PRIx64, lab_code(lab));
    if (lab->port != 0) snprintf(scene.port, sizeof scene.port, "%u", lab->port);
    snprintf(scene.seed, sizeof scene.seed, "%" PRIu64, seed);
    status = scene_play(&scene, &failure);
    if (failure.step != SCENE_NONE) {
      scene_complain(&failure, is_secret ? "--random" : lab->name);
      status = EXIT_NOT_DONE;
    }
  } else {
    command_complain("out of memory before the lab was made");
  }
  free(texts[0].text);
  free(texts[1].text);
  return status;
}

static int begin(const struct lab *lab, bool is_secret, uint64_t number) {
  if (own_lab() != NULL) {
    command_complain("this shell is in a lab already; leave it first: exit");
    return EXIT_NOT_DONE;
  }
  if (lab == NULL) {
    command_complain("none of the situations can be made here; loping lab lists the lessons");
    return EXIT_NOT_DONE;
  }
  const char *lacking = lacking_program(lab);
  if (lacking != NULL) {
    command_complain("this lab is made with %s, which is not here; install it. The sheet: loping lab %s --sheet",
                     lacking, lab->name);
    return EXIT_NOT_DONE;
  }
  /* Small enough to be typed as a seed. */
  return play(lab, is_secret, number >> 16 & 0xFFFFFF);
}

static int refuse_name(const struct invocation *invocation, const char *name) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[SHOWN_SIZE];
  const char *names[64], *nearest;
  size_t count = 0;
  while (count < lab_count && count < sizeof names / sizeof names[0]) {
    names[count] = lab_rows[count].name;
    count++;
  }
  nearest = options_nearest(name, names, count);
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  if (nearest != NULL)
    snprintf(problem, sizeof problem, "there is no lab '%s'; the nearest is '%s'", shown, nearest);
  else
    snprintf(problem, sizeof problem, "there is no lab '%s'; loping lab lists them", shown);
  return command_refuse(invocation->command, problem);
}

/* --check, --reveal, and --sheet without a name, which are about the lab that the shell is in. */
static int answer_inside(const struct invocation *invocation, const struct lab_settings *settings) {
  const struct lab *lab = own_lab();
  if (lab == NULL)
    return command_refuse(invocation->command,
                          "--check and --reveal are for the shell of a lab, and this is none: loping lab NAME begins "
                          "one; of --sheet, name the lab: loping lab NAME --sheet");
  if (settings->answer != NULL) return judge(lab, settings->answer);
  if (settings->wants_reveal) return reveal(lab, own_seed());
  sheet_write(sheet_lines(lab->name), stdout);
  return EXIT_FINE;
}

static const char *clash(const struct lab_settings *settings, int names) {
  int asked = (settings->answer != NULL) + settings->wants_reveal + settings->wants_sheet + settings->wants_random;
  if (names > 1) return "lab takes one NAME; leave out the others";
  if (asked > 1) return "--check, --reveal, --sheet and --random do not go together; leave out all but one";
  if (names == 1 && settings->wants_random) return "--random picks the lab itself; leave out NAME";
  if (names == 1 && (settings->answer != NULL || settings->wants_reveal))
    return "--check and --reveal are about the lab whose shell this is; leave out NAME";
  return NULL;
}

int command_lab(const struct invocation *invocation) {
  struct lab_settings settings = {.answer = NULL};
  struct options_parsed parsed;
  uint64_t number = 0;
  if (!options_parse(rows, ROWS, invocation->argc, invocation->argv, &settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  const char *problem = clash(&settings, parsed.positional_count);
  if (problem != NULL) return command_refuse(invocation->command, problem);
  (void)uv_random(NULL, NULL, &number, sizeof number, 0, NULL);
  if (settings.wants_random) return begin(pick(number), true, number);
  bool is_inside = settings.answer != NULL || settings.wants_reveal || settings.wants_sheet;
  if (parsed.positional_count == 0) return is_inside ? answer_inside(invocation, &settings) : print_list();
  const struct lab *lab = lab_find(parsed.positionals[0]);
  if (lab == NULL) return refuse_name(invocation, parsed.positionals[0]);
  if (!settings.wants_sheet) return begin(lab, false, number);
  sheet_write(sheet_lines(lab->name), stdout);
  return EXIT_FINE;
}
