/* Signals between runs; see signal_watch.h. libuv gives each signal to every loop that asked for it, and keeps it until
 * that loop runs. */
#include "client/measure/signal_watch.h"

#include <signal.h>
#include <string.h>

#include "common/machine/machine.h"

static void on_signal(uv_signal_t *signal, int number) {
  struct signal_watch *watch = signal->data;
  (void)number;
  watch->has_come = true;
}

static void watch_one(struct signal_watch *watch, uv_signal_t *signal, int number) {
  if (uv_signal_init(&watch->loop, signal) != 0) return;
  signal->data = watch;
  uv_signal_start(signal, on_signal, number);
}

void signal_watch_begin(struct signal_watch *watch) {
  memset(watch, 0, sizeof *watch);
  if (uv_loop_init(&watch->loop) != 0) return;
  watch->is_open = true;
  /* A failure of any of these, for want of memory or descriptors, leaves the signals to end the program as usual. */
  watch_one(watch, &watch->interrupt, SIGINT);
  watch_one(watch, &watch->terminate, SIGTERM);
  if (!machine_ignores_hang_up()) watch_one(watch, &watch->hang_up, SIGHUP);
}

bool signal_watch_has_come(struct signal_watch *watch) {
  if (watch->is_open) uv_run(&watch->loop, UV_RUN_NOWAIT);
  return watch->has_come;
}

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

void signal_watch_end(struct signal_watch *watch) {
  if (!watch->is_open) return;
  uv_walk(&watch->loop, close_handle, NULL);
  uv_run(&watch->loop, UV_RUN_DEFAULT);
  uv_loop_close(&watch->loop);
  watch->is_open = false;
}
