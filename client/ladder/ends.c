/* What an end becomes by what it sends, and by what it gets. */
#include "client/ladder/ends.h"

#include <string.h>

void ends_begin(struct ends *ends, bool is_listening) {
  memset(ends, 0, sizeof *ends);
  ends->server.state = is_listening ? END_LISTEN : END_CLOSED;
}

/* Numbers wrap: those behind `least` by less than half of all come after it. */
static bool is_beyond(uint32_t number, uint32_t least) {
  return (int32_t)(number - least) > 0;
}

static void note_sender(struct end *sender, const struct packet *packet) {
  if (!sender->has_sent) sender->first = packet->sequence;
  sender->has_sent = true;
  if ((packet->flags & PACKET_FIN) == 0) return;
  sender->has_fin = true;
  sender->fin = packet->sequence + packet->payload_bytes;
}

static void take_reset(struct ends *ends) {
  bool was_listening = ends->server.state == END_LISTEN;
  ends->client.state = END_CLOSED;
  ends->server.state = was_listening ? END_LISTEN : END_CLOSED;
}

static void take_syn(struct end *sender, struct end *other, bool has_ack, bool has_arrived) {
  if (has_ack) {
    sender->state = END_SYN_RECV;
    if (has_arrived && other->state == END_SYN_SENT) other->state = END_ESTABLISHED;
    return;
  }
  sender->state = END_SYN_SENT;
  if (has_arrived && other->state == END_LISTEN) other->state = END_SYN_RECV;
}

/* The other end's packets that this one acknowledges. */
static void take_ack(const struct packet *packet, struct end *other) {
  if (other->state == END_SYN_RECV) other->state = END_ESTABLISHED;
  if (!other->has_fin || !is_beyond(packet->acknowledged, other->fin)) return;
  if (other->state == END_FIN_WAIT1) other->state = END_FIN_WAIT2;
  if (other->state == END_CLOSING) other->state = END_TIME_WAIT;
  if (other->state == END_LAST_ACK) other->state = END_CLOSED;
}

static void take_fin(struct end *sender, struct end *other, bool has_arrived) {
  if (sender->state == END_ESTABLISHED) sender->state = END_FIN_WAIT1;
  if (sender->state == END_CLOSE_WAIT) sender->state = END_LAST_ACK;
  if (!has_arrived) return;
  if (other->state == END_ESTABLISHED) other->state = END_CLOSE_WAIT;
  if (other->state == END_FIN_WAIT1) other->state = END_CLOSING;
  if (other->state == END_FIN_WAIT2) other->state = END_TIME_WAIT;
}

struct relative ends_take(struct ends *ends, const struct packet *packet, bool is_from_client, bool has_arrived) {
  struct end *sender = is_from_client ? &ends->client : &ends->server;
  struct end *other = is_from_client ? &ends->server : &ends->client;
  bool has_ack = (packet->flags & PACKET_ACK) != 0;
  note_sender(sender, packet);
  if ((packet->flags & PACKET_RST) != 0) {
    take_reset(ends);
  } else if ((packet->flags & PACKET_SYN) != 0) {
    take_syn(sender, other, has_ack, has_arrived);
  } else {
    if (has_ack && has_arrived) take_ack(packet, other);
    if ((packet->flags & PACKET_FIN) != 0) take_fin(sender, other, has_arrived);
  }
  return (struct relative){packet->sequence - sender->first,
                           has_ack && other->has_sent ? packet->acknowledged - other->first : 0};
}

/* The number behind those that the packet takes up. */
static uint32_t behind(const struct packet *packet) {
  return packet->sequence + packet->payload_bytes + ((packet->flags & (PACKET_SYN | PACKET_FIN)) != 0 ? 1 : 0);
}

static bool is_from(const struct packet *packet, uint16_t client_port) {
  return packet->source == client_port;
}

bool ends_has_arrived(const struct packet *packets, size_t count, size_t at, uint16_t client_port) {
  const struct packet *packet = &packets[at];
  bool takes_up = behind(packet) != packet->sequence;
  for (size_t i = at + 1; i < count; i++) {
    const struct packet *later = &packets[i];
    if (is_from(later, client_port) == is_from(packet, client_port)) continue;
    bool acknowledges = (later->flags & PACKET_ACK) != 0 && !is_beyond(behind(packet), later->acknowledged);
    if (takes_up && acknowledges) return true;
    bool is_again = (later->flags & (PACKET_SYN | PACKET_FIN)) != 0 && !is_beyond(behind(later), packet->acknowledged);
    if (!takes_up && is_again) return false;
  }
  return !takes_up;
}

const char *end_state_name(enum end_state state) {
  static const char *const names[] = {
      [END_CLOSED] = "CLOSED",       [END_LISTEN] = "LISTEN",           [END_SYN_SENT] = "SYN_SENT",
      [END_SYN_RECV] = "SYN_RECV",   [END_ESTABLISHED] = "ESTABLISHED", [END_FIN_WAIT1] = "FIN_WAIT1",
      [END_FIN_WAIT2] = "FIN_WAIT2", [END_CLOSING] = "CLOSING",         [END_CLOSE_WAIT] = "CLOSE_WAIT",
      [END_LAST_ACK] = "LAST_ACK",   [END_TIME_WAIT] = "TIME_WAIT",
  };
  return names[state];
}
