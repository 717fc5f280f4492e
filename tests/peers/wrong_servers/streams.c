/* streams MISTAKE [PATH]: a server of that name at a port that the system picks, or at a unix socket. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/peers/wrong_servers/servers.h"

#define BUFFER 4096

bool send_all(int client, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = send(client, bytes, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

static void serve_rightly(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0)
    if (!send_all(client, buffer, (size_t)got)) break;
  close(client);
}

static void stops_at_nul(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer - 1, 0)) > 0) {
    buffer[got] = '\0';
    if (!send_all(client, buffer, strlen(buffer))) break;
  }
  close(client);
}

static void adds_nul(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer - 1, 0)) > 0) {
    buffer[got] = '\0';
    if (!send_all(client, buffer, (size_t)got + 1)) break;
  }
  close(client);
}

static void sends_whole_buffer(int client) {
  char buffer[1024] = "";
  while (recv(client, buffer, sizeof buffer, 0) > 0)
    if (!send_all(client, buffer, sizeof buffer)) break;
  close(client);
}

static void one_recv(int client) {
  char buffer[1024];
  ssize_t got = recv(client, buffer, sizeof buffer, 0);
  if (got > 0) (void)send_all(client, buffer, (size_t)got);
  close(client);
}

/* A char that is signed, as on most machines. */
static void stops_at_byte_255(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0) {
    signed char c;
    ssize_t length = 0;
    while (length < got && (c = (signed char)buffer[length]) != EOF)
      length++;
    if (!send_all(client, buffer, (size_t)length) || length < got) break;
  }
  close(client);
}

static void does_not_close(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0)
    if (!send_all(client, buffer, (size_t)got)) break;
}

static void shuts_down_alone(int client) {
  does_not_close(client);
  shutdown(client, SHUT_RDWR);
}

static void spins_at_end(int client) {
  char buffer[BUFFER];
  for (;;) {
    ssize_t got = recv(client, buffer, sizeof buffer, 0);
    if (got < 0) break;
    if (!send_all(client, buffer, (size_t)got)) break;
  }
  close(client);
}

static void dies_at_reset(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0)
    if (!send_all(client, buffer, (size_t)got)) break;
  if (got < 0) {
    perror("recv");
    exit(EXIT_FAILURE);
  }
  close(client);
}

static void dies_at_sigpipe(int client) {
  char buffer[BUFFER];
  ssize_t got;
  while ((got = read(client, buffer, sizeof buffer)) > 0)
    for (ssize_t sent = 0, more; sent < got; sent += more)
      if ((more = write(client, buffer + sent, (size_t)(got - sent))) < 0) break;
  close(client);
}

/* All threads share the variable of the last client. */
static int shared_client;

static void mixes_clients(int client) {
  char buffer[BUFFER];
  ssize_t got;
  shared_client = client;
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0)
    if (!send_all(shared_client, buffer, (size_t)got)) break;
  close(client);
}

/* All that is said goes to the client that came first, until that one ends. */
static int first_client = -1;

static bool has_ended(int client) {
  char byte;
  if (client < 0) return true;
  ssize_t got = recv(client, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

static void answers_first_client(int client) {
  char buffer[BUFFER];
  ssize_t got;
  int first = __atomic_load_n(&first_client, __ATOMIC_SEQ_CST), own = client;
  /* Its thread may not have seen yet that it ended. */
  if (has_ended(first))
    __atomic_compare_exchange_n(&first_client, &first, client, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  first = __atomic_load_n(&first_client, __ATOMIC_SEQ_CST);
  while ((got = recv(client, buffer, sizeof buffer, 0)) > 0)
    if (!send_all(first < 0 ? client : first, buffer, (size_t)got)) break;
  __atomic_compare_exchange_n(&first_client, &own, -1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  close(client);
}

struct begun {
  serve_client *serve;
  int client;
};

static void *begin(void *owner) {
  struct begun begun = *(struct begun *)owner;
  free(owner);
  begun.serve(begun.client);
  return NULL;
}

void run_threads(int listener, serve_client *serve) {
  for (;;) {
    pthread_t thread;
    struct begun *begun = malloc(sizeof *begun);
    if (begun == NULL) abort();
    *begun = (struct begun){serve, accept(listener, NULL, NULL)};
    if (begun->client < 0 || pthread_create(&thread, NULL, begin, begun) != 0) {
      if (begun->client >= 0) close(begun->client);
      free(begun);
      continue;
    }
    pthread_detach(thread);
  }
}

static void one_at_a_time(int listener) {
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client >= 0) serve_rightly(client);
  }
}

/* The parent keeps its copy of each connection. */
static void forks_and_keeps(int listener) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client < 0) continue;
    if (fork() == 0) {
      close(listener);
      serve_rightly(client);
      _exit(EXIT_SUCCESS);
    }
  }
}

static const struct {
  const char *name;
  serve_client *serve; /* in a thread for each client; or else */
  run_server *run;
  bool is_udp;
  bool reuses_no_address;
} rows[] = {
    {"right-threads", serve_rightly, NULL, false, false},
    {"right-poll", NULL, poll_right, false, false},
    {"stops-at-nul", stops_at_nul, NULL, false, false},
    {"adds-nul", adds_nul, NULL, false, false},
    {"sends-whole-buffer", sends_whole_buffer, NULL, false, false},
    {"one-recv", one_recv, NULL, false, false},
    {"stops-at-byte-255", stops_at_byte_255, NULL, false, false},
    {"does-not-close", does_not_close, NULL, false, false},
    {"forks-and-keeps", NULL, forks_and_keeps, false, false},
    {"leaks-descriptors", shuts_down_alone, NULL, false, false},
    {"spins-at-end", spins_at_end, NULL, false, false},
    {"dies-at-reset", dies_at_reset, NULL, false, false},
    {"dies-at-sigpipe", dies_at_sigpipe, NULL, false, false},
    {"mixes-clients", mixes_clients, NULL, false, false},
    {"answers-first-client", answers_first_client, NULL, false, false},
    {"no-reuseaddr", serve_rightly, NULL, false, true},
    {"one-at-a-time", NULL, one_at_a_time, false, false},
    {"short-write", NULL, poll_short_write, false, false},
    {"gives-up-at-full", NULL, poll_gives_up_at_full, false, false},
    {"sends-twice", NULL, poll_sends_twice, false, false},
    {"drops-at-half-close", NULL, poll_drops_at_half_close, false, false},
    {"slow-reader-stops-others", NULL, poll_slow_reader_stops_others, false, false},
    {"udp-right", NULL, datagrams_right, true, false},
    {"udp-stops-at-nul", NULL, datagrams_stop_at_nul, true, false},
    {"udp-cuts-datagrams", NULL, datagrams_cut, true, false},
    {"udp-ends-at-empty", NULL, datagrams_end_at_empty, true, false},
    {"udp-answers-wrong-client", NULL, datagrams_wrong_client, true, false},
    {"udp-answers-from-other-port", NULL, datagrams_other_port, true, false},
};

static int listen_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0)
    return -1;
  printf("listening on unix:%s\n", path);
  return listener;
}

static int open_port(bool is_udp, bool reuses_address) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int on = 1, made = socket(AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (made < 0) return -1;
  if (reuses_address) setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(made, (struct sockaddr *)&address, length) != 0 || (!is_udp && listen(made, 16) != 0) ||
      getsockname(made, (struct sockaddr *)&address, &length) != 0)
    return -1;
  printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
  return made;
}

int main(int argc, char **argv) {
  for (size_t i = 0; argc > 1 && i < sizeof rows / sizeof rows[0]; i++) {
    if (strcmp(rows[i].name, argv[1]) != 0) continue;
    int made = argc > 2 ? listen_unix(argv[2]) : open_port(rows[i].is_udp, !rows[i].reuses_no_address);
    if (made < 0) break;
    fflush(stdout);
    if (rows[i].serve != NULL)
      run_threads(made, rows[i].serve);
    else
      rows[i].run(made);
    return EXIT_SUCCESS;
  }
  fprintf(stderr, "streams MISTAKE [PATH]; it was: %s\n", argc > 1 ? argv[1] : "nothing");
  return EXIT_FAILURE;
}
