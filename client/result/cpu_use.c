/* Samples of CPU time and their differences. What only one system tells comes through the seam machine_state.h. */
#include "client/result/cpu_use.h"

#include <string.h>
#include <uv.h>

#include "common/text/clock.h"

#define MACHINE_NS_MIN (CLOCK_NS_PER_SECOND / 2)
/* So that the id of a process in another container is not taken for one of ours. */
#define SERVER_NAME "lopong"

static uint64_t to_ns(const uv_timeval_t *time) {
  return (uint64_t)time->tv_sec * CLOCK_NS_PER_SECOND + (uint64_t)time->tv_usec * 1000;
}

void cpu_use_sample(uint32_t server_pid, struct cpu_sample *sample) {
  uv_rusage_t usage;
  struct machine_process server;
  memset(sample, 0, sizeof *sample);
  sample->at_ns = clock_now_ns();
  if (uv_getrusage(&usage) == 0) {
    sample->user_ns = to_ns(&usage.ru_utime);
    sample->system_ns = to_ns(&usage.ru_stime);
  }
  sample->has_machine = machine_read_cpu_times(&sample->machine);
  sample->has_server = server_pid > 0 && machine_read_process(server_pid, SERVER_NAME, &server);
  if (!sample->has_server) return;
  sample->server_ns = server.cpu_ns;
  sample->server_threads = server.threads;
}

/* Counters of the kernel may be corrected downwards by a little; that is no use. */
static double risen(uint64_t begin, uint64_t end) {
  return end > begin ? (double)(end - begin) : 0;
}

void cpu_use_between(const struct cpu_sample *begin, const struct cpu_sample *end, struct result_cpu_use *out) {
  memset(out, 0, sizeof *out);
  out->elapsed_ns = end->at_ns - begin->at_ns;
  out->is_known = end->at_ns > begin->at_ns;
  if (!out->is_known) return;
  double elapsed = (double)out->elapsed_ns;
  out->user_ns = end->user_ns - begin->user_ns;
  out->system_ns = end->system_ns - begin->system_ns;
  double own = (double)(out->user_ns + out->system_ns);
  out->client_cpus = own / elapsed;
  out->has_server = begin->has_server && end->has_server;
  double server = out->has_server ? risen(begin->server_ns, end->server_ns) : 0;
  if (out->has_server) out->server_cpus = server / elapsed;
  if (out->has_server) out->server_threads = end->server_threads;
  double total = risen(begin->machine.total_ns, end->machine.total_ns);
  out->has_machine = begin->has_machine && end->has_machine && out->elapsed_ns >= MACHINE_NS_MIN && total > 0;
  if (!out->has_machine) return;
  out->steal_percent = 100 * risen(begin->machine.steal_ns, end->machine.steal_ns) / total;
  out->has_other = out->has_server;
  double other = risen(begin->machine.busy_ns, end->machine.busy_ns) - own - server;
  if (out->has_other && other > 0) out->other_cpus = other / elapsed;
}

void cpu_use_skip(const struct cpu_sample *from, const struct cpu_sample *to, struct cpu_sample *begin) {
  begin->at_ns += to->at_ns - from->at_ns;
  begin->user_ns += to->user_ns - from->user_ns;
  begin->system_ns += to->system_ns - from->system_ns;
  begin->server_ns += to->server_ns - from->server_ns;
  begin->machine.busy_ns += to->machine.busy_ns - from->machine.busy_ns;
  begin->machine.steal_ns += to->machine.steal_ns - from->machine.steal_ns;
  begin->machine.total_ns += to->machine.total_ns - from->machine.total_ns;
}

void cpu_use_sum_steal(const struct result_run *runs, size_t count, struct environment *environment) {
  double stolen = 0, elapsed = 0;
  for (size_t i = 0; i < count; i++) {
    const struct result_cpu_use *use = &runs[i].cpu_use;
    if (!use->has_machine) continue;
    stolen += use->steal_percent * (double)use->elapsed_ns;
    elapsed += (double)use->elapsed_ns;
  }
  environment->has_steal = elapsed > 0;
  if (environment->has_steal) environment->steal_percent = stolen / elapsed;
}
