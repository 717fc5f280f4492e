#!/bin/sh
# Builds libuv and jansson as static libraries for another host than this system's own compiler makes programs for, from
# the source packages of this system: for musl, and for Windows.
#
#   scripts/build-libraries.sh HOST-CC FOLDER       HOST-CC: musl-gcc, x86_64-w64-mingw32-gcc, aarch64-linux-gnu-gcc, ...
#
# Leaves FOLDER/include, FOLDER/lib/lib{uv,jansson}.a and FOLDER/lib/pkgconfig/{libuv,jansson}.pc, the last of which is
# written at the very end: with PKG_CONFIG_LIBDIR=FOLDER/lib/pkgconfig, pkg-config tells all that a build needs. The
# archives come to FOLDER/sources; one that lies there already (libuv*.tar.*, jansson*.tar.*) is not fetched.
# LIBRARY_CFLAGS are the compiler's flags (default -O2).
set -eu

say() {
  echo "build-libraries: $*" >&2
}

if [ $# -ne 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
  say "usage: scripts/build-libraries.sh HOST-CC FOLDER"
  exit 2
fi
host_cc=$1
scripts=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
: "${LIBRARY_CFLAGS:=-O2}"

"$scripts/install-deps.sh" libraries
if ! command -v "$host_cc" > /dev/null 2>&1; then
  say "there is no compiler '$host_cc'. Install it, or name another one."
  exit 1
fi

# The system's own package sources, as sources of source packages; /etc/apt stays as it is.
write_sources_list() {
  mkdir -p "$folder/apt/parts" "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
  # A line of the old form says deb first, a paragraph of the new one says it in Types.
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
    sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' > "$folder/apt/parts/system.list" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" > "$folder/apt/parts/$(basename "$file")"
  done
}

with_own_lists() {
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$folder/apt/parts" \
    -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User= "$@"
}

# fetch PACKAGE LIBRARY
fetch() {
  [ -z "$(find "$folder/sources" -maxdepth 1 -name "$2*.tar.*" 2> /dev/null)" ] || return 0
  if ! command -v apt-get > /dev/null 2>&1; then
    say "this system has no apt-get to fetch $2's source with. Put its archive ($2-VERSION.tar.gz) into $folder/sources."
    return 1
  fi
  mkdir -p "$folder/sources"
  if [ ! -d "$folder/apt" ]; then
    write_sources_list
    # A source that does not answer is no reason to stop: the others may have what is wanted.
    with_own_lists update >&2 || true
  fi
  (cd "$folder/sources" && with_own_lists source --download-only "$1" >&2)
}

# unpack PACKAGE LIBRARY: into FOLDER/LIBRARY, with the system's own patches where it is a source package.
unpack() {
  rm -rf "${folder:?}/$2"
  description=$(find "$folder/sources" -maxdepth 1 -name "$1_*.dsc" | sort | tail -n 1)
  if [ -n "$description" ]; then
    dpkg-source --no-check -x "$description" "$folder/$2" >&2
  else
    mkdir "$folder/$2"
    tar -x -f "$(find "$folder/sources" -maxdepth 1 -name "$2*.tar.*" | sort | tail -n 1)" -C "$folder/$2" --strip-components=1
  fi
}

host=$("$host_cc" -dumpmachine)
case $host in
  *mingw*) system=Windows ;;
  *) system=Linux ;;
esac

# A compiler for musl knows nothing of the kernel's headers, which stand among those of the system's own C library. It
# gets these alone: of the others it must see none. A cross compiler has its own.
link_kernel_headers() {
  case $(basename "$host_cc") in musl-*) ;; *) return 0 ;; esac
  mkdir -p "$folder/kernel"
  for name in linux asm-generic asm; do
    for parent in "/usr/include/$(cc -dumpmachine)" /usr/include; do
      [ ! -d "$parent/$name" ] || ln -sfn "$parent/$name" "$folder/kernel/$name"
    done
  done
  kernel="-idirafter $folder/kernel"
}

# configure LIBRARY OPTION...: cmake takes the host's ar and ranlib by the name of its compiler. The paths are left out of
# what is built: the same source gives the same bytes in every folder.
configure() {
  library=$1
  shift
  rm -rf "$folder/build-$library"
  CFLAGS="$LIBRARY_CFLAGS -fPIC -ffile-prefix-map=$folder=. $kernel" \
    cmake -S "$folder/$library" -B "$folder/build-$library" -Wno-dev -DCMAKE_SYSTEM_NAME=$system \
    -DCMAKE_SYSTEM_PROCESSOR="${host%%-*}" -DCMAKE_C_COMPILER="$host_cc" -DCMAKE_BUILD_TYPE=None "$@" > "$folder/$library.log"
}

build() {
  cmake --build "$folder/build-$1" --target "$2" --parallel >> "$folder/$1.log" 2>&1 || {
    tail -n 40 "$folder/$1.log" >&2
    say "$1 could not be built with $host_cc; the whole log is $folder/$1.log."
    return 1
  }
}

version_of() {
  sed -n "s/^#define[[:space:]]*$1[[:space:]]*\([0-9][0-9]*\).*/\1/p" "$2" | head -n 1
}

# write_module NAME VERSION CFLAGS LIBS
write_module() {
  mkdir -p "$folder/lib/pkgconfig"
  {
    echo "Name: $1"
    echo "Description: $1, built from this system's source package for $host_cc"
    echo "Version: $2"
    echo "Cflags: -I$folder/include $3"
    echo "Libs: -L$folder/lib $4"
  } > "$folder/lib/pkgconfig/$1.pc"
}

kernel=
link_kernel_headers
rm -f "$folder/lib/pkgconfig/libuv.pc"
mkdir -p "$folder/include" "$folder/lib"
fetch libuv1 libuv
fetch jansson jansson
unpack libuv1 libuv
unpack jansson jansson

configure jansson -DJANSSON_BUILD_DOCS=OFF -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_EXAMPLES=OFF -DJANSSON_BUILD_SHARED_LIBS=OFF
build jansson jansson
cp "$folder/build-jansson/lib/libjansson.a" "$folder/lib/"
cp "$folder"/build-jansson/include/jansson*.h "$folder/include/"
header=$folder/include/jansson.h
write_module jansson "$(version_of JANSSON_MAJOR_VERSION "$header").$(version_of JANSSON_MINOR_VERSION "$header")" "" -ljansson

configure libuv -DLIBUV_BUILD_TESTS=OFF -DLIBUV_BUILD_BENCH=OFF -DBUILD_TESTING=OFF
build libuv uv_a
cp "$folder/build-libuv/libuv_a.a" "$folder/lib/libuv.a" 2> /dev/null || cp "$folder/build-libuv/libuv.a" "$folder/lib/"
cp -R "$folder/libuv/include/." "$folder/include/"
# What the library itself says it needs on the host's system, after its folder and its own name.
needs=$(sed -n 's/^Libs: *-L[^ ]* *-l[^ ]* *//p' "$folder/build-libuv/libuv-static.pc")
header=$folder/include/uv/version.h
version=$(version_of UV_VERSION_MAJOR "$header").$(version_of UV_VERSION_MINOR "$header").$(version_of UV_VERSION_PATCH "$header")
write_module libuv "$version" "$kernel" "-luv $needs"
