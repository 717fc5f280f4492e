/* Windows' processes; see process_windows.h. The list of all of them (tlhelp32.h) names also those that this user may
 * not look into; the rest is what such a look tells. */
#include "common/sockets/process_windows.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include <tlhelp32.h>

#define PATH_WIDE  1024
#define NAME_WIDE  256
#define TOKEN_ROOM 256
/* From 1601 to 1970. */
#define SECONDS_TO_1970  11644473600
#define STEPS_PER_SECOND 10000000

/* What does not fit is left out: a program's path ends with its name, so the beginning is. */
static void narrow(const WCHAR *wide, char *out, size_t out_bytes) {
  char whole[4 * PATH_WIDE];
  out[0] = '\0';
  if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, whole, sizeof whole, NULL, NULL) <= 0) return;
  size_t length = strlen(whole);
  if (length < out_bytes) {
    memcpy(out, whole, length + 1);
    return;
  }
  const char *rest = whole + length - (out_bytes - sizeof "...");
  /* Not amid a character. */
  while (((unsigned char)*rest & 0xC0) == 0x80)
    rest++;
  snprintf(out, out_bytes, "...%s", rest);
}

void process_short_name(const char *file, char *out, size_t out_bytes) {
  const char *name = file;
  for (const char *at = file; *at != '\0'; at++)
    if (*at == '\\' || *at == '/') name = at + 1;
  size_t length = strlen(name);
  if (length > 4 && _stricmp(name + length - 4, ".exe") == 0) length -= 4;
  snprintf(out, out_bytes, "%.*s", (int)(length < out_bytes ? length : out_bytes - 1), name);
}

int64_t process_seconds_of(uint64_t steps) {
  int64_t seconds = (int64_t)(steps / STEPS_PER_SECOND) - SECONDS_TO_1970;
  return seconds > 0 ? seconds : 0;
}

static void find_user(HANDLE process, char *out, size_t out_bytes) {
  union {
    TOKEN_USER user;
    char bytes[TOKEN_ROOM];
  } told;
  WCHAR name[NAME_WIDE], domain[NAME_WIDE];
  DWORD length = 0, name_length = NAME_WIDE, domain_length = NAME_WIDE;
  SID_NAME_USE use;
  HANDLE token;
  if (!OpenProcessToken(process, TOKEN_QUERY, &token)) return;
  if (GetTokenInformation(token, TokenUser, &told, sizeof told, &length) &&
      LookupAccountSidW(NULL, told.user.User.Sid, name, &name_length, domain, &domain_length, &use))
    narrow(name, out, out_bytes);
  CloseHandle(token);
}

/* Windows takes either, and a sentence would show the other one twice (safe_text.h). */
static void turn_slashes(char *path) {
  for (; *path != '\0'; path++)
    if (*path == '\\') *path = '/';
}

/* What this user may not ask of it stays unknown. */
static void look_into(struct port_process *process) {
  WCHAR path[PATH_WIDE];
  DWORD length = PATH_WIDE;
  FILETIME begin, end, kernel, user;
  HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)process->pid);
  if (handle == NULL) return;
  if (QueryFullProcessImageNameW(handle, 0, path, &length)) {
    narrow(path, process->command_line, sizeof process->command_line);
    turn_slashes(process->command_line);
  }
  if (GetProcessTimes(handle, &begin, &end, &kernel, &user))
    process->since = process_seconds_of((uint64_t)begin.dwHighDateTime << 32 | begin.dwLowDateTime);
  find_user(handle, process->user, sizeof process->user);
  CloseHandle(handle);
}

static bool find_in_list(HANDLE list, int64_t pid, char *command, size_t command_bytes) {
  PROCESSENTRY32W entry = {.dwSize = sizeof entry};
  char file[4 * MAX_PATH];
  for (BOOL has_one = Process32FirstW(list, &entry); has_one; has_one = Process32NextW(list, &entry)) {
    if (entry.th32ProcessID != (DWORD)pid) continue;
    narrow(entry.szExeFile, file, sizeof file);
    process_short_name(file, command, command_bytes);
    return true;
  }
  return false;
}

static void find_holder(HANDLE list, struct port_socket *socket) {
  struct port_process *process = &socket->processes[0];
  if (socket->told_pid == 0) {
    /* Of a connection that is over the table names nobody. */
    bool is_over = socket->state == SOCKET_STATE_TIME_WAIT || socket->state == SOCKET_STATE_FIN_WAIT;
    socket->owner = is_over ? SOCKET_OWNER_NONE : SOCKET_OWNER_UNKNOWN;
    return;
  }
  memset(process, 0, sizeof *process);
  process->pid = socket->told_pid;
  process->uid = -1;
  process->is_self = socket->told_pid == (int64_t)uv_os_getpid();
  if (!find_in_list(list, process->pid, process->command, sizeof process->command)) {
    socket->owner = SOCKET_OWNER_GONE;
    return;
  }
  if (process->pid == PROCESS_OF_KERNEL)
    snprintf(process->command, sizeof process->command, "System");
  else
    look_into(process);
  memcpy(socket->user, process->user, sizeof socket->user);
  socket->owner = SOCKET_OWNER_SHOWN;
  socket->process_count = 1;
}

int process_find_holders(struct port_socket *sockets, size_t count) {
  HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (list == INVALID_HANDLE_VALUE) return uv_translate_sys_error((int)GetLastError());
  for (size_t i = 0; i < count; i++)
    find_holder(list, &sockets[i]);
  CloseHandle(list);
  return 0;
}
