/* What stands at a path, with real files in a folder of the test's own; and a mode as ls writes it. */
#include "client/check/unix_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/unit_test.h"

static char folder[] = "/tmp/loping-unix-file-XXXXXX";

static const char *path_of(const char *name) {
  static char path[100];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static int set_up(void **state) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)state;
  if (mkdtemp(folder) == NULL) return -1;
  int made = socket(AF_UNIX, SOCK_STREAM, 0);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path_of("socket"));
  if (bind(made, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  close(made);
  FILE *file = fopen(path_of("file"), "w");
  if (file == NULL) return -1;
  fclose(file);
  if (symlink("socket", path_of("link")) != 0 || symlink("loop", path_of("loop")) != 0) return -1;
  return 0;
}

static int tear_down(void **state) {
  static const char *const names[] = {"socket", "file", "link", "loop"};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(names); i++)
    unlink(path_of(names[i]));
  return rmdir(folder);
}

static void each_path_is_told_for_what_it_is(void **state) {
  static const struct {
    const char *name;
    enum unix_file_state wanted;
    const char *place;
  } cases[] = {
      {"socket", UNIX_FILE_SOCKET, "socket"},
      {"link", UNIX_FILE_SOCKET, "socket"},
      {"file", UNIX_FILE_OTHER, "file"},
      {"none", UNIX_FILE_NONE, "none"},
      {"none/socket", UNIX_FILE_NO_FOLDER, "none"},
      {"file/socket", UNIX_FILE_NO_FOLDER, "file"},
      {"loop", UNIX_FILE_UNKNOWN, "loop"},
  };
  struct unix_file file;
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    unix_file_look(path_of(cases[i].name), &file);
    if (file.state != cases[i].wanted)
      fail_msg("%s is %d, not %d", cases[i].name, (int)file.state, (int)cases[i].wanted);
    if (file.state != UNIX_FILE_UNKNOWN) assert_string_equal(file.place, path_of(cases[i].place));
  }
  unix_file_look("@name", &file);
  assert_int_equal(file.state, UNIX_FILE_ABSTRACT);
}

static void a_mode_is_written_as_ls_writes_it(void **state) {
  static const struct {
    uint64_t mode;
    const char *text;
  } cases[] = {{0140755, "srwxr-xr-x"}, {0040700, "drwx------"}, {0100640, "-rw-r-----"}, {0010000, "p---------"}};
  char out[UNIX_FILE_MODE_SIZE];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(unix_file_mode_text(cases[i].mode, out), cases[i].text);
  assert_string_equal(unix_file_kind_text(0040700), "a folder");
  assert_string_equal(unix_file_kind_text(0100640), "a regular file");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_path_is_told_for_what_it_is),
      cmocka_unit_test(a_mode_is_written_as_ls_writes_it),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
