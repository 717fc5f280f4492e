/*
 * Telling a service manager when the server is ready and when it ends, by the protocol of sd_notify(3): a datagram to
 * the socket that NOTIFY_SOCKET names. The seam: readiness_linux.c, readiness_portable.c.
 */
#ifndef LOPING_SERVER_MANAGER_READINESS_H
#define LOPING_SERVER_MANAGER_READINESS_H

#define READINESS_READY    "READY=1\n"
#define READINESS_STOPPING "STOPPING=1\n"

struct readiness {
  int descriptor; /* -1: nobody wants to be told */
};

/* Takes NOTIFY_SOCKET out of the environment and connects to what it names: before a sandbox, in which that is no
 * longer possible. Returns 0, also where there is none, or a negative UV_ code; then nobody is told. */
int readiness_connect(struct readiness *readiness);

/* Waits for room for 2 s at most. Returns 0, also where nobody wants to be told, or a negative UV_ code. */
int readiness_tell(const struct readiness *readiness, const char *state);

void readiness_end(struct readiness *readiness);

#endif
