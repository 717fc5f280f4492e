/*
 * Moving a TCP stream's bytes without copying them between kernel and program. The seam: zero_copy_linux.c, and
 * zero_copy_portable.c, where the usual reads and writes have to do.
 */
#ifndef LOPING_COMMON_IO_ZERO_COPY_H
#define LOPING_COMMON_IO_ZERO_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* Can this system do it? */
bool zero_copy_is_possible(void);

/* Makes a file in memory that holds `bytes` (memfd_create(2)), to send from. Returns 0 or a negative UV_ code; the
 * caller closes the file. */
int zero_copy_file_create(const uint8_t *bytes, size_t length, uv_file *file);
void zero_copy_file_close(uv_file file);

/* Sends the file's pages themselves (sendfile(2)): how many bytes the socket took, UV_EAGAIN when it has no room, or
 * another negative UV_ code. Never waits, unlike uv_fs_sendfile(), which reads and writes in a loop where it first
 * tries copy_file_range(2), and that refuses sockets. */
ssize_t zero_copy_send(uv_os_fd_t descriptor, uv_file file, uint64_t offset, size_t length);

/* Discards what a TCP socket has received, unread (tcp(7), MSG_TRUNC): how many bytes, 0 at the stream's end, UV_EAGAIN
 * when there is nothing, or another negative UV_ code. Never waits. `scratch` (scratch_bytes of it) is not written to,
 * and need not be: it bounds one call, as a read of that buffer would. */
ssize_t zero_copy_discard(uv_os_fd_t descriptor, uint8_t *scratch, size_t scratch_bytes);

#endif
