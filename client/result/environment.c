/* Asks libuv and the seam machine_state.h for the machine's description. A part that fails stays empty. */
#include "client/result/environment.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

void environment_gather(struct environment *environment) {
  uv_utsname_t name;
  uv_cpu_info_t *cpus = NULL;
  int cpu_count = 0;
  double load[3] = {0, 0, 0};
  memset(environment, 0, sizeof *environment);
  if (uv_os_uname(&name) == 0) {
    /* libuv names what it was built with there. */
    bool is_windows = strncmp(name.sysname, "MINGW", 5) == 0;
    snprintf(environment->system, sizeof environment->system, "%.63s", is_windows ? "Windows_NT" : name.sysname);
    snprintf(environment->release, sizeof environment->release, "%.95s", name.release);
    snprintf(environment->architecture, sizeof environment->architecture, "%.63s", name.machine);
  }
  if (uv_cpu_info(&cpus, &cpu_count) == 0 && cpu_count > 0) {
    snprintf(environment->cpu_model, sizeof environment->cpu_model, "%.127s", cpus[0].model);
    environment->cpu_count = (uint32_t)cpu_count;
    uv_free_cpu_info(cpus, cpu_count);
  }
  uv_loadavg(load);
  environment->load_1m = load[0];
  machine_read_state(&environment->state);
  environment->memory_bytes = uv_get_total_memory();
  snprintf(environment->libuv_version, sizeof environment->libuv_version, "%s", uv_version_string());
}
