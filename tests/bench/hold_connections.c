/*
 * Opens COUNT connections to 127.0.0.1:PORT, sends 64 B on each and reads them back, prints "ready", and holds them
 * idle until its stdin ends. Then it resets them, so that no port stays in TIME_WAIT.
 *
 * usage: hold_connections PORT COUNT
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_BYTES 64
#define EACH_ADDRESS  10000  // connections from one source address: fewer than any usual range of ports has
#define OTHER_FILES   16

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void allow_descriptors(size_t count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
  if (limit.rlim_cur >= count) return;
  limit.rlim_cur = count;
  if (limit.rlim_max < count) limit.rlim_max = count;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("raising the limit of open files");
}

static int open_used(uint16_t port, size_t index) {
  char bytes[MESSAGE_BYTES] = {0};
  int on = 1;
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  struct sockaddr_in source = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(index / EACH_ADDRESS))};
  struct sockaddr_in target = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (descriptor < 0) fail("socket");
  if (setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) != 0)
    fail("setsockopt");
  if (bind(descriptor, (struct sockaddr *)&source, sizeof source) != 0) fail("bind");
  if (connect(descriptor, (struct sockaddr *)&target, sizeof target) != 0) fail("connect");
  if (send(descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) fail("send");
  if (recv(descriptor, bytes, sizeof bytes, MSG_WAITALL) != MESSAGE_BYTES) fail("recv");
  return descriptor;
}

int main(int argc, char **argv) {
  unsigned long port = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
  size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
  if (port == 0 || port > UINT16_MAX || count == 0) {
    fprintf(stderr, "usage: hold_connections PORT COUNT\n");
    return 2;
  }
  allow_descriptors(count + OTHER_FILES);
  int *descriptors = calloc(count, sizeof *descriptors);
  if (descriptors == NULL) fail("calloc");
  for (size_t i = 0; i < count; i++)
    descriptors[i] = open_used((uint16_t)port, i);
  puts("ready");
  fflush(stdout);
  for (char byte; read(STDIN_FILENO, &byte, 1) > 0;) {
  }
  for (size_t i = 0; i < count; i++)
    close(descriptors[i]);
  free(descriptors);
  return 0;
}
