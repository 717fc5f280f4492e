/* Files that are there as a whole or not at all. */
#include "client/frame/whole_file.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "tests/unit/unit_test.h"

static char folder[64];
static char path[96];

static int make_folder(void **state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/whole-file-XXXXXX");
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(path, sizeof path, "%s/file", folder);
  return 0;
}

/* The files of the folder, besides those that begin with a dot. */
static unsigned count_files(bool removes) {
  unsigned count = 0;
  char each[512];
  DIR *opened = opendir(folder);
  assert_non_null(opened);
  for (const struct dirent *entry = readdir(opened); entry != NULL; entry = readdir(opened)) {
    if (entry->d_name[0] == '.') continue;
    count++;
    snprintf(each, sizeof each, "%s/%s", folder, entry->d_name);
    if (removes) unlink(each);
  }
  closedir(opened);
  return count;
}

static int remove_folder(void **state) {
  (void)state;
  count_files(true);
  return rmdir(folder);
}

static void write_text(const char *text) {
  assert_int_equal(whole_file_write(path, text, strlen(text)), 0);
}

static void expect_text(const char *wanted) {
  char text[64] = "";
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  assert_string_equal(text, wanted);
}

static void a_new_file_has_the_user_s_own_permissions(void **state) {
  struct stat found;
  mode_t mask = umask(027);
  (void)state;
  write_text("new\n");
  umask(mask);
  expect_text("new\n");
  assert_int_equal(stat(path, &found), 0);
  assert_int_equal(found.st_mode & 07777, 0640);
  assert_int_equal(count_files(false), 1);
}

static void an_old_file_is_replaced_and_keeps_its_permissions(void **state) {
  struct stat found;
  (void)state;
  write_text("what was there, and longer\n");
  assert_int_equal(chmod(path, 0604), 0);
  write_text("new\n");
  expect_text("new\n");
  assert_int_equal(stat(path, &found), 0);
  assert_int_equal(found.st_mode & 07777, 0604);
  assert_int_equal(count_files(false), 1);
}

static void what_reads_the_old_file_goes_on_to_read_it(void **state) {
  char text[64] = "";
  (void)state;
  write_text("old\n");
  FILE *reader = fopen(path, "r");
  assert_non_null(reader);
  write_text("new\n");
  text[fread(text, 1, sizeof text - 1, reader)] = '\0';
  fclose(reader);
  assert_string_equal(text, "old\n");
}

static void a_link_stays_a_link(void **state) {
  char link[112];
  struct stat found;
  (void)state;
  write_text("old\n");
  snprintf(link, sizeof link, "%s/link", folder);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(whole_file_write(link, "new\n", 4), 0);
  assert_int_equal(lstat(link, &found), 0);
  assert_true(S_ISLNK(found.st_mode));
  expect_text("new\n");
}

static void a_failure_leaves_the_old_file_and_nothing_beside_it(void **state) {
  struct rlimit before, small = {.rlim_cur = 8, .rlim_max = RLIM_INFINITY};
  (void)state;
  write_text("old\n");
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small.rlim_max = before.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  int code = whole_file_write(path, "more than eight bytes\n", 22);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(code, UV_EFBIG);
  expect_text("old\n");
  assert_int_equal(count_files(false), 1);
}

static void a_folder_and_a_missing_one_are_refused(void **state) {
  char below[112];
  (void)state;
  assert_int_equal(whole_file_write(folder, "x", 1), UV_EISDIR);
  snprintf(below, sizeof below, "%s/none/file", folder);
  assert_int_equal(whole_file_write(below, "x", 1), UV_ENOENT);
  assert_int_equal(count_files(false), 0);
}

static void what_is_no_plain_file_is_written_directly(void **state) {
  struct stat found;
  (void)state;
  assert_int_equal(whole_file_write("/dev/null", "x", 1), 0);
  assert_int_equal(stat("/dev/null", &found), 0);
  assert_true(S_ISCHR(found.st_mode));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_new_file_has_the_user_s_own_permissions),
      TEST(an_old_file_is_replaced_and_keeps_its_permissions),
      TEST(what_reads_the_old_file_goes_on_to_read_it),
      TEST(a_link_stays_a_link),
      TEST(a_failure_leaves_the_old_file_and_nothing_beside_it),
      TEST(a_folder_and_a_missing_one_are_refused),
      TEST(what_is_no_plain_file_is_written_directly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
