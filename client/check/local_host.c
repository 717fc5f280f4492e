/* See local_host.h. */
#include "client/check/local_host.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "common/explain/error_words.h"
#include "common/explain/explanation.h"
#include "common/memory/lack.h"
#include "common/net/own_addresses.h"
#include "common/options/exit_status.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

/* Who connects to "any address" reaches loopback. */
static void settle_any(struct sockaddr_storage *address) {
  if (!address_is_any(address)) return;
  if (address->ss_family == AF_INET6)
    (void)uv_ip6_addr("::1", 0, (struct sockaddr_in6 *)address);
  else
    (void)uv_ip4_addr(ADDRESS_DEFAULT_HOST, 0, (struct sockaddr_in *)address);
}

/* 0 with the answer, or why it could not be found out. */
static int find_foreign(const struct sockaddr_storage *addresses, size_t count,
                        const struct sockaddr_storage **foreign) {
  struct own_addresses own = {.known = false};
  *foreign = NULL;
  for (size_t i = 0; i < count && *foreign == NULL; i++) {
    if (address_is_loopback(&addresses[i])) continue;
    if (!own.known) own_addresses_gather(&own);
    if (!own.known) return lack_code() != 0 ? lack_code() : UV_ENOTSUP;
    if (!own_addresses_include(&own, &addresses[i])) *foreign = &addresses[i];
  }
  return 0;
}

/* connect() would say EINVAL to it, and a machine's own fe80:: address is one of an interface alone. */
static bool have_zones(const char *name, const struct sockaddr_storage *addresses, size_t count, char *problem) {
  for (size_t i = 0; i < count; i++) {
    if (!address_lacks_zone(&addresses[i])) continue;
    struct own_addresses own;
    char zone[OWN_ADDRESSES_ZONE_SIZE];
    own_addresses_gather(&own);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s", own_addresses_explain_zone(&own, name, &addresses[i], zone));
    return false;
  }
  return true;
}

static int refuse_look_up(const char *shown, int code, char *problem) {
  char words[128], name[32];
  explain_code_name(code, name);
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "the host '%.200s' cannot be looked up: %s (%s); give an address such as %s",
           shown, explain_code_summary(code, words, sizeof words), name, ADDRESS_DEFAULT_HOST);
  return address_is_unknown_name(code) ? EXIT_WRONG_USAGE : EXIT_NOT_DONE;
}

static int refuse_foreign(const char *name, const char *shown, const struct sockaddr_storage *address,
                          const char *command, char *problem) {
  char host[ADDRESS_TEXT_SIZE], means[ADDRESS_TEXT_SIZE + 4] = "";
  struct sockaddr_storage numeric;
  if (!address_read_numeric(name, 0, &numeric))
    snprintf(means, sizeof means, " (%s)", address_format_host(address, host));
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "'%.200s'%s is neither loopback nor an address of this machine, and %s tells causes only where it sees both "
           "ends; use %s, or look at it there",
           shown, means, command, strcmp(name, "localhost") == 0 ? "127.0.0.1 or ::1" : "127.0.0.1, ::1 or localhost");
  return EXIT_WRONG_USAGE;
}

int local_host_find(const char *name, const char *command, struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX],
                    size_t *count, char *problem) {
  char shown[4 * ADDRESS_HOST_SIZE];
  const struct sockaddr_storage *foreign;
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  int code = address_resolve(name, 0, addresses, count);
  if (code != 0) return refuse_look_up(shown, code, problem);
  for (size_t i = 0; i < *count; i++)
    settle_any(&addresses[i]);
  if (!have_zones(name, addresses, *count, problem)) return EXIT_WRONG_USAGE;
  code = find_foreign(addresses, *count, &foreign);
  if (code != 0) {
    char words[128];
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "whether '%.200s' is this machine could not be found out: %s", shown,
             explain_code_summary(code, words, sizeof words));
    return EXIT_NOT_DONE;
  }
  return foreign == NULL ? EXIT_FINE : refuse_foreign(name, shown, foreign, command, problem);
}
