/* Kernel receive times on Linux: SO_TIMESTAMPNS and a look at the first byte. */
#include "common/io/kernel_times.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "common/text/clock.h"

/* Readings of which the most narrowly enclosed one counts. */
#define DISTANCE_READINGS 5

bool kernel_times_exist(void) {
  return true;
}

static int switch_stamps(const uv_handle_t *socket, int is_on) {
  uv_os_fd_t descriptor;
  int code = uv_fileno(socket, &descriptor);
  if (code != 0) return code;
  if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &is_on, sizeof is_on) == 0) return 0;
  return uv_translate_sys_error(errno);
}

int kernel_times_start(struct kernel_times *times, const uv_handle_t *socket) {
  int code = switch_stamps(socket, 1);
  memset(times, 0, sizeof *times);
  times->is_on = code == 0;
  return code;
}

void kernel_times_stop(struct kernel_times *times, const uv_handle_t *socket) {
  switch_stamps(socket, 0);
  memset(times, 0, sizeof *times);
}

static uint64_t to_ns(const struct timespec *time) {
  return (uint64_t)time->tv_sec * CLOCK_NS_PER_SECOND + (uint64_t)time->tv_nsec;
}

static uint64_t find_stamp(struct msghdr *message) {
  for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
    struct timespec time;
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    if (part->cmsg_len < CMSG_LEN(sizeof time)) continue;
    memcpy(&time, CMSG_DATA(part), sizeof time);
    return to_ns(&time);
  }
  return 0;
}

void kernel_times_ask(struct kernel_times *times, const uv_handle_t *socket) {
  union {
    struct cmsghdr alignment;
    char bytes[CMSG_SPACE(sizeof(struct timespec))];
  } control;
  char first_byte;
  struct iovec vector = {.iov_base = &first_byte, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  uv_os_fd_t descriptor;
  times->awake_ns = clock_now_ns();
  times->received_realtime_ns = 0;
  times->has_found = uv_fileno(socket, &descriptor) == 0 && recvmsg(descriptor, &message, MSG_PEEK | MSG_DONTWAIT) > 0;
  if (times->has_found) times->received_realtime_ns = find_stamp(&message);
  times->asked_ns = clock_now_ns();
}

void kernel_times_measure_distance(struct clock_distance *distance) {
  uint64_t narrowest_ns = UINT64_MAX;
  for (int i = 0; i < DISTANCE_READINGS; i++) {
    struct timespec calendar = {0};
    uint64_t before_ns = clock_now_ns();
    clock_gettime(CLOCK_REALTIME, &calendar);
    uint64_t width_ns = clock_now_ns() - before_ns;
    if (width_ns >= narrowest_ns) continue;
    narrowest_ns = width_ns;
    distance->ahead_ns = (int64_t)(to_ns(&calendar) - before_ns - width_ns / 2);
    distance->error_ns = width_ns - width_ns / 2;
  }
}
