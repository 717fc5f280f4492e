/* Texts from anywhere as JSON. */
#ifndef LOPING_COMMON_TEXT_JSON_TEXT_H
#define LOPING_COMMON_TEXT_JSON_TEXT_H

#include <jansson.h>

/* A JSON string of any bytes, which the caller owns; null for NULL and "". JSON must be valid UTF-8 (RFC 8259 8.1):
 * what is not is escaped first (safe_text.h). NULL if memory ran out. */
json_t *json_text(const char *text);

#endif
