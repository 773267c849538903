"""The scripts that teach a shell to complete devkit's command line; each asks `devkit completion answers`."""

_BASH = r"""# bash completion for devkit; load it with: source <(devkit completion bash)
_devkit_complete() {
    local IFS=$'\n' line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${COMP_WORDS[0]}" completion answers -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _devkit_complete devkit devkit-cycle
"""

_ZSH = r"""#compdef devkit devkit-cycle
# zsh completion for devkit; load it with: source <(devkit completion zsh)
_devkit() {
    local -a answers choices
    local answer
    answers=("${(@f)$("${words[1]}" completion answers -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    for answer in "${answers[@]}"; do
        [[ -n $answer ]] && choices+=("${${answer%%$'\t'*}//:/\\:}:${answer#*$'\t'}")
    done
    if (( ${#choices} )); then
        _describe devkit choices
    else
        _files
    fi
}
if [[ ${funcstack[1]} == _devkit ]]; then
    _devkit "$@"
else
    compdef _devkit devkit devkit-cycle
fi
"""

_FISH = r"""# fish completion for devkit; load it with: devkit completion fish | source
function __devkit_answers
    set -l words (commandline -opc) (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answers ($program completion answers -- $words 2>/dev/null)
    if set -q answers[1]
        printf '%s\n' $answers
    else
        __fish_complete_path (commandline -ct)
    end
end
for program in devkit devkit-cycle
    complete --command $program --no-files --arguments '(__devkit_answers)'
end
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
"""The scripts by the name of the shell."""
