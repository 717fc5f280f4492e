/* By what POSIX allows in a handler. */
#include <signal.h>
#include <unistd.h>

#include "client/frame/last_words.h"
#include "common/screen/frame.h"

void last_words_say(void) {
  static const char words[] =
      "loping: the run was broken off: the system refused what its event loop cannot go on without (memory, descriptors, "
      "or watches: fs.epoll.max_user_watches), or loping is at fault; results are not complete\n";
  /* A view that stands there (screen.h) goes first. */
  if (isatty(STDERR_FILENO)) (void)!write(STDERR_FILENO, FRAME_ERASE, sizeof FRAME_ERASE - 1);
  (void)!write(STDERR_FILENO, words, sizeof words - 1);
}

void last_words_prepare(void (*on_abort)(int number)) {
  struct sigaction action = {.sa_handler = on_abort};
  (void)sigaction(SIGABRT, &action, NULL);
}
