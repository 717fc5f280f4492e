/* sd_notify(3), of which two words are needed: no reason for a library. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "server/manager/readiness.h"

/* A manager that reads nothing must not keep clients waiting. */
#define PATIENCE_S 2

/* A path, or "@name" of an abstract one. */
static int make_address(const char *name, struct sockaddr_un *address, socklen_t *bytes) {
  size_t length = strlen(name);
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (name[0] != '/' && name[0] != '@') return UV_EAFNOSUPPORT;
  if (length < 2) return UV_EINVAL;
  if (length >= sizeof address->sun_path) return UV_ENAMETOOLONG;
  memcpy(address->sun_path, name, length);
  *bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  if (name[0] == '@') address->sun_path[0] = '\0';
  return 0;
}

static int connect_to(const char *name, int *made) {
  struct sockaddr_un address;
  struct timeval patience = {.tv_sec = PATIENCE_S};
  socklen_t bytes;
  int code = make_address(name, &address, &bytes);
  if (code != 0) return code;
  int descriptor = lack_descriptor(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (descriptor < 0) return uv_translate_sys_error(errno);
  (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(descriptor, (const struct sockaddr *)&address, bytes) != 0) {
    code = uv_translate_sys_error(errno);
    close(descriptor);
    return code;
  }
  *made = descriptor;
  return 0;
}

int readiness_connect(struct readiness *readiness) {
  char name[sizeof((struct sockaddr_un *)0)->sun_path + 1];
  size_t size = sizeof name;
  readiness->descriptor = -1;
  int code = uv_os_getenv("NOTIFY_SOCKET", name, &size);
  if (code == UV_ENOENT) return 0;
  (void)uv_os_unsetenv("NOTIFY_SOCKET");
  if (code == UV_ENOBUFS) return UV_ENAMETOOLONG;
  return code != 0 ? code : connect_to(name, &readiness->descriptor);
}

int readiness_tell(const struct readiness *readiness, const char *state) {
  if (readiness->descriptor < 0) return 0;
  ssize_t sent;
  do {
    sent = send(readiness->descriptor, state, strlen(state), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0 ? 0 : uv_translate_sys_error(errno);
}

void readiness_end(struct readiness *readiness) {
  if (readiness->descriptor >= 0) close(readiness->descriptor);
  readiness->descriptor = -1;
}
