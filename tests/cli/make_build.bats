#!/usr/bin/env bats
# The Makefile: what it rebuilds, what it installs, and how hard the programs are to abuse. Works on a copy of the
# source, so that nothing here touches the tree that other tests use.

load test_helper

# One build serves all of these tests. A sanitized run has nothing to add to it.
setup_file() {
  [ -z "${SANITIZED:-}" ] || return 0
  copy=$BATS_FILE_TMPDIR/source
  mkdir "$copy"
  (cd "$REPOSITORY" && cp -R Makefile common server client scripts "$copy") || return
  (unset BUILD MAKEFLAGS MAKELEVEL && cd "$copy" && make -j2) > "$BATS_FILE_TMPDIR/build.log" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/build.log"
    return 1
  }
}

setup() {
  need_plain_build "tests the build, not the programs"
  unset BUILD MAKEFLAGS MAKELEVEL
  # With their times: make goes by them.
  cp -Rp "$BATS_FILE_TMPDIR/source" "$BATS_TEST_TMPDIR/source"
  cd "$BATS_TEST_TMPDIR/source" || return
}

@test "a second make does nothing" {
  run make
  expect_status 0
  expect_equal "make: Nothing to be done for 'all'." "$output"
}

@test "a header that changed rebuilds who includes it, and nobody else" {
  touch common/wire/wire.h
  run make
  expect_status 0
  expect_contains "$output" "compile build/common/wire/wire.o"
  expect_contains "$output" "compile build/server/echo/session.o"
  expect_lacks "$output" "common/text/units.o"
}

@test "other flags rebuild everything" {
  run make CFLAGS=-O0
  expect_status 0
  expect_contains "$output" "compile build/common/text/units.o"
  expect_contains "$output" "link    build/lopong"
}

@test "a file that was removed leaves the archive" {
  printf 'int removed_later(void);\nint removed_later(void) {\n  return 0;\n}\n' > common/removed_later.c
  make > /dev/null
  nm build/libcommon.a | grep -q removed_later
  rm common/removed_later.c
  make > /dev/null
  run nm build/libcommon.a
  expect_lacks "$output" removed_later
}

@test "a warning is an error" {
  printf 'int warned(void);\nint warned(void) {\n  int unused;\n  return 0;\n}\n' > common/warned.c
  run make
  expect_status 2
  expect_contains "$output" "unused"
}

@test "make install copies programs and man pages below DESTDIR and PREFIX, and uninstall removes them" {
  run make install DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/opt/pair
  expect_status 0
  installed=$(cd "$BATS_TEST_TMPDIR/root" && find . -type f | sort | tr '\n' ' ')
  expect_equal "./opt/pair/bin/loping ./opt/pair/bin/lopong ./opt/pair/share/man/man1/loping.1 ./opt/pair/share/man/man1/lopong.1 " "$installed"
  run "$BATS_TEST_TMPDIR/root/opt/pair/bin/lopong" --version
  expect_status 0
  make uninstall DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/opt/pair
  expect_equal "" "$(find "$BATS_TEST_TMPDIR/root" -type f)"
}

@test "make clean removes the build, and a folder that is no build stays" {
  mkdir precious
  make clean BUILD=precious
  [ -d precious ]
  make clean
  [ ! -e build ]
}

@test "make help names every target" {
  run make help
  expect_status 0
  for target in all demo test check portable asan tsan fuzz install uninstall clean help; do
    expect_contains "$output" "make $target "
  done
}

@test "both programs are position-independent, fortified and have full RELRO" {
  need_command readelf
  for program in build/lopong build/loping; do
    run readelf --wide --file-header --program-headers --dynamic --dyn-syms "$program"
    expect_status 0
    expect_matches "$output" "Type: +DYN"
    expect_contains "$output" "GNU_RELRO"
    expect_matches "$output" "(BIND_NOW|FLAGS_1.*NOW)"
    expect_matches "$output" "GNU_STACK [^E]* RW "
    expect_contains "$output" "__stack_chk_fail"
    expect_matches "$output" "__[a-z]+_chk@"
  done
}
