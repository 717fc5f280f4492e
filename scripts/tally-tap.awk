# Counts the results in one TAP stream (cmocka's or bats's) and prints what went wrong.
#
# In:  name (of the stream), exit_status (of what wrote it), root_needed (1: a test that is skipped because it needs root
#      failed). A line "suite FILE" of bats names the file of the tests that follow.
# Out, on stdout: for each failure what was expected, what came instead, and where the whole of it stands; each skip with
#      its reason; and a last line "= PASSED FAILED SKIPPED".

# Of a line so many characters are shown, and of what came so many lines at its beginning and at its end.
BEGIN { width = 160; first_lines = 5; last_lines = 7 }

function cut(line) {
  return length(line) > width ? substr(line, 1, width - 4) " ..." : line
}

function show(label, line) {
  printf "        %-9s %s\n", label, cut(line)
}

# The whole command of which bats names one line: with those that a backslash joins to it.
function statement(file, number,    line, whole, at, goes_on) {
  for (at = 1; (getline line < file) > 0; at++) {
    sub(/^ +/, "", line)
    goes_on = sub(/ *\\$/, "", line)
    whole = whole == "" ? line : whole " " line
    if (!goes_on && at >= number) break
    if (!goes_on) whole = ""
  }
  close(file)
  return whole
}

# What bats says of a failed test begins with where it was:
#   (from function `expect_json' in file tests/cli/loping_helper.bash, line 79,
#    in test file tests/cli/loping_echo.bats, line 193)
#     `expect_status 0' failed
function tell_failure(    i, at, from, file, number, expected, first) {
  for (i = 1; i <= told && i <= 12; i++) {
    if (match(words[i], /in test file .*, line [0-9]+\)$/)) {
      at = substr(words[i], RSTART + 13, RLENGTH - 14)
      file = number = at
      sub(/, line [0-9]+$/, "", file)
      sub(/.*, line /, "", number)
      expected = statement(file, number + 0)
    }
    if (at != "" && words[i] ~ /^ *`.*' failed/) { first = i; break }
  }
  if (first > 0) {
    if (expected == "") { expected = words[first]; sub(/^ *`/, "", expected); sub(/' failed.*$/, "", expected) }
    show("expected", expected)
    show("at", at)
  }
  for (i = first + 1; i <= told; i++) {
    if (told - first > first_lines + last_lines && i - first == first_lines + 1) {
      show("", "... (" told - first - first_lines - last_lines " more lines)")
      i = told - last_lines + 1
    }
    show(i == first + 1 ? "came" : "", words[i])
  }
  if (place != "") show("log", place)
  told = 0
  in_failure = 0
}

function end_failure() {
  if (in_failure) tell_failure()
}

/^suite / {
  end_failure()
  name = $0
  sub(/^suite +/, "", name)
  sub(/^.*\/tests\//, "tests/", name)
  next
}

/^begin [0-9]/ { end_failure(); next }

/^1\.\.[0-9]+/ { planned += substr($1, 4); next }

# cmocka 1.1 writes "not ok N # SKIP name".
/^(not )?ok .*# *[Ss][Kk][Ii][Pp]/ {
  end_failure()
  ran++
  sub(/^(not )?ok +[0-9]+ */, "")
  reason = tolower($0)
  sub(/.*# *skip/, "", reason)
  if (root_needed && reason ~ /needs root/) {
    failed++
    print "FAILED  " name ": " $0 " (here, nothing may be skipped for want of root)"
  } else {
    skipped++
    sub(/^- /, "")
    if (sub(/ *# *[Ss][Kk][Ii][Pp] */, " (")) $0 = $0 ")"
    print "skipped " name ": " $0
  }
  next
}

/^ok / { end_failure(); ran++; passed++; next }

/^not ok / {
  end_failure()
  ran++
  failed++
  sub(/^not ok +[0-9]+ *(- )?/, "")
  print "FAILED  " name ": " $0
  place = FILENAME == "" || FILENAME == "-" ? "" : FILENAME ", line " FNR
  in_failure = 1
  next
}

in_failure && /^#/ {
  sub(/^# ?/, "")
  words[++told] = $0
  next
}

{ other[++others % 40] = $0 }

END {
  end_failure()
  # A program that crashed says nothing of the tests that it still had to run.
  if (ran < planned || planned == 0 || (exit_status != 0 && failed == 0)) {
    failed++
    print "FAILED  " name ": ended with status " exit_status " after " ran + 0 " of " planned + 0 " tests; its last lines:"
    for (i = (others > 39 ? others - 39 : 1); i <= others; i++) print "        " cut(other[i % 40])
    if (FILENAME != "" && FILENAME != "-") show("log", FILENAME)
  }
  print "= " passed + 0 " " failed + 0 " " skipped + 0
}
