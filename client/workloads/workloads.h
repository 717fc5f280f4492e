/* Every workload, one const table each in a file of its own. */
#ifndef LOPING_CLIENT_WORKLOADS_WORKLOADS_H
#define LOPING_CLIENT_WORKLOADS_WORKLOADS_H

#include "client/run/workload.h"

extern const struct workload workload_latency;
extern const struct workload workload_open_loop;
extern const struct workload workload_ping;
extern const struct workload workload_anatomy;
extern const struct workload workload_connect;
extern const struct workload workload_throughput_echo;
extern const struct workload workload_throughput_up;
extern const struct workload workload_throughput_down;

#endif
