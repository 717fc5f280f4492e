/* See browser.h. Who serves does nothing for the counts, as for those of live.c. */
#include "server/browser.h"

#include <stdlib.h>

#include "common/text/clock.h"
#include "server/http/desk.h"
#include "server/threads/pool.h"
#include "server/threads/worker.h"

#define LOOK_MS 1000

struct browser {
  struct worker *first;
  uint64_t started_ns;
  uv_timer_t timer;
  struct http_desk *desk;
};

static void on_timer(uv_timer_t *timer) {
  const struct browser *browser = timer->data;
  struct server_stats stats;
  pool_sum_counts(browser->first, &stats);
  http_desk_put_counts(browser->desk, clock_now_ns() - browser->started_ns, &stats);
}

int browser_begin(struct worker *first, uint64_t started_ns, struct browser **begun) {
  const struct settings *settings = first->settings;
  /* With --fault there can be no page to speak of. */
  bool is_wanted = settings->http || (!settings->quiet && !fault_spec_is_on(&settings->faults));
  if (!settings->tcp || !is_wanted) return 0;
  struct browser *browser = calloc(1, sizeof *browser);
  if (browser == NULL) return UV_ENOMEM;
  *begun = browser;
  browser->first = first;
  browser->started_ns = started_ns;
  int code = http_desk_create(settings->http, &browser->desk);
  if (code == 0) first->http = browser->desk;
  if (code != 0 || !settings->http) return code;
  code = uv_timer_init(&first->loop, &browser->timer);
  if (code != 0) return code;
  browser->timer.data = browser;
  uv_unref((uv_handle_t *)&browser->timer);
  return uv_timer_start(&browser->timer, on_timer, 0, LOOK_MS);
}

void browser_free(struct browser *browser) {
  if (browser == NULL) return;
  http_desk_free(browser->desk);
  free(browser);
}
