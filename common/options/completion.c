/* Which script is for which shell; see completion.h. */
#include "common/options/completion.h"

#include <string.h>

#include "common/options/completion_script.h"

bool completion_write(const struct completion *completion, const char *shell, completion_put *put, void *owner) {
  static const struct {
    const char *shell;
    void (*write)(const struct completion_script *script);
  } writers[] = {{"bash", completion_write_bash}, {"zsh", completion_write_zsh}, {"fish", completion_write_fish}};
  const struct completion_script script = {completion, put, owner};
  for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
    if (strcmp(writers[i].shell, shell) != 0) continue;
    writers[i].write(&script);
    return true;
  }
  return false;
}
