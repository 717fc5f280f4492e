/* Text from outside (process names, command lines, bytes off the wire) made safe for a terminal. Pure. */
#ifndef LOPING_COMMON_TEXT_SAFE_TEXT_H
#define LOPING_COMMON_TEXT_SAFE_TEXT_H

#include <stddef.h>

/* Copies `length` bytes of `in` as printable text: control characters, DEL, the C1 controls and bytes that are no valid
 * UTF-8 become \n, \r, \t or \xHH, and a backslash is doubled. Always ends `out` with '\0'; what does not fit is cut
 * before a whole character. Returns the bytes written, end mark left out. */
size_t safe_text_copy(const char *in, size_t length, char *out, size_t out_bytes);

typedef void safe_text_put(void *owner, const char *bytes, size_t length);

/* The guard at the writer, behind whoever made the text: passes it on as it is, but for what no text of ours holds,
 * which is escaped as above: control characters other than the line feed, what turns or hides text, bytes that are no
 * UTF-8. The colours of a report (common/text/style.c) pass, and a backslash does: what was escaped already stays.
 */
void safe_text_pass(const char *text, size_t length, safe_text_put *put, void *owner);

#endif
