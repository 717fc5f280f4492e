/* Programs on loopback where there are none. */
#include <string.h>

#include "client/check/firewall/lo_programs.h"

void lo_programs_read(struct lo_programs *programs) {
  memset(programs, 0, sizeof *programs);
}

bool lo_programs_has_any(const struct lo_programs *programs) {
  (void)programs;
  return false;
}
