/*
 * Files of /proc, /sys and /etc, whatever they hold: the whole reading, with an openat() in place of the C library's
 * that gives the input for any file. They come from the system, and are read as if they came from anybody.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/explain/machine_net.h"
#include "client/result/machine_state.h"
#include "common/machine/machine.h"
#include "common/machine/proc_file_linux.h"
#include "common/net/port_kind.h"
#include "common/sockets/origin.h"
#include "common/sockets/process_linux.h"
#include "tests/fuzz/fuzz.h"

enum reader { READ_SETTINGS, READ_NAMES, READ_STATE, READ_LIST, READ_ORIGIN, READ_SERVICES, READERS };

/* The first byte says who reads. */
FUZZ_SEEDS(
    FUZZ_SEED("\0"
              "32768\t60999\n"),
    FUZZ_SEED("\0"
              "1024\n"),
    FUZZ_SEED("\0"
              "1\n"),
    FUZZ_SEED("\0Name:\tlopong\nSeccomp:\t2\nNoNewPrivs:\t1\nSigIgn:\t0000000000000001\n"),
    FUZZ_SEED("\1root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"),
    FUZZ_SEED("\1root:x:0:\nnogroup:x:65534:a,b\n"), FUZZ_SEED("\2performance\n"),
    FUZZ_SEED("\2always [madvise] never\n"),
    FUZZ_SEED("\2"
              "0-1,3\n"),
    FUZZ_SEED("\2Name:\tlopong\nCpus_allowed_list:\t0-1\n"),
    FUZZ_SEED("\2processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor\ncpu MHz\t\t: 2400.1\n"),
    FUZZ_SEED("\2cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n"),
    FUZZ_SEED("\2"
              "0.10 0.20 0.30 1/99 77\n"),
    FUZZ_SEED("\3"
              "7777,8000-9000,1"),
    FUZZ_SEED("\4"
              "7 (a (b) c) S 1 7 7 34817 7 4194304 1 2 3 4 5 6 7 8 20 0 1 0 12345 0 0\n"),
    FUZZ_SEED("\4"
              "0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n"),
    FUZZ_SEED("\4PATH=/bin\0SUPERVISOR_PROCESS_NAME=web\0pm_id=3\0npm_lifecycle_event=dev\0"),
    FUZZ_SEED("\4"
              "bash\0-c\0while true; do ./server; done\0"),
    FUZZ_SEED("\5# comment\nhttp 80/tcp www # web\necho\t7/udp\ncbt 7777/tcp\n"));

static const uint8_t *given;
static size_t given_bytes;

int openat(int folder, const char *name, int flags, ...) {
  int file = memfd_create("given", MFD_CLOEXEC);
  (void)folder;
  (void)name;
  (void)flags;
  FUZZ_CHECK(file >= 0 && write(file, given, given_bytes) == (ssize_t)given_bytes);
  (void)lseek(file, 0, SEEK_SET);
  return file;
}

static void check_text(const char *text, size_t room) {
  FUZZ_CHECK(memchr(text, '\0', room) != NULL);
}

static void read_settings(void) {
  struct machine_ports ports;
  machine_port_settings(&ports);
  (void)port_kind_is_lent(7777, &ports);
  (void)machine_ipv6_off();
  (void)machine_is_confined();
  (void)machine_ignores_hang_up();
}

static void read_names(void) {
  char name[64];
  process_user_name(65534, name, sizeof name);
  check_text(name, sizeof name);
  process_group_name(65534, name, sizeof name);
  check_text(name, sizeof name);
}

static void read_state(void) {
  struct machine_state state;
  struct machine_cpu_times times;
  char cpus[MACHINE_CPU_LIST_SIZE];
  machine_read_state(&state);
  (void)machine_read_cpu_times(&times);
  machine_allowed_cpus(cpus);
  check_text(cpus, sizeof cpus);
}

static void read_list(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  (void)port_kind_in_list(7777, text);
  free(text);
}

static void read_lists(void) {
  char name[MACHINE_SERVICE_NAME_SIZE], list[64];
  if (machine_service_name(7777, TRANSPORT_TCP, name) == MACHINE_YES) check_text(name, sizeof name);
  if (machine_reserved_ports(list, sizeof list) == MACHINE_YES) check_text(list, sizeof list);
  (void)machine_queue_limit();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  struct process_origin origin;
  if (length == 0) return 0;
  given = input + 1;
  given_bytes = length - 1;
  switch ((enum reader)(input[0] % READERS)) {
    case READ_SETTINGS:
      read_settings();
      break;
    case READ_NAMES:
      read_names();
      break;
    case READ_STATE:
      read_state();
      break;
    case READ_LIST:
      read_list(given, given_bytes);
      break;
    case READ_ORIGIN:
      origin_find(getpid(), 7777, &origin);
      break;
    case READ_SERVICES:
      read_lists();
      break;
    case READERS:
      break;
  }
  return 0;
}
