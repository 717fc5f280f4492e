/* The lock of a folder: one holder at a time, in any program, and none after its end. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/listen/folder_lock.h"
#include "tests/unit/unit_test.h"

#define LONG_MS 20000

static char folder[] = "/tmp/loping-test-XXXXXX";

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state) {
  (void)state;
  return rmdir(folder);
}

static void one_holder_at_a_time(void **state) {
  (void)state;
  uv_file lock, other;
  assert_int_equal(folder_lock_take(folder, LONG_MS, &lock), 0);
  assert_int_equal(folder_lock_take(folder, 0, &other), UV_ETIMEDOUT);
  assert_int_equal(folder_lock_take(folder, 5, &other), UV_ETIMEDOUT);
  folder_lock_release(lock);
  assert_int_equal(folder_lock_take(folder, 0, &other), 0);
  folder_lock_release(other);
}

/* It holds the lock until it is killed. */
static pid_t start_holder(void) {
  int ready[2];
  char byte;
  assert_int_equal(pipe(ready), 0);
  pid_t holder = fork();
  assert_true(holder >= 0);
  if (holder == 0) {
    uv_file lock;
    if (folder_lock_take(folder, 0, &lock) == 0 && write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  close(ready[1]);
  assert_int_equal(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  return holder;
}

static void a_killed_holder_has_it_no_longer(void **state) {
  (void)state;
  uv_file lock;
  pid_t holder = start_holder();
  assert_int_equal(folder_lock_take(folder, 0, &lock), UV_ETIMEDOUT);
  assert_int_equal(kill(holder, SIGKILL), 0);
  assert_int_equal(waitpid(holder, NULL, 0), holder);
  assert_int_equal(folder_lock_take(folder, LONG_MS, &lock), 0);
  folder_lock_release(lock);
}

static void a_folder_that_is_not_there_is_an_error(void **state) {
  (void)state;
  uv_file lock;
  assert_int_equal(folder_lock_take("/nonexistent", LONG_MS, &lock), UV_ENOENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_holder_at_a_time),
      cmocka_unit_test(a_killed_holder_has_it_no_longer),
      cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
