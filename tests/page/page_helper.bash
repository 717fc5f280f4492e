# What the tests of pages share: a headless Chromium.
# shellcheck shell=bash

# in_browser ADDRESS WIDTH EXPRESSION [USER_AGENT]: sets output to what the expression gives on that page.
in_browser() {
  run_timeout 120 python3 "$REPOSITORY/tests/page/browser.py" "$@"
  expect_status 0
  # shellcheck disable=SC2154 # run_timeout sets it
  expect_equal "" "$stderr"
}
