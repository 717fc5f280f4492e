/*
 * The texts of Linux's /proc and /sys that the machine_state seam reads. Pure: text in, plain facts out, so that they
 * can be tested anywhere. Internal to the seam.
 */
#ifndef LOPING_CLIENT_RESULT_MACHINE_TEXT_H
#define LOPING_CLIENT_RESULT_MACHINE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/result/machine_state.h"

/* Reads the first line of /proc/stat, "cpu  user nice system idle ...", in ticks (proc_stat(5)). */
bool machine_text_read_cpu_times(const char *line, uint64_t ticks_per_second, struct machine_cpu_times *times);

/* Reads utime, stime and num_threads of a line of /proc/PID/stat (proc_pid_stat(5)); false if the process has another
 * name. */
bool machine_text_read_process(const char *line, const char *name, uint64_t ticks_per_second,
                               struct machine_process *process);

/* Is `word` among the words of the line? (A "flags : fpu vme ..." line of /proc/cpuinfo.) */
bool machine_text_has_word(const char *line, const char *word);

/* Copies a line without the spaces at its ends; cut if it does not fit. */
void machine_text_copy_trimmed(const char *line, char *out, size_t out_bytes);

/* Writes the numbers whose entry is true as a list of ranges: "0-3,6". What does not fit is left out after "...". */
void machine_text_write_list(const bool *is_in, size_t count, char *out, size_t out_bytes);

#endif
