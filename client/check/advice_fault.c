/* See advice_fault.h. A silent server cannot say it, and its command line does; of another user's it is the reverse. */
#include "client/check/advice_fault.h"

#include <string.h>

#include "common/text/safe_text.h"

#define OPTION     " --fault"
#define SPEC_BYTES 256

/* What follows the option, with a space or '='; NULL: no such option. */
static const char *find_spec(const struct port_process *process) {
  if (strcmp(process->command, "lopong") != 0) return NULL;
  for (const char *at = strstr(process->command_line, OPTION); at != NULL; at = strstr(at + 1, OPTION)) {
    char end = at[strlen(OPTION)];
    if (end == ' ' || end == '=') return at + strlen(OPTION) + 1;
  }
  return NULL;
}

static const char *spec_of_holder(const struct advice_context *context) {
  const struct port_socket *holder = advice_holder(context);
  const char *spec = NULL;
  for (size_t i = 0; holder != NULL && spec == NULL && i < holder->process_count; i++)
    spec = find_spec(&holder->processes[i]);
  return spec;
}

void advice_note_faults(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const char *spec = spec_of_holder(context);
  char shown[4 * SPEC_BYTES];
  size_t first = out->evidence_count;
  if (spec != NULL) {
    size_t length = strcspn(spec, " ");
    safe_text_copy(spec, length < SPEC_BYTES ? length : SPEC_BYTES, shown, sizeof shown);
    advice_note(out, "Faults on: %s. This lopong fails on purpose (--fault): that is its doing, and not the machine's.",
                shown);
  } else if (facts->probe.protocol.fails_on_purpose || facts->again.protocol.fails_on_purpose) {
    advice_note(out,
                "Faults on: this lopong says that it fails on purpose (--fault): that is its doing, and not the "
                "machine's.");
  }
  advice_mark_chief(out, first);
}
