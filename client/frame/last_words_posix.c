/* By what POSIX allows in a handler. */
#include <signal.h>
#include <unistd.h>

#include "client/frame/last_words.h"

void last_words_say(void) {
  static const char words[] =
      "loping: the run was broken off: the system refused what its event loop cannot go on without (memory, descriptors, "
      "or watches: fs.epoll.max_user_watches), or loping is at fault; results are not complete\n";
  (void)!write(STDERR_FILENO, words, sizeof words - 1);
}

void last_words_prepare(void (*on_abort)(int number)) {
  struct sigaction action = {.sa_handler = on_abort};
  (void)sigaction(SIGABRT, &action, NULL);
}
