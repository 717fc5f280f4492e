#!/bin/sh
# Writes the source archive: all that is needed to build and test outside git.
#
#   scripts/make-dist.sh FOLDER      leaves FOLDER/loping-VERSION.tar.gz and prints its path
#
# In git the files are those that git knows; elsewhere, as in an unpacked archive, those of the tree's own folders. The
# same files give the same bytes: every time in it is SOURCE_DATE_EPOCH, or else that of the last commit, or of the
# archive that was unpacked.
set -eu

cd "$(dirname "$0")/.."
mkdir -p "$1"
folder=$(cd "$1" && pwd)
version=$(sed -n 's/^#define LOPING_VERSION "\(.*\)"/\1/p' common/text/version.h)
name=loping-$version
LC_ALL=C
export LC_ALL

# A tree inside somebody else's repository is none of its own.
is_in_git() {
  [ -e .git ] && git rev-parse --git-dir > /dev/null 2>&1
}

list_files() {
  if is_in_git; then
    git ls-files
  else
    find .ci .clang-format .clang-tidy .editorconfig .gitignore Makefile README.md server client common tests scripts \
      ! -type d ! -path '*/__pycache__/*'
  fi | sort
}

: "${SOURCE_DATE_EPOCH:=$(if is_in_git; then git log -1 --format=%ct; else date -r Makefile +%s; fi)}"

list_files > "$folder/$name.files"
tar -c -f "$folder/$name.tar" --no-recursion --format=ustar --mode='u+rw,go+rX,go-w' --mtime="@$SOURCE_DATE_EPOCH" \
  --owner=0 --group=0 --numeric-owner --transform="flags=r;s,^,$name/," -T "$folder/$name.files"
gzip -9nf "$folder/$name.tar"
rm -f "$folder/$name.files"
echo "$folder/$name.tar.gz"
