/* Windows' console: in UTF-8, with its escape sequences, and without a return before each end of line, which a file or
 * a pipe would have as well. */
#include "common/text/terminal.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <windows.h>

#define STREAMS 3

static HANDLE handle_of(int descriptor) {
  intptr_t handle = _get_osfhandle(descriptor);
  return handle < 0 ? NULL : (HANDLE)handle;
}

size_t terminal_columns(int descriptor) {
  CONSOLE_SCREEN_BUFFER_INFO screen;
  HANDLE handle = handle_of(descriptor);
  if (handle == NULL || !GetConsoleScreenBufferInfo(handle, &screen)) return 0;
  int columns = screen.srWindow.Right - screen.srWindow.Left + 1;
  return columns > 0 ? (size_t)columns : 0;
}

bool terminal_size(int descriptor, size_t *columns, size_t *lines) {
  CONSOLE_SCREEN_BUFFER_INFO screen;
  HANDLE handle = handle_of(descriptor);
  if (handle == NULL || !GetConsoleScreenBufferInfo(handle, &screen)) return false;
  *columns = (size_t)(screen.srWindow.Right - screen.srWindow.Left + 1);
  *lines = (size_t)(screen.srWindow.Bottom - screen.srWindow.Top + 1);
  return true;
}

bool terminal_is_ours(int descriptor) {
  (void)descriptor;
  return true;
}

bool terminal_is_same(int one, int other) {
  (void)one;
  (void)other;
  return false;
}

/* terminal_know_characters() made it so. */
bool terminal_is_always_utf8(void) {
  return true;
}

/* A console before Windows 10 keeps its mode, and shows the sequences as they are. */
static void know_sequences(int descriptor) {
  DWORD mode;
  HANDLE handle = handle_of(descriptor);
  if (handle != NULL && GetConsoleMode(handle, &mode))
    (void)SetConsoleMode(handle, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

void terminal_know_characters(void) {
  _fmode = _O_BINARY;
  for (int descriptor = 0; descriptor < STREAMS; descriptor++)
    (void)_setmode(descriptor, _O_BINARY);
  (void)SetConsoleOutputCP(CP_UTF8);
  know_sequences(1);
  know_sequences(2);
}

/* The console counts a cell for each, and two for what East Asia writes wide (Unicode, UAX 11). */
size_t terminal_character_columns(uint32_t character) {
  static const struct {
    uint32_t first, last;
    size_t columns;
  } ranges[] = {
      {0x0300, 0x036F, 0},   {0x1100, 0x115F, 2},   {0x1AB0, 0x1AFF, 0}, {0x200B, 0x200F, 0}, {0x20D0, 0x20FF, 0},
      {0x2E80, 0x303E, 2},   {0x3041, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2}, {0xFE00, 0xFE0F, 0},
      {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2},
      {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (character >= ranges[i].first && character <= ranges[i].last) return ranges[i].columns;
  return 1;
}
