/* The outbox with pipes in place of stdout and stderr: order, stalled readers, gaps, and what must be heard. */
#include "server/say/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/screen/frame.h"
#include "tests/unit/unit_test.h"

#define LINE_BYTES 64

/* A pipe is filled with fewer bytes than the queue takes. */
#define TOO_MANY_LINES (3 * OUTBOX_BOUND_BYTES / LINE_BYTES)

struct pipes {
  int out[2], err[2];
};

static void tell(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]) {
  snprintf(out, OUTBOX_LEFT_OUT_SIZE, "gap %d %llu\n", (int)stream, (unsigned long long)lines);
}

static struct outbox *begin(struct pipes *pipes) {
  struct outbox *outbox;
  assert_int_equal(pipe(pipes->out), 0);
  assert_int_equal(pipe(pipes->err), 0);
  assert_int_equal(outbox_create((const int[]){pipes->out[1], pipes->err[1]}, tell, &outbox), 0);
  return outbox;
}

static void close_all(struct pipes *pipes) {
  for (int i = 0; i < 2; i++) {
    close(pipes->out[i]);
    close(pipes->err[i]);
  }
}

/* All that is in a pipe now. */
static size_t drain(int descriptor, char *bytes, size_t size) {
  size_t length = 0;
  ssize_t got;
  assert_int_equal(fcntl(descriptor, F_SETFL, O_NONBLOCK), 0);
  while (length < size - 1 && (got = read(descriptor, bytes + length, size - 1 - length)) > 0)
    length += (size_t)got;
  bytes[length] = '\0';
  return length;
}

/* Waits for the next line of a pipe, byte by byte; what waits for its reader is written as there is room. */
static void read_line(struct outbox *outbox, int descriptor, char line[LINE_BYTES + 1]) {
  size_t length = 0;
  (void)outbox_pump(outbox);
  do {
    assert_int_equal(read(descriptor, line + length, 1), 1);
  } while (line[length++] != '\n' && length < LINE_BYTES);
  line[length] = '\0';
}

static void put_numbered(struct outbox *outbox, int number) {
  char line[LINE_BYTES + 1];
  snprintf(line, sizeof line, "%-*d\n", LINE_BYTES - 1, number);
  outbox_put(outbox, OUTBOX_STDERR, line);
}

static void all_is_written_in_order_before_the_end(void **state) {
  struct pipes pipes;
  char bytes[256];
  (void)state;
  struct outbox *outbox = begin(&pipes);
  outbox_put(outbox, OUTBOX_STDOUT, "one\n");
  outbox_put(outbox, OUTBOX_STDERR, "a\nb\n");
  outbox_put_vital(outbox, "two\n");
  assert_int_equal(outbox_end(outbox).vital, 0);
  drain(pipes.out[0], bytes, sizeof bytes);
  assert_string_equal(bytes, "one\ntwo\n");
  drain(pipes.err[0], bytes, sizeof bytes);
  assert_string_equal(bytes, "a\nb\n");
  close_all(&pipes);
}

static void streams_that_share_a_pipe_keep_their_order(void **state) {
  struct outbox *outbox;
  int ends[2];
  char bytes[512], wanted[512] = "";
  (void)state;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(outbox_create((const int[]){ends[1], ends[1]}, tell, &outbox), 0);
  for (int i = 0; i < 40; i++) {
    char line[16];
    snprintf(line, sizeof line, "%d\n", i);
    strcat(wanted, line);
    outbox_put(outbox, i % 3 == 0 ? OUTBOX_STDOUT : OUTBOX_STDERR, line);
  }
  assert_int_equal(outbox_end(outbox).vital, 0);
  drain(ends[0], bytes, sizeof bytes);
  assert_string_equal(bytes, wanted);
  close(ends[0]);
  close(ends[1]);
}

/* Nobody reads stderr: whoever speaks is not kept, stdout goes on, and the gap is told of where it is. */
static void a_stalled_reader_costs_lines_and_they_are_counted(void **state) {
  struct pipes pipes;
  char line[LINE_BYTES + 1];
  (void)state;
  struct outbox *outbox = begin(&pipes);
  for (int i = 0; i < TOO_MANY_LINES; i++)
    put_numbered(outbox, i);
  outbox_put(outbox, OUTBOX_STDOUT, "still heard\n");
  read_line(outbox, pipes.out[0], line);
  assert_string_equal(line, "still heard\n");
  int next = 0, gap = -1, lines;
  while (next < TOO_MANY_LINES) {
    read_line(outbox, pipes.err[0], line);
    if (sscanf(line, "gap 1 %d", &lines) == 1) {
      gap = gap < 0 ? next : gap;
      next += lines;
    } else {
      assert_int_equal(atoi(line), next);
      next++;
    }
  }
  assert_int_equal(next, TOO_MANY_LINES);
  assert_true(gap > OUTBOX_BOUND_BYTES / LINE_BYTES - 2);
  outbox_put(outbox, OUTBOX_STDERR, "after\n");
  read_line(outbox, pipes.err[0], line);
  assert_string_equal(line, "after\n");
  assert_int_equal(outbox_end(outbox).vital, 0);
  close_all(&pipes);
}

static void it_ends_although_nobody_reads(void **state) {
  struct pipes pipes;
  char bytes[64];
  (void)state;
  struct outbox *outbox = begin(&pipes);
  for (int i = 0; i < TOO_MANY_LINES; i++)
    put_numbered(outbox, i);
  outbox_put(outbox, OUTBOX_STDOUT, "the end\n");
  assert_int_equal(outbox_end(outbox).vital, 0);
  drain(pipes.out[0], bytes, sizeof bytes);
  assert_string_equal(bytes, "the end\n");
  close_all(&pipes);
}

static void count_news(void *owner) {
  ++*(int *)owner;
}

/* Who has a loop is told once, and asks again by itself. */
static void that_something_waits_is_told_once(void **state) {
  struct pipes pipes;
  char line[LINE_BYTES + 1];
  int news = 0;
  (void)state;
  struct outbox *outbox = begin(&pipes);
  outbox_watch(outbox, count_news, &news);
  put_numbered(outbox, 0);
  assert_int_equal(news, 0);
  for (int i = 1; i < TOO_MANY_LINES; i++)
    put_numbered(outbox, i);
  assert_int_equal(news, 1);
  assert_true(outbox_pump(outbox));
  read_line(outbox, pipes.err[0], line);
  assert_int_equal(outbox_end(outbox).vital, 0);
  close_all(&pipes);
}

static void a_vital_text_that_is_lost_is_told_of_and_another_is_not(void **state) {
  struct pipes pipes;
  int news = 0;
  (void)state;
  struct outbox *outbox = begin(&pipes);
  close(pipes.out[0]);
  outbox_watch(outbox, count_news, &news);
  outbox_put(outbox, OUTBOX_STDOUT, "nobody reads this\n");
  outbox_put(outbox, OUTBOX_STDERR, "wait for it\n");
  char line[LINE_BYTES + 1];
  read_line(outbox, pipes.err[0], line);
  assert_int_equal(outbox_lost_code(outbox), 0);
  outbox_put_vital(outbox, "nor this\n");
  outbox_put(outbox, OUTBOX_STDERR, "wait for it\n");
  read_line(outbox, pipes.err[0], line);
  assert_int_equal(news, 1);
  assert_int_equal(outbox_lost_code(outbox), -EPIPE);
  assert_int_equal(outbox_end(outbox).vital, -EPIPE);
  pipes.out[0] = -1;
  close_all(&pipes);
}

static void a_descriptor_that_does_not_block_loses_nothing(void **state) {
  struct pipes pipes;
  char line[LINE_BYTES + 1];
  (void)state;
  struct outbox *outbox = begin(&pipes);
  assert_int_equal(fcntl(pipes.err[1], F_SETFL, O_NONBLOCK), 0);
  for (int i = 0; i < OUTBOX_BOUND_BYTES / LINE_BYTES; i++)
    put_numbered(outbox, i);
  for (int i = 0; i < OUTBOX_BOUND_BYTES / LINE_BYTES; i++) {
    read_line(outbox, pipes.err[0], line);
    assert_int_equal(atoi(line), i);
  }
  assert_int_equal(outbox_end(outbox).vital, 0);
  close_all(&pipes);
}

static void a_summary_that_is_lost_is_told_of_unless_its_reader_is_gone(void **state) {
  struct pipes pipes;
  struct outbox_losses losses;
  (void)state;
  struct outbox *outbox = begin(&pipes);
  close(pipes.out[0]);
  outbox_put_summary(outbox, "nobody reads this\n");
  losses = outbox_end(outbox);
  assert_int_equal(losses.summary, 0);
  pipes.out[0] = -1;
  close_all(&pipes);
  int full = open("/dev/full", O_WRONLY);
  if (full < 0) skip();
  assert_int_equal(outbox_create((const int[]){full, full}, tell, &outbox), 0);
  outbox_put_summary(outbox, "no room\n");
  losses = outbox_end(outbox);
  assert_int_equal(losses.summary, -ENOSPC);
  assert_int_equal(losses.vital, 0);
  assert_int_equal(outbox_create((const int[]){full, full}, tell, &outbox), 0);
  outbox_lose_summary(outbox, -ENOMEM);
  assert_int_equal(outbox_end(outbox).summary, -ENOMEM);
  close(full);
}

#define ERASE FRAME_ERASE

static void a_view_is_drawn_again_below_each_text_of_its_terminal(void **state) {
  struct pipes pipes;
  char bytes[512];
  (void)state;
  struct outbox *outbox = begin(&pipes);
  outbox_show(outbox, OUTBOX_STDERR, false, NULL);
  outbox_show(outbox, OUTBOX_STDERR, false, "<view>");
  outbox_put(outbox, OUTBOX_STDERR, "one\n");
  outbox_put(outbox, OUTBOX_STDOUT, "apart\n");
  outbox_show(outbox, OUTBOX_STDERR, true, "<new>");
  outbox_put(outbox, OUTBOX_STDERR, "two\n");
  outbox_put_vital(outbox, "with it\n");
  outbox_show(outbox, OUTBOX_STDERR, true, NULL);
  outbox_put(outbox, OUTBOX_STDERR, "three\n");
  assert_int_equal(outbox_end(outbox).vital, 0);
  drain(pipes.err[0], bytes, sizeof bytes);
  assert_string_equal(bytes, "<view>" ERASE "one\n<view><new>" ERASE "two\n<new>" ERASE "three\n");
  drain(pipes.out[0], bytes, sizeof bytes);
  assert_string_equal(bytes, "apart\n" ERASE "with it\n<new>");
  close_all(&pipes);
}

static void frames_do_not_queue_up_before_a_reader_that_stalls(void **state) {
  struct pipes pipes;
  char *bytes = malloc(4 * OUTBOX_BOUND_BYTES);
  (void)state;
  assert_non_null(bytes);
  struct outbox *outbox = begin(&pipes);
  outbox_show(outbox, OUTBOX_STDERR, false, "<first>");
  for (int i = 0; i < TOO_MANY_LINES; i++)
    put_numbered(outbox, i);
  for (int i = 0; i < 100; i++)
    outbox_show(outbox, OUTBOX_STDERR, false, "<late>");
  drain(pipes.err[0], bytes, 4 * OUTBOX_BOUND_BYTES);
  while (outbox_pump(outbox))
    drain(pipes.err[0], bytes, 4 * OUTBOX_BOUND_BYTES);
  assert_null(strstr(bytes, "<late>"));
  drain(pipes.err[0], bytes, 4 * OUTBOX_BOUND_BYTES);
  outbox_show(outbox, OUTBOX_STDERR, false, "<again>");
  drain(pipes.err[0], bytes, 4 * OUTBOX_BOUND_BYTES);
  assert_string_equal(bytes, "<again>");
  (void)outbox_end(outbox);
  close_all(&pipes);
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_is_written_in_order_before_the_end),
      cmocka_unit_test(streams_that_share_a_pipe_keep_their_order),
      cmocka_unit_test(a_stalled_reader_costs_lines_and_they_are_counted),
      cmocka_unit_test(it_ends_although_nobody_reads),
      cmocka_unit_test(that_something_waits_is_told_once),
      cmocka_unit_test(a_vital_text_that_is_lost_is_told_of_and_another_is_not),
      cmocka_unit_test(a_descriptor_that_does_not_block_loses_nothing),
      cmocka_unit_test(a_summary_that_is_lost_is_told_of_unless_its_reader_is_gone),
      cmocka_unit_test(a_view_is_drawn_again_below_each_text_of_its_terminal),
      cmocka_unit_test(frames_do_not_queue_up_before_a_reader_that_stalls),
  };
  (void)signal(SIGPIPE, SIG_IGN);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
