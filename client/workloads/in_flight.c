/* Messages in flight on one connection; see in_flight.h. Knows no workload and no report. */
#include "client/workloads/in_flight.h"

#include <stdlib.h>
#include <string.h>

#include "client/workloads/fault_frames.h"
#include "client/workloads/message.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

struct slot {
  uint64_t sequence;
  uint64_t send_ns;
  uint64_t scheduled_ns;
  bool is_waiting;
  bool is_measured;
};

struct in_flight {
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
  uint64_t answered[IN_FLIGHT_MEMORY / 64]; /* one bit a sequence, modulo IN_FLIGHT_MEMORY */
  struct slot *late;     /* given up, and may come yet: message `sequence` is in slot `sequence` modulo
                          * IN_FLIGHT_LATE_MEMORY; NULL until one was given up */
  uint8_t *late_message; /* room to write one of them again */
  uint64_t untimed;
  /* Of a server that fails on purpose; NULL: none. */
  struct wire_fault_count *seen;
  struct fault_frames frames;
};

struct in_flight *in_flight_create(size_t bytes, size_t depth, const struct pattern *pattern,
                                   struct result_errors *errors) {
  struct in_flight *in_flight = memory_take_zeroed(1, sizeof *in_flight);
  if (in_flight == NULL) return NULL;
  in_flight->bytes = bytes;
  in_flight->depth = depth;
  in_flight->write_bytes = bytes;
  in_flight->errors = errors;
  in_flight->next_sequence = 1;
  in_flight->oldest = 1;
  in_flight->slots = memory_take_zeroed(depth, sizeof *in_flight->slots);
  in_flight->messages = memory_take_zeroed(depth, bytes);
  if (in_flight->slots == NULL || in_flight->messages == NULL) {
    in_flight_free(in_flight);
    return NULL;
  }
  for (size_t i = 0; i < depth; i++)
    for (size_t done = 0; done < bytes; done += PATTERN_WINDOW_BYTES) {
      size_t rest = bytes - done;
      memcpy(in_flight->messages + i * bytes + done, pattern_at(pattern, i * bytes + done),
             rest < PATTERN_WINDOW_BYTES ? rest : PATTERN_WINDOW_BYTES);
    }
  reply_reader_reset(&in_flight->reader);
  return in_flight;
}

void in_flight_free(struct in_flight *in_flight) {
  if (in_flight == NULL) return;
  free(in_flight->slots);
  free(in_flight->messages);
  free(in_flight->late);
  free(in_flight->late_message);
  fault_frames_free(&in_flight->frames);
  free(in_flight);
}

void in_flight_split_writes(struct in_flight *in_flight, size_t writes) {
  in_flight->write_bytes = (in_flight->bytes + writes - 1) / writes;
}

void in_flight_expect_faults(struct in_flight *in_flight, struct wire_fault_count *seen) {
  in_flight->seen = seen;
}

bool in_flight_expects_faults(const struct in_flight *in_flight) {
  return in_flight->seen != NULL;
}

size_t in_flight_count(const struct in_flight *in_flight) {
  return in_flight->in_flight;
}

static struct slot *slot_of(const struct in_flight *in_flight, uint64_t sequence) {
  return &in_flight->slots[sequence % in_flight->depth];
}

static uint8_t *message_of(const struct in_flight *in_flight, uint64_t sequence) {
  return in_flight->messages + (sequence % in_flight->depth) * in_flight->bytes;
}

bool in_flight_has_room(const struct in_flight *in_flight) {
  /* The slot itself must be free, too: a lost datagram may hold it while later ones have come back. */
  return !slot_of(in_flight, in_flight->next_sequence)->is_waiting;
}

static void mark_answered(struct in_flight *in_flight, uint64_t sequence, bool is_answered) {
  uint64_t bit = sequence % IN_FLIGHT_MEMORY;
  uint64_t mask = UINT64_C(1) << (bit % 64);
  if (is_answered)
    in_flight->answered[bit / 64] |= mask;
  else
    in_flight->answered[bit / 64] &= ~mask;
}

static bool was_answered(const struct in_flight *in_flight, uint64_t sequence) {
  uint64_t bit = sequence % IN_FLIGHT_MEMORY;
  return (in_flight->answered[bit / 64] >> (bit % 64)) & 1;
}

static int send_in_writes(struct connection *connection, const uint8_t *message, size_t bytes, size_t write_bytes) {
  int code = 0;
  for (size_t done = 0; done < bytes && code == 0; done += write_bytes)
    code = connection_send(connection, message + done, bytes - done < write_bytes ? bytes - done : write_bytes);
  return code;
}

/* The slots lie in the order of the sequence, and those of one batch in two runs at most: it may begin at the end. */
static int send_batch(struct in_flight *in_flight, struct connection *connection, uint64_t first, size_t count) {
  size_t until_end = in_flight->depth - (size_t)(first % in_flight->depth);
  size_t head = count < until_end ? count : until_end;
  int code = connection_send(connection, message_of(in_flight, first), head * in_flight->bytes);
  if (code != 0 || head == count) return code;
  return connection_send(connection, message_of(in_flight, first + head), (count - head) * in_flight->bytes);
}

size_t in_flight_room(const struct in_flight *in_flight) {
  size_t room = 0;
  while (room < in_flight->depth && !slot_of(in_flight, in_flight->next_sequence + room)->is_waiting)
    room++;
  return room;
}

int in_flight_send(struct in_flight *in_flight, struct connection *connection, size_t count, bool is_measured,
                   uint64_t scheduled_ns, uint64_t *send_ns) {
  uint64_t first = in_flight->next_sequence;
  for (uint64_t sequence = first; sequence < first + count; sequence++) {
    struct slot *slot = slot_of(in_flight, sequence);
    mark_answered(in_flight, sequence, false);
    slot->sequence = sequence;
    slot->is_waiting = true;
    slot->is_measured = is_measured;
    message_put(message_of(in_flight, sequence), in_flight->bytes, sequence);
  }
  in_flight->next_sequence += count;
  in_flight->in_flight += count;
  /* The clock is read last, so that nothing of ours but the writing of this number lies between it and the send call.
   */
  *send_ns = clock_now_ns();
  for (uint64_t sequence = first; sequence < first + count; sequence++) {
    struct slot *slot = slot_of(in_flight, sequence);
    slot->send_ns = *send_ns;
    slot->scheduled_ns = scheduled_ns == 0 ? *send_ns : scheduled_ns;
    message_put_send_time(message_of(in_flight, sequence), in_flight->bytes, *send_ns);
  }
  if (count > 1) return send_batch(in_flight, connection, first, count);
  return send_in_writes(connection, message_of(in_flight, first), in_flight->bytes, in_flight->write_bytes);
}

/* The message is no longer waited for. */
static void settle(struct in_flight *in_flight, struct slot *slot) {
  slot->is_waiting = false;
  in_flight->in_flight--;
  while (in_flight->oldest < in_flight->next_sequence && !slot_of(in_flight, in_flight->oldest)->is_waiting)
    in_flight->oldest++;
}

static void count_corrupted(struct in_flight *in_flight, uint64_t stream_offset) {
  struct result_errors *errors = in_flight->errors;
  errors->corrupted++;
  if (errors->has_first_corrupted) return;
  errors->has_first_corrupted = true;
  errors->first_corrupted_offset = stream_offset;
}

/* Judges the reply in the reader, which began at stream_offset, against its message; reports it if it is sound. */
static void judge(struct in_flight *in_flight, const struct slot *slot, const uint8_t *message, uint64_t receive_ns,
                  in_flight_on_reply *on_reply, void *owner) {
  struct wire_frame stamp;
  struct in_flight_reply reply = {.sequence = slot->sequence,
                                  .send_ns = slot->send_ns,
                                  .scheduled_ns = slot->scheduled_ns,
                                  .is_measured = slot->is_measured};
  uint8_t fault_flags = in_flight->seen != NULL ? WIRE_FRAME_FLAGS_FAULTS : 0;
  size_t mismatch =
      reply_reader_judge(&in_flight->reader, message, in_flight->bytes, fault_flags, &stamp, &reply.is_stamped);
  if (in_flight->seen != NULL) {
    fault_frames_note_held(in_flight->reader.header, in_flight->bytes, receive_ns - slot->send_ns, in_flight->seen);
    if (mismatch != MESSAGE_ALL_EQUAL) in_flight->seen[WIRE_FAULT_CORRUPT].count++;
  }
  if (mismatch != MESSAGE_ALL_EQUAL) {
    count_corrupted(in_flight, in_flight->stream_offset + mismatch);
    return;
  }
  if (reply.is_stamped) {
    reply.server_receive_ns = stamp.server_receive_ns;
    reply.server_send_ns = stamp.server_send_ns;
    reply.server_cpu = stamp.server_cpu;
    bool is_ordered = slot->send_ns <= stamp.server_receive_ns && stamp.server_receive_ns <= stamp.server_send_ns &&
                      stamp.server_send_ns <= receive_ns;
    if (!is_ordered) {
      in_flight->bad_stamps++;
      reply.is_stamped = false;
    }
  }
  on_reply(owner, &reply);
}

/* The message, where it waits for a reply. */
static const uint8_t *waiting_message(const struct in_flight *in_flight, const uint8_t *frame) {
  struct wire_frame header;
  if (!wire_get_frame(frame, WIRE_FRAME_HEADER_BYTES, &header)) return NULL;
  const struct slot *slot = slot_of(in_flight, header.sequence);
  bool is_it = slot->is_waiting && slot->sequence == header.sequence;
  return is_it ? message_of(in_flight, header.sequence) : NULL;
}

/* A stream whose frames may be missing, doubled or cut short is one of datagrams. */
static void take_faulty_stream(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                               in_flight_on_reply *on_reply, void *owner) {
  struct fault_frames *frames = &in_flight->frames;
  while (length > 0) {
    size_t taken = fault_frames_take(frames, in_flight->bytes, bytes, length);
    if (taken == 0) { /* out of memory */
      count_corrupted(in_flight, in_flight->stream_offset);
      return;
    }
    bytes += taken;
    length -= taken;
    if (frames->length < in_flight->bytes) return;
    size_t whole = fault_frames_find_end(frames, waiting_message(in_flight, frames->bytes));
    in_flight_take_datagram(in_flight, frames->bytes, whole, receive_ns, on_reply, owner);
    fault_frames_drop(frames, whole);
  }
}

void in_flight_take_stream(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                           in_flight_on_reply *on_reply, void *owner) {
  if (in_flight->seen != NULL && message_is_frame(in_flight->bytes)) {
    take_faulty_stream(in_flight, bytes, length, receive_ns, on_reply, owner);
    return;
  }
  while (length > 0) {
    struct slot *slot = slot_of(in_flight, in_flight->oldest);
    if (in_flight->in_flight == 0) {
      count_corrupted(in_flight, in_flight->stream_offset);
      in_flight->stream_offset += length;
      return;
    }
    size_t taken =
        reply_reader_take(&in_flight->reader, message_of(in_flight, slot->sequence), in_flight->bytes, bytes, length);
    bytes += taken;
    length -= taken;
    if (in_flight->reader.offset < in_flight->bytes) return;
    settle(in_flight, slot);
    judge(in_flight, slot, message_of(in_flight, slot->sequence), receive_ns, on_reply, owner);
    in_flight->stream_offset += in_flight->bytes;
    reply_reader_reset(&in_flight->reader);
  }
}

/* Compares a whole datagram with the message that it answers. */
static void judge_datagram(struct in_flight *in_flight, const struct slot *slot, const uint8_t *message,
                           const uint8_t *bytes, uint64_t receive_ns, in_flight_on_reply *on_reply, void *owner) {
  reply_reader_reset(&in_flight->reader);
  reply_reader_take(&in_flight->reader, message, in_flight->bytes, bytes, in_flight->bytes);
  in_flight->stream_offset = (slot->sequence - 1) * in_flight->bytes;
  judge(in_flight, slot, message, receive_ns, on_reply, owner);
}

/* Keeps when a message was sent that is given up: its answer may come yet. Without memory it is only not timed then. */
static void remember_late(struct in_flight *in_flight, const struct slot *slot) {
  if (in_flight->late == NULL) {
    in_flight->late = memory_take_zeroed(IN_FLIGHT_LATE_MEMORY, sizeof *in_flight->late);
    in_flight->late_message = memory_take(in_flight->bytes);
  }
  if (in_flight->late == NULL || in_flight->late_message == NULL) return;
  in_flight->late[slot->sequence % IN_FLIGHT_LATE_MEMORY] = *slot;
}

/* The answer to a message that was given up: as true as any other, and its time is what it is. Another message may have
 * taken its place, so it is written once more to be compared with. */
static void judge_late(struct in_flight *in_flight, uint64_t sequence, const uint8_t *bytes, uint64_t receive_ns,
                       in_flight_on_reply *on_reply, void *owner) {
  const struct slot *slot = in_flight->late == NULL ? NULL : &in_flight->late[sequence % IN_FLIGHT_LATE_MEMORY];
  if (slot == NULL || in_flight->late_message == NULL || slot->sequence != sequence) {
    in_flight->untimed++;
    return;
  }
  memcpy(in_flight->late_message, message_of(in_flight, sequence), in_flight->bytes);
  message_put(in_flight->late_message, in_flight->bytes, sequence);
  message_put_send_time(in_flight->late_message, in_flight->bytes, slot->send_ns);
  judge_datagram(in_flight, slot, in_flight->late_message, bytes, receive_ns, on_reply, owner);
}

/* A datagram whose message is not waited for any more: a second copy, which answers nothing, or late. */
static bool is_late_answer(struct in_flight *in_flight, uint64_t sequence) {
  struct result_errors *errors = in_flight->errors;
  if (sequence == 0 || sequence >= in_flight->next_sequence) {
    errors->corrupted++;
    return false;
  }
  bool is_remembered = in_flight->next_sequence - sequence < IN_FLIGHT_MEMORY;
  /* Of a message that is forgotten, its answer is the missing one as long as one is missing. */
  bool is_copy = is_remembered ? was_answered(in_flight, sequence) : errors->lost == 0;
  if (is_copy) {
    errors->duplicated++;
    if (in_flight->seen != NULL) in_flight->seen[WIRE_FAULT_DUPLICATE].count++;
    return false;
  }
  if (is_remembered) mark_answered(in_flight, sequence, true);
  if (errors->lost > 0) errors->lost--;
  if (sequence < in_flight->highest_answered) errors->reordered++;
  return true;
}

/* The message has its answer, which may be out of order. */
static void note_answered(struct in_flight *in_flight, uint64_t sequence) {
  struct result_errors *errors = in_flight->errors;
  mark_answered(in_flight, sequence, true);
  if (sequence < in_flight->highest_answered)
    errors->reordered++;
  else
    in_flight->highest_answered = sequence;
}

/* One that was cut short on purpose says which it is, and answers its message. */
static void take_truncated(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct wire_frame frame;
  bool is_known = in_flight->seen != NULL && length < in_flight->bytes && wire_get_frame(bytes, length, &frame) &&
                  (frame.flags & WIRE_FRAME_FLAG_CHANGED) != 0;
  struct slot *slot = is_known ? slot_of(in_flight, frame.sequence) : NULL;
  bool is_waited_for = is_known && slot->is_waiting && slot->sequence == frame.sequence;
  if (is_known && !is_waited_for && !is_late_answer(in_flight, frame.sequence)) return;
  count_corrupted(in_flight, (is_known ? frame.sequence - 1 : 0) * in_flight->bytes + length);
  if (!is_known) return;
  in_flight->seen[WIRE_FAULT_TRUNCATE].count++;
  if (!is_waited_for) return;
  fault_frames_note_held(bytes, length, receive_ns - slot->send_ns, in_flight->seen);
  settle(in_flight, slot);
  note_answered(in_flight, frame.sequence);
}

void in_flight_take_datagram(struct in_flight *in_flight, const uint8_t *bytes, size_t length, uint64_t receive_ns,
                             in_flight_on_reply *on_reply, void *owner) {
  if (length != in_flight->bytes) {
    take_truncated(in_flight, bytes, length, receive_ns);
    return;
  }
  uint64_t sequence = message_sequence(bytes, length, in_flight->oldest);
  struct slot *slot = slot_of(in_flight, sequence);
  if (!slot->is_waiting || slot->sequence != sequence) {
    if (is_late_answer(in_flight, sequence)) judge_late(in_flight, sequence, bytes, receive_ns, on_reply, owner);
    return;
  }
  settle(in_flight, slot);
  note_answered(in_flight, sequence);
  judge_datagram(in_flight, slot, message_of(in_flight, sequence), bytes, receive_ns, on_reply, owner);
}

uint64_t in_flight_oldest_send_ns(const struct in_flight *in_flight) {
  return in_flight->in_flight == 0 ? UINT64_MAX : slot_of(in_flight, in_flight->oldest)->send_ns;
}

/* A stream's last reply may have been cut short: nothing follows that shows its end. */
static size_t take_cut_end(struct in_flight *in_flight, uint64_t send_ns) {
  struct fault_frames *frames = &in_flight->frames;
  if (!fault_frames_is_cut(frames) || waiting_message(in_flight, frames->bytes) == NULL ||
      in_flight_oldest_send_ns(in_flight) >= send_ns)
    return 0;
  take_truncated(in_flight, frames->bytes, frames->length, clock_now_ns());
  fault_frames_drop(frames, frames->length);
  return 1;
}

size_t in_flight_expire(struct in_flight *in_flight, uint64_t send_ns, uint64_t *sequence) {
  size_t expired = take_cut_end(in_flight, send_ns);
  while (in_flight->in_flight > 0) {
    struct slot *slot = slot_of(in_flight, in_flight->oldest);
    if (slot->send_ns >= send_ns) break;
    *sequence = slot->sequence;
    remember_late(in_flight, slot);
    in_flight->errors->timed_out++;
    in_flight->errors->lost++;
    expired++;
    settle(in_flight, slot);
  }
  return expired;
}

uint64_t in_flight_untimed(const struct in_flight *in_flight) {
  return in_flight->untimed;
}

uint64_t in_flight_bad_stamps(const struct in_flight *in_flight) {
  return in_flight->bad_stamps;
}
