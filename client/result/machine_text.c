/* Readers of single lines of Linux's /proc and /sys; see machine_text.h. Opens no file. */
#include "client/result/machine_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_SECOND UINT64_C(1000000000)

enum cpu_column { CPU_USER, CPU_NICE, CPU_SYSTEM, CPU_IDLE, CPU_IOWAIT, CPU_IRQ, CPU_SOFTIRQ, CPU_STEAL, CPU_COLUMNS };

bool machine_text_read_cpu_times(const char *line, uint64_t ticks_per_second, struct machine_cpu_times *times) {
  uint64_t ticks[CPU_COLUMNS] = {0}, total = 0;
  if (ticks_per_second == 0 || strncmp(line, "cpu ", 4) != 0) return false;
  /* Guest time, in the columns after these, is counted in user and nice already. */
  int read =
      sscanf(line + 4, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
             &ticks[CPU_USER], &ticks[CPU_NICE], &ticks[CPU_SYSTEM], &ticks[CPU_IDLE], &ticks[CPU_IOWAIT],
             &ticks[CPU_IRQ], &ticks[CPU_SOFTIRQ], &ticks[CPU_STEAL]);
  if (read != CPU_COLUMNS) return false;
  for (size_t i = 0; i < CPU_COLUMNS; i++)
    total += ticks[i];
  uint64_t ns_per_tick = NS_PER_SECOND / ticks_per_second;
  times->busy_ns = (ticks[CPU_USER] + ticks[CPU_NICE] + ticks[CPU_SYSTEM]) * ns_per_tick;
  times->steal_ns = ticks[CPU_STEAL] * ns_per_tick;
  times->total_ns = total * ns_per_tick;
  return true;
}

bool machine_text_read_process(const char *line, const char *name, uint64_t ticks_per_second,
                               struct machine_process *process) {
  uint64_t user, system;
  const char *begin = strchr(line, '(');
  /* The name may hold brackets itself; it ends at the last one. */
  const char *end = strrchr(line, ')');
  if (ticks_per_second == 0 || begin == NULL || end == NULL || end < begin) return false;
  size_t length = (size_t)(end - begin) - 1;
  if (strlen(name) != length || memcmp(begin + 1, name, length) != 0) return false;
  /* After the name: state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime
   * priority nice num_threads */
  if (sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64 " %*d %*d %*d %*d %" SCNu64,
             &user, &system, &process->threads) != 3)
    return false;
  process->cpu_ns = (user + system) * (NS_PER_SECOND / ticks_per_second);
  return true;
}

bool machine_text_has_word(const char *line, const char *word) {
  size_t length = strlen(word);
  for (const char *at = line; (at = strstr(at, word)) != NULL; at += length) {
    bool begins = at == line || isspace((unsigned char)at[-1]);
    bool ends = at[length] == '\0' || isspace((unsigned char)at[length]);
    if (begins && ends) return true;
  }
  return false;
}

void machine_text_copy_trimmed(const char *line, char *out, size_t out_bytes) {
  while (isspace((unsigned char)*line))
    line++;
  size_t length = strlen(line);
  while (length > 0 && isspace((unsigned char)line[length - 1]))
    length--;
  if (length >= out_bytes) length = out_bytes - 1;
  memcpy(out, line, length);
  out[length] = '\0';
}

void machine_text_write_list(const bool *is_in, size_t count, char *out, size_t out_bytes) {
  static const char more[] = "...";
  size_t used = 0;
  out[0] = '\0';
  for (size_t first = 0; first < count; first++) {
    char range[48];
    size_t last = first;
    if (!is_in[first]) continue;
    while (last + 1 < count && is_in[last + 1])
      last++;
    const char *separator = used > 0 ? "," : "";
    int length = last == first ? snprintf(range, sizeof range, "%s%zu", separator, first)
                               : snprintf(range, sizeof range, "%s%zu-%zu", separator, first, last);
    if (used + (size_t)length + sizeof more > out_bytes) {
      if (used + sizeof more <= out_bytes) memcpy(out + used, more, sizeof more);
      return;
    }
    memcpy(out + used, range, (size_t)length + 1);
    used += (size_t)length;
    first = last;
  }
}
