#!/bin/sh
# Builds the Debian package of both programs from the source archive, in FOLDER.
#
#   scripts/make-deb.sh FOLDER      leaves FOLDER/lopong_VERSION_ARCHITECTURE.deb and prints its path
#
# The changelog is written here, with the date of the sources, as a release has none of its own yet; who packages is
# DEBFULLNAME and DEBEMAIL, as for Debian's own tools.
set -eu

cd "$(dirname "$0")/.."
scripts/install-deps.sh deb
archive=$(scripts/make-dist.sh "$1")
folder=$(cd "$1" && pwd)
name=$(basename "$archive" .tar.gz)
version=${name#loping-}
tree=$folder/$name

rm -rf "$tree"
tar -x -z -f "$archive" -C "$folder"
mv "$tree/scripts/debian" "$tree/debian"
SOURCE_DATE_EPOCH=$(date -r "$tree/Makefile" +%s)
export SOURCE_DATE_EPOCH
# Debian's tools do as these say; a build asks for what it wants itself.
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD CFLAGS CPPFLAGS LDFLAGS PLATFORM

sed -i "s/@MAINTAINER@/${DEBFULLNAME:-Set DEBFULLNAME} <${DEBEMAIL:-debemail@example.org}>/" "$tree/debian/control"
cat > "$tree/debian/changelog" << CHANGELOG
lopong ($version) unstable; urgency=medium

  * Built from the sources as of this date.

 -- ${DEBFULLNAME:-Set DEBFULLNAME} <${DEBEMAIL:-debemail@example.org}>  $(LC_ALL=C TZ=UTC date -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG

if ! (cd "$tree" && dpkg-buildpackage --build=binary --no-sign -j"${JOBS:-2}") > "$folder/deb.log" 2>&1; then
  tail -n 40 "$folder/deb.log" >&2
  echo "make-deb: the package could not be built; the whole log is $folder/deb.log." >&2
  exit 1
fi
echo "$folder/lopong_${version}_$(dpkg --print-architecture).deb"
