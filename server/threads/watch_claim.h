/*
 * Room in the kernel's list of watched sockets, taken before libuv asks for it: libuv ends the whole process where
 * epoll_ctl(2) has none (ENOSPC: fs.epoll.max_user_watches is used up, by whatever programs of the user; ENOMEM). The
 * seam: watch_claim_linux.c, watch_claim_portable.c.
 */
#ifndef LOPING_SERVER_THREADS_WATCH_CLAIM_H
#define LOPING_SERVER_THREADS_WATCH_CLAIM_H

#include <stdbool.h>
#include <uv.h>

/* Takes the room that the loop needs to watch a socket that it does not watch yet; it ends with the socket. Returns 0
 * or a negative UV_ code. */
int watch_claim_take(const uv_loop_t *loop, uv_os_sock_t socket);

/* Has the handler called once when the process is about to end itself. */
void watch_claim_on_abort(void (*handler)(int number));

/* Called by that handler (signal-safety(7)): says on stderr what libuv could not go on without, where it was
 * room for one more watch. False: it was something else, and nothing was said. */
bool watch_claim_explain_abort(void);

#endif
