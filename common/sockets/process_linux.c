/*
 * Which processes have a socket open: the links in /proc/PID/fd, proc_pid_fd(5), against the sockets' inodes. Every
 * process is looked into, because an inherited socket has many holders. Must not know how the sockets were found, nor
 * what anybody makes of them.
 */
#include "common/sockets/process_linux.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/sockets/proc_text.h"

#define FILE_TEXT_BYTES 4096
#define NS_PER_SECOND   INT64_C(1000000000)

/* One walk over all processes. */
struct walk {
  struct port_socket *sockets;
  size_t socket_count;
  struct port_socket **by_inode; /* those that have an inode, in its order */
  size_t inode_count;
  int proc;                 /* a descriptor of /proc */
  bool something_hidden;    /* this user may not look into some process */
  int code;                 /* why some process could not be looked into: a failure of our own; 0 */
  struct port_process last; /* the one that was described last: a server has many sockets */
};

/* What errno says of a look that failed. A process or descriptor that is gone since has nothing open, and the target of
 * a link that is longer than a path may be (ENAMETOOLONG) is no socket; what a user may not see is hidden; every other
 * cause is a failure of our own, and nobody may be called absent. */
static void note_failure(struct walk *walk) {
  lack_note_errno();
  if (errno == EACCES || errno == EPERM)
    walk->something_hidden = true;
  else if (errno != ENOENT && errno != ESRCH && errno != ENAMETOOLONG)
    walk->code = uv_translate_sys_error(errno);
}

/* Opens a folder for reading; NULL with errno. */
static DIR *open_folder(int parent, const char *path) {
  int folder = proc_file_descriptor(parent, path, O_DIRECTORY);
  if (folder < 0) return NULL;
  DIR *entries = fdopendir(folder);
  if (entries == NULL) {
    lack_note_errno();
    close(folder);
  }
  return entries;
}

/* Reads the beginning of a small file as text. Returns its length, or -1. */
static ssize_t read_text(int parent, const char *path, char text[FILE_TEXT_BYTES]) {
  int file = proc_file_descriptor(parent, path, 0);
  if (file < 0) return -1;
  ssize_t length;
  do
    length = read(file, text, FILE_TEXT_BYTES - 1);
  while (length < 0 && errno == EINTR);
  if (length < 0) lack_note_errno();
  close(file);
  text[length > 0 ? length : 0] = '\0';
  return length;
}

/* When the process started: boot, as the difference of two clocks, and the ticks since then. In ns until the end, so
 * that two readings agree on the second. */
static int64_t calendar_start(uint64_t start_ticks) {
  struct timespec calendar, since_boot;
  long ticks_per_second = sysconf(_SC_CLK_TCK);
  if (ticks_per_second <= 0 || clock_gettime(CLOCK_REALTIME, &calendar) != 0 ||
      clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0)
    return 0;
  int64_t boot_ns = (calendar.tv_sec - since_boot.tv_sec) * NS_PER_SECOND + calendar.tv_nsec - since_boot.tv_nsec;
  return (boot_ns + (int64_t)(start_ticks * (uint64_t)(NS_PER_SECOND / ticks_per_second))) / NS_PER_SECOND;
}

/* Fills what /proc tells of `pid`. What cannot be read stays unknown: the process may end at any moment. */
static void describe_process(int proc, int64_t pid, struct port_process *process) {
  char name[32], text[FILE_TEXT_BYTES];
  struct proc_stat stat;
  memset(process, 0, sizeof *process);
  process->pid = pid;
  process->uid = -1;
  process->is_self = pid == (int64_t)getpid();
  snprintf(name, sizeof name, "%lld", (long long)pid);
  int folder = proc_file_descriptor(proc, name, O_DIRECTORY);
  if (folder < 0) return;
  if (read_text(folder, "stat", text) > 0 && proc_text_read_stat(text, &stat)) {
    memcpy(process->command, stat.command, sizeof process->command);
    process->since = calendar_start(stat.start_ticks);
    process->is_stopped = stat.state == 'T' || stat.state == 't';
  }
  ssize_t length = read_text(folder, "cmdline", text);
  if (length > 0) proc_text_join_arguments(text, (size_t)length, process->command_line, sizeof process->command_line);
  /* Not the owner of the folder: that is root for a process that may not be dumped. */
  if (read_text(folder, "status", text) > 0) proc_text_read_uid(text, &process->uid);
  process_user_name(process->uid, process->user, sizeof process->user);
  close(folder);
}

static void add_holder(struct walk *walk, struct port_socket *socket, int64_t pid) {
  socket->owner = SOCKET_OWNER_SHOWN;
  for (size_t i = 0; i < socket->process_count; i++)
    if (socket->processes[i].pid == pid) return; /* a duplicated descriptor */
  if (socket->process_count == PORT_PROCESSES_MAX) {
    socket->processes_left_out++;
    return;
  }
  if (walk->last.pid != pid) describe_process(walk->proc, pid, &walk->last);
  socket->processes[socket->process_count++] = walk->last;
}

static int compare_inodes(const void *one, const void *other) {
  const struct port_socket *const *first = one, *const *second = other;
  return ((*first)->inode > (*second)->inode) - ((*first)->inode < (*second)->inode);
}

/* Most links of a machine are no socket of ours: they are to be dismissed fast. */
static struct port_socket *find_socket(const struct walk *walk, uint64_t inode) {
  struct port_socket wanted_socket, *wanted = &wanted_socket;
  wanted_socket.inode = inode;
  struct port_socket **found =
      bsearch(&wanted, walk->by_inode, walk->inode_count, sizeof(struct port_socket *), compare_inodes);
  return found == NULL ? NULL : *found;
}

/* What getdents64(2) fills; the C libraries do not agree on a name for it. */
struct raw_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t bytes; /* of this entry, name and padding included */
  uint8_t kind;
  char name[];
};

/* False when the process cannot be looked into. */
static bool look_at_descriptor(struct walk *walk, int folder, const char *name, int64_t pid) {
  char link[64];
  uint64_t inode;
  ssize_t length = readlinkat(folder, name, link, sizeof link);
  if (length < 0) note_failure(walk);
  if (length < 0) return errno != EACCES && errno != EPERM;
  if (length == 0 || !proc_text_read_socket_link(link, (size_t)length, &inode)) return true;
  struct port_socket *socket = find_socket(walk, inode);
  if (socket != NULL) add_holder(walk, socket, pid);
  return true;
}

/* Looks at each descriptor in a .../fd folder. Reads it by the system call itself: opendir(3) makes three more calls
 * for each of hundreds of folders, a quarter of the whole walk. */
static void walk_descriptors(struct walk *walk, int parent, const char *path, int64_t pid) {
  _Alignas(struct raw_entry) char entries[8192];
  int folder = proc_file_descriptor(parent, path, O_DIRECTORY);
  if (folder < 0) {
    note_failure(walk);
    return;
  }
  long length = 0;
  bool may_look = true, is_whole = false;
  while (may_look && !is_whole && (length = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0) {
    /* /proc fills the buffer as far as it has entries (proc_readfd_common()), so asking again would give nothing. */
    is_whole = length < (long)sizeof entries / 2;
    for (long at = 0; at < length && may_look;) {
      const struct raw_entry *entry = (const struct raw_entry *)(const void *)(entries + at);
      at += entry->bytes;
      if (entry->name[0] != '.') may_look = look_at_descriptor(walk, folder, entry->name, pid);
    }
  }
  if (length < 0) note_failure(walk);
  close(folder);
}

static void walk_process(struct walk *walk, const char *name, int64_t pid) {
  char path[32];
  snprintf(path, sizeof path, "%.20s/fd", name);
  walk_descriptors(walk, walk->proc, path, pid);
}

/* A thread may have descriptors of its own (unshare(2), CLONE_FILES), and the first thread may be gone while others
 * live on: then only the other threads' folders show the socket. */
static void walk_threads(struct walk *walk, const char *name, int64_t pid) {
  char path[64];
  struct stat folder;
  snprintf(path, sizeof path, "%.20s/task", name);
  /* Links: "." and "..", and one for each thread (proc_task_getattr()). Most processes have one thread. */
  if (fstatat(walk->proc, path, &folder, 0) == 0 && folder.st_nlink == 3) return;
  DIR *threads = open_folder(walk->proc, path);
  if (threads == NULL) {
    note_failure(walk);
    return;
  }
  const struct dirent *thread;
  while (errno = 0, (thread = readdir(threads)) != NULL) {
    if (!isdigit((unsigned char)thread->d_name[0]) || strcmp(thread->d_name, name) == 0) continue;
    snprintf(path, sizeof path, "%.20s/fd", thread->d_name);
    walk_descriptors(walk, dirfd(threads), path, pid);
  }
  if (errno != 0) note_failure(walk);
  closedir(threads);
}

static int walk_all(struct walk *walk, void (*look)(struct walk *, const char *, int64_t)) {
  DIR *processes = open_folder(walk->proc, ".");
  if (processes == NULL) return walk->code = uv_translate_sys_error(errno);
  const struct dirent *entry;
  while (errno = 0, (entry = readdir(processes)) != NULL) {
    long long pid;
    if (isdigit((unsigned char)entry->d_name[0]) && sscanf(entry->d_name, "%lld", &pid) == 1)
      look(walk, entry->d_name, pid);
  }
  if (errno != 0) note_failure(walk);
  closedir(processes);
  return 0;
}

/* The first PID namespace, in which every process of the machine is to be seen, has a number of its own
 * (PROC_PID_INIT_INO in the kernel's include/linux/proc_ns.h). */
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu

static bool sees_whole_machine(struct walk *walk) {
  struct stat name_space;
  if (stat("/proc/self/ns/pid", &name_space) == 0) return name_space.st_ino == INITIAL_PID_NAMESPACE;
  note_failure(walk);
  return false;
}

/* Settles the sockets that no walk found; true when there are none that may still be found. */
static bool settle_owners(struct walk *walk, bool is_last_walk) {
  bool found_all = true;
  for (size_t i = 0; i < walk->socket_count; i++) {
    struct port_socket *socket = &walk->sockets[i];
    if (socket->inode == 0) socket->owner = SOCKET_OWNER_NONE;
    if (socket->inode == 0 || socket->process_count > 0) continue;
    found_all = false;
    if (!is_last_walk) continue;
    socket->owner = sees_whole_machine(walk) ? SOCKET_OWNER_KERNEL : SOCKET_OWNER_OUTSIDE;
    if (walk->something_hidden) socket->owner = SOCKET_OWNER_HIDDEN;
    if (walk->code != 0) socket->owner = SOCKET_OWNER_UNKNOWN;
    socket->owner_code = walk->code;
  }
  return found_all;
}

/* Both walks; the second only where the first left a socket without a holder. */
static int walk_proc(struct walk *walk) {
  walk->proc = proc_file_descriptor(AT_FDCWD, "/proc", O_DIRECTORY);
  if (walk->proc < 0) {
    walk->code = uv_translate_sys_error(errno);
    settle_owners(walk, true);
    return walk->code;
  }
  /* Process 1 always exists: where it is not to be seen, /proc hides other users' processes (hidepid, proc(5)). */
  struct stat first;
  if (fstatat(walk->proc, "1", &first, 0) != 0) {
    note_failure(walk);
    if (errno == ENOENT) walk->something_hidden = true;
  }
  int code = walk_all(walk, walk_process);
  if (code == 0 && !settle_owners(walk, false)) code = walk_all(walk, walk_threads);
  settle_owners(walk, true);
  close(walk->proc);
  return code;
}

int process_find_holders(struct port_socket *sockets, size_t count) {
  struct walk walk = {.sockets = sockets, .socket_count = count};
  if (count == 0) return 0;
  walk.by_inode = memory_take_zeroed(count, sizeof(struct port_socket *));
  if (walk.by_inode == NULL) {
    walk.code = UV_ENOMEM;
    settle_owners(&walk, true);
    return UV_ENOMEM;
  }
  for (size_t i = 0; i < count; i++) {
    struct port_socket *socket = &sockets[i];
    /* Each name is a look into the password file, and most sockets of a list are of a few users. */
    if (i > 0 && sockets[i - 1].uid == socket->uid)
      memcpy(socket->user, sockets[i - 1].user, sizeof socket->user);
    else
      process_user_name(socket->uid, socket->user, sizeof socket->user);
    if (socket->inode != 0) walk.by_inode[walk.inode_count++] = socket;
    socket->owner = socket->inode == 0 ? SOCKET_OWNER_NONE : SOCKET_OWNER_UNKNOWN;
  }
  qsort(walk.by_inode, walk.inode_count, sizeof(struct port_socket *), compare_inodes);
  int code = walk.inode_count == 0 ? 0 : walk_proc(&walk);
  free(walk.by_inode);
  return code;
}
