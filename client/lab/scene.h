/*
 * A situation in namespaces of its own (users, mounts, processes, network), with the student's shell in it. All of it
 * ends with the shell, or with loping, whatever ended that. The seam: scene_linux.c, scene_portable.c.
 */
#ifndef LOPING_CLIENT_LAB_SCENE_H
#define LOPING_CLIENT_LAB_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#define SCENE_CODE_VARIABLE "LOPING_LAB"
#define SCENE_SEED_VARIABLE "LOPING_LAB_SEED"

struct scene {
  const char *setup;    /* commands for sh */
  const char *greeting; /* is printed before the shell */
  const char *prompt;   /* in front of bash's own; letters, digits and hyphens */
  char port[8];         /* LOPING_PORT; "": the default */
  char code[24];        /* SCENE_CODE_VARIABLE */
  char seed[24];        /* SCENE_SEED_VARIABLE */
};

enum scene_step {
  SCENE_NONE,
  SCENE_UNSUPPORTED, /* this system has no namespaces */
  SCENE_USERS,       /* a user namespace was refused */
  SCENE_NAMESPACES,  /* the others were */
  SCENE_PROCESSES,   /* fork(2) failed */
  SCENE_MOUNTS,      /* /proc or the lab's folder could not be mounted */
  SCENE_LOOPBACK,    /* could not be switched on */
  SCENE_SETUP,       /* a command failed; what it said was printed */
  SCENE_SHELL,       /* could not be started */
};

struct scene_failure {
  enum scene_step step;
  int code; /* UV_ code; 0: none is known */
};

/* Plays the scene to its end. Returns the shell's exit status; 0 with `failure` filled where it did not come to one. */
int scene_play(const struct scene *scene, struct scene_failure *failure);

/* In a scene: the process becomes `loping check`, which says what there is to see. Returns only where that cannot be,
 * with a negative UV_ code. */
int scene_show_evidence(void);

/* Is there such a program where the scene's commands look for it? */
bool scene_has_program(const char *name);

#endif
