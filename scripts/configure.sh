#!/bin/sh
# Writes what pkg-config says of libuv and jansson, and which of the hardening options the compiler knows, to the makefile
# fragment named as the argument. Installs the libraries first (scripts/install-deps.sh) when pkg-config, or one of them,
# is missing or too old. CC is the compiler (default cc). Why it could not goes to stdout, with "|" for each end of a line:
# the Makefile says it, as its last word.
set -eu

fragment=$1
scripts=$(dirname "$0")
: "${CC:=cc}"

have_libraries() {
  pkg-config --exists 'libuv >= 1.40' 'jansson >= 2.13' 2>/dev/null
}

# found MODULE: its version, or that there is none.
found() {
  pkg-config --modversion "$1" 2>/dev/null || echo none
}

have_libraries || "$scripts/install-deps.sh" --for-make build
if ! have_libraries; then
  printf '%s' "libuv 1.40 and jansson 2.13 are needed, or newer. pkg-config finds libuv: $(found libuv), jansson: $(found jansson)." \
    "|Install newer ones with their development files, or set PKG_CONFIG_PATH to where they are"
  exit 1
fi

# knows OPTION...: the compiler takes it without a warning. CC may be several words.
knows() {
  echo 'int main(void) { return 0; }' | $CC -Werror "$@" -x c -c -o /dev/null - 2>/dev/null
}

# A page at a time where a function takes more stack than one; indirect jumps only to where they may go; and no variable
# that begins as whatever lay there.
hardening() {
  # A program for Windows touches each page of its stack anyway, and gcc 12 breaks down where it is told to.
  case $($CC -dumpmachine) in *mingw*) ;; *) set -- -fstack-clash-protection ;; esac
  for option in "$@" -fcf-protection=full -mbranch-protection=standard -ftrivial-auto-var-init=zero; do
    if knows "$option"; then printf ' %s' "$option"; fi
  done
}

# Objects that hold both, what a link over all files needs and what any other needs.
whole_program() {
  if knows -flto=auto -ffat-lto-objects; then echo ' -flto=auto -ffat-lto-objects'; fi
}

# The highest that the compiler and the system's headers have: what they do not know they lower.
fortify_level() {
  printf '#include <features.h>\n__USE_FORTIFY_LEVEL\n' | $CC -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -E -P -x c - 2>/dev/null |
    grep -x '[0-9]' || echo 2
}

mkdir -p "$(dirname "$fragment")"
{
  echo "DEPS_CFLAGS := $(pkg-config --cflags libuv jansson)"
  echo "DEPS_LIBS := $(pkg-config --libs libuv jansson)"
  echo "HARDENING_OPTIONS :=$(hardening)"
  echo "WHOLE_PROGRAM_OPTIONS :=$(whole_program)"
  echo "FORTIFY_LEVEL := $(fortify_level)"
} > "$fragment"
