/* What a code means for who connects. */
#include <stddef.h>
#include <uv.h>

#include "client/check/probe.h"

enum probe_outcome probe_outcome_of(int code) {
  static const struct {
    int code;
    enum probe_outcome outcome;
  } outcomes[] = {
      {0, PROBE_CONNECTED},
      {UV_ECONNREFUSED, PROBE_REFUSED},
      {UV_ECONNRESET, PROBE_RESET},
      {UV_ETIMEDOUT, PROBE_TIMED_OUT},
      {UV_EHOSTUNREACH, PROBE_HOST_UNREACHABLE},
      {UV_ENETUNREACH, PROBE_NET_UNREACHABLE},
      {UV_EACCES, PROBE_FORBIDDEN},
      {UV_EPERM, PROBE_NOT_PERMITTED},
      {UV_EINVAL, PROBE_INVALID},
      {UV_EADDRNOTAVAIL, PROBE_NO_ADDRESS},
  };
  for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
    if (outcomes[i].code == code) return outcomes[i].outcome;
  return PROBE_FAILED;
}

enum probe_outcome probe_unix_outcome_of(int code) {
  if (code == UV_ENOENT || code == UV_ENOTDIR) return PROBE_NO_FILE;
  if (code == UV_EAGAIN) return PROBE_QUEUE_FULL;
  if (code == UV_EPROTOTYPE) return PROBE_OTHER_KIND;
  return probe_outcome_of(code);
}
