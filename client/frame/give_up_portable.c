/* Where nobody wrote that system's own way yet. */
#include "client/frame/give_up.h"

void give_up_programs(void) {
}

void give_up_files(const char *const *outputs, size_t count) {
  (void)outputs;
  (void)count;
}
