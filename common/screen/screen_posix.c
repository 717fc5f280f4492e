/* A view by write(2), poll(2) and signal(7). */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/memory/memory.h"
#include "common/screen/screen.h"
#include "common/text/terminal.h"

/* Lines that wait while the terminal takes nothing. */
#define ABOVE_BYTES_MAX (1024 * 1024)
/* How long a write that the terminal took half of waits for the rest to be taken. */
#define WRITE_WAIT_MS 200

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGQUIT};

/* A handler is told no descriptor, so each has its own. It is called once (SA_RESETHAND); the fault happens again, and
 * then ends the program as it would have. */
static void on_crash_of_stdout(int number) {
  (void)!write(STDOUT_FILENO, FRAME_ERASE, sizeof FRAME_ERASE - 1);
  (void)raise(number);
}

static void on_crash_of_stderr(int number) {
  (void)!write(STDERR_FILENO, FRAME_ERASE, sizeof FRAME_ERASE - 1);
  (void)raise(number);
}

/* Those that somebody else handles (a sanitizer) stay his. */
static void replace_handlers(void (*old)(int), void (*new)(int)) {
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
    struct sigaction action;
    if (sigaction(crashes[i], NULL, &action) != 0 || action.sa_handler != old) continue;
    action = (struct sigaction){.sa_handler = new, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(crashes[i], &action, NULL);
  }
}

static void (*crash_handler(const struct screen *screen))(int) {
  return screen->descriptor == STDOUT_FILENO ? on_crash_of_stdout : on_crash_of_stderr;
}

static bool takes_more(int descriptor, int wait_ms) {
  struct pollfd terminal = {.fd = descriptor, .events = POLLOUT};
  return poll(&terminal, 1, wait_ms) == 1 && (terminal.revents & POLLOUT) != 0;
}

/* One write, as a rule: the terminal then shows a frame as a whole. */
static void write_all(struct screen *screen, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(screen->descriptor, bytes, length);
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!takes_more(screen->descriptor, WRITE_WAIT_MS)) return;
    } else if (errno != EINTR) {
      screen->is_gone = true;
      return;
    }
  }
}

bool screen_is_possible(int descriptor) {
  size_t columns, lines;
  return terminal_size(descriptor, &columns, &lines) && columns >= SCREEN_COLUMNS_MIN && lines >= SCREEN_LINES_MIN;
}

static void take_away(struct screen *screen) {
  if (screen->is_drawn && screen->show != NULL)
    screen->show(screen->owner, NULL);
  else if (screen->is_drawn && !screen->is_gone)
    write_all(screen, FRAME_ERASE, sizeof FRAME_ERASE - 1);
  screen->is_drawn = false;
}

static void forget_above(struct screen *screen) {
  free(screen->above);
  screen->above = NULL;
  screen->above_length = 0;
}

static bool may_draw(const struct screen *screen) {
  return !screen->is_gone && screen_is_possible(screen->descriptor) && terminal_is_ours(screen->descriptor) &&
         takes_more(screen->descriptor, 0);
}

/* A piece of what is to stand above the view, as long as a frame is. */
static void drop_above(struct screen *screen, size_t taken) {
  screen->above_length -= taken;
  if (screen->above_length == 0)
    forget_above(screen);
  else
    memmove(screen->above, screen->above + taken, screen->above_length + 1);
}

static void draw_frame(struct screen *screen) {
  struct frame *frame = &screen->frame;
  size_t columns = 0, lines = 0;
  if (!screen_is_possible(screen->descriptor)) take_away(screen);
  if (!may_draw(screen) || !terminal_size(screen->descriptor, &columns, &lines)) return;
  size_t taken = frame_begin(frame, columns, lines, screen->above);
  screen->draw(screen->owner, frame);
  /* Nothing to say yet. */
  if (frame->used_lines == 0 && taken == 0 && !screen->is_drawn) return;
  frame_end(frame);
  if (screen->show != NULL)
    screen->show(screen->owner, frame->bytes);
  else
    write_all(screen, frame->bytes, frame->length);
  drop_above(screen, taken);
  screen->is_drawn = true;
  screen->drawn_ms = uv_now(screen->pace.loop);
}

static void on_pace(uv_timer_t *timer) {
  draw_frame(timer->data);
}

void screen_redraw(struct screen *screen) {
  uint64_t passed_ms = uv_now(screen->pace.loop) - screen->drawn_ms;
  if (passed_ms >= SCREEN_FRAME_MS)
    draw_frame(screen);
  else if (!uv_is_active((uv_handle_t *)&screen->pace))
    uv_timer_start(&screen->pace, on_pace, SCREEN_FRAME_MS - passed_ms, 0); /* fails only without a callback */
}

void screen_print(struct screen *screen, const char *text) {
  size_t length = strlen(text);
  char *larger = screen->above_length + length < ABOVE_BYTES_MAX
                     ? memory_grow(screen->above, screen->above_length + length + 1)
                     : NULL;
  if (larger == NULL) {
    screen->above_lost++;
    return;
  }
  screen->above = larger;
  memcpy(larger + screen->above_length, text, length + 1);
  screen->above_length += length;
}

static void on_resized(uv_signal_t *signal, int number) {
  (void)number;
  screen_redraw(signal->data);
}

static void on_continued(uv_signal_t *signal, int number) {
  (void)number;
  screen_redraw(signal->data);
}

/* Ctrl-Z. The shell is to find its terminal without the view, and the program really stopped: raise(3) in this thread
 * stops all of the process before it returns. */
static void on_stopped(uv_signal_t *signal, int number) {
  struct screen *screen = signal->data;
  take_away(screen);
  (void)uv_signal_stop(signal);
  (void)raise(number);
  (void)uv_signal_start(signal, on_stopped, number);
}

/* A shell without job control starts its programs with it ignored, and so it stays. */
static bool has_job_control(void) {
  struct sigaction action;
  return sigaction(SIGTSTP, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

static int watch(struct screen *screen, uv_loop_t *loop, uv_signal_t *signal, uv_signal_cb on_signal, int number) {
  int code = uv_signal_init(loop, signal);
  if (code != 0) return code;
  signal->data = screen;
  code = on_signal == NULL ? 0 : uv_signal_start(signal, on_signal, number);
  uv_unref((uv_handle_t *)signal);
  return code;
}

static void close_handles(struct screen *screen) {
  uv_handle_t *const handles[] = {(uv_handle_t *)&screen->resized, (uv_handle_t *)&screen->stopped,
                                  (uv_handle_t *)&screen->continued, (uv_handle_t *)&screen->pace};
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
    if (handles[i]->data != NULL && !uv_is_closing(handles[i])) uv_close(handles[i], NULL);
}

int screen_begin(struct screen *screen, uv_loop_t *loop, int descriptor, screen_draw *draw, void *owner) {
  memset(screen, 0, offsetof(struct screen, frame));
  screen->descriptor = descriptor;
  screen->draw = draw;
  screen->owner = owner;
  int code = uv_timer_init(loop, &screen->pace);
  if (code != 0) return code;
  screen->pace.data = screen;
  uv_unref((uv_handle_t *)&screen->pace);
  code = watch(screen, loop, &screen->resized, on_resized, SIGWINCH);
  if (code == 0) code = watch(screen, loop, &screen->stopped, has_job_control() ? on_stopped : NULL, SIGTSTP);
  if (code == 0) code = watch(screen, loop, &screen->continued, on_continued, SIGCONT);
  if (code != 0) {
    close_handles(screen);
    return code;
  }
  replace_handlers(SIG_DFL, crash_handler(screen));
  return 0;
}

void screen_end(struct screen *screen) {
  replace_handlers(crash_handler(screen), SIG_DFL);
  while (screen->above != NULL && !screen->is_gone) {
    drop_above(screen, frame_begin(&screen->frame, 0, 0, screen->above));
    write_all(screen, screen->frame.bytes, screen->frame.length);
    screen->is_drawn = false;
  }
  take_away(screen);
  forget_above(screen);
  close_handles(screen);
}
