#!/bin/bash
# Writes the C source of the sheets of client/lab/sheet.h on stdout: each file's lines, under its name without ".md".
#
#   scripts/embed-sheets.sh FILE...
set -euo pipefail

printf '/* Made by scripts/embed-sheets.sh. */\n#include <stddef.h>\n\n#include "client/lab/sheet.h"\n'
number=0
for file in "$@"; do
  printf '\nstatic const char *const lines_%d[] = {\n' "$number"
  sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$/\\n",/' "$file"
  printf '    NULL};\n'
  number=$((number + 1))
done
printf '\nconst struct lab_sheet lab_sheets[] = {\n'
number=0
for file in "$@"; do
  name=${file##*/}
  printf '    {"%s", lines_%d},\n' "${name%.md}" "$number"
  number=$((number + 1))
done
printf '};\n\nconst size_t lab_sheet_count = sizeof lab_sheets / sizeof lab_sheets[0];\n'
