/* The terminal that a program writes to: the seam (terminal_linux.c, terminal_portable.c). */
#ifndef LOPING_COMMON_TEXT_TERMINAL_H
#define LOPING_COMMON_TEXT_TERMINAL_H

#include <stddef.h>

/* How many columns the terminal has (TIOCGWINSZ, tty_ioctl(4)); 0: the descriptor is no terminal, or it does not tell.
 */
size_t terminal_columns(int descriptor);

#endif
