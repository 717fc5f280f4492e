/* By a file for a moment: Windows has no stream into memory. It stays in the system's cache ("T"), and is gone with the
 * stream ("D"). */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/text_stream.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"

int text_stream_open(struct text_stream *stream) {
  WCHAR folder[MAX_PATH + 1], path[MAX_PATH + 1];
  memset(stream, 0, sizeof *stream);
  if (GetTempPathW(MAX_PATH + 1, folder) != 0 && GetTempFileNameW(folder, L"lop", 0, path) != 0)
    stream->file = _wfopen(path, L"w+bTD");
  return stream->file != NULL ? 0 : lack_note(UV_ENOMEM);
}

static int take_back(struct text_stream *stream) {
  long length = ftell(stream->file);
  if (length < 0 || fseek(stream->file, 0, SEEK_SET) != 0) return UV_ENOMEM;
  stream->text = memory_take((size_t)length + 1);
  if (stream->text == NULL) return UV_ENOMEM;
  stream->length = (size_t)length;
  stream->text[length] = '\0';
  return fread(stream->text, 1, stream->length, stream->file) == stream->length ? 0 : UV_ENOMEM;
}

int text_stream_close(struct text_stream *stream) {
  bool is_whole = fflush(stream->file) == 0 && !ferror(stream->file);
  int code = is_whole ? take_back(stream) : UV_ENOMEM;
  (void)fclose(stream->file);
  stream->file = NULL;
  if (code == 0) return 0;
  free(stream->text);
  stream->text = NULL;
  return lack_note(UV_ENOMEM);
}
