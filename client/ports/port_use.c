/* See port_use.h. */
#include "client/ports/port_use.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/text/clock.h"

/* TCP_TIMEWAIT_LEN of the kernel's include/net/tcp.h. */
#define TIME_WAIT_MS 60000u
/* FNV-1a, 64 bits. */
#define HASH_BASIS 14695981039346656037u
#define HASH_PRIME 1099511628211u

static void add_to_hash(uint64_t *hash, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    *hash = (*hash ^ ((const uint8_t *)bytes)[i]) * HASH_PRIME;
}

/* The same for a connection whichever of its ends is looked at. */
static uint64_t key_of(const struct sockaddr_storage *server, const struct sockaddr_storage *client) {
  char text[ADDRESS_TEXT_SIZE];
  uint64_t hash = HASH_BASIS;
  address_format(server, text);
  add_to_hash(&hash, text, strlen(text) + 1);
  address_format(client, text);
  add_to_hash(&hash, text, strlen(text) + 1);
  return hash;
}

static uint64_t key_of_link(const struct peer_link *link, const struct connection_list *list) {
  if (link->server != PEER_NONE) {
    const struct connection *server = &list->rows[link->server];
    return key_of(&server->local, &server->remote);
  }
  const struct connection *client = &list->rows[link->client];
  return key_of(&client->remote, &client->local);
}

static int compare_keys(const void *one, const void *other) {
  uint64_t first = *(const uint64_t *)one, second = *(const uint64_t *)other;
  return (first > second) - (first < second);
}

/* Has it stood since then? The rest of one tells when it was closed. */
static bool counts(const struct peer_link *link, const struct connection_list *list, uint64_t since_ns,
                   uint64_t now_ns) {
  const struct connection *seen = &list->rows[link->server != PEER_NONE ? link->server : link->client];
  if (seen->state == SOCKET_STATE_CONNECTING || seen->is_half_open) return false;
  if (seen->state != SOCKET_STATE_TIME_WAIT || seen->expires_ms == 0 || seen->expires_ms > TIME_WAIT_MS) return true;
  uint64_t closed_before_ms = TIME_WAIT_MS - seen->expires_ms;
  return closed_before_ms * CLOCK_NS_PER_MS <= now_ns - since_ns;
}

static struct port_seen *find_seen(struct port_history *history, const struct port_socket *socket) {
  size_t low = 0, high = history->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = port_socket_compare(&history->seen[middle].socket, socket);
    if (order == 0) return &history->seen[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

static bool has_key(const struct port_use *use, uint64_t key) {
  return use->key_count > 0 && bsearch(&key, use->keys, use->key_count, sizeof key, compare_keys) != NULL;
}

/* What this look sees of TCP, sorted and each once; what the one before did not see is new, but at the first look. */
static int take_keys(struct port_use *use, const struct use_look *look, const struct peer_links *links) {
  size_t count = 0, kept = 0;
  uint64_t *keys = memory_take_zeroed(links->count + 1, sizeof *keys);
  if (keys == NULL) return UV_ENOMEM;
  for (size_t i = 0; i < links->count; i++) {
    bool is_tcp = look->rows[links->links[i].row].socket->transport == TRANSPORT_TCP;
    if (is_tcp && counts(&links->links[i], look->list, look->start_ns, look->now_ns))
      keys[count++] = key_of_link(&links->links[i], look->list);
  }
  qsort(keys, count, sizeof *keys, compare_keys);
  for (size_t i = 0; i < count; i++) {
    if (kept > 0 && keys[kept - 1] == keys[i]) continue;
    keys[kept++] = keys[i];
    if (use->looks > 0 && !has_key(use, keys[i])) use->seen++;
  }
  free(use->keys);
  use->keys = keys;
  use->key_count = kept;
  return 0;
}

int port_use_update(struct port_use *use, const struct use_look *look, struct port_history *history) {
  struct peer_links links;
  int code = peer_links_find(look->rows, look->row_count, look->list, &links);
  if (code == 0) code = take_keys(use, look, &links);
  for (size_t i = 0; code == 0 && i < links.count; i++) {
    struct port_seen *seen = find_seen(history, look->rows[links.links[i].row].socket);
    if (seen == NULL || seen->mark == PORT_MARK_WENT) continue;
    uint64_t since_ns = seen->since_ns != 0 ? seen->since_ns : look->start_ns;
    if (counts(&links.links[i], look->list, since_ns, look->now_ns)) seen->is_used = true;
  }
  peer_links_free(&links);
  if (code != 0) return code;
  use->looks++;
  use->is_counted = look->is_counted;
  use->counted = look->counted;
  return 0;
}

uint64_t port_use_missed(const struct port_use *use) {
  return use->is_counted && use->counted > use->seen ? use->counted - use->seen : 0;
}

bool port_use_is_unused(const struct port_seen *seen) {
  return !seen->is_used && seen->mark != PORT_MARK_WENT && seen->socket.transport == TRANSPORT_TCP &&
         seen->socket.state == SOCKET_STATE_LISTEN;
}

void port_use_free(struct port_use *use) {
  free(use->keys);
  *use = (struct port_use){0};
}
