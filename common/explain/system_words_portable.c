/* The words of systems that are like Unix. */
#include "common/explain/system_words.h"

const struct system_words *system_words(void) {
  static const struct system_words words = {
      .end_process = "kill",
      .between_ids = " ",
      .see_process = "",
      .withheld = "",
      .show_withheld = "",
      .free_withheld = "",
      .held_alone = "",
      .other_side = "",
      .show_other = "",
      .count_ports = "ss -tan 'dport = :PORT' | wc -l",
      .firewall = "",
      .services_list = "/etc/services",
      .tells_queues = true,
      .look_up_name = "getent ahosts",
  };
  return &words;
}
