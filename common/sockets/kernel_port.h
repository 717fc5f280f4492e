/* UDP ports that the kernel itself has, for a network interface. */
#ifndef LOPING_COMMON_SOCKETS_KERNEL_PORT_H
#define LOPING_COMMON_SOCKETS_KERNEL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_PORT_NAME_SIZE 64

/* Finds the interface whose tunnel receives on this UDP port: "vx0 (vxlan)". False where there is none, or where this
 * system does not tell. Knows VXLAN and Geneve (rtnetlink(7): IFLA_VXLAN_PORT, IFLA_GENEVE_PORT). The name is not
 * escaped. */
bool kernel_port_find(uint16_t port, char name[KERNEL_PORT_NAME_SIZE]);

/* Reads one RTM_NEWLINK message of `length` bytes: does its tunnel receive on the port? Pure. */
bool kernel_port_read_link(const void *message, size_t length, uint16_t port, char name[KERNEL_PORT_NAME_SIZE]);

#endif
