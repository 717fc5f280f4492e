/* Pins the client and says in words when that cannot be. The system's part is in client/result/machine_state.h. */
#include "client/measure/pinning.h"

#include <stdio.h>
#include <uv.h>

#include "client/result/machine_state.h"

bool pinning_apply(uint64_t cpu) {
  char allowed[MACHINE_CPU_LIST_SIZE];
  int code = machine_pin_cpu(cpu);
  unsigned long long number = cpu;
  if (code == 0) return true;
  machine_allowed_cpus(allowed);
  if (code == UV_ENOTSUP)
    fputs("loping: --cpu: loping cannot choose its CPU on this system; leave it out\n", stderr);
  else if (code == UV_EINVAL && allowed[0] != '\0')
    fprintf(stderr, "loping: --cpu: there is no CPU %llu that loping may use here; give one of %s\n", number, allowed);
  else
    fprintf(stderr, "loping: --cpu: the system did not let loping stay on CPU %llu: %s (%s)\n", number,
            uv_strerror(code), uv_err_name(code));
  return false;
}
