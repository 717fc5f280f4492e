/* Servers of datagrams. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/peers/wrong_servers/servers.h"

#define BUFFER 65536

struct asker {
  struct sockaddr_storage address;
  socklen_t length;
};

static ssize_t receive(int server, char *buffer, size_t room, struct asker *asker) {
  asker->length = sizeof asker->address;
  return recvfrom(server, buffer, room, 0, (struct sockaddr *)&asker->address, &asker->length);
}

static void answer(int server, const char *buffer, size_t length, const struct asker *asker) {
  (void)!sendto(server, buffer, length, 0, (const struct sockaddr *)&asker->address, asker->length);
}

void datagrams_right(int server) {
  static char buffer[BUFFER];
  struct asker asker;
  for (;;) {
    ssize_t got = receive(server, buffer, sizeof buffer, &asker);
    if (got >= 0) answer(server, buffer, (size_t)got, &asker);
  }
}

void datagrams_stop_at_nul(int server) {
  static char buffer[BUFFER];
  struct asker asker;
  for (;;) {
    ssize_t got = receive(server, buffer, sizeof buffer - 1, &asker);
    if (got < 0) continue;
    buffer[got] = '\0';
    answer(server, buffer, strlen(buffer), &asker);
  }
}

void datagrams_cut(int server) {
  char buffer[1024];
  struct asker asker;
  for (;;) {
    ssize_t got = receive(server, buffer, sizeof buffer, &asker);
    if (got >= 0) answer(server, buffer, (size_t)got, &asker);
  }
}

/* As of a stream: nothing is the end. */
void datagrams_end_at_empty(int server) {
  static char buffer[BUFFER];
  struct asker asker;
  ssize_t got;
  while ((got = receive(server, buffer, sizeof buffer, &asker)) > 0)
    answer(server, buffer, (size_t)got, &asker);
}

/* The address is noted behind the answer, so that it is the one of the datagram before. */
void datagrams_wrong_client(int server) {
  static char buffer[BUFFER];
  struct asker asker, earlier = {.length = 0};
  for (;;) {
    ssize_t got = receive(server, buffer, sizeof buffer, &asker);
    if (got >= 0) answer(server, buffer, (size_t)got, earlier.length > 0 ? &earlier : &asker);
    earlier = asker;
  }
}

void datagrams_other_port(int server) {
  static char buffer[BUFFER];
  struct asker asker;
  int other = socket(AF_INET, SOCK_DGRAM, 0);
  for (;;) {
    ssize_t got = receive(server, buffer, sizeof buffer, &asker);
    if (got >= 0) answer(other, buffer, (size_t)got, &asker);
  }
}
