/*
 * The kernel's buffers of a TCP socket: how much may stand in them, and how much does. Memory of all sockets of the
 * machine is one pot (tcp(7), tcp_mem): a server whose clients do not read could take it from every other program.
 * Nothing here fails: what a system does not know is left as it is.
 */
#ifndef LOPING_SERVER_MEMORY_TCP_MEMORY_H
#define LOPING_SERVER_MEMORY_TCP_MEMORY_H

#include <stdint.h>
#include <uv.h>

/* Buffers that do not grow: what is not read yet and what was not sent yet hold some 128 KiB each in a connection that
 * begins, and what it has become in another. */
void tcp_memory_bound(uv_os_fd_t socket);

/* Buffers that grow with the stream, as the system does by itself. */
void tcp_memory_release(uv_os_fd_t socket);

/* What the socket holds now, in both directions; 0: not known. */
uint64_t tcp_memory_held_bytes(uv_os_fd_t socket);

/* Closing it resets the connection, and frees what it holds at once. */
void tcp_memory_abandon(uv_os_fd_t socket);

/* At how much, of all sockets together, the system begins to press (the second number of tcp_mem); 0: not known. */
uint64_t tcp_memory_pressure_bytes(void);

/* The system's account of what all sockets hold, to be read again and again; a descriptor of the caller's, or -1. */
int tcp_memory_open_account(void);
void tcp_memory_close_account(int account);

/* A descriptor of the same account, for another owner; -1 of none. */
int tcp_memory_copy_account(int account);

/* 0: not known. */
uint64_t tcp_memory_all_bytes(int account);

#endif
