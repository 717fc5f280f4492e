# Completes lopong's options in bash. tests/cli/completions.bats holds it against --help.
# shellcheck shell=bash

_lopong() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  # bash takes the "=" of --unix=PATH for a word of its own.
  if [ "$word" = = ]; then word=''; elif [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  case $before in
    --unix | -U)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    --bind | -b) mapfile -t COMPREPLY < <(compgen -W '127.0.0.1 ::1 localhost' -- "$word") ;;
    --user) mapfile -t COMPREPLY < <(compgen -u -- "$word") ;;
    --port | -p | --try-ports | --max-connections | --idle-timeout | --max-unsent | --threads) ;;
    *)
      mapfile -t COMPREPLY < <(compgen -W '--bind -b --port -p --try-ports --tcp -t --udp -u --unix -U --allow-remote
        --max-connections --idle-timeout --busy-poll --max-unsent --threads --user --no-sandbox --json -j --quiet -q
        --verbose -v --help -h --version -V' -- "$word")
      ;;
  esac
}
complete -F _lopong lopong
