/* Windows' socket tables (iphlpapi.h: GetExtendedTcpTable, GetExtendedUdpTable). Internal to the seams that read them.
 * The tables name the process of each socket, and leave out TCP sockets that have a port and do not listen. */
#ifndef LOPING_COMMON_SOCKETS_SOCKET_TABLE_WINDOWS_H
#define LOPING_COMMON_SOCKETS_SOCKET_TABLE_WINDOWS_H

#include <uv.h>

#include <iphlpapi.h>

#include "common/sockets/socket_row.h"

/* Called for every socket found. */
typedef void socket_table_visit(const struct socket_row *row, void *visitor);

/* Visits every socket of `transport` (TCP or UDP), in IPv4 and IPv6, in every state. Returns 0 or a negative UV_ code.
 */
int socket_table_walk(enum transport transport, socket_table_visit *visit, void *visitor);

/* One row of each table. Pure. */
void socket_table_read_tcp4(const MIB_TCPROW_OWNER_PID *told, struct socket_row *row);
void socket_table_read_tcp6(const MIB_TCP6ROW_OWNER_PID *told, struct socket_row *row);
void socket_table_read_udp4(const MIB_UDPROW_OWNER_PID *told, struct socket_row *row);
void socket_table_read_udp6(const MIB_UDP6ROW_OWNER_PID *told, struct socket_row *row);

/* Our word for a number of MIB_TCP_STATE. Pure. */
enum socket_state socket_table_state(DWORD state);

#endif
