/* See survey.h. */
#include "client/check/survey.h"

#include <stdlib.h>

void survey_wait(struct survey *survey) {
  while (survey->pending > 0)
    uv_run(survey->loop, UV_RUN_ONCE);
}

void survey_clear(struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++) {
    free(survey->examinations[i].firewall);
    survey->examinations[i].firewall = NULL;
  }
  port_list_free(&survey->sockets);
}
