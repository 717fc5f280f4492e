/*
 * Conversations with a server, one step after the other: each wait has an end, whatever the server does. A wait ends
 * when what it is for has come, when the other side ended, or when nothing at all moved for as long as the patience
 * says. Several may be open at once, and all of them go on while one is waited for.
 */
#ifndef LOPING_CLIENT_GRADE_CONVERSATION_H
#define LOPING_CLIENT_GRADE_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/net/address.h"

/* The loop and the clock of all conversations of one examination. */
struct talks {
  uv_loop_t loop;
  uv_timer_t timer;
  uint64_t patience_ns; /* so long nothing may move */
  uint64_t until_ns;    /* no wait goes beyond this moment of clock_now_ns() */
};

/* How a wait ended. */
enum talk_end {
  TALK_ENOUGH, /* what was waited for came */
  TALK_END,    /* the other side closed its side in order */
  TALK_RESET,  /* it ended with an error */
  TALK_SILENT, /* nothing moved any more */
};

struct conversation;

/* Returns 0 or a negative UV_ code. */
int talks_begin(struct talks *talks);
void talks_finish(struct talks *talks);

/* Does one turn of the loop, which is over by `quiet_until_ns` (or talks->until_ns) at the latest. */
void talks_turn(struct talks *talks, uint64_t quiet_until_ns);

/* Lets so much time pass, and everything that goes on with it. */
void talks_pass(struct talks *talks, uint64_t ns);

/* Connects. Returns 0 or a negative UV_ code: UV_ETIMEDOUT where nothing came. `receive_bytes`: of the socket's buffer;
 * 0: the system's own. */
int conversation_open(struct talks *talks, const struct endpoint *target, int receive_bytes, struct conversation **out);

/* Sends; the bytes must stay until the conversation is closed. */
void conversation_send(struct conversation *conversation, const void *bytes, size_t length);

/* No more will be sent: the end follows behind what is on its way (shutdown(2), SHUT_WR). */
void conversation_end(struct conversation *conversation);

/* Whether what comes is read; at first it is. */
void conversation_read(struct conversation *conversation, bool reads);

/* Waits until so many bytes have come in all. */
enum talk_end conversation_await(struct conversation *conversation, size_t bytes);

/* Waits for the other side's end, whatever comes before it. */
enum talk_end conversation_await_end(struct conversation *conversation);

/* Waits until all has left this program, or nothing moved for so long. */
bool conversation_await_sent(struct conversation *conversation, uint64_t quiet_ns);

/* Bytes that were given to it and that the server has not read yet: those that the kernel has not taken, and of TCP,
 * where the system tells, those that wait in the server's socket. */
size_t conversation_unread(const struct conversation *conversation);

/* What came so far. */
const uint8_t *conversation_received(const struct conversation *conversation, size_t *length);

/* Closes it, and frees it: in order; or, over TCP, with a reset. */
void conversation_close(struct conversation *conversation);
void conversation_reset(struct conversation *conversation);

#endif
