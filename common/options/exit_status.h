/* The exit statuses of both programs. */
#ifndef LOPING_COMMON_OPTIONS_EXIT_STATUS_H
#define LOPING_COMMON_OPTIONS_EXIT_STATUS_H

enum exit_status {
  EXIT_FINE = 0,
  EXIT_ANSWER_IS_NO = 1,
  EXIT_WRONG_USAGE = 2,
  EXIT_NOT_DONE = 3,
  EXIT_FIREWALL = 4, /* of check alone: a firewall is in the way */
};

#endif
