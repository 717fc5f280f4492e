/* `loping ports`: one look at this machine's listeners, judged and printed. The edge where failures become sentences.
 */
#include "client/ports/command_ports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "client/ports/expected_text.h"
#include "client/ports/port_view.h"
#include "client/ports/ports_junit.h"
#include "client/ports/ports_settings.h"
#include "client/ports/watch.h"
#include "client/sockets/port_list.h"
#include "common/explain/explain_text.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define SHOWN_PATH_SIZE 256
/* Of a file of another kind, so many bad lines are named. */
#define BAD_LINES_SHOWN 20

/* One call of `loping ports`. */
struct look {
  const struct ports_settings *settings;
  const struct invocation *invocation;
  const struct style *style;
  struct port_list list;
  struct port_row *rows;
  size_t row_count;
  struct own_addresses own;
  struct port_peers *peers;          /* of each row; NULL without --peers */
  struct published_ports *published; /* NULL where memory ran out for it */
  struct expected_list expected;
  size_t bad_lines;
};

static void show_path(const char *path, char shown[SHOWN_PATH_SIZE]) {
  safe_text_copy(path, strlen(path), shown, SHOWN_PATH_SIZE);
}

static void complain_of_list(int code) {
  char untold[EXPLAIN_UNTOLD_SIZE];
  if (code == UV_ENOTSUP)
    command_complain("%s", explain_untold("loping", machine_words()->show_listeners, 0, untold));
  else
    command_complain("the listeners of this machine cannot be read: %s (%s)", uv_strerror(code), uv_err_name(code));
}

static void on_bad_line(void *owner, uint32_t line, const char *problem) {
  struct look *look = owner;
  char path[SHOWN_PATH_SIZE];
  if (++look->bad_lines > BAD_LINES_SHOWN) return;
  show_path(look->settings->expect_path, path);
  command_complain("--expect: %s, line %" PRIu32 ": %s", path, line, problem);
}

static int load_expected(struct look *look) {
  char path[SHOWN_PATH_SIZE];
  if (look->settings->expect_path == NULL) return EXIT_FINE;
  show_path(look->settings->expect_path, path);
  int code = expected_load(look->settings->expect_path, &look->expected, on_bad_line, look);
  if (code != 0) {
    command_complain("--expect: cannot read '%s': %s; name a file with a port on each line", path, uv_strerror(code));
    return EXIT_NOT_DONE;
  }
  if (look->bad_lines == 0) return EXIT_FINE;
  if (look->bad_lines > BAD_LINES_SHOWN)
    command_complain("--expect: %s: %zu more line%s cannot be read", path, look->bad_lines - BAD_LINES_SHOWN,
                     units_plural(look->bad_lines - BAD_LINES_SHOWN));
  layout_write(stderr,
               "A line of the file is: PORT[/tcp|/udp] [PROCESS] [# remark], such as 62893/tcp lopong # class demo\n");
  return EXIT_WRONG_USAGE;
}

static void judge_rows(struct look *look) {
  if (look->settings->expect_path == NULL) return;
  for (size_t i = 0; i < look->row_count; i++)
    look->rows[i].is_unexpected = expected_is_missing(&look->expected, look->rows[i].socket);
}

static void put_line(void *owner, const char *line) {
  layout_write_as_is(owner, line);
  fputc('\n', owner);
}

static struct result_file file_of(const struct ports_settings *settings) {
  return (struct result_file){"--json", settings->json_path};
}

static enum localhost_order find_localhost(const struct look *look) {
  struct two_servers two;
  for (size_t i = 0; i < look->row_count; i++)
    if (port_view_two_servers(&look->list, &look->rows[i], &two)) return localhost_find_order();
  return LOCALHOST_UNKNOWN;
}

static bool write_expectation(const struct look *look, int64_t now) {
  struct result_file file = {"--write", look->settings->write_path};
  if (file.path == NULL) return true;
  char *text = expected_text_write(look->rows, look->row_count, now);
  bool is_written = result_file_write_text(&file, text);
  free(text);
  if (is_written && look->list.sockets_left_out > 0)
    command_complain("--write: %zu socket%s beyond the first %d %s not in the file", look->list.sockets_left_out,
                     units_plural(look->list.sockets_left_out), PORT_LIST_MAX,
                     look->list.sockets_left_out == 1 ? "is" : "are");
  return is_written && look->list.sockets_left_out == 0;
}

static void say_written(const struct look *look) {
  char path[SHOWN_PATH_SIZE];
  if (look->settings->is_quiet) return;
  show_path(look->settings->write_path, path);
  struct page page;
  fprintf(page_begin(&page),
          "WRITTEN: %s names what listens now; what else listens later is found by: loping ports --expect %s\n", path,
          path);
  page_end(&page);
}

static bool write_junit(const struct look *look) {
  struct result_file file = {"--junit", look->settings->junit_path};
  if (file.path == NULL) return true;
  char *text = ports_junit_make(look->rows, look->row_count);
  bool is_written = result_file_write_text(&file, text);
  free(text);
  return is_written;
}

/* Is stdout a file's, so that nothing else may be printed there? */
static bool is_stdout_taken(const struct ports_settings *settings) {
  const struct result_file files[] = {
      file_of(settings), {"--write", settings->write_path}, {"--junit", settings->junit_path}};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (result_file_takes_stdout(&files[i])) return true;
  return false;
}

static int report(struct look *look) {
  const struct ports_settings *settings = look->settings;
  struct port_view view = {.list = &look->list,
                           .filter = &settings->filter,
                           .is_filtered = settings->is_filtered,
                           .row_count = look->row_count,
                           .rows = look->rows,
                           .own = &look->own,
                           .now = clock_calendar_seconds(),
                           .own_user_id = machine_user_id(),
                           .localhost = find_localhost(look),
                           .expected_path = settings->expect_path,
                           .expected = settings->expect_path != NULL ? &look->expected : NULL,
                           .with_notes = !settings->is_quiet,
                           .with_origins = settings->shows_tree,
                           .peers = look->peers,
                           .published = look->published};
  int status = EXIT_FINE;
  for (size_t i = 0; i < look->row_count; i++)
    if (look->rows[i].is_unexpected) status = EXIT_ANSWER_IS_NO;
  struct result_file file = file_of(settings);
  if (!write_expectation(look, view.now)) status = EXIT_NOT_DONE;
  if (!is_stdout_taken(settings)) {
    port_report_text(&view, look->style, put_line, stdout);
    port_report_judgement(&view, look->style, put_line, stdout);
    if (settings->write_path != NULL && status == EXIT_FINE) say_written(look);
  }
  if (file.path != NULL &&
      !result_file_write(&file, port_report_json(&view, look->invocation->full_argc, look->invocation->full_argv)))
    return EXIT_NOT_DONE;
  if (!write_junit(look)) return EXIT_NOT_DONE;
  /* What is not in the list cannot be called expected. */
  if (view.expected != NULL && look->list.sockets_left_out > 0) return EXIT_NOT_DONE;
  return status;
}

static int find_peers(struct look *look) {
  struct connection_list list;
  struct peer_links links = {0};
  bool *is_wanted = NULL;
  int code = connection_list_gather(&list);
  if (code == 0) code = peer_links_find(look->rows, look->row_count, &list, &links);
  if (code == 0) is_wanted = memory_take_zeroed(list.count + 1, sizeof *is_wanted);
  look->peers = memory_take_zeroed(look->row_count + 1, sizeof *look->peers);
  if (code == 0 && (is_wanted == NULL || look->peers == NULL)) code = UV_ENOMEM;
  for (size_t i = 0; code == 0 && i < links.count; i++)
    if (links.links[i].client != PEER_NONE && peer_link_stands(&links.links[i], &list))
      is_wanted[links.links[i].client] = true;
  /* Without /proc the processes are not known, and the connections still are. */
  if (code == 0) (void)connection_list_find_holders(&list, is_wanted);
  if (code == 0) port_peers_count(&links, &list, look->peers, look->row_count);
  if (code == 0 && list.left_out > 0)
    command_complain("--peers: %zu connection%s beyond the first %d %s not counted", list.left_out,
                     units_plural(list.left_out), CONNECTION_LIST_MAX, list.left_out == 1 ? "is" : "are");
  free(is_wanted);
  peer_links_free(&links);
  connection_list_free(&list);
  return code;
}

static int look_once(struct look *look) {
  int status = load_expected(look);
  if (status != EXIT_FINE) return status;
  int code = port_list_gather(&look->list);
  if (code == 0 && !look->list.known) code = UV_ENOTSUP;
  if (code == 0) {
    look->rows = memory_take_zeroed(look->list.socket_count + 1, sizeof *look->rows);
    if (look->rows == NULL) code = UV_ENOMEM;
  }
  if (code != 0) {
    complain_of_list(code);
    return EXIT_NOT_DONE;
  }
  /* Without memory for it, the list is only poorer. */
  if (look->settings->shows_tree || look->settings->json_path != NULL) (void)port_list_find_origins(&look->list, NULL);
  look->row_count = port_rows_select(&look->list, &look->settings->filter, look->rows);
  own_addresses_gather(&look->own);
  look->published = published_ports_read();
  code = look->settings->shows_peers ? find_peers(look) : 0;
  if (code != 0) {
    complain_of_list(code);
    return EXIT_NOT_DONE;
  }
  judge_rows(look);
  return report(look);
}

static void complain_of_events(const struct ports_settings *settings, int code) {
  char path[SHOWN_PATH_SIZE];
  struct result_file file = file_of(settings);
  if (code != UV_EEXIST) {
    result_file_complain(&file, code);
    return;
  }
  show_path(file.path, path);
  command_complain(
      "--json: '%s' holds something already, and --watch writes each event into its file at once; remove that file, or name another",
      path);
}

static int watch(struct look *look) {
  struct watch_outcome outcome;
  const struct ports_settings *settings = look->settings;
  int status = load_expected(look);
  if (status != EXIT_FINE) return status;
  int code = ports_watch(settings, settings->expect_path != NULL ? &look->expected : NULL, look->style, &outcome);
  if (code == UV_EPIPE)
    command_complain("nobody reads the output any more: the watch was ended");
  else if (code != 0)
    complain_of_list(code);
  if (outcome.json_code != 0) complain_of_events(settings, outcome.json_code);
  if (code != 0 || outcome.json_code != 0) return EXIT_NOT_DONE;
  return outcome.was_unexpected ? EXIT_ANSWER_IS_NO : EXIT_FINE;
}

static bool are_files_apart(const struct ports_settings *settings, char *problem) {
  const struct named_file files[] = {
      {.option = "--expect", .path = settings->expect_path, .is_read = true},
      {.option = "--write", .path = settings->write_path},
      {.option = "--json", .path = settings->json_path},
      {.option = "--junit", .path = settings->junit_path},
  };
  return named_files_are_apart(files, sizeof files / sizeof files[0], problem);
}

int command_ports(const struct invocation *invocation) {
  struct ports_settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  if (!ports_settings_parse(invocation->argc, invocation->argv, &settings, problem))
    return command_refuse(invocation->command, problem);
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  if (!are_files_apart(&settings, problem)) return command_refuse(invocation->command, problem);
  const struct result_file file = file_of(&settings), junit = {"--junit", settings.junit_path};
  if (!settings.watches && (!result_file_try(&file) || !result_file_try(&junit))) return EXIT_NOT_DONE;
  const struct style style =
      style_make(command_may_colour(&settings.common), command_draws(&settings.common), layout_columns(stdout));
  struct look look = {.settings = &settings, .invocation = invocation, .style = &style};
  int status = settings.watches ? watch(&look) : look_once(&look);
  expected_free(&look.expected);
  free(look.published);
  free(look.peers);
  free(look.rows);
  port_list_free(&look.list);
  return status;
}
