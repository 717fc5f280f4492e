/* Echo servers for the tests of `loping grade`: right ones, and others with one mistake each, as students make them. */
#ifndef TESTS_PEERS_WRONG_SERVERS_SERVERS_H
#define TESTS_PEERS_WRONG_SERVERS_SERVERS_H

#include <stdbool.h>
#include <stddef.h>

/* Sends all of it, however often send() has to be called; false: the client is gone. */
bool send_all(int client, const char *bytes, size_t length);

/* Each serves one client until its end. */
typedef void serve_client(int client);

/* Threads: one for each client, by this function. */
void run_threads(int listener, serve_client *serve);

/* The others take the listening socket and come back never. */
typedef void run_server(int listener);
run_server poll_right, poll_short_write, poll_gives_up_at_full, poll_sends_twice, poll_drops_at_half_close;
run_server poll_slow_reader_stops_others;

/* These take the datagram socket. */
run_server datagrams_right, datagrams_stop_at_nul, datagrams_cut, datagrams_end_at_empty, datagrams_wrong_client;
run_server datagrams_other_port;

#endif
