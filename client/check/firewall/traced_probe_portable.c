/* The probe of a trace where there is no tracing. */
#include <stddef.h>
#include <string.h>

#include "client/check/firewall/traced_probe.h"

int traced_probe_open(const struct endpoint *target, struct traced_probe **probe, struct sockaddr_storage *source) {
  (void)target;
  (void)source;
  *probe = NULL;
  return UV_ENOTSUP;
}

void traced_probe_send(struct traced_probe *probe, const uint8_t *words, size_t length) {
  (void)probe;
  (void)words;
  (void)length;
}

void traced_probe_source(const struct traced_probe *probe, struct sockaddr_storage *source) {
  (void)probe;
  memset(source, 0, sizeof *source);
}

bool traced_probe_wait(struct traced_probe *probe, int wait_ms) {
  (void)probe;
  (void)wait_ms;
  return true;
}

void traced_probe_close(struct traced_probe *probe) {
  (void)probe;
}
