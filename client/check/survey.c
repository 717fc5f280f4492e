/* See survey.h. */
#include "client/check/survey.h"

void survey_wait(struct survey *survey) {
  while (survey->pending > 0)
    uv_run(survey->loop, UV_RUN_ONCE);
}

void survey_clear(struct survey *survey) {
  port_list_free(&survey->sockets);
}
