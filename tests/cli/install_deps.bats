#!/usr/bin/env bats
# scripts/install-deps.sh, with made-up package managers: nothing is installed here.

load test_helper

# A PATH of our own: the tools that the script itself needs, and stubs. What no stub stands for is missing.
setup() {
  stubs=$BATS_TEST_TMPDIR/stubs
  log=$BATS_TEST_TMPDIR/log
  mkdir "$stubs"
  local tool
  for tool in sh env cut find head grep mktemp rm cat sed sort setpriv; do ln -s "$(command -v $tool)" "$stubs/$tool"; done
  chmod 755 "$BATS_TEST_TMPDIR"
  stub id 'echo 0'
}

# stub NAME SCRIPT
stub() {
  printf '#!/bin/sh\n%s\n' "$2" > "$stubs/$1"
  chmod 755 "$stubs/$1"
}

install_deps() {
  run --separate-stderr env PATH="$stubs" sh "$REPOSITORY/scripts/install-deps.sh" "$@" < /dev/null
}

@test "nothing is said or done when nothing is missing" {
  stub cc ''
  stub make ''
  stub pkg-config ''
  stub apt-get "echo called >> $log"
  install_deps build
  expect_status 0
  expect_equal "" "$output$stderr"
  [ ! -e "$log" ]
}

@test "what is missing is named and installed without a question" {
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  stub apt-get "echo \"\$*\" >> $log"
  install_deps build
  expect_status 0
  expect_contains "$stderr" "missing: libuv 1.40 or newer, jansson 2.13 or newer"
  expect_contains "$stderr" "installing with apt-get: libuv1-dev libjansson-dev"
  expect_matches "$(cat "$log")" "-y .*install .*libuv1-dev libjansson-dev"
}

@test "the package lists are fetched and the install is tried again when it fails" {
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  stub apt-get "echo \"\$*\" >> $log; case \"\$*\" in *update*) : > $BATS_TEST_TMPDIR/updated ;; *) [ -e $BATS_TEST_TMPDIR/updated ] ;; esac"
  install_deps build
  expect_status 0
  expect_contains "$(cat "$log")" "update"
  expect_matches "$(tail -n 1 "$log")" "install .*libuv1-dev"
}

@test "a package manager that fails is named with what it could not install" {
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  stub apt-get 'echo "E: no mirror" >&2; exit 100'
  install_deps build
  expect_status 1
  expect_contains "$stderr" "E: no mirror"
  expect_contains "$stderr" "apt-get could not install it, and said why above. By hand:" \
    "    apt-get install --no-install-recommends libuv1-dev libjansson-dev"
}

@test "without root, sudo is used" {
  stub id 'echo 1000'
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  stub sudo "echo \"sudo \$*\" >> $log"
  stub apt-get 'exit 1'
  install_deps build
  expect_status 0
  # No terminal here: a password must not be waited for.
  expect_matches "$(cat "$log")" "sudo -n .*apt-get .*install .*libuv1-dev"
}

@test "without root and without sudo, the sentence says what to install" {
  stub id 'echo 1000'
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  stub apt-get "echo called >> $log"
  install_deps build
  expect_status 1
  expect_contains "$stderr" "needs root"
  expect_contains "$stderr" "libuv1-dev libjansson-dev"
  [ ! -e "$log" ]
}

@test "each package manager is asked for its own names" {
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  while read -r manager expected; do
    stub "$manager" "echo \"\$*\" > $log"
    install_deps build
    expect_status 0
    expect_equal "$expected" "$(cat "$log")"
    rm "$stubs/$manager" "$log"
  done << 'TABLE'
dnf install -y libuv-devel jansson-devel
pacman -S --needed --noconfirm libuv jansson
apk add libuv-dev jansson-dev
brew install libuv jansson
TABLE
}

@test "a machine without a known package manager gets the list of what is missing" {
  stub cc ''
  stub make ''
  stub pkg-config 'exit 1'
  install_deps build
  expect_status 1
  expect_contains "$stderr" "missing: libuv 1.40 or newer, jansson 2.13 or newer"
  expect_contains "$stderr" "by hand"
}

@test "another program named parallel does not count as GNU parallel" {
  stub parallel 'echo "parallel from moreutils"'
  for tool in pkg-config bats nc socat jq python3 ip nft setpriv unshare prlimit readelf man; do
    rm -f "$stubs/$tool"
    stub "$tool" ''
  done
  stub apt-get "echo \"\$*\" >> $log"
  install_deps test
  expect_status 0
  expect_contains "$stderr" "GNU parallel"
}

@test "a bats that is too old counts as missing, and one that is new enough does not" {
  stub apt-get "echo \"\$*\" >> $log"
  stub bats 'echo "Bats 1.2.1"'
  install_deps test
  expect_contains "$stderr" "missing: cmocka, bats 1.5 or newer, "
  stub bats 'echo "Bats 1.10.0"'
  install_deps test
  expect_lacks "$stderr" "bats 1.5"
}

@test "an unknown group is wrong usage" {
  install_deps everything
  expect_status 2
  expect_contains "$stderr" "'everything' is no group"
}
