/* `loping grade`: a student's echo server, examined as a teacher would. */
#ifndef LOPING_CLIENT_GRADE_COMMAND_GRADE_H
#define LOPING_CLIENT_GRADE_COMMAND_GRADE_H

#include "client/frame/command.h"

/* Slots of struct command. */
int command_grade(const struct invocation *invocation);
void command_grade_describe(const struct command *command, struct command_help *help);

#endif
