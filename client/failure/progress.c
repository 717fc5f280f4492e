/* The words of a run's account; see progress.h. */
#include "client/failure/progress.h"

#include <stdint.h>
#include <stdio.h>

#include "common/text/units.h"

bool progress_has_begun(const struct run_account *account) {
  return account->is_stream ? account->bytes > 0 : account->round_trips > 0;
}

static const char *amount(bool is_stream, uint64_t bytes, uint64_t round_trips, char out[PROGRESS_BYTES]) {
  char text[UNITS_TEXT_SIZE];
  if (is_stream)
    snprintf(out, PROGRESS_BYTES, "%s", units_format_bytes((double)bytes, text));
  else
    snprintf(out, PROGRESS_BYTES, "%s round trip%s", units_format_count(round_trips, text),
             round_trips == 1 ? "" : "s");
  return out;
}

/* Nothing of it was measured. */
static bool is_warmup_alone(const struct run_account *account) {
  return account->bytes == account->warmup_bytes && account->round_trips == account->warmup_round_trips;
}

const char *progress_text(const struct run_account *account, char out[PROGRESS_BYTES]) {
  char all[PROGRESS_BYTES], time[UNITS_TEXT_SIZE];
  amount(account->is_stream, account->bytes, account->round_trips, all);
  snprintf(out, PROGRESS_BYTES, "%.100s%s (%s)", all, is_warmup_alone(account) ? " of the warm-up" : "",
           units_format_duration((double)account->elapsed_ns, time));
  return out;
}

const char *progress_where(const struct run_account *account, char out[PROGRESS_BYTES]) {
  char there[PROGRESS_BYTES];
  out[0] = '\0';
  if (account->affected == 0 || account->affected >= account->connections) return out;
  amount(account->is_stream, account->connection_bytes, account->connection_round_trips, there);
  snprintf(out, PROGRESS_BYTES, "on %llu of %llu connections, after %.100s %s, ", (unsigned long long)account->affected,
           (unsigned long long)account->connections, there, account->affected == 1 ? "there" : "on the first of them");
  return out;
}

const char *progress_measured(const struct run_account *account, char out[PROGRESS_BYTES]) {
  if (is_warmup_alone(account)) return "nothing, it was still warming up";
  return amount(account->is_stream, account->bytes - account->warmup_bytes,
                account->round_trips - account->warmup_round_trips, out);
}
