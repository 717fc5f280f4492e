#!/bin/bash
# Writes the C source of client/publish/assets.h on stdout: styles and script of what is published, as lines, and the
# hashes of a page's.
#
#   scripts/embed.sh CHART_STYLE PAGE_STYLE PICTURE_STYLE PAGE_SCRIPT
set -euo pipefail

# The hash as a Content Security Policy names it (CSP 3, 2.3.1): base64 of SHA-256 over all bytes between the tags.
hash_of() {
  local hexadecimal
  if command -v sha256sum > /dev/null; then
    hexadecimal=$(cat "$@" | sha256sum)
  else
    hexadecimal=$(cat "$@" | shasum -a 256)
  fi
  # shellcheck disable=SC2059 # the format is made of \xNN alone
  printf "$(sed -E 's/[^0-9a-f].*//; s/../\\x&/g' <<< "$hexadecimal")" | base64
}

# embed NAME FILE...
embed() {
  local name=$1
  shift
  printf '\nconst char *const assets_%s[] = {\n' "$name"
  cat "$@" | sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$/\\n",/'
  printf '    NULL};\n\nconst char assets_%s_hash[] = "sha256-%s";\n' "$name" "$(hash_of "$@")"
}

printf '/* Made by scripts/embed.sh. */\n#include <stddef.h>\n\n#include "client/publish/assets.h"\n'
embed page_style "$1" "$2"
embed picture_style "$1" "$3"
embed page_script "$4"
