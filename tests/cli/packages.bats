#!/usr/bin/env bats
# The source archive and the units of a user's service manager. That the packages install, run and go again is tried by
# scripts/try-packages.sh, and that two builds give the same bytes by scripts/check-reproducible.sh.

load test_helper

# make_dist TREE FOLDER: prints the archive's path.
make_dist() {
  (unset BUILD MAKEFLAGS MAKELEVEL SOURCE_DATE_EPOCH && make --no-print-directory -C "$1" dist BUILD="$2")
}

setup() {
  need_plain_build "tests the packages, not the programs"
  # Its tar has the options that leave out who packed it, and when.
  tar --version | grep -q 'GNU tar' || skip "needs GNU tar"
}

@test "an unpacked source archive has all folders, and archives itself as the same bytes, whatever stands beside" {
  archive=$(make_dist "$REPOSITORY" "$BATS_TEST_TMPDIR/first")
  tar -x -z -f "$archive" -C "$BATS_TEST_TMPDIR"
  tree=$BATS_TEST_TMPDIR/$(basename "$archive" .tar.gz)
  expect_equal ".ci .clang-format .clang-tidy .editorconfig .gitignore Makefile README.md client common scripts server tests" \
    "$(find "$tree" -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
  mkdir -p "$tree/build/objects" "$tree/tests/cli/__pycache__"
  touch "$tree/build/objects/x.o" "$tree/tests/cli/__pycache__/x.pyc"
  chmod -R go-rx "$tree"
  cmp "$archive" "$(TZ=Pacific/Kiritimati make_dist "$tree" "$BATS_TEST_TMPDIR/second")"
}

@test "the source archive names its version as the programs do" {
  archive=$(make_dist "$REPOSITORY" "$BATS_TEST_TMPDIR/first")
  run "$LOPONG" --version
  expect_contains "$output" "lopong $(basename "$archive" .tar.gz | sed 's/^loping-//') "
}

@test "a source archive inside somebody else's repository takes its own files, not theirs" {
  need_command git
  archive=$(make_dist "$REPOSITORY" "$BATS_TEST_TMPDIR/first")
  git init -q "$BATS_TEST_TMPDIR/theirs"
  tar -x -z -f "$archive" -C "$BATS_TEST_TMPDIR/theirs"
  cmp "$archive" "$(make_dist "$BATS_TEST_TMPDIR/theirs/$(basename "$archive" .tar.gz)" "$BATS_TEST_TMPDIR/second")"
}

@test "systemd finds no fault in the units" {
  need_command systemd-analyze
  mkdir "$BATS_TEST_TMPDIR/units"
  sed "s,^ExecStart=/usr/bin/lopong,ExecStart=$LOPONG," "$REPOSITORY/scripts/debian/user/lopong.service" > "$BATS_TEST_TMPDIR/units/lopong.service"
  cp "$REPOSITORY/scripts/debian/user/lopong.socket" "$BATS_TEST_TMPDIR/units/"
  XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR run systemd-analyze --user --man=no verify "$BATS_TEST_TMPDIR/units/lopong.service" \
    "$BATS_TEST_TMPDIR/units/lopong.socket"
  expect_equal "" "$output"
  expect_status 0
}
