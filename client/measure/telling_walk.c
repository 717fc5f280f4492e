/* The steps are those of `loping ladder`, in words. */
#include "client/measure/telling_walk.h"

#include <string.h>

#include "client/walk/walk.h"
#include "client/walk/walk_partner.h"
#include "client/walk/walk_script.h"
#include "client/walk/walk_words.h"
#include "common/text/clock.h"
#include "common/text/layout.h"

#define WALK_TIMEOUT_NS (1 * CLOCK_NS_PER_SECOND)

struct teller {
  FILE *out;
  unsigned step;
};

static void on_step(void *owner, const struct walk_facts *facts) {
  struct teller *teller = owner;
  char words[WALK_WORDS_SIZE];
  layout_write(teller->out, walk_words(facts, ++teller->step, words));
  fflush(teller->out);
}

void telling_walk(const struct measurement *measurement, FILE *out) {
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  struct walk_partner partner;
  struct walk_script script;
  struct teller teller = {.out = out};
  char head[WALK_WORDS_SIZE];
  struct walk_plan plan = {.timeout_ns = WALK_TIMEOUT_NS, .on_step = on_step, .owner = &teller};
  for (size_t i = 0; i < measurement->candidate_count; i++)
    addresses[i] = measurement->candidates[i].address;
  walk_partner_find(addresses, measurement->candidate_count, &partner);
  plan.target = partner.address;
  walk_script_write(partner.question, &script, &plan);
  snprintf(
      head, sizeof head,
      "One connection first, step by step; it is not measured, and what is measured has one of its own. Its packets: "
      "loping ladder %u; or, as root and before that, tcpdump -ni lo 'tcp port %u'\n\n",
      address_port(&partner.address), address_port(&partner.address));
  layout_write(out, head);
  if (walk_run(&plan) == UV_ENOTSUP) layout_write(out, "This system lets loping take no such steps.\n");
  layout_write(out, "\n");
}
