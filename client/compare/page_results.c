/* See page_results.h. What is text in a page has no "<" of its own (client/publish/document.c), so that the mark stands
 * nowhere else. */
#include "client/compare/page_results.h"

#include <string.h>

static const char beginning[] = "<!DOCTYPE html>";
static const char mark[] = "<script type=\"application/json\" class=\"loping-result\"";
static const char end_mark[] = "</script>";

bool page_begins(const char *bytes, size_t length) {
  return length >= sizeof beginning - 1 && memcmp(bytes, beginning, sizeof beginning - 1) == 0;
}

/* Where `what` stands in the bytes, or NULL. */
static const char *find(const char *bytes, size_t length, const char *what) {
  size_t what_length = strlen(what);
  while (length >= what_length) {
    const char *first = memchr(bytes, what[0], length - what_length + 1);
    if (first == NULL) return NULL;
    if (memcmp(first, what, what_length) == 0) return first;
    length -= (size_t)(first + 1 - bytes);
    bytes = first + 1;
  }
  return NULL;
}

size_t page_results(const char *bytes, size_t length, const char **result, size_t *result_length) {
  const char *end = bytes + length, *at = bytes;
  size_t count = 0;
  while ((at = find(at, (size_t)(end - at), mark)) != NULL) {
    at += sizeof mark - 1;
    const char *begin = find(at, (size_t)(end - at), ">");
    if (begin == NULL) break;
    const char *stop = find(begin, (size_t)(end - begin), end_mark);
    if (stop == NULL) break;
    if (count++ == 0) {
      *result = begin + 1;
      *result_length = (size_t)(stop - begin - 1);
    }
    at = stop;
  }
  return count;
}
