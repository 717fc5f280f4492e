#!/bin/sh
# Installs what a group of targets needs and this machine lacks: build, test, check, sanitizers, or all of these; or
# servers, the real servers that check is tried on; or page, the browser that looks at a report; or libraries, what builds
# libuv and jansson for another host; or static or deb, what the packages are made with; or systems, what makes trees of
# other releases to try them in; or windows, the compiler for Windows; or wine, to run its programs here; or bench, the
# programs that the benchmarks compare with, as far as the machine's packages offer them.
# Says what it installs and asks nothing; says nothing when nothing is missing. Knows apt-get, dnf, pacman, apk and brew.
# With --for-make, why it could not goes to stdout, with "|" for each end of a line: make says it, as its last word.
set -eu

# group | what it is | how to tell that it is there | its package for: apt-get | dnf | pacman | apk | brew
# Telling: cmd:PROGRAM, version:PROGRAM>=VERSION (by its --version), pkg:MODULE[>=VERSION] (pkg-config), link:FLAGS (a
# program links with them), header:NAME, python:MODULE, gnu-parallel, gnu-timeout.
# "-" stands where a system has no such package, or has it always.
needs() {
  cat << 'TABLE'
build|C compiler|link:|gcc libc6-dev|gcc|gcc|gcc musl-dev|-
build|kernel headers|header:linux/netlink.h|linux-libc-dev|kernel-headers|linux-api-headers|linux-headers|-
build|make|cmd:make|make|make|make|make|make
build|pkg-config|cmd:pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf|pkgconf
build|libuv 1.40 or newer|pkg:libuv>=1.40|libuv1-dev|libuv-devel|libuv|libuv-dev|libuv
build|jansson 2.13 or newer|pkg:jansson>=2.13|libjansson-dev|jansson-devel|jansson|jansson-dev|jansson
test|cmocka|pkg:cmocka|libcmocka-dev|libcmocka-devel|cmocka|cmocka-dev|cmocka
test|bats 1.5 or newer|version:bats>=1.5|bats|bats|bats|bats|bats-core
test|bash|cmd:bash|bash|bash|bash|bash|bash
test|GNU coreutils|gnu-timeout|coreutils|coreutils|coreutils|coreutils|coreutils
test|GNU parallel|gnu-parallel|parallel|parallel|parallel|parallel|parallel
test|nc|cmd:nc|netcat-openbsd|nmap-ncat|openbsd-netcat|netcat-openbsd|-
test|socat|cmd:socat|socat|socat|socat|socat|socat
test|jq|cmd:jq|jq|jq|jq|jq|jq
test|Python 3|cmd:python3|python3|python3|python|python3|python3
test|pyte, a terminal for tests|python:pyte|python3-pyte|python3-pyte|python-pyte|py3-pyte|-
test|Python's jsonschema 4|python:jsonschema|python3-jsonschema|python3-jsonschema|python-jsonschema|py3-jsonschema|-
test|ip|cmd:ip|iproute2|iproute|iproute2|iproute2|-
test|nft|cmd:nft|nftables|nftables|nftables|nftables|-
test|tc|cmd:tc|iproute2|iproute-tc|iproute2|iproute2-tc|-
test|ufw|cmd:ufw|ufw|-|-|-|-
test|conntrack|cmd:conntrack|conntrack|conntrack-tools|conntrack-tools|conntrack-tools|-
test|iptables|cmd:iptables|iptables|iptables-nft|iptables|iptables|-
test|setpriv|cmd:setpriv|util-linux|util-linux|util-linux|setpriv|-
test|unshare|cmd:unshare|util-linux|util-linux|util-linux|util-linux|-
test|mount|cmd:mount|mount|util-linux|util-linux|mount|-
test|strace|cmd:strace|strace|strace|strace|strace|-
test|prlimit|cmd:prlimit|util-linux|util-linux|util-linux|util-linux-misc|-
test|readelf|cmd:readelf|binutils|binutils|binutils|binutils|-
test|systemd-socket-activate|cmd:systemd-socket-activate|systemd|systemd|systemd|-|-
test|supervisord|cmd:supervisord|supervisor|supervisor|supervisor|supervisor|-
test|tmux|cmd:tmux|tmux|tmux|tmux|tmux|tmux
test|node|cmd:node|nodejs|nodejs|nodejs|nodejs|node
test|npm|cmd:npm|npm|npm|npm|npm|-
test|curl|cmd:curl|curl|curl|curl|curl|curl
test|man|cmd:man|man-db|man-db|man-db|mandoc|-
test|openssl|cmd:openssl|openssl|openssl|openssl|openssl|openssl
test|perl|cmd:perl|perl-base|perl-interpreter|perl|perl|perl
test|zsh|cmd:zsh|zsh|zsh|zsh|zsh|zsh
test|fish|cmd:fish|fish|fish|fish|fish|fish
servers|PostgreSQL|cmd:pg_lsclusters|postgresql|postgresql-server|postgresql|postgresql|postgresql
servers|nginx|cmd:nginx|nginx-light|nginx|nginx|nginx|nginx
servers|Apache|cmd:apache2|apache2|httpd|apache|apache2|httpd
servers|Redis|cmd:redis-server|redis-server|redis|redis|redis|redis
servers|memcached|cmd:memcached|memcached|memcached|memcached|memcached|memcached
servers|MariaDB|cmd:mariadbd|mariadb-server|mariadb-server|mariadb|mariadb|mariadb
servers|HAProxy|cmd:haproxy|haproxy|haproxy|haproxy|haproxy|haproxy
servers|stunnel|cmd:stunnel|stunnel4|stunnel|stunnel|stunnel|stunnel
servers|dnsmasq|cmd:dnsmasq|dnsmasq-base|dnsmasq|dnsmasq|dnsmasq|dnsmasq
servers|sshd|cmd:sshd|openssh-server|openssh-server|openssh|openssh-server|-
servers|xinetd|cmd:xinetd|xinetd|xinetd|-|-|-
servers|ssh|cmd:ssh|openssh-client|openssh-clients|openssh|openssh-client|-
servers|Chromium|cmd:chromium|chromium|chromium|chromium|chromium|-
page|Chromium|cmd:chromium|chromium|chromium|chromium|chromium|-
servers|screen|cmd:screen|screen|screen|screen|screen|screen
servers|podman|cmd:podman|podman|podman|podman|podman|-
servers|runc|cmd:runc|runc|runc|runc|runc|-
servers|systemd-socket-activate|cmd:systemd-socket-activate|systemd|systemd|systemd|-|-
check|clang-tidy|cmd:clang-tidy|clang-tidy|clang-tools-extra|clang|clang-extra-tools|llvm
check|clang-format|cmd:clang-format|clang-format|clang-tools-extra|clang|clang-extra-tools|clang-format
check|cppcheck|cmd:cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck
check|shellcheck|cmd:shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck|shellcheck
check|compiler for armhf|cmd:arm-linux-gnueabihf-gcc|gcc-arm-linux-gnueabihf libc6-dev-armhf-cross|-|-|-|-
sanitizers|sanitizer libraries|link:-fsanitize=address,undefined|gcc|libasan libubsan|gcc|-|-
sanitizers|thread sanitizer's library|link:-fsanitize=thread|gcc|libtsan|gcc|-|-
static|musl-gcc|cmd:musl-gcc|musl-tools|-|-|-|-
deb|dpkg-buildpackage|cmd:dpkg-buildpackage|dpkg-dev|-|-|-|-
deb|debhelper|cmd:dh|debhelper|-|-|-|-
deb|lintian|cmd:lintian|lintian|-|-|-|-
systems|mmdebstrap|cmd:mmdebstrap|mmdebstrap|-|-|-|-
libraries|cmake|cmd:cmake|cmake|cmake|cmake|cmake|cmake
libraries|dpkg-source|cmd:dpkg-source|dpkg-dev|-|-|-|-
windows|MinGW-w64|cmd:x86_64-w64-mingw32-gcc|gcc-mingw-w64-x86-64-win32|mingw64-gcc|mingw-w64-gcc|mingw-w64-gcc|mingw-w64
windows|zip|cmd:zip|zip|zip|zip|zip|zip
wine|Wine|cmd:wine|wine wine64|wine|wine|wine|wine-stable
bench|jq|cmd:jq|jq|jq|jq|jq|jq
bench|Python 3|cmd:python3|python3|python3|python|python3|python3
bench|taskset|cmd:taskset|util-linux|util-linux|util-linux|util-linux-misc|-
bench|valgrind|cmd:valgrind|valgrind|valgrind|valgrind|valgrind|-
bench|setpriv|cmd:setpriv|util-linux|util-linux|util-linux|setpriv|-
peers|sockperf|cmd:sockperf|sockperf|sockperf|-|-|-
peers|netperf|cmd:netperf|netperf|netperf|-|netperf|-
peers|qperf|cmd:qperf|qperf|qperf|-|-|-
peers|iperf3|cmd:iperf3|iperf3|iperf3|iperf3|iperf3|iperf3
peers|nuttcp|cmd:nuttcp|nuttcp|nuttcp|-|-|-
peers|socat|cmd:socat|socat|socat|socat|socat|socat
peers|node|cmd:node|nodejs|nodejs|nodejs|nodejs|node
peers|neper|cmd:tcp_crr|-|-|-|-|-
TABLE
}

say() {
  echo "install-deps: $*" >&2
}

# say_reason LINE...: why it ends in vain.
say_reason() {
  if [ $for_make = no ]; then
    printf 'install-deps: ' >&2
    printf '%s\n' "$@" >&2
  else
    printf '%s' "$1"
    shift
    [ $# -eq 0 ] || printf '|%s' "$@"
  fi
}

# The command that a person can paste.
install_command() {
  case $manager in
    apt-get) echo "apt-get install --no-install-recommends $packages" ;;
    pacman) echo "pacman -S --needed $packages" ;;
    apk) echo "apk add $packages" ;;
    *) echo "$manager install $packages" ;;
  esac
}

has_header() {
  echo "#include <$1>" | ${CC:-cc} -E -x c - > /dev/null 2>&1
}

# is_as_new PROGRAM VERSION
is_as_new() {
  is_version=$("$1" --version 2> /dev/null < /dev/null | sed -n '1s/[^0-9]*\([0-9][0-9.]*\).*/\1/p')
  [ "$(printf '%s\n%s\n' "$2" "$is_version" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$2" ]
}

links() {
  scratch=$(mktemp -d) || return 1
  echo 'int main(void) { return 0; }' > "$scratch/probe.c"
  status=0
  # shellcheck disable=SC2086 # the flags are separate words
  ${CC:-cc} $1 -o "$scratch/probe" "$scratch/probe.c" 2> /dev/null || status=1
  rm -rf "$scratch"
  return $status
}

is_there() {
  case $1 in
    # Programs for administrators can stand in folders that an ordinary user's PATH lacks.
    cmd:*) (PATH=$PATH:/usr/sbin:/sbin && command -v "${1#cmd:}" > /dev/null 2>&1) ;;
    pkg:*">="*)
      wanted=${1#pkg:}
      pkg-config --exists "${wanted%%>=*} >= ${wanted##*>=}" 2> /dev/null
      ;;
    pkg:*) pkg-config --exists "${1#pkg:}" 2> /dev/null ;;
    link:*) links "${1#link:}" ;;
    header:*) has_header "${1#header:}" ;;
    # A Python that somebody put in front of the system's has none of the system's modules.
    python:*) python3 -c "import ${1#python:}" 2> /dev/null || /usr/bin/python3 -c "import ${1#python:}" 2> /dev/null ;;
    version:*)
      wanted=${1#version:}
      is_as_new "${wanted%%>=*}" "${wanted##*>=}"
      ;;
    # That of busybox has no --kill-after, and Homebrew has all of them under another name, too.
    gnu-timeout) timeout --kill-after=1 1 true 2> /dev/null ;;
    # moreutils has another program of this name.
    gnu-parallel) parallel --version < /dev/null 2> /dev/null | grep -q 'GNU parallel' ;;
  esac
}

# Prints the number of the table's column for this machine's package manager, and its name.
find_manager() {
  column=4
  for manager in apt-get dnf pacman apk brew; do
    if command -v $manager > /dev/null 2>&1; then
      echo "$column $manager"
      return
    fi
    column=$((column + 1))
  done
}

# The lists of a fresh container are empty, and old ones name packages that the mirror no longer has.
apt_lists_are_stale() {
  [ -z "$(find /var/lib/apt/lists -maxdepth 1 -type f -name '*_Packages*' -mtime -7 2> /dev/null | head -n 1)" ]
}

install_with_apt() {
  # Runlevel 1: the package of a server does not start it.
  apt="$become env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
  if [ $updated = no ] && apt_lists_are_stale; then
    # A mirror that does not answer is no reason to stop: what is wanted may still be there.
    $apt update >&2 || true
    updated=yes
  fi
  # shellcheck disable=SC2086 # the packages are separate words
  $apt install --no-install-recommends $1 >&2 && return 0
  [ $updated = no ] || return 1
  updated=yes
  # shellcheck disable=SC2086
  $apt update >&2 && $apt install --no-install-recommends $1 >&2
}

install_packages() {
  # shellcheck disable=SC2086 # the packages are separate words
  case $manager in
    apt-get) install_with_apt "$1" ;;
    dnf) $become dnf install -y $1 >&2 ;;
    pacman) $become pacman -S --needed --noconfirm $1 >&2 ;;
    apk) $become apk add $1 >&2 ;;
    brew) brew install $1 >&2 ;;
  esac
}

# Sets become: what a command must begin with to install. Fails, and says so, where this user cannot.
find_root() {
  become=
  if [ "$manager" = brew ] || [ "$(id -u)" -eq 0 ]; then return 0; fi
  if ! command -v sudo > /dev/null 2>&1; then
    say_reason "missing: $missing. Installing needs root, and this machine has no sudo. As root:" "" \
      "    $(install_command)" "" "Then run the same again"
    return 1
  fi
  # Without a terminal, sudo must not wait for a password that nobody can type.
  if [ -t 0 ]; then become=sudo; else become="sudo -n"; fi
}

# Is a row of this group among what was asked for?
is_wanted() {
  case $1 in
    "$group") return 0 ;;
    bench | peers | servers | page | libraries | static | deb | systems | windows | wine) return 1 ;;
    *) [ "$group" = all ] ;;
  esac
}

# Sets missing, and packages, of the rows that are wanted.
find_missing() {
  missing=
  packages=
  while IFS='|' read -r row_group name probe choices; do
    is_wanted "$row_group" || continue
    is_there "$probe" && continue
    package=-
    [ -z "$column" ] || package=$(echo "$choices" | cut -d '|' -f $((column - 3)))
    # What a system does not offer is left out; the tests that want it say so.
    [ -z "$manager" ] || [ "$package" != - ] || continue
    missing="$missing${missing:+, }$name"
    for word in $package; do
      case " $packages " in *" $word "*) ;; *) packages="$packages${packages:+ }$word" ;; esac
    done
  done << EOF
$(needs)
EOF
}

install_missing() {
  find_missing
  [ -n "$missing" ] || return 0
  if [ -z "$manager" ]; then
    say_reason "missing: $missing. This machine has no apt-get, dnf, pacman, apk or brew; install them by hand."
    return 1
  fi
  find_root || return 1
  say "missing: $missing"
  say "installing with $manager: $packages"
  if ! install_packages "$packages"; then
    say_reason "missing: $missing. $manager could not install it, and said why above. By hand:" "" \
      "    ${become:+sudo }$(install_command)" "" "Then run the same again"
    return 1
  fi
}

# The peers come one by one: one that cannot be had must not cost the others, and is no failure.
install_peers() {
  while IFS='|' read -r row_group name probe choices <&3; do
    [ "$row_group" = peers ] || continue
    is_there "$probe" && continue
    packages=-
    missing=$name
    [ -z "$column" ] || packages=$(echo "$choices" | cut -d '|' -f $((column - 3)))
    if [ -z "$manager" ]; then
      say "not installed: $name, because this machine has no apt-get, dnf, pacman, apk or brew."
    elif [ "$packages" = - ]; then
      say "not installed: $name, because no package of it for $manager is known."
    elif find_root; then
      say "installing with $manager: $packages"
      install_packages "$packages" || say_why_not
    fi
  done 3<< EOF
$(needs)
EOF
}

say_why_not() {
  why="$manager could not install $packages; its own message stands above."
  [ "$manager:$name" != apt-get:netperf ] || why="$why Debian has it in non-free and Ubuntu in multiverse."
  say "not installed: $name, because $why"
}

for_make=no
if [ "${1:-}" = --for-make ]; then
  for_make=yes
  shift
fi
group=${1:-build}
case $group in
  build | test | check | sanitizers | all | servers | page | bench | libraries | static | deb | systems | windows | wine) ;;
  *)
    say "'$group' is no group. Say build, test, check, sanitizers, all, servers, page, bench, libraries, static, deb, systems, windows or wine."
    exit 2
    ;;
esac

found=$(find_manager)
column=${found%% *}
manager=${found#* }
updated=no

install_missing || exit 1
[ "$group" != bench ] || install_peers
