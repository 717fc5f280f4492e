# What zsh offers for a command line: `zsh -f complete.zsh FOLDER SCRIPT LINE` loads the completion script, types the
# line and a tab into an interactive zsh of its own, and prints each candidate, with a tab before what is shown for it.
# FOLDER is for its own files.
zmodload zsh/zpty || exit 1

folder=$1
# compadd is what every completion ends in; asked with -O, -A or -D it offers nothing.
cat > $folder/inner << 'INNER'
PROMPT=
stty columns 250
# A file _NAME of $fpath is loaded by compinit, as an installed one.
[[ ${script:t} == _* ]] && fpath=(${script:h} $fpath)
autoload -Uz compinit
compinit -u -D
zstyle ':completion:*' list-grouped false
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a found shown
  local name=${@[$@[(i)-d]+1]}
  if (( $@[(I)-d] )); then
    if [[ $name == \(* ]]; then eval "shown=$name"; else shown=("${(@P)name}"); fi
  fi
  builtin compadd -A found -D shown "$@"
  local -i i
  for (( i = 1; i <= $#found; i++ )); do
    print -r -- "$found[i]"$'\t'"$shown[i]" >> $folder/candidates
  done
  (( $#found ))
}
offer-all() {
  zle complete-word
  print "DO""NE"
}
zle -C complete-word complete-word _main_complete
zle -N offer-all
bindkey '^I' offer-all
INNER
true > $folder/candidates
zpty inner zsh -f -i
zpty -w inner "folder=${(q)folder} script=${(q)2}; source $folder/inner; [[ \${script:t} == _* ]] || source \$script; print REA''DY"
zpty -r -m inner line '*READY*'
zpty -w -n inner "$3"$'\t'
zpty -r -m inner line '*DONE*'
zpty -d inner
cat $folder/candidates
