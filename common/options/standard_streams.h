/* Descriptors 0, 1 and 2, which a program may be started without. */
#ifndef LOPING_COMMON_OPTIONS_STANDARD_STREAMS_H
#define LOPING_COMMON_OPTIONS_STANDARD_STREAMS_H

/* Takes the descriptors of standard streams that are closed, so that no socket gets one of them: the program would
 * print into it. What is printed there afterwards fails, as it would on a closed stream. To be called first of all. */
void standard_streams_hold(void);

#endif
