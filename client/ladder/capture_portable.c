#include <uv.h>

#include "client/ladder/capture.h"

int capture_begin(uint16_t port, struct capture **capture) {
  (void)port;
  *capture = NULL;
  return UV_ENOTSUP;
}

bool capture_next(struct capture *capture, int wait_ms, struct captured *packet) {
  (void)capture;
  (void)wait_ms;
  (void)packet;
  return false;
}

uint64_t capture_missed(struct capture *capture) {
  (void)capture;
  return 0;
}

void capture_end(struct capture *capture) {
  (void)capture;
}
