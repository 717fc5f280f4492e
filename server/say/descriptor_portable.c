/* Writing where a system does not tell whether that would wait: it may. */
#include "server/say/descriptor.h"

#include <uv.h>

struct descriptor descriptor_begin(int number) {
  return (struct descriptor){.number = number, .kind = DESCRIPTOR_PLAIN};
}

void descriptor_end(struct descriptor *descriptor) {
  (void)descriptor;
}

ssize_t descriptor_write(const struct descriptor *descriptor, const char *bytes, size_t length) {
  uv_fs_t request;
  uv_buf_t buffer = {.base = (char *)(size_t)bytes, .len = length};
  ssize_t written = uv_fs_write(NULL, &request, descriptor->number, &buffer, 1, -1, NULL);
  uv_fs_req_cleanup(&request);
  return written;
}

void descriptor_wait(const struct descriptor *descriptor, int milliseconds) {
  (void)descriptor;
  uv_sleep((unsigned)milliseconds);
}
