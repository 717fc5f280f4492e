/*
 * Where a process that has a port came from: its parents, its unit or container, its folder; who would start it again;
 * and what stops it for good. The seam gathers (origin_linux.c, origin_portable.c); origin.c judges, and is pure.
 */
#ifndef LOPING_COMMON_SOCKETS_ORIGIN_H
#define LOPING_COMMON_SOCKETS_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORIGIN_PARENTS_MAX 8
#define ORIGIN_NAME_SIZE   128
#define ORIGIN_PATH_SIZE   256
#define ORIGIN_STOP_SIZE   256
#define ORIGIN_LINE_SIZE   1024

/* Who starts it again, or what its stop would take along. */
enum origin_keeper {
  ORIGIN_KEEPER_NOBODY,
  ORIGIN_KEEPER_UNIT,         /* a systemd service */
  ORIGIN_KEEPER_INIT,         /* it is process 1 itself: systemd with a socket unit, or a container's own */
  ORIGIN_KEEPER_CONTAINER,    /* docker, podman, containerd, CRI-O */
  ORIGIN_KEEPER_DOCKER_PROXY, /* docker-proxy or rootlessport: the port is a container's */
  ORIGIN_KEEPER_SUPERVISORD,
  ORIGIN_KEEPER_PM2,
  ORIGIN_KEEPER_PARENT, /* nodemon, npm run, foreman, a shell loop, a reloader */
  ORIGIN_KEEPER_SSHD,   /* a forwarded port of an ssh session */
};

/* None of these texts is escaped. */
struct origin_process {
  int64_t pid;
  int64_t parent;        /* 0: none, or outside this PID namespace */
  int64_t process_group; /* 0: unknown */
  int64_t session;
  bool has_terminal;
  char command[64];
  char command_line[ORIGIN_PATH_SIZE]; /* arguments separated by spaces */
};

struct process_origin {
  bool is_known; /* false where this system does not tell, or the process is gone */
  struct origin_process self;
  size_t parent_count; /* from its parent on; process 1 ends the line */
  struct origin_process parents[ORIGIN_PARENTS_MAX];
  char cgroup[ORIGIN_PATH_SIZE];
  char folder[ORIGIN_PATH_SIZE];  /* its working directory; "": not readable */
  char project[ORIGIN_PATH_SIZE]; /* the git work tree that the folder lies in; "": none */
  char terminal[32];              /* "/dev/pts/3"; "": none */
  bool is_deleted;                /* its program's file has been removed or replaced */
  char
      supervised[ORIGIN_NAME_SIZE]; /* the name that supervisord or pm2 gave it in its environment; "": none readable */
  bool is_script_loop;              /* its parent is a shell that runs a script with a loop in it */

  /* What origin_judge() makes of it. */
  enum origin_keeper keeper;
  char unit[ORIGIN_NAME_SIZE]; /* "nginx.service"; "": none */
  bool is_user_unit;
  char runtime[16];                    /* "docker", "podman", ...; "": none */
  char container[16];                  /* its short id */
  char restarted_by[ORIGIN_NAME_SIZE]; /* "supervisord (pid 4711)"; "": nobody */
  char stop[ORIGIN_STOP_SIZE];         /* the command; "": there is none to be run blindly */
  char stop_note[ORIGIN_STOP_SIZE];    /* what to know or do where there is no command, or beside it */
};

/* Gathers what this system tells of the process, and judges it. `port` is the one that it has (0: none). */
void origin_find(int64_t pid, uint16_t port, struct process_origin *origin);

/* The judging alone, of gathered facts. Pure. */
void origin_judge(struct process_origin *origin, uint16_t port);

/* "node (pid 4711) <- npm run dev <- bash in tmux, in ~/shop", escaped; `home` (may be NULL) becomes ~. Pure. */
const char *origin_line(const struct process_origin *origin, const char *home, char out[ORIGIN_LINE_SIZE]);

/* Reads the unit and the container out of a cgroup's path. Pure. */
void origin_read_cgroup(const char *path, struct process_origin *origin);

#endif
