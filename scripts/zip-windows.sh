#!/bin/sh
# Packs the programs for Windows: BUILD/loping-VERSION-windows-x86_64.zip, with the manual pages as plain text beside them.
#
#   scripts/zip-windows.sh BUILD
set -eu

build=$1
version=$(sed -n 's/^#define LOPING_VERSION "\(.*\)"/\1/p' common/text/version.h)
name=loping-$version-windows-x86_64
rm -rf "${build:?}/$name" "$build/$name.zip"
mkdir "$build/$name"
cp "$build/lopong.exe" "$build/loping.exe" README.md "$build/$name/"
# The same files give the same bytes: no time of day, and one order.
find "$build/$name" -exec touch -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 315619200)}" {} +
(cd "$build" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$name.zip")
rm -rf "${build:?}/$name"
echo "$build/$name.zip"
