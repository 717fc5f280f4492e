/* The text report of one run, and the pieces that other text reports share. Knows results, never a socket. */
#include "client/reports/text.h"

#include <string.h>

#include "client/reports/confidence.h"
#include "client/reports/faults.h"
#include "client/reports/floor.h"
#include "client/reports/paragraph.h"
#include "client/reports/table.h"
#include "client/result/figures.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define CPU_USE_NS_MIN (CLOCK_NS_PER_SECOND / 2)

static const char *plural(uint64_t count) {
  return count == 1 ? "" : "s";
}

static const char *safe_path(const char *path, char out[4 * ADDRESS_PATH_SIZE]) {
  safe_text_copy(path, strlen(path), out, 4 * ADDRESS_PATH_SIZE);
  return out;
}

/* A server of one thread is the usual one. */
static void write_threads(const struct result_run *run, FILE *file) {
  uint64_t threads = run->cpu_use.has_server ? run->cpu_use.server_threads : 0;
  if (run->peer.kind == PEER_LOPONG && threads > 1) fprintf(file, ", %llu threads", (unsigned long long)threads);
}

/* The kernel counts in steps of 10 ms (proc_pid_stat(5)): of less than half a second that says little. */
static void write_cpu_use(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_cpu_use *use = &run->cpu_use;
  if (!use->is_known || !use->has_server || use->elapsed_ns < CPU_USE_NS_MIN) return;
  fprintf(file, "%sCPUs used%s: client %.2f, server %.2f\n", style->strong, style->end, use->client_cpus,
          use->server_cpus);
}

/* "127.0.0.1:62893 (tcp), lopong with pid 4242, 2 threads" */
void report_text_write_peer(const struct result_run *run, FILE *file) {
  const struct result_workload *workload = &run->workload;
  char path[4 * ADDRESS_PATH_SIZE];
  bool is_ipv6 = strchr(workload->address, ':') != NULL;
  if (workload->transport == TRANSPORT_UNIX)
    fprintf(file, "unix:%s", safe_path(workload->address, path));
  else
    fprintf(file, is_ipv6 ? "[%s]:%u" : "%s:%u", workload->address, workload->port);
  fprintf(file, " (%s)", transport_name(workload->transport));
  if (run->peer.kind == PEER_LOPONG && run->peer.pid > 0) fprintf(file, ", lopong with pid %u", run->peer.pid);
  if (run->peer.kind == PEER_LOPONG && run->peer.pid == 0) fprintf(file, ", lopong");
  write_threads(run, file);
  if (run->peer.kind == PEER_PLAIN_ECHO) fprintf(file, ", a plain echo server");
  report_faults_write_on(run, file);
}

void report_text_write_note(const char *note, const struct style *style, FILE *file) {
  fprintf(file, "%snote:%s %s\n", style->strong, style->end, note);
}

static void write_notes(const struct result_run *run, const struct style *style, FILE *file) {
  for (size_t i = 0; i < run->note_count; i++)
    report_text_write_note(run->notes[i], style, file);
}

/* Did a run before run `before` have the same note? */
static bool was_noted(const struct result *result, size_t before, const char *format) {
  for (size_t i = 0; i < before; i++)
    for (size_t n = 0; n < result->runs[i].note_count; n++)
      if (strcmp(result->runs[i].note_formats[n], format) == 0) return true;
  return false;
}

void report_text_write_notes_once(const struct result *result, const struct style *style, FILE *file) {
  for (size_t i = 0; i < result->run_count; i++)
    for (size_t n = 0; n < result->runs[i].note_count; n++)
      if (!was_noted(result, i, result->runs[i].note_formats[n]))
        report_text_write_note(result->runs[i].notes[n], style, file);
}

static bool came_back(const struct result_run *run) {
  return result_has(run, FIGURE_RTT) || run->throughput.bytes_received > 0;
}

static bool anything_came_back(const struct result *result) {
  for (size_t i = 0; i < result->run_count; i++)
    if (came_back(&result->runs[i])) return true;
  return false;
}

void report_text_write_check_all(const struct result *result, const struct style *style, FILE *file) {
  char size[UNITS_TEXT_SIZE];
  bool is_sound = true;
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_run *run = &result->runs[i];
    if (!result_has_bad_data(run) && run->errors.reordered == 0 && run->errors.timed_out == 0) continue;
    is_sound = false;
    fprintf(file, "check of %s, %s: ", run->workload.name, units_format_size(run->workload.payload_bytes, size));
    report_text_write_check(run, style, file);
  }
  if (is_sound && !anything_came_back(result))
    fprintf(file, "check: no echo was counted\n");
  else if (is_sound)
    fprintf(file, "check: every byte that came back is the byte that was sent\n");
}

void report_text_write_heading(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_workload *workload = &run->workload;
  char size[UNITS_TEXT_SIZE], duration[UNITS_TEXT_SIZE], warmup[UNITS_TEXT_SIZE];
  fprintf(file, "%s%s%s to ", style->strong, workload->name, style->end);
  report_text_write_peer(run, file);
  units_format_size(workload->payload_bytes, size);
  units_format_duration((double)workload->duration_ns, duration);
  units_format_duration((double)workload->warmup_ns, warmup);
  fprintf(file, "\n%s %s, %llu connection%s", size, workload->direction != NULL ? "writes" : "messages",
          (unsigned long long)workload->connections, plural(workload->connections));
  if (workload->depth > 0 && workload->rate_per_second == 0)
    fprintf(file, ", %llu in flight on each", (unsigned long long)workload->depth);
  fprintf(file, ", %s%s;\n%s measured", workload->is_busy_poll ? "busy-poll" : "event-driven",
          workload->is_sent_by_reference ? ", sent without a copy" : "", duration);
  if (workload->warmup_ns > 0)
    fprintf(file, " after %s of warm-up that is not counted\n\n", warmup);
  else
    fprintf(file, " without a warm-up\n\n");
}

/* What the two times of an open loop mean, and how well the schedule was kept. */
static void write_open_loop(const struct result_run *run, const struct style *style, FILE *file) {
  static const struct table_row rows[] = {{"response", FIGURE_RESPONSE}, {"service", FIGURE_RTT}};
  char p50[UNITS_TEXT_SIZE], p99[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
  fprintf(file,
          "%sresponse time%s counts from the moment the schedule named for the send, so a stall is not hidden; "
          "%sservice time%s (RTT) from just before the actual send call. Both end just after the last byte of the "
          "echo is read.\n",
          style->strong, style->end, style->strong, style->end);
  table_write(run, rows, 2, style, file);
  if (!result_has(run, FIGURE_PACING)) return;
  fprintf(file, "schedule: %.10g a second asked for, %.2f sent; later than due by p50 %s, p99 %s, max %s\n",
          run->workload.rate_per_second, run->achieved_per_second,
          units_format_duration((double)run->figures[FIGURE_PACING].p50, p50),
          units_format_duration((double)run->figures[FIGURE_PACING].p99, p99),
          units_format_duration((double)run->figures[FIGURE_PACING].max, most));
}

static void write_closed_loop(const struct result_run *run, const struct style *style, FILE *file) {
  static const struct table_row rows[] = {{"RTT", FIGURE_RTT}};
  char half[UNITS_TEXT_SIZE];
  fprintf(file,
          "%sround trip (RTT)%s, from just before the send call to just after the last byte of its echo is read; a "
          "closed loop: the next message waits for a reply\n",
          style->strong, style->end);
  table_write(run, rows, 1, style, file);
  fprintf(file, "half of the p50 round trip: %s (RTT/2, not a measured one-way time)\n",
          units_format_duration((double)run->figures[FIGURE_RTT].p50 / 2, half));
}

static void write_connect(const struct result_run *run, const struct style *style, FILE *file) {
  static const struct table_row rows[] = {
      {"handshake", FIGURE_HANDSHAKE}, {"RTT", FIGURE_RTT}, {"in all", FIGURE_TRANSACTION}};
  paragraph_write(file, style, "transaction",
                  ": connect, one round trip, close. The handshake is from just before the connect call until the "
                  "client knows; in all, until the echo's last byte is read.");
  table_write(run, rows, 3, style, file);
  if (run->source_addresses > 0)
    paragraph_write(file, style, "",
                    "client ports ran out, so the connections came from %llu source addresses from 127.0.0.1 on",
                    (unsigned long long)run->source_addresses);
}

static void write_rtt(const struct result_run *run, const struct style *style, FILE *file) {
  char mean[UNITS_TEXT_SIZE], deviation[UNITS_TEXT_SIZE], count[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE];
  if (result_has(run, FIGURE_RESPONSE))
    write_open_loop(run, style, file);
  else if (result_has(run, FIGURE_HANDSHAKE))
    write_connect(run, style, file);
  else
    write_closed_loop(run, style, file);
  fprintf(file, "RTT mean %s, standard deviation %s; %s round trip%s, %s a second\n",
          units_format_duration(run->figures[FIGURE_RTT].mean, mean),
          units_format_duration(run->figures[FIGURE_RTT].stddev, deviation),
          units_format_count(run->figures[FIGURE_RTT].count, count), plural(run->figures[FIGURE_RTT].count),
          units_format_rate(run->throughput.round_trips_per_second, rate));
  trust_write_confidence(run, style, file);
  report_floor_write(run, style, file);
}

void report_text_write_legs(const struct result_run *run, FILE *file) {
  char text[UNITS_TEXT_SIZE];
  const char *separator = "";
  if (!result_has(run, FIGURE_THERE)) return;
  for (size_t i = FIGURE_THERE; i <= FIGURE_BACK; i++) {
    fprintf(file, "%s%s %s", separator, result_section_of((enum figure)i)->label,
            units_format_duration((double)run->figures[i].p50, text));
    separator = ", ";
  }
}

/* A line of those that --percentiles asked for. */
void report_text_write_percentiles(const struct result_run *run, FILE *file) {
  char text[UNITS_TEXT_SIZE];
  for (int is_response = 0; is_response <= (result_has(run, FIGURE_RESPONSE) ? 1 : 0); is_response++) {
    if (run->percentile_count > 0) fprintf(file, is_response ? "  of the response time:" : "  as asked for:");
    for (size_t i = 0; i < run->percentile_count; i++) {
      const struct result_percentile *one = &run->percentiles[i];
      fprintf(file, "%s p%.15g %s", i == 0 ? "" : ",", one->percent,
              units_format_duration((double)(is_response ? one->response_ns : one->rtt_ns), text));
    }
    if (run->percentile_count > 0) fputc('\n', file);
  }
}

void report_text_write_check(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_section *section = result_section_find("errors");
  char text[UNITS_TEXT_SIZE];
  const char *separator = "";
  bool is_sound = !result_has_bad_data(run) && run->errors.reordered == 0 && run->errors.timed_out == 0;
  if (is_sound && run->figures[FIGURE_RTT].count == 1) {
    fprintf(file, "the one echo came back byte for byte\n");
    return;
  }
  if (is_sound && result_has(run, FIGURE_RTT)) {
    fprintf(file, "all %s echoes came back byte for byte\n", units_format_count(run->figures[FIGURE_RTT].count, text));
    return;
  }
  bool is_counted = run->server_count.client_bytes > 0;
  if (is_sound && run->server_count.is_known && !is_counted) {
    fprintf(file, "the server's own count of what was sent did not come\n");
    return;
  }
  if (is_sound && is_counted && run->server_count.server_bytes != run->server_count.client_bytes) {
    fprintf(file, "%sthe server counted other bytes than those that were sent%s\n", style->bad, style->end);
    return;
  }
  if (is_sound && run->workload.is_discarded_unread) {
    fprintf(file, "not compared: the %s counted every byte and discarded it unread\n",
            run->server_count.is_known ? "server" : "client");
    return;
  }
  if (is_sound && !came_back(run) && !is_counted) {
    fprintf(file, "no echo was counted\n");
    return;
  }
  if (is_sound) {
    bool is_up = run->workload.direction != NULL && strcmp(run->workload.direction, "up") == 0;
    fprintf(file, is_up ? "the server counted every byte that was sent; it does not look at them\n"
                        : "every byte that was read is the byte that was sent\n");
    return;
  }
  fprintf(file, "%s", style->bad);
  for (size_t i = 0; i < section->field_count; i++) {
    const struct result_field *field = &section->fields[i];
    if (result_field_value(section, field, run) == 0) continue;
    fprintf(file, "%s%s: %s", separator, field->label, result_field_format(section, field, run, text));
    separator = ", ";
  }
  fprintf(file, "%s\n", style->end);
}

/* What the throughput figure counts, by direction. */
static const char *counted(const struct result_run *run) {
  if (strcmp(run->workload.direction, "up") == 0)
    return "what this machine's kernel took from the client in the measured time, while lopong read and discarded it";
  if (strcmp(run->workload.direction, "down") == 0)
    return "what the client read from lopong in the measured time, and compared";
  return "what came back in the measured time; as much went there at the same time";
}

static void write_server_count(const struct result_run *run, const struct style *style, FILE *file) {
  char theirs[UNITS_TEXT_SIZE], ours[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE];
  bool is_same = run->server_count.server_bytes == run->server_count.client_bytes;
  fputs(is_same ? "" : style->bad, file);
  paragraph_write(file, style, "", "  server's count, warm-up included: %s bytes read of %s sent; %s",
                  units_format_count(run->server_count.server_bytes, theirs),
                  units_format_count(run->server_count.client_bytes, ours),
                  units_format_bit_rate(run->server_count.bits_per_second, rate));
  fputs(is_same ? "" : style->end, file);
}

static void write_throughput(const struct result_run *run, const struct style *style, FILE *file) {
  char rate[UNITS_TEXT_SIZE], sent[UNITS_TEXT_SIZE], received[UNITS_TEXT_SIZE];
  bool is_echo = strcmp(run->workload.direction, "echo") == 0;
  paragraph_write(file, style, run->workload.direction, " throughput: %s", counted(run));
  fprintf(file, "  %s%s%s%s (%s sent, %s read)\n", style->strong,
          units_format_bit_rate(run->throughput.bits_per_second, rate), style->end, is_echo ? " each way" : "",
          units_format_bytes((double)run->throughput.bytes_sent, sent),
          units_format_bytes((double)run->throughput.bytes_received, received));
  if (run->server_count.is_known && run->server_count.client_bytes > 0) write_server_count(run, style, file);
  for (size_t i = 0; run->interval_count > 1 && i < run->interval_count; i++) {
    const struct result_interval *slice = &run->intervals[i];
    double seconds = (double)slice->duration_ns / 1e9;
    fprintf(file, "  %6.2f s to %6.2f s  %12s\n", (double)slice->start_ns / 1e9,
            (double)slice->start_ns / 1e9 + seconds,
            units_format_bit_rate((double)slice->bytes_moved * 8 / seconds, rate));
  }
}

void report_text_write(const struct result_run *run, bool with_notes, const struct style *style, FILE *file) {
  if (!result_has_figures(run)) return;
  report_text_write_heading(run, style, file);
  if (result_has(run, FIGURE_RTT))
    write_rtt(run, style, file);
  else if (run->workload.direction == NULL)
    fprintf(file, "no round trip was completed\n");
  if (result_has(run, FIGURE_THERE)) {
    fprintf(file, "%slegs%s at p50: ", style->strong, style->end);
    report_text_write_legs(run, file);
    fprintf(file, ", by one clock\n");
  }
  trust_write_placement(run, style, file);
  if (run->workload.direction != NULL && run->has_throughput) write_throughput(run, style, file);
  write_cpu_use(run, style, file);
  report_text_write_percentiles(run, file);
  fprintf(file, "%scheck%s: ", style->strong, style->end);
  report_text_write_check(run, style, file);
  report_faults_write(run, style, file);
  if (with_notes) write_notes(run, style, file);
}

void report_text_write_ping_summary(const struct result_run *run, bool with_notes, const struct style *style,
                                    FILE *file) {
  char least[UNITS_TEXT_SIZE], median[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE], mean[UNITS_TEXT_SIZE];
  if (!result_has_figures(run)) return;
  fprintf(file, "\n%sping%s to ", style->strong, style->end);
  report_text_write_peer(run, file);
  fprintf(file, "\n%llu repl%s", (unsigned long long)run->figures[FIGURE_RTT].count,
          run->figures[FIGURE_RTT].count == 1 ? "y" : "ies");
  if (result_has(run, FIGURE_RTT))
    fprintf(file, ", RTT min %s, p50 %s, mean %s, max %s",
            units_format_duration((double)run->figures[FIGURE_RTT].min, least),
            units_format_duration((double)run->figures[FIGURE_RTT].p50, median),
            units_format_duration(run->figures[FIGURE_RTT].mean, mean),
            units_format_duration((double)run->figures[FIGURE_RTT].max, most));
  fputc('\n', file);
  if (result_has(run, FIGURE_THERE)) {
    fprintf(file, "legs at p50: ");
    report_text_write_legs(run, file);
    fputc('\n', file);
  }
  report_text_write_percentiles(run, file);
  fprintf(file, "check: ");
  report_text_write_check(run, style, file);
  report_faults_write(run, style, file);
  if (!with_notes) return;
  write_notes(run, style, file);
  report_text_write_note(
      "Between two pings both programs and the CPUs fall asleep, so a ping takes longer than one of many round trips "
      "back to back. That is what `loping latency` measures.",
      style, file);
}
