/* Servers with poll() and sockets that do not block, but for the last one: what they do when a client takes no more. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/peers/wrong_servers/servers.h"

#define CLIENTS 64
#define BUFFER  65536

struct client {
  int socket; /* -1: none */
  bool has_ended;
  char *unsent;
  size_t offset, length;
};

/* What came from the client; false: it is to be closed. */
typedef bool on_bytes(struct client *client, const char *bytes, size_t length);

struct manner {
  on_bytes *on_bytes;
  bool blocks;
  bool sends_from_start;    /* again, after a short write */
  bool closes_at_their_end; /* whatever is unsent */
  size_t unsent_most;       /* beyond this it reads no more */
};

static bool keep(struct client *client, const char *bytes, size_t length) {
  char *grown = realloc(client->unsent, client->length + length);
  if (grown == NULL) return false;
  memcpy(grown + client->length, bytes, length);
  client->unsent = grown;
  client->length += length;
  return true;
}

/* The mistake: it returns how much was sent. */
static bool send_and_forget(struct client *client, const char *bytes, size_t length) {
  (void)!send(client->socket, bytes, length, MSG_NOSIGNAL);
  return true;
}

static bool send_or_close(struct client *client, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(client->socket, bytes, length, MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

static bool send_and_wait(struct client *client, const char *bytes, size_t length) {
  return send_all(client->socket, bytes, length);
}

static void leave(struct client *client) {
  close(client->socket);
  free(client->unsent);
  *client = (struct client){.socket = -1};
}

static bool write_unsent(struct client *client, const struct manner *manner) {
  ssize_t sent = send(client->socket, client->unsent + client->offset, client->length - client->offset, MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  if (!manner->sends_from_start || client->offset + (size_t)sent == client->length) client->offset += (size_t)sent;
  if (client->offset == client->length) client->offset = client->length = 0;
  return true;
}

static bool read_more(struct client *client, const struct manner *manner) {
  char buffer[BUFFER];
  ssize_t got = recv(client->socket, buffer, sizeof buffer, 0);
  if (got < 0) return errno == EAGAIN;
  if (got > 0) return manner->on_bytes(client, buffer, (size_t)got);
  client->has_ended = true;
  return !manner->closes_at_their_end;
}

static void accept_client(int listener, struct client *clients, bool blocks) {
  int made = accept(listener, NULL, NULL);
  if (made < 0) return;
  if (!blocks) fcntl(made, F_SETFL, O_NONBLOCK);
  for (int i = 0; i < CLIENTS; i++) {
    if (clients[i].socket >= 0) continue;
    clients[i].socket = made;
    return;
  }
  close(made);
}

static short events_of(const struct client *client, const struct manner *manner) {
  short events = client->length > client->offset ? POLLOUT : 0;
  if (!client->has_ended && client->length - client->offset < manner->unsent_most) events |= POLLIN;
  return events;
}

static void run(int listener, const struct manner *manner) {
  struct client clients[CLIENTS];
  struct pollfd asked[CLIENTS + 1];
  memset(clients, 0, sizeof clients);
  for (int i = 0; i < CLIENTS; i++)
    clients[i].socket = -1;
  for (;;) {
    asked[CLIENTS] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (int i = 0; i < CLIENTS; i++)
      asked[i] = (struct pollfd){.fd = clients[i].socket, .events = events_of(&clients[i], manner)};
    if (poll(asked, CLIENTS + 1, -1) < 0) continue;
    for (int i = 0; i < CLIENTS; i++) {
      bool stays = true;
      if (clients[i].socket < 0 || asked[i].revents == 0) continue;
      if ((asked[i].revents & POLLOUT) != 0) stays = write_unsent(&clients[i], manner);
      if (stays && (asked[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) stays = read_more(&clients[i], manner);
      if (!stays || (clients[i].has_ended && clients[i].length == clients[i].offset)) leave(&clients[i]);
    }
    if ((asked[CLIENTS].revents & POLLIN) != 0) accept_client(listener, clients, manner->blocks);
  }
}

void poll_right(int listener) {
  run(listener, &(struct manner){.on_bytes = keep, .unsent_most = 1 << 18});
}

void poll_short_write(int listener) {
  run(listener, &(struct manner){.on_bytes = send_and_forget, .unsent_most = 1});
}

void poll_gives_up_at_full(int listener) {
  run(listener, &(struct manner){.on_bytes = send_or_close, .unsent_most = 1});
}

void poll_sends_twice(int listener) {
  run(listener, &(struct manner){.on_bytes = keep, .sends_from_start = true, .unsent_most = (size_t)64 << 20});
}

void poll_drops_at_half_close(int listener) {
  run(listener, &(struct manner){.on_bytes = keep, .closes_at_their_end = true, .unsent_most = (size_t)64 << 20});
}

void poll_slow_reader_stops_others(int listener) {
  run(listener, &(struct manner){.on_bytes = send_and_wait, .blocks = true, .unsent_most = 1});
}
