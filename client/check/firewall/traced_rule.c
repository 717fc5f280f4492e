/* What the text of a rule tells; see traced_rule.h. */
#include "client/check/firewall/traced_rule.h"

#include <string.h>

bool traced_rule_has_limit(const struct traced_rule *rule) {
  /* As nft writes them, as the kernel names iptables' extensions, and as iptables' own words have them. "hoplimit" is
   * none. */
  static const char *const words[] = {
      "limit rate ",   "ct count ", "numgen ",       "\"limit\"",     "\"hashlimit\"", "\"connlimit\"", "\"recent\"",
      "\"statistic\"", "-m limit ", "-m hashlimit ", "-m connlimit ", "-m recent ",    "-m statistic ",
  };
  for (size_t i = 0; !rule->is_policy && i < sizeof words / sizeof words[0]; i++)
    if (strstr(rule->text, words[i]) != NULL) return true;
  return false;
}
