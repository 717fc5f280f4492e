#!/usr/bin/env bats
# The Makefile: what it rebuilds, what it installs, and how hard the programs are to abuse. Works on a copy of the
# source, so that nothing here touches the tree that other tests use.

load test_helper

# As a person calls it; but each file is optimised by itself, which takes a quarter of the time.
plain_make() {
  unset BUILD MAKELEVEL
  export MAKEFLAGS='-- WHOLE_PROGRAM_OPTIONS='
}

# One build serves all of these tests. A sanitized run has nothing to add to it.
setup_file() {
  [ -z "${SANITIZED:-}" ] || return 0
  copy=$BATS_FILE_TMPDIR/source
  mkdir "$copy"
  (cd "$REPOSITORY" && cp -R Makefile common server client scripts "$copy") || return
  (plain_make && cd "$copy" && make -j2) > "$BATS_FILE_TMPDIR/build.log" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/build.log"
    return 1
  }
}

setup() {
  need_plain_build "tests the build, not the programs"
  plain_make
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

@test "make install copies programs, man pages and completions below DESTDIR and PREFIX, and uninstall removes them" {
  run make install DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/opt/pair
  expect_status 0
  installed=$(cd "$BATS_TEST_TMPDIR/root" && find . -type f -not -path '*/labs/*' | sort | tr '\n' ' ')
  expect_equal "$(ls client/lab/sheets)" "$(ls "$BATS_TEST_TMPDIR/root/opt/pair/share/loping/labs")"
  expect_equal "./opt/pair/bin/loping ./opt/pair/bin/lopong ./opt/pair/share/bash-completion/completions/loping ./opt/pair/share/bash-completion/completions/lopong ./opt/pair/share/fish/vendor_completions.d/loping.fish ./opt/pair/share/fish/vendor_completions.d/lopong.fish ./opt/pair/share/man/man1/loping.1 ./opt/pair/share/man/man1/lopong.1 ./opt/pair/share/man/man5/loping-json.5 ./opt/pair/share/man/man5/lopong-json.5 ./opt/pair/share/zsh/site-functions/_loping ./opt/pair/share/zsh/site-functions/_lopong " "$installed"
  run "$BATS_TEST_TMPDIR/root/opt/pair/bin/lopong" --version
  expect_status 0
  make uninstall DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/opt/pair
  expect_equal "" "$(find "$BATS_TEST_TMPDIR/root" -type f)"
}

@test "make clean removes the build" {
  make clean
  [ ! -e build ]
}

@test "a BUILD that make did not make is refused, and nothing in it is touched" {
  mkdir precious
  touch precious/thesis precious/config.mk
  for target in all clean; do
    run make $target BUILD=precious
    expect_status 2
    expect_contains "$output" "BUILD=precious is there already and was not made by this make"
  done
  expect_equal "config.mk thesis" "$(cd precious && echo *)"
}

@test "a BUILD that is empty, has blanks or what the shell would take for its own is refused by name" {
  local build
  before=$(ls -A)
  for build in "" "a b" "a'b" 'a;b' 'a$$(b)' "a*" x/.. x/. ..; do
    for target in all clean; do
      run make $target BUILD="$build"
      expect_status 2
      expect_contains "$output" "BUILD='${build//\$\$/$}'"
    done
  done
  expect_equal "$before" "$(ls -A)"
}

@test "a TMPDIR that is no folder, and a BUILD that cannot be written to, are named" {
  TMPDIR=/nowhere run make
  expect_status 2
  expect_contains "$output" "TMPDIR=/nowhere is not a folder that this user may write to; set it to one, or unset it."
  touch file
  run make BUILD=file/build
  expect_status 2
  expect_contains "$output" "BUILD=file/build cannot be written to"
}

@test "flags that cannot be noted are an error, and a quote in them is none" {
  rm build/flags
  mkdir build/flags
  run make
  expect_status 2
  expect_contains "$output" "build/flags cannot be written, so what was built with which flags is not known"
  rmdir build/flags
  run make -n CFLAGS="-O0 -DQUOTED='\"a b\"'" build/common/text/units.o
  expect_status 0
  expect_contains "$output" "-DQUOTED='\"a b\"'"
}

@test "only -j gives a number of jobs: a j in a variable's value does not" {
  local given
  # What a sub-make would be called with, from a makefile that has one target more.
  printf 'include Makefile\nshown:\n\t@echo "$(PARALLEL_MAKE)"\n' > shown.mk
  for given in "CFLAGS=-O2 -Wjust" "CFLAGS=-O2 -jx" "V=j" "-s" "-k CC=jcc"; do
    # shellcheck disable=SC2086 # options and a variable
    case $given in -*) run make -f shown.mk $given JOBS=7 shown ;; *) run make -f shown.mk "$given" JOBS=7 shown ;; esac
    expect_contains "$output" "-j7"
  done
  for given in -j3 "-k -j3" -kj3 "-j3 V=1"; do
    # shellcheck disable=SC2086
    run make -f shown.mk $given JOBS=7 shown
    expect_lacks "$output" "-j7"
  done
}

@test "where nobody may install, one message has the command to paste, and make adds nothing below it" {
  # No root: an id that is not 0, no sudo, and nothing that pkg-config finds.
  mkdir stubs
  printf '#!/bin/sh\necho 1000\n' > stubs/id
  printf '#!/bin/sh\nexit 1\n' > stubs/pkg-config
  printf '#!/bin/sh\nexit 1\n' > stubs/apt-get
  chmod +x stubs/*
  for program in make sh cc gcc as ld ar mkdir touch cat test printf cut echo grep mktemp rm find head getconf uname sed dirname; do
    [ -z "$(command -v $program)" ] || ln -s "$(command -v $program)" stubs/
  done 2> /dev/null
  run env PATH="$PWD/stubs" make BUILD=other
  expect_status 2
  expect_contains "$output" "missing: libuv 1.40 or newer, jansson 2.13 or newer." \
    "apt-get install --no-install-recommends libuv1-dev libjansson-dev"
  expect_equal 1 "$(grep -c '\*\*\*' <<< "$output")"
  expect_lacks "$output" "Error 1" "No such file"
  expect_equal "Then run the same again.  Stop." "$(tail -n 1 <<< "$output")"
}

@test "make help names every target" {
  run make help
  expect_status 0
  for target in all demo test check portable asan tsan fuzz install uninstall dist deb static test-static reproducible clean help; do
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
