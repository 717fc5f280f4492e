/* What a walk says to a server that echoes: lopong's hello and a frame of its session, or plain bytes. Pure. */
#ifndef LOPING_CLIENT_WALK_WALK_SCRIPT_H
#define LOPING_CLIENT_WALK_WALK_SCRIPT_H

#include "client/peer/question.h"
#include "client/walk/walk.h"
#include "common/wire/wire.h"

#define WALK_SCRIPT_BYTES 64

/* The bytes that a plan points to. */
struct walk_script {
  uint8_t greeting[WIRE_HELLO_BYTES];
  uint8_t message[WALK_SCRIPT_BYTES];
};

/* Fills what is said, for a server that wants this question: of QUESTION_HELLO a hello and a frame, of QUESTION_ECHO
 * plain bytes, otherwise nothing. */
void walk_script_write(enum question question, struct walk_script *script, struct walk_plan *plan);

#endif
