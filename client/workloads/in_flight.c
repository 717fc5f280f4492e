/* Messages in flight on one connection; see exchange.h. Knows no workload and no report. */
#include "client/workloads/in_flight.h"

#include <stdlib.h>
#include <string.h>

#include "client/workloads/message.h"
#include "common/text/clock.h"

struct slot {
  uint64_t sequence;
  uint64_t send_ns;
  uint64_t scheduled_ns;
  bool is_waiting;
  bool is_measured;
};

struct exchange {
  size_t bytes;
  size_t depth;
  size_t write_bytes; /* of one send call */
  struct slot *slots; /* message `sequence` is in slot `sequence` modulo depth */
  uint8_t *messages;  /* depth * bytes */
  struct result_errors *errors;
  uint64_t next_sequence; /* to send; the first is 1 */
  uint64_t oldest;        /* the lowest sequence that may still wait */
  size_t in_flight;
  uint64_t bad_stamps;
  /* Streams: the reply that is being read. */
  struct reply_reader reader;
  uint64_t stream_offset; /* bytes of whole replies before it */
  /* Datagrams. */
  uint64_t highest_answered;
  uint64_t answered[EXCHANGE_MEMORY / 64]; /* one bit a sequence, modulo EXCHANGE_MEMORY */
};

struct exchange *exchange_create(size_t bytes, size_t depth, const struct pattern *pattern,
                                 struct result_errors *errors) {
  struct exchange *exchange = calloc(1, sizeof *exchange);
  if (exchange == NULL) return NULL;
  exchange->bytes = bytes;
  exchange->depth = depth;
  exchange->write_bytes = bytes;
  exchange->errors = errors;
  exchange->next_sequence = 1;
  exchange->oldest = 1;
  exchange->slots = calloc(depth, sizeof *exchange->slots);
  exchange->messages = calloc(depth, bytes);
  if (exchange->slots == NULL || exchange->messages == NULL) {
    exchange_free(exchange);
    return NULL;
  }
  for (size_t i = 0; i < depth; i++)
    for (size_t done = 0; done < bytes; done += PATTERN_WINDOW_BYTES) {
      size_t rest = bytes - done;
      memcpy(exchange->messages + i * bytes + done, pattern_at(pattern, i * bytes + done),
             rest < PATTERN_WINDOW_BYTES ? rest : PATTERN_WINDOW_BYTES);
    }
  reply_reader_reset(&exchange->reader);
  return exchange;
}

void exchange_free(struct exchange *exchange) {
  if (exchange == NULL) return;
  free(exchange->slots);
  free(exchange->messages);
  free(exchange);
}

void exchange_split_writes(struct exchange *exchange, size_t writes) {
  exchange->write_bytes = (exchange->bytes + writes - 1) / writes;
}

size_t exchange_in_flight(const struct exchange *exchange) {
  return exchange->in_flight;
}

static struct slot *slot_of(const struct exchange *exchange, uint64_t sequence) {
  return &exchange->slots[sequence % exchange->depth];
}

static uint8_t *message_of(const struct exchange *exchange, uint64_t sequence) {
  return exchange->messages + (sequence % exchange->depth) * exchange->bytes;
}

bool exchange_has_room(const struct exchange *exchange) {
  /* The slot itself must be free, too: a lost datagram may hold it while later ones have come back. */
  return !slot_of(exchange, exchange->next_sequence)->is_waiting;
}

static void mark_answered(struct exchange *exchange, uint64_t sequence, bool is_answered) {
  uint64_t bit = sequence % EXCHANGE_MEMORY;
  uint64_t mask = UINT64_C(1) << (bit % 64);
  if (is_answered)
    exchange->answered[bit / 64] |= mask;
  else
    exchange->answered[bit / 64] &= ~mask;
}

static bool was_answered(const struct exchange *exchange, uint64_t sequence) {
  uint64_t bit = sequence % EXCHANGE_MEMORY;
  return (exchange->answered[bit / 64] >> (bit % 64)) & 1;
}

static int send_in_writes(struct connection *connection, const uint8_t *message, size_t bytes, size_t write_bytes) {
  int code = 0;
  for (size_t done = 0; done < bytes && code == 0; done += write_bytes)
    code = connection_send(connection, message + done, bytes - done < write_bytes ? bytes - done : write_bytes);
  return code;
}

/* The slots lie in the order of the sequence, and those of one batch in two runs at most: it may begin at the end. */
static int send_batch(struct exchange *exchange, struct connection *connection, uint64_t first, size_t count) {
  size_t until_end = exchange->depth - (size_t)(first % exchange->depth);
  size_t head = count < until_end ? count : until_end;
  int code = connection_send(connection, message_of(exchange, first), head * exchange->bytes);
  if (code != 0 || head == count) return code;
  return connection_send(connection, message_of(exchange, first + head), (count - head) * exchange->bytes);
}

size_t exchange_room(const struct exchange *exchange) {
  size_t room = 0;
  while (room < exchange->depth && !slot_of(exchange, exchange->next_sequence + room)->is_waiting)
    room++;
  return room;
}

int exchange_send(struct exchange *exchange, struct connection *connection, size_t count, bool is_measured,
                  uint64_t scheduled_ns, uint64_t *send_ns) {
  uint64_t first = exchange->next_sequence;
  for (uint64_t sequence = first; sequence < first + count; sequence++) {
    struct slot *slot = slot_of(exchange, sequence);
    mark_answered(exchange, sequence, false);
    slot->sequence = sequence;
    slot->is_waiting = true;
    slot->is_measured = is_measured;
    message_put(message_of(exchange, sequence), exchange->bytes, sequence);
  }
  exchange->next_sequence += count;
  exchange->in_flight += count;
  /* The clock is read last, so that nothing of ours but the writing of this number lies between it and the send call.
   */
  *send_ns = clock_now_ns();
  for (uint64_t sequence = first; sequence < first + count; sequence++) {
    struct slot *slot = slot_of(exchange, sequence);
    slot->send_ns = *send_ns;
    slot->scheduled_ns = scheduled_ns == 0 ? *send_ns : scheduled_ns;
    message_put_send_time(message_of(exchange, sequence), exchange->bytes, *send_ns);
  }
  if (count > 1) return send_batch(exchange, connection, first, count);
  return send_in_writes(connection, message_of(exchange, first), exchange->bytes, exchange->write_bytes);
}

/* The message is no longer waited for. */
static void settle(struct exchange *exchange, struct slot *slot) {
  slot->is_waiting = false;
  exchange->in_flight--;
  while (exchange->oldest < exchange->next_sequence && !slot_of(exchange, exchange->oldest)->is_waiting)
    exchange->oldest++;
}

static void count_corrupted(struct exchange *exchange, uint64_t stream_offset) {
  struct result_errors *errors = exchange->errors;
  errors->corrupted++;
  if (errors->has_first_corrupted) return;
  errors->has_first_corrupted = true;
  errors->first_corrupted_offset = stream_offset;
}

/* Judges the reply in the reader against its message; reports it if it is sound. `stream_offset` says where the reply
 * began in its connection's stream. */
static void judge(struct exchange *exchange, const struct slot *slot, uint64_t receive_ns, uint64_t stream_offset,
                  exchange_on_reply *on_reply, void *owner) {
  struct wire_frame stamp;
  struct exchange_reply reply = {.sequence = slot->sequence,
                                 .send_ns = slot->send_ns,
                                 .scheduled_ns = slot->scheduled_ns,
                                 .is_measured = slot->is_measured};
  size_t mismatch = reply_reader_judge(&exchange->reader, message_of(exchange, slot->sequence), exchange->bytes, &stamp,
                                       &reply.is_stamped);
  if (mismatch != MESSAGE_ALL_EQUAL) {
    count_corrupted(exchange, stream_offset + mismatch);
    return;
  }
  if (reply.is_stamped) {
    reply.server_receive_ns = stamp.server_receive_ns;
    reply.server_send_ns = stamp.server_send_ns;
    reply.server_cpu = stamp.server_cpu;
    bool is_ordered = slot->send_ns <= stamp.server_receive_ns && stamp.server_receive_ns <= stamp.server_send_ns &&
                      stamp.server_send_ns <= receive_ns;
    if (!is_ordered) {
      exchange->bad_stamps++;
      reply.is_stamped = false;
    }
  }
  on_reply(owner, &reply);
}

void exchange_take_stream(struct exchange *exchange, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                          exchange_on_reply *on_reply, void *owner) {
  while (length > 0) {
    struct slot *slot = slot_of(exchange, exchange->oldest);
    if (exchange->in_flight == 0) {
      count_corrupted(exchange, exchange->stream_offset);
      exchange->stream_offset += length;
      return;
    }
    size_t taken =
        reply_reader_take(&exchange->reader, message_of(exchange, slot->sequence), exchange->bytes, bytes, length);
    bytes += taken;
    length -= taken;
    if (exchange->reader.offset < exchange->bytes) return;
    settle(exchange, slot);
    judge(exchange, slot, receive_ns, exchange->stream_offset, on_reply, owner);
    exchange->stream_offset += exchange->bytes;
    reply_reader_reset(&exchange->reader);
  }
}

/* A datagram whose message is not waited for any more: late, or a second copy. */
static void take_unexpected(struct exchange *exchange, uint64_t sequence) {
  struct result_errors *errors = exchange->errors;
  if (sequence == 0 || sequence >= exchange->next_sequence) {
    errors->corrupted++;
    return;
  }
  bool is_remembered = exchange->next_sequence - sequence < EXCHANGE_MEMORY;
  /* Of a message that is forgotten, its answer is the missing one as long as one is missing. */
  bool is_copy = is_remembered ? was_answered(exchange, sequence) : errors->lost == 0;
  if (is_copy) {
    errors->duplicated++;
    return;
  }
  if (is_remembered) mark_answered(exchange, sequence, true);
  if (errors->lost > 0) errors->lost--;
  if (sequence < exchange->highest_answered) errors->reordered++;
}

void exchange_take_datagram(struct exchange *exchange, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                            exchange_on_reply *on_reply, void *owner) {
  struct result_errors *errors = exchange->errors;
  if (length != exchange->bytes) {
    errors->corrupted++;
    return;
  }
  uint64_t sequence = message_sequence(bytes, length, exchange->oldest);
  struct slot *slot = slot_of(exchange, sequence);
  if (!slot->is_waiting || slot->sequence != sequence) {
    take_unexpected(exchange, sequence);
    return;
  }
  reply_reader_reset(&exchange->reader);
  reply_reader_take(&exchange->reader, message_of(exchange, sequence), exchange->bytes, bytes, length);
  settle(exchange, slot);
  mark_answered(exchange, sequence, true);
  if (sequence < exchange->highest_answered)
    errors->reordered++;
  else
    exchange->highest_answered = sequence;
  judge(exchange, slot, receive_ns, (sequence - 1) * exchange->bytes, on_reply, owner);
}

uint64_t exchange_oldest_send_ns(const struct exchange *exchange) {
  return exchange->in_flight == 0 ? UINT64_MAX : slot_of(exchange, exchange->oldest)->send_ns;
}

size_t exchange_expire(struct exchange *exchange, uint64_t send_ns, uint64_t *sequence) {
  size_t expired = 0;
  while (exchange->in_flight > 0) {
    struct slot *slot = slot_of(exchange, exchange->oldest);
    if (slot->send_ns >= send_ns) break;
    *sequence = slot->sequence;
    exchange->errors->timed_out++;
    exchange->errors->lost++;
    expired++;
    settle(exchange, slot);
  }
  return expired;
}

uint64_t exchange_bad_stamps(const struct exchange *exchange) {
  return exchange->bad_stamps;
}
