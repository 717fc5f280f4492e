#!/bin/sh
# Writes what pkg-config says of libuv and jansson to the makefile fragment named as the argument. Installs them first
# (scripts/install-deps.sh) when pkg-config, or one of them, is missing or too old.
set -eu

fragment=$1
scripts=$(dirname "$0")

have_libraries() {
  pkg-config --exists 'libuv >= 1.44' 'jansson >= 2.13' 2>/dev/null
}

have_libraries || "$scripts/install-deps.sh" build
if ! have_libraries; then
  echo "configure: pkg-config finds no libuv >= 1.44 and jansson >= 2.13, also after $scripts/install-deps.sh." >&2
  echo "configure: install both with their development files, or set PKG_CONFIG_PATH to where they are." >&2
  exit 1
fi

mkdir -p "$(dirname "$fragment")"
{
  echo "DEPS_CFLAGS := $(pkg-config --cflags libuv jansson)"
  echo "DEPS_LIBS := $(pkg-config --libs libuv jansson)"
} > "$fragment"
