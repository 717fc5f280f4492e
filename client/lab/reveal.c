/* From the lab's own sheet, and by the program itself. */
#include "client/lab/reveal.h"

#include <stdio.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/lab/scene.h"
#include "client/lab/sheet.h"
#include "common/wire/fault_report.h"

double lab_hidden_percent(uint64_t seed) {
  return 100 * wire_fault_hidden_share(seed);
}

int reveal(const struct lab *lab, uint64_t seed) {
  const char *const *lines = sheet_lines(lab->name);
  printf("This lab is '%s': %s.\n", lab->name, lab->title);
  if (lab->kind == LAB_LESSON_OF_SHARE) printf("The server drops %.1f %% of the messages.\n", lab_hidden_percent(seed));
  printf("\nHow it was made:\n");
  sheet_write_section(lines, SHEET_MADE, stdout);
  printf("\nWhy:\n");
  sheet_write_section(lines, "Why", stdout);
  printf("\nAnswer:\n");
  sheet_write_section(lines, "Answer", stdout);
  if (lab->kind != LAB_SITUATION) return EXIT_FINE;
  printf("The evidence:\n");
  fflush(stdout);
  command_complain("loping check could not be started (%s): type it", uv_err_name(scene_show_evidence()));
  return EXIT_NOT_DONE;
}
