#!/bin/bash
# Builds the source archive, both programs and the Debian package twice, in folders of other names, with other numbers of
# jobs, time zones, languages and file masks, and compares the bytes. The package is judged by lintian. Ends with the line
# "N passed, N failed".
set -u

cd "$(dirname "$0")/.." || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

archive=$(scripts/make-dist.sh "$scratch/archive") || exit 1

# build FOLDER JOBS ZONE LANGUAGE MASK
build() (
  mkdir -p "$scratch/$1" && tar -x -z -f "$archive" -C "$scratch/$1" --strip-components=1 && cd "$scratch/$1" || exit
  unset MAKEFLAGS MAKELEVEL MFLAGS BUILD SOURCE_DATE_EPOCH
  umask "$5"
  TZ=$3 LC_ALL=$4 JOBS=$2 scripts/make-deb.sh build/deb > "$scratch/$1.log" 2>&1
)

# same FILE: in both folders.
same() {
  if cmp "$scratch/one/$1" "$scratch/another-folder/$1"; then
    passed=$((passed + 1))
    echo "ok      $(basename "$1"): $(wc -c < "$scratch/one/$1") bytes, the same in both builds"
    return
  fi
  failed=$((failed + 1))
  echo "FAILED  $(basename "$1") differs"
  if command -v diffoscope > /dev/null; then diffoscope --text - "$scratch/one/$1" "$scratch/another-folder/$1" | head -n 60; fi
}

build one 1 UTC C 022 &
if ! build another-folder 3 Pacific/Kiritimati C.UTF-8 002; then
  echo "FAILED  building in another-folder:"
  cat "$scratch/another-folder.log"
  failed=1
fi
if ! wait $!; then
  echo "FAILED  building in one:"
  cat "$scratch/one.log"
  failed=$((failed + 1))
fi

if [ $failed -eq 0 ]; then
  version=$(basename "$archive" .tar.gz)
  for file in "$version.tar.gz" "$version/build/lopong" "$version/build/loping" lopong_"${version#*-}"_*.deb; do
    # shellcheck disable=SC2086 # the pattern
    same "build/deb/$(cd "$scratch/one/build/deb" && echo $file)"
  done
  if lintian --fail-on error "$scratch"/one/build/deb/lopong_*.changes 2> /dev/null; then
    passed=$((passed + 1))
    echo "ok      lintian finds no error in the package"
  else
    failed=$((failed + 1))
    echo "FAILED  lintian: see above"
  fi
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
