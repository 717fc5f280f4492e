/* Pins the client and says in words when that cannot be. The system's part is in client/result/machine_state.h. */
#include "client/measure/pinning.h"

#include <stdio.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/result/machine_state.h"

bool pinning_apply(uint64_t cpu) {
  char allowed[MACHINE_CPU_LIST_SIZE];
  int code = machine_pin_cpu(cpu);
  unsigned long long number = cpu;
  if (code == 0) return true;
  machine_allowed_cpus(allowed);
  if (code == UV_ENOTSUP)
    command_complain("--cpu: loping cannot choose its CPU on this system; leave it out");
  else if (code == UV_EINVAL && allowed[0] != '\0')
    command_complain("--cpu: there is no CPU %llu that loping may use here; give one of %s", number, allowed);
  else
    command_complain("--cpu: the system did not let loping stay on CPU %llu: %s (%s)", number, uv_strerror(code),
                     uv_err_name(code));
  return false;
}
