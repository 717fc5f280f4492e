/* See lack.h. The note is a thread's, and stands here: jansson and libuv hand an allocator nothing that it could stand
 * in. */
#include "common/memory/lack.h"

#include <errno.h>
#include <uv.h>

static _Thread_local int first;
static _Thread_local bool is_of_memory;

bool lack_is(int code) {
  return code == UV_ENOMEM || code == UV_ENOBUFS || code == UV_EMFILE || code == UV_ENFILE;
}

int lack_note(int code) {
  if (first == 0 && lack_is(code)) first = code;
  if (code == UV_ENOMEM) is_of_memory = true;
  return code;
}

void lack_note_errno(void) {
  (void)lack_note(uv_translate_sys_error(errno));
}

int lack_descriptor(int descriptor) {
  if (descriptor < 0) lack_note_errno();
  return descriptor;
}

int lack_code(void) {
  return first;
}

void lack_forget(void) {
  first = 0;
  is_of_memory = false;
}

bool lack_is_of_memory(void) {
  return is_of_memory;
}
