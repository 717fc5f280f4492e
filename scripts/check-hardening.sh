#!/bin/bash
# Are both programs hardened as the Makefile asks for? Looks at the built files, not at the options. x86-64 with gcc 12 or
# newer has all of it; elsewhere what BUILD/config.mk found.
#
#   scripts/check-hardening.sh [BUILD]
set -u

cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
failed=0

complain() {
  echo "$1"
  failed=1
}

if [ "$(uname -m)" = x86_64 ] && [ "$(cc -dumpversion 2> /dev/null | cut -d. -f1)" -ge 12 ] && ! cc --version | grep -q clang; then
  options=(-fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero)
  level=3
else
  read -r -a options <<< "$(sed -n 's/^HARDENING_OPTIONS :=//p' "$build/config.mk")"
  level=$(sed -n 's/^FORTIFY_LEVEL := //p' "$build/config.mk")
fi

check_program() {
  local program=$1 facts units option
  facts=$(readelf -hldW "$program") || complain "$program: cannot be read"
  grep -q 'Type: *DYN' <<< "$facts" || complain "$program: is not position-independent"
  grep -q 'GNU_RELRO' <<< "$facts" || complain "$program: what only the loader writes stays writable"
  grep -q 'BIND_NOW\|Flags:.*NOW' <<< "$facts" || complain "$program: its table of library functions can be written to"
  grep -q 'GNU_STACK.*RW ' <<< "$facts" || complain "$program: its stack can be executed"
  facts=$(readelf --dyn-syms -W "$program")
  grep -q '__stack_chk_fail' <<< "$facts" || complain "$program: has no stack protector"
  [ "$level" -lt 2 ] || grep -q '__[a-z]*_chk@' <<< "$facts" || complain "$program: calls nothing that is fortified"
  # Each file's compiler says with which options it was called.
  units=$(readelf --debug-dump=info --dwarf-depth=1 "$program" 2> /dev/null | grep 'DW_AT_producer.*C11')
  [ -n "$units" ] || complain "$program: does not say how it was compiled (built without -g?)"
  for option in "${options[@]}"; do
    grep -q -v -e " $option" <<< "$units" && complain "$program: not every file was compiled with $option"
  done
}

check_program "$build/lopong"
check_program "$build/loping"
grep -q "FORTIFY_LEVEL := $level" "$build/config.mk" || complain "$build/config.mk: FORTIFY_LEVEL is not $level"
exit $failed
