/* The machine's state on Windows: times of the CPUs and of processes, the hypervisor by CPUID, the CPUs by affinity.
 * Its buffers and its congestion control are adjusted for each connection, and no setting tells them. */
#include "client/result/machine_state.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include <tlhelp32.h>

#include "common/sockets/process_windows.h"

#define NS_PER_STEP     100 /* of a FILETIME */
#define HYPERVISOR_BIT  (1U << 31)
#define HYPERVISOR_LEAF 0x40000000U
#define CPUS_MAX        64

/* The signature that a hypervisor gives of itself (its 12 bytes), and its name. */
static const char *hypervisor_name(const char signature[13]) {
  static const char *const names[][2] = {{"KVMKVMKVM", "KVM"},       {"Microsoft Hv", "Microsoft"},
                                         {"VMwareVMware", "VMware"}, {"XenVMMXenVMM", "Xen"},
                                         {"TCGTCGTCGTCG", "QEMU"},   {"VBoxVBoxVBox", "VirtualBox"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(signature, names[i][0]) == 0) return names[i][1];
  return "unnamed";
}

static void read_virtualization(char out[MACHINE_WORD_SIZE]) {
  unsigned eax, ebx, ecx, edx;
  char signature[13] = "";
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return;
  if ((ecx & HYPERVISOR_BIT) == 0) {
    snprintf(out, MACHINE_WORD_SIZE, "none");
    return;
  }
  __cpuid(HYPERVISOR_LEAF, eax, ebx, ecx, edx);
  memcpy(signature, &ebx, 4);
  memcpy(signature + 4, &ecx, 4);
  memcpy(signature + 8, &edx, 4);
  snprintf(out, MACHINE_WORD_SIZE, "%s", hypervisor_name(signature));
}

void machine_read_state(struct machine_state *state) {
  memset(state, 0, sizeof *state);
  state->turbo = MACHINE_UNKNOWN;
  state->loopback_mtu_bytes = MACHINE_UNSAID;
  for (size_t i = 0; i < 2; i++)
    state->receive_bytes[i] = state->send_bytes[i] = MACHINE_UNSAID;
  for (size_t i = 0; i < 3; i++)
    state->tcp_receive_bytes[i] = state->tcp_send_bytes[i] = MACHINE_UNSAID;
  read_virtualization(state->virtualization);
  snprintf(state->clock_source, sizeof state->clock_source, "QueryPerformanceCounter");
}

static uint64_t nanoseconds(FILETIME time) {
  return ((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) * NS_PER_STEP;
}

/* The kernel's time has the idle time in it. */
bool machine_read_cpu_times(struct machine_cpu_times *times) {
  FILETIME idle, kernel, user;
  if (!GetSystemTimes(&idle, &kernel, &user)) return false;
  times->total_ns = nanoseconds(kernel) + nanoseconds(user);
  uint64_t idle_ns = nanoseconds(idle);
  times->busy_ns = times->total_ns > idle_ns ? times->total_ns - idle_ns : 0;
  times->steal_ns = 0;
  return times->total_ns > 0;
}

static bool find_process(int64_t pid, const char *name, uint64_t *threads) {
  PROCESSENTRY32 entry = {.dwSize = sizeof entry};
  char command[MAX_PATH];
  bool is_found = false;
  HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (list == INVALID_HANDLE_VALUE) return false;
  for (BOOL has_one = Process32First(list, &entry); has_one && !is_found; has_one = Process32Next(list, &entry)) {
    process_short_name(entry.szExeFile, command, sizeof command);
    is_found = entry.th32ProcessID == (DWORD)pid && strcmp(command, name) == 0;
    *threads = entry.cntThreads;
  }
  CloseHandle(list);
  return is_found;
}

bool machine_read_process(int64_t pid, const char *name, struct machine_process *process) {
  FILETIME begin, end, kernel, user;
  if (!find_process(pid, name, &process->threads)) return false;
  HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)pid);
  if (handle == NULL) return false;
  bool is_told = GetProcessTimes(handle, &begin, &end, &kernel, &user);
  if (is_told) process->cpu_ns = nanoseconds(kernel) + nanoseconds(user);
  CloseHandle(handle);
  return is_told;
}

/* Of the first group of 64, which is all that most machines have. */
int machine_pin_cpu(uint64_t cpu) {
  DWORD_PTR own, all;
  if (!GetProcessAffinityMask(GetCurrentProcess(), &own, &all)) return uv_translate_sys_error((int)GetLastError());
  if (cpu >= CPUS_MAX || (own >> cpu & 1) == 0) return UV_EINVAL;
  return SetProcessAffinityMask(GetCurrentProcess(), (DWORD_PTR)1 << cpu) ? 0
                                                                          : uv_translate_sys_error((int)GetLastError());
}

void machine_allowed_cpus(char out[MACHINE_CPU_LIST_SIZE]) {
  DWORD_PTR own, all;
  size_t used = 0;
  out[0] = '\0';
  if (!GetProcessAffinityMask(GetCurrentProcess(), &own, &all)) return;
  for (unsigned first = 0; first < CPUS_MAX; first++) {
    unsigned last = first;
    if ((own >> first & 1) == 0) continue;
    while (last + 1 < CPUS_MAX && (own >> (last + 1) & 1) != 0)
      last++;
    const char *separator = used > 0 ? "," : "";
    used +=
        (size_t)(last == first ? snprintf(out + used, MACHINE_CPU_LIST_SIZE - used, "%s%u", separator, first)
                               : snprintf(out + used, MACHINE_CPU_LIST_SIZE - used, "%s%u-%u", separator, first, last));
    first = last;
  }
}
