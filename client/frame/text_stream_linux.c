/* By fopencookie(3), so that each write is seen, and that of a lack of memory fails. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <uv.h>

#include "client/frame/text_stream.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"

#define FIRST_ROOM 4096

static ssize_t on_write(void *cookie, const char *bytes, size_t count) {
  struct text_stream *stream = cookie;
  size_t room = stream->room;
  while (room < stream->length + count + 1)
    room = room == 0 ? FIRST_ROOM : room * 2;
  char *larger = room == stream->room ? stream->text : memory_grow(stream->text, room);
  /* 0 stands for a failure, fopencookie(3). */
  if (larger == NULL) return 0;
  stream->text = larger;
  stream->room = room;
  memcpy(larger + stream->length, bytes, count);
  stream->length += count;
  larger[stream->length] = '\0';
  return (ssize_t)count;
}

int text_stream_open(struct text_stream *stream) {
  memset(stream, 0, sizeof *stream);
  stream->text = memory_copy_text("", 0);
  stream->room = 1;
  if (stream->text == NULL) return UV_ENOMEM;
  stream->file = fopencookie(stream, "w", (cookie_io_functions_t){.write = on_write});
  if (stream->file != NULL) return 0;
  free(stream->text);
  stream->text = NULL;
  return lack_note(UV_ENOMEM);
}

int text_stream_close(struct text_stream *stream) {
  bool is_whole = fflush(stream->file) == 0 && !ferror(stream->file);
  is_whole = fclose(stream->file) == 0 && is_whole;
  stream->file = NULL;
  if (is_whole) return 0;
  free(stream->text);
  stream->text = NULL;
  return UV_ENOMEM;
}
