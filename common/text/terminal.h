/* The terminal that a program writes to: the seam (terminal_posix.c, terminal_portable.c). */
#ifndef LOPING_COMMON_TEXT_TERMINAL_H
#define LOPING_COMMON_TEXT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many columns the terminal has (TIOCGWINSZ, tty_ioctl(4)); 0: the descriptor is no terminal, or it does not tell.
 */
size_t terminal_columns(int descriptor);

/* The same and its lines; false: it is no terminal, or it does not tell. */
bool terminal_size(int descriptor, size_t *columns, size_t *lines);

/* Is this process of those that the terminal is for now? Not where a shell has put it into the background. */
bool terminal_is_ours(int descriptor);

/* Do two descriptors lead to one terminal? */
bool terminal_is_same(int one, int other);

/* Do all terminals of this system read UTF-8, whatever the locale says? */
bool terminal_is_always_utf8(void);

/* To be called when the program starts: from then on the widths of all characters are known (setlocale(3)). */
void terminal_know_characters(void);

/* The columns that a character (Unicode) takes on a terminal: 0 of a combining one, 2 of a wide one, 1 of any other,
 * and where it is not known (wcwidth(3)). */
size_t terminal_character_columns(uint32_t character);

#endif
