/* The words of systems that are like Unix. */
#include "common/explain/system_words.h"

const struct system_words *system_words(void) {
  static const struct system_words words = {
      .end_process = "kill",
      .between_ids = " ",
      .see_process = "",
      .withheld = "",
      .show_withheld = "",
      .held_alone = "",
      .other_side = "",
      .show_other = "",
      .firewall = "",
      .tells_queues = true,
  };
  return &words;
}
