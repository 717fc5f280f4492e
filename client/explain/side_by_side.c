/* Lays both out by the one layout that all texts have, and joins them line by line. */
#include "client/explain/side_by_side.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/memory.h"
#include "common/text/wrap.h"

/* Of a half: below, a sentence becomes a column of single words. */
#define NARROWEST 34
#define BETWEEN   3

struct half {
  char *text;
  size_t length, room;
  bool is_whole;
};

static void append(void *owner, const char *bytes, size_t length) {
  struct half *half = owner;
  size_t room = half->room;
  while (room < half->length + length + 1)
    room = room == 0 ? 1024 : room * 2;
  if (room != half->room) {
    char *larger = memory_grow(half->text, room);
    half->is_whole = half->is_whole && larger != NULL;
    if (larger == NULL) return;
    half->text = larger;
    half->room = room;
  }
  memcpy(half->text + half->length, bytes, length);
  half->length += length;
  half->text[half->length] = '\0';
}

static void put_blanks(size_t count, layout_put *put, void *owner) {
  for (size_t i = 0; i < count; i++)
    put(owner, " ", 1);
}

/* The next line of the half, or none at its end. */
static size_t line_length(const char *at) {
  return strcspn(at, "\n");
}

static const char *behind(const char *at, size_t length) {
  return at + length + (at[length] == '\n' ? 1 : 0);
}

static void join(const char *left, const char *right, size_t width, layout_put *put, void *owner) {
  while (*left != '\0' || *right != '\0') {
    size_t left_length = line_length(left), right_length = line_length(right);
    size_t taken = wrap_columns(left, left_length);
    put(owner, left, left_length);
    /* A command is never broken: one that is too long has its row alone. */
    if (taken <= width && right_length > 0) {
      put_blanks(width + BETWEEN - taken, put, owner);
      put(owner, right, right_length);
    }
    put(owner, "\n", 1);
    left = behind(left, left_length);
    if (taken <= width) right = behind(right, right_length);
  }
}

int side_by_side_write(const char *const texts[2], size_t columns, layout_put *put, void *owner) {
  struct half halves[2] = {{.is_whole = true}, {.is_whole = true}};
  bool is_joined = columns >= 2 * NARROWEST + BETWEEN;
  size_t width = is_joined ? (columns - BETWEEN) / 2 : columns;
  for (int i = 0; i < 2; i++) {
    append(&halves[i], "", 0);
    layout_text(texts[i], width, append, &halves[i]);
  }
  bool is_whole = halves[0].is_whole && halves[1].is_whole;
  if (is_whole && is_joined) join(halves[0].text, halves[1].text, width, put, owner);
  for (int i = 0; i < 2 && is_whole && !is_joined; i++) {
    if (i > 0) put(owner, "\n", 1);
    put(owner, halves[i].text, halves[i].length);
  }
  free(halves[0].text);
  free(halves[1].text);
  return is_whole ? 0 : UV_ENOMEM;
}
