/* The list of seccomp_linux.h, as a classic BPF program (seccomp(2), bpf(2)). */
#include "common/machine/seccomp_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <uv.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__i386__)
#define NATIVE_ARCH AUDIT_ARCH_I386
#elif defined(__arm__)
#define NATIVE_ARCH AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define NATIVE_ARCH AUDIT_ARCH_S390X
#endif

/* Of x86-64: another table of the same calls. */
#define X32_BIT 0x40000000u

/* A file that could be changed. */
#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

#define PROGRAM_MAX 128

#ifdef NATIVE_ARCH

static const uint32_t ending[] = {
    __NR_execve,  __NR_execveat,    __NR_ptrace,       __NR_process_vm_readv, __NR_process_vm_writev,
    __NR_mount,   __NR_umount2,     __NR_pivot_root,   __NR_chroot,           __NR_setns,
    __NR_unshare, __NR_init_module, __NR_finit_module, __NR_delete_module,    __NR_kexec_load,
    __NR_reboot,  __NR_swapon,      __NR_swapoff,      __NR_perf_event_open,  __NR_userfaultfd,
    __NR_keyctl,  __NR_add_key,     __NR_request_key,  __NR_mknodat,
#ifdef __NR_mknod
    __NR_mknod,
#endif
};

struct program {
  struct sock_filter steps[PROGRAM_MAX];
  unsigned short length;
};

static void add(struct program *program, struct sock_filter step) {
  if (program->length < PROGRAM_MAX) program->steps[program->length++] = step;
}

static void load(struct program *program, size_t offset) {
  add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* If the loaded number is `value`, the process gets `verdict`. */
static void judge(struct program *program, uint32_t value, uint32_t verdict) {
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

/* An open whose flags, the argument of that index, ask to write ends the process. The lower half of an argument is
 * where the byte order puts it. */
static void judge_open(struct program *program, uint32_t call, unsigned argument) {
  size_t offset = offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  offset += sizeof(uint32_t);
#endif
  load(program, offsetof(struct seccomp_data, nr));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4));
  load(program, offset);
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITING, 0, 1));
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

static void begin(struct program *program) {
  load(program, offsetof(struct seccomp_data, arch));
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0));
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  load(program, offsetof(struct seccomp_data, nr));
  /* A call that a tracer has made void. */
  judge(program, UINT32_MAX, SECCOMP_RET_ALLOW);
#if defined(__x86_64__)
  add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1));
  add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
#endif
  for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
    judge(program, ending[i], SECCOMP_RET_KILL_PROCESS);
}

static void forbid_more(struct program *program) {
  judge(program, __NR_bpf, SECCOMP_RET_KILL_PROCESS);
  judge(program, __NR_connect, SECCOMP_RET_ERRNO | EPERM);
  /* Its flags lie in memory, where a program of this kind cannot look: who asks falls back to openat(). */
#ifdef __NR_openat2
  judge(program, __NR_openat2, SECCOMP_RET_ERRNO | ENOSYS);
#endif
#ifdef __NR_creat
  judge(program, __NR_creat, SECCOMP_RET_KILL_PROCESS);
#endif
#ifdef __NR_open
  judge_open(program, __NR_open, 1);
#endif
  judge_open(program, __NR_openat, 2);
}

int seccomp_forbid(bool only_serves) {
  struct program program = {.length = 0};
  begin(&program);
  if (only_serves) forbid_more(&program);
  add(&program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  if (program.length == PROGRAM_MAX) return UV_E2BIG;
  struct sock_fprog filter = {.len = program.length, .filter = program.steps};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0) return 0;
  return uv_translate_sys_error(errno);
}

#else

int seccomp_forbid(bool only_serves) {
  (void)only_serves;
  return UV_ENOTSUP;
}

#endif
