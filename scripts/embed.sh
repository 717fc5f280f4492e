#!/bin/bash
# Writes on stdout the C source of a header's texts, as lines: each NAME is made of its files, one after the other. Of a
# style or a script the hash is written, too.
#
#   scripts/embed.sh HEADER PREFIX NAME=FILE[+FILE]...
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
  printf '\nconst char *const %s[] = {\n' "$name"
  cat "$@" | sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/    "/; s/$/\\n",/'
  printf '    NULL};\n'
  case $name in
    *style | *script) printf '\nconst char %s_hash[] = "sha256-%s";\n' "$name" "$(hash_of "$@")" ;;
  esac
}

header=$1 prefix=$2
shift 2
printf '/* Made by scripts/embed.sh. */\n#include <stddef.h>\n\n#include "%s"\n' "$header"
for text in "$@"; do
  IFS=+ read -ra files <<< "${text#*=}"
  embed "${prefix}_${text%%=*}" "${files[@]}"
done
