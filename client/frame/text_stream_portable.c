/* By what C libraries have in common. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/text_stream.h"
#include "common/memory/lack.h"

int text_stream_open(struct text_stream *stream) {
  memset(stream, 0, sizeof *stream);
  stream->file = open_memstream(&stream->text, &stream->length);
  return stream->file != NULL ? 0 : lack_note(UV_ENOMEM);
}

int text_stream_close(struct text_stream *stream) {
  bool is_whole = fflush(stream->file) == 0 && !ferror(stream->file);
  is_whole = fclose(stream->file) == 0 && is_whole && stream->text != NULL;
  stream->file = NULL;
  if (is_whole) return 0;
  free(stream->text);
  stream->text = NULL;
  return lack_note(UV_ENOMEM);
}
