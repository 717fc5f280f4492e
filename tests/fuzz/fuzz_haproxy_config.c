/* A configuration file of HAProxy, as another user may have written it. */
#include "client/check/haproxy_config.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("listen web\n  bind :80\n  server one 127.0.0.1:81 check\n"),
           FUZZ_SEED("frontend in\n bind [::]:80\n default_backend b\nbackend b\n server y [::1]:2\n"),
           FUZZ_SEED("haproxy -f /etc/x -f /y"), FUZZ_SEED("listen\nbind :80\nserver a []:1 #"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  char path[32];
  struct forward forward;
  if (haproxy_config_find(text, 80, &forward)) {
    FUZZ_CHECK(forward.port > 0);
    FUZZ_CHECK(strlen(forward.host) < sizeof forward.host);
  }
  if (haproxy_config_path(text, path, sizeof path)) FUZZ_CHECK(path[0] == '/' && strlen(path) < sizeof path);
  free(text);
  return 0;
}
