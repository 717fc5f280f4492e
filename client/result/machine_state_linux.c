/* The machine's state from Linux's /proc and /sys. Opens files; what their lines mean is in machine_text.c. */
#include "client/result/machine_state.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "client/result/machine_text.h"
#include "common/machine/proc_file_linux.h"

#define LINE_SIZE       PROC_LINE_SIZE
#define CPUS            "/sys/devices/system/cpu/"
#define CPU_0           CPUS "cpu0/"
#define DMI             "/sys/class/dmi/id/"
#define IDLE_STATES_MAX 16
/* More CPUs than any kernel is built for (CONFIG_NR_CPUS). */
#define CPUS_MAX 8192

static bool read_line(const char *file_name, char line[LINE_SIZE]) {
  return proc_file_first_line(file_name, line, LINE_SIZE);
}

static void read_text(const char *file_name, char *out, size_t out_bytes) {
  char line[LINE_SIZE];
  out[0] = '\0';
  if (read_line(file_name, line)) machine_text_copy_trimmed(line, out, out_bytes);
}

static const struct {
  const char *file_name;
  size_t offset; /* of MACHINE_WORD_SIZE bytes in struct machine_state */
} word_files[] = {
    {CPU_0 "cpufreq/scaling_governor", offsetof(struct machine_state, governor)},
    {CPU_0 "cpufreq/scaling_driver", offsetof(struct machine_state, frequency_driver)},
    {CPUS "cpuidle/current_driver", offsetof(struct machine_state, idle_driver)},
    {CPUS "cpuidle/current_governor_ro", offsetof(struct machine_state, idle_governor)},
    {"/sys/devices/system/clocksource/clocksource0/current_clocksource", offsetof(struct machine_state, clock_source)},
    {"/proc/sys/net/ipv4/tcp_congestion_control", offsetof(struct machine_state, congestion_control)},
};

static const struct {
  const char *file_name;
  size_t offset; /* of `count` int64_t in struct machine_state */
  size_t count;
} number_files[] = {
    {"/sys/class/net/lo/mtu", offsetof(struct machine_state, loopback_mtu_bytes), 1},
    {"/proc/sys/net/core/rmem_default", offsetof(struct machine_state, receive_bytes[0]), 1},
    {"/proc/sys/net/core/rmem_max", offsetof(struct machine_state, receive_bytes[1]), 1},
    {"/proc/sys/net/core/wmem_default", offsetof(struct machine_state, send_bytes[0]), 1},
    {"/proc/sys/net/core/wmem_max", offsetof(struct machine_state, send_bytes[1]), 1},
    {"/proc/sys/net/ipv4/tcp_rmem", offsetof(struct machine_state, tcp_receive_bytes), 3},
    {"/proc/sys/net/ipv4/tcp_wmem", offsetof(struct machine_state, tcp_send_bytes), 3},
};

static void read_numbers(const char *file_name, int64_t *numbers, size_t count) {
  char line[LINE_SIZE];
  for (size_t i = 0; i < count; i++)
    numbers[i] = MACHINE_UNSAID;
  if (!read_line(file_name, line)) return;
  char *at = line;
  for (size_t i = 0; i < count; i++) {
    char *end;
    long long number = strtoll(at, &end, 10);
    if (end == at) return;
    numbers[i] = number;
    at = end;
  }
}

/* Intel's driver says whether turbo is off, the common switch whether boost is on. */
static enum machine_answer read_turbo(void) {
  int64_t is_off, is_on;
  read_numbers(CPUS "intel_pstate/no_turbo", &is_off, 1);
  read_numbers(CPUS "cpufreq/boost", &is_on, 1);
  if (is_off != MACHINE_UNSAID) return is_off == 0 ? MACHINE_YES : MACHINE_NO;
  if (is_on != MACHINE_UNSAID) return is_on != 0 ? MACHINE_YES : MACHINE_NO;
  return MACHINE_UNKNOWN;
}

static void read_idle_states(char out[MACHINE_SENTENCE_SIZE]) {
  size_t used = 0;
  out[0] = '\0';
  for (int i = 0; i < IDLE_STATES_MAX; i++) {
    char file_name[128], name[MACHINE_WORD_SIZE];
    int64_t is_disabled;
    snprintf(file_name, sizeof file_name, CPU_0 "cpuidle/state%d/name", i);
    read_text(file_name, name, sizeof name);
    if (name[0] == '\0') return;
    snprintf(file_name, sizeof file_name, CPU_0 "cpuidle/state%d/disable", i);
    read_numbers(file_name, &is_disabled, 1);
    size_t length = strlen(name);
    if (is_disabled == 1 || used + length + 2 > MACHINE_SENTENCE_SIZE) continue;
    if (used > 0) out[used++] = ' ';
    memcpy(out + used, name, length + 1);
    used += length;
  }
}

#if defined(__x86_64__) || defined(__i386__)
/* Is the processor's "a hypervisor runs me" bit set? */
static bool look_for_flag(void *owner, const char *line) {
  bool *is_set = owner;
  *is_set = strncmp(line, "flags", 5) == 0 && machine_text_has_word(line, "hypervisor");
  return !*is_set;
}

static bool has_hypervisor_flag(void) {
  bool is_set = false;
  (void)proc_file_each_line("/proc/cpuinfo", look_for_flag, &is_set);
  return is_set;
}

/* Hypervisors sign CPUID leaf 0x40000000 with twelve letters (Linux: Documentation/virt/kvm/x86/cpuid.rst). */
static const char *hypervisor_name(void) {
  static const struct {
    const char *signature, *name;
  } known[] = {
      {"KVMKVMKVM", "KVM"},      {"Microsoft Hv", "Hyper-V"},    {"VMwareVMware", "VMware"},
      {"XenVMMXenVMM", "Xen"},   {"VBoxVBoxVBox", "VirtualBox"}, {"TCGTCGTCGTCG", "QEMU"},
      {"bhyve bhyve ", "bhyve"}, {" lrpepyh vr", "Parallels"},   {"ACRNACRNACRN", "ACRN"},
  };
  unsigned highest, letters[3];
  char signature[13] = {0};
  __cpuid(0x40000000, highest, letters[0], letters[1], letters[2]);
  (void)highest;
  memcpy(signature, letters, 12);
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (strcmp(signature, known[i].signature) == 0) return known[i].name;
  return "unnamed";
}

static void read_virtualization(char out[MACHINE_WORD_SIZE]) {
  snprintf(out, MACHINE_WORD_SIZE, "%s", has_hypervisor_flag() ? hypervisor_name() : "none");
}
#else
/* Other processors have no such bit; Xen alone tells its guests by a file of its own. */
static void read_virtualization(char out[MACHINE_WORD_SIZE]) {
  read_text("/sys/hypervisor/type", out, MACHINE_WORD_SIZE);
}
#endif

static void read_product(char out[MACHINE_SENTENCE_SIZE]) {
  char vendor[MACHINE_WORD_SIZE], product[MACHINE_WORD_SIZE];
  read_text(DMI "sys_vendor", vendor, sizeof vendor);
  read_text(DMI "product_name", product, sizeof product);
  snprintf(out, MACHINE_SENTENCE_SIZE, "%s%s%s", vendor, vendor[0] != '\0' && product[0] != '\0' ? " " : "", product);
}

void machine_read_state(struct machine_state *state) {
  char *bytes = (char *)state;
  memset(state, 0, sizeof *state);
  for (size_t i = 0; i < sizeof word_files / sizeof word_files[0]; i++)
    read_text(word_files[i].file_name, bytes + word_files[i].offset, MACHINE_WORD_SIZE);
  for (size_t i = 0; i < sizeof number_files / sizeof number_files[0]; i++)
    read_numbers(number_files[i].file_name, (int64_t *)(void *)(bytes + number_files[i].offset), number_files[i].count);
  read_virtualization(state->virtualization);
  read_product(state->product);
  read_idle_states(state->idle_states);
  state->turbo = read_turbo();
}

static uint64_t ticks_per_second(void) {
  long ticks = sysconf(_SC_CLK_TCK);
  return ticks > 0 ? (uint64_t)ticks : 0;
}

bool machine_read_cpu_times(struct machine_cpu_times *times) {
  char line[LINE_SIZE];
  return read_line("/proc/stat", line) && machine_text_read_cpu_times(line, ticks_per_second(), times);
}

bool machine_read_process(int64_t pid, const char *name, struct machine_process *process) {
  char file_name[64], line[LINE_SIZE];
  snprintf(file_name, sizeof file_name, "/proc/%" PRId64 "/stat", pid);
  return read_line(file_name, line) && machine_text_read_process(line, name, ticks_per_second(), process);
}

int machine_pin_cpu(uint64_t cpu) {
  if (cpu >= CPUS_MAX) return UV_EINVAL;
  cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
  if (set == NULL) return UV_ENOMEM;
  size_t set_bytes = CPU_ALLOC_SIZE(CPUS_MAX);
  CPU_ZERO_S(set_bytes, set);
  CPU_SET_S((size_t)cpu, set_bytes, set);
  int code = sched_setaffinity(0, set_bytes, set) == 0 ? 0 : uv_translate_sys_error(errno);
  CPU_FREE(set);
  return code;
}

void machine_allowed_cpus(char out[MACHINE_CPU_LIST_SIZE]) {
  bool is_allowed[CPUS_MAX];
  out[0] = '\0';
  cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
  if (set == NULL) return;
  size_t set_bytes = CPU_ALLOC_SIZE(CPUS_MAX);
  CPU_ZERO_S(set_bytes, set);
  if (sched_getaffinity(0, set_bytes, set) == 0) {
    for (size_t i = 0; i < CPUS_MAX; i++)
      is_allowed[i] = CPU_ISSET_S(i, set_bytes, set);
    machine_text_write_list(is_allowed, CPUS_MAX, out, MACHINE_CPU_LIST_SIZE);
  }
  CPU_FREE(set);
}
