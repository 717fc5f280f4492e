/* Why there is no scene, in sentences. */
#ifndef LOPING_CLIENT_LAB_SCENE_WORDS_H
#define LOPING_CLIENT_LAB_SCENE_WORDS_H

#include "client/lab/scene.h"

/* Says on stderr what failed, and the way out. `name`: of the lab. */
void scene_complain(const struct scene_failure *failure, const char *name);

#endif
