/* Where nobody wrote that system's own way yet: there is no view. */
#include "common/screen/screen.h"

bool screen_is_possible(int descriptor) {
  (void)descriptor;
  return false;
}

int screen_begin(struct screen *screen, uv_loop_t *loop, int descriptor, screen_draw *draw, void *owner) {
  (void)screen;
  (void)loop;
  (void)descriptor;
  (void)draw;
  (void)owner;
  return UV_ENOTSUP;
}

void screen_redraw(struct screen *screen) {
  (void)screen;
}

void screen_print(struct screen *screen, const char *text) {
  (void)screen;
  (void)text;
}

void screen_end(struct screen *screen) {
  (void)screen;
}
