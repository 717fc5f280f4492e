# Completes loping's commands and their options in bash. tests/cli/completions.bats holds it against --help.
# shellcheck shell=bash

# _loping_options COMMAND: '' is the report card, which has no command.
_loping_options() {
  local common='--help -h --version -V'
  local measure="--udp -u --busy-poll -b --timeout -t --cpu --seed --fail-if --json -j --json-stream --csv --quiet --no-color --allow-remote $common"
  local distribution='--hgrm --raw --percentiles'
  case $1 in
    '') echo "--duration -d --warmup -w $distribution $measure" ;;
    ping) echo "--size -s --count -n --interval -i --no-nodelay --writes $distribution $measure" ;;
    latency)
      echo "--size -s --connections -c --depth -q --rate -r --floor --duration -d --count -n --warmup -w --no-nodelay --writes $distribution $measure"
      ;;
    anatomy) echo "--size -s --duration -d --count -n --warmup -w $distribution $measure" ;;
    throughput) echo "--size -s --connections -c --duration -d --warmup -w --direction --zero-copy -z $measure" ;;
    connect) echo "--size -s --connections -c --duration -d --count -n --warmup -w $distribution $measure" ;;
    sweep) echo "--duration -d --warmup -w --sizes $measure" ;;
    compare) echo "--base --new --threshold --smallest --json -j --quiet $common" ;;
    check) echo "--tcp --udp -u --timeout -t --ask -a --no-ask --json -j --no-color $common" ;;
    wait) echo "--free -f --http --timeout -t --tcp --udp -u --json -j --quiet -q --no-color $common" ;;
    ports)
      echo "--tcp --udp -u --exposed --local --process -p --expect -e --write --watch -w --interval -i --tree --peers --json -j --quiet --no-color $common"
      ;;
    explain) echo "$common" ;;
  esac
}

# _loping_value COMMAND OPTION WORD: what can follow the option; fails where it has no value.
_loping_value() {
  case $1:$2 in
    *:--json | *:-j | *:--json-stream | *:--csv | *:--hgrm | *:--raw | compare:--base | compare:--new | ports:--expect | \
      ports:-e | ports:--write)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$3")
      ;;
    throughput:--direction) mapfile -t COMPREPLY < <(compgen -W 'echo up down' -- "$3") ;;
    check:--ask | check:-a)
      mapfile -t COMPREPLY < <(compgen -W 'echo http tls postgres redis memcached dns none' -- "$3")
      ;;
    ports:--watch | ports:-w | wait:-q) return 1 ;;
    *:--duration | *:-d | *:--warmup | *:-w | *:--timeout | *:-t | *:--cpu | *:--seed | *:--fail-if | *:--percentiles | \
      *:--size | *:-s | *:--count | *:-n | *:--interval | *:-i | *:--writes | *:--connections | *:-c | *:--depth | *:-q | \
      *:--rate | *:-r | *:--sizes | *:--threshold | *:--smallest | *:--http | *:--process | *:-p) ;;
    *) return 1 ;;
  esac
}

_loping() {
  local commands='ping latency anatomy throughput connect sweep compare check wait ports explain'
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=''
  # bash takes the "=" of --json=FILE for a word of its own.
  if [ "$word" = = ]; then word=''; elif [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  [ "$COMP_CWORD" -lt 2 ] || [[ " $commands " != *" ${COMP_WORDS[1]} "* ]] || command=${COMP_WORDS[1]}
  COMPREPLY=()
  if _loping_value "$command" "$before" "$word"; then return; fi
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_loping_options "$command")" -- "$word")
  elif [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
  elif [ "$command" = compare ]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _loping loping
