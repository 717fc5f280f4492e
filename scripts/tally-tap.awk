# Counts the results in one TAP stream (cmocka's or bats's) and prints what went wrong.
#
# In:  name (of the stream), exit_status (of what wrote it), root_needed (1: a test that is skipped because it needs root
#      failed). Out, on stdout: each failure with its diagnostic lines, each skip with its reason, and a last line
#      "= PASSED FAILED SKIPPED".

/^1\.\.[0-9]+/ { planned += substr($1, 4); next }

# cmocka 1.1 writes "not ok N # SKIP name".
/^(not )?ok .*# *[Ss][Kk][Ii][Pp]/ {
  in_failure = 0
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

/^ok / { in_failure = 0; ran++; passed++; next }

/^not ok / {
  in_failure = 0
  ran++
  failed++
  sub(/^not ok +[0-9]+ *(- )?/, "")
  print "FAILED  " name ": " $0
  in_failure = 1
  next
}

in_failure && /^#/ { print "        " $0; next }

{ other[++others % 40] = $0 }

END {
  # A program that crashed says nothing of the tests that it still had to run.
  if (ran < planned || planned == 0 || (exit_status != 0 && failed == 0)) {
    failed++
    print "FAILED  " name ": ended with status " exit_status " after " ran + 0 " of " planned + 0 " tests; its last lines:"
    for (i = (others > 39 ? others - 39 : 1); i <= others; i++) print "        " other[i % 40]
  }
  print "= " passed + 0 " " failed + 0 " " skipped + 0
}
