/* See datagrams.h. */
#include "client/grade/datagrams.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define READ_BYTES 65536

struct datagram_client {
  uv_udp_t udp;
  struct talks *talks;
  struct sockaddr_storage target;
  bool is_closed;
  size_t count;
  struct datagram datagrams[DATAGRAMS_MAX];
  uint8_t chunk[READ_BYTES];
};

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct datagram_client *client = handle->data;
  (void)suggested;
  *buffer = uv_buf_init((char *)client->chunk, sizeof client->chunk);
}

/* Without an address nothing came: libuv calls so, too, when there is nothing more to read. */
static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *source,
                        unsigned flags) {
  struct datagram_client *client = udp->data;
  (void)buffer;
  (void)flags;
  if (length < 0 || source == NULL || client->count == DATAGRAMS_MAX) return;
  struct datagram *datagram = &client->datagrams[client->count];
  datagram->bytes = length > 0 ? memory_take((size_t)length) : NULL;
  if (length > 0 && datagram->bytes == NULL) return;
  if (length > 0) memcpy(datagram->bytes, client->chunk, (size_t)length);
  datagram->length = (size_t)length;
  memcpy(&datagram->source, source,
         source->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
  client->count++;
}

int datagrams_open(struct talks *talks, const struct endpoint *target, struct datagram_client **out) {
  struct datagram_client *client = memory_take_zeroed(1, sizeof *client);
  struct sockaddr_storage any = {.ss_family = target->address.ss_family};
  *out = NULL;
  if (client == NULL) return UV_ENOMEM;
  client->talks = talks;
  client->target = target->address;
  int code = uv_udp_init(&talks->loop, &client->udp);
  if (code != 0) {
    free(client);
    return lack_note(code);
  }
  client->udp.data = client;
  code = uv_udp_bind(&client->udp, (const struct sockaddr *)&any, 0);
  if (code == 0) code = uv_udp_recv_start(&client->udp, on_alloc, on_datagram);
  if (code != 0) {
    datagrams_close(client);
    return lack_note(code);
  }
  *out = client;
  return 0;
}

int datagrams_send(struct datagram_client *client, const void *bytes, size_t length) {
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  int code = uv_udp_try_send(&client->udp, &buffer, 1, (const struct sockaddr *)&client->target);
  return code < 0 ? lack_note(code) : 0;
}

bool datagrams_await(struct datagram_client *client, size_t count) {
  struct talks *talks = client->talks;
  uint64_t quiet_until = clock_now_ns() + talks->patience_ns;
  bool is_last_look = false;
  while (client->count < count && !is_last_look) {
    size_t before = client->count;
    is_last_look = clock_now_ns() >= quiet_until || clock_now_ns() >= talks->until_ns;
    talks_turn(talks, quiet_until);
    if (client->count > before) quiet_until = clock_now_ns() + talks->patience_ns;
  }
  return client->count >= count;
}

const struct datagram *datagrams_received(const struct datagram_client *client, size_t *count) {
  *count = client->count;
  return client->datagrams;
}

static void after_close(uv_handle_t *handle) {
  struct datagram_client *client = handle->data;
  client->is_closed = true;
}

void datagrams_close(struct datagram_client *client) {
  uv_close((uv_handle_t *)&client->udp, after_close);
  while (!client->is_closed)
    (void)uv_run(&client->talks->loop, UV_RUN_ONCE);
  for (size_t i = 0; i < client->count; i++)
    free(client->datagrams[i].bytes);
  free(client);
}
