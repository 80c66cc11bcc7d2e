# shellcheck shell=bash
# Completes udcg's commands, options and their values in bash; all of them are what --help tells.

# "--name ARGUMENT" of each option of a command, a line each.
_udcg_options()
{
	"$1" "$2" --help 2>/dev/null | sed -n 's/^  \(--[^ ]*\( [^ ]\{1,\}\)\{0,1\}\)\(  .*\)\{0,1\}$/\1/p'
}

_udcg_commands()
{
	"$1" --help 2>/dev/null | sed -n '/^commands:/,/^$/s/^  udcg \([a-z]*\).*/\1/p'
}

_udcg_value()
{
	local argument=$1 word=$2
	case $argument in
	*'|'*) mapfile -t COMPREPLY < <(compgen -W "${argument//|/ }" -- "$word") ;;
	DIR) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
	FILE) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	esac
}

_udcg()
{
	local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$(_udcg_commands "$program") --help --version" -- "$word")
		return
	fi
	local options
	options=$(_udcg_options "$program" "${COMP_WORDS[1]}")
	# bash takes --name=value for three words.
	if [[ $word == = ]]; then
		word=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	local argument
	argument=$(awk -v name="$before" '$1 == name { print $2 }' <<<"$options")
	if [[ -n $argument ]]; then
		_udcg_value "$argument" "$word"
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(cut -d ' ' -f 1 <<<"$options") --help" -- "$word")
	else
		_udcg_value FILE "$word"
	fi
}

complete -o filenames -F _udcg udcg
