/* Without namespaces there is no scene. */
#include "client/lab/scene.h"

#include <uv.h>

int scene_play(const struct scene *scene, struct scene_failure *failure) {
  (void)scene;
  *failure = (struct scene_failure){SCENE_UNSUPPORTED, 0};
  return 0;
}

int scene_show_evidence(void) {
  return UV_ENOTSUP;
}

bool scene_has_program(const char *name) {
  (void)name;
  return false;
}
