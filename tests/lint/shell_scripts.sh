#!/usr/bin/env bash
# Every shell script parses, is executable when it has a #!, and passes shellcheck where that is installed.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

is_shell() { [[ $1 == *.sh || $(head -c 64 "$1" | head -n 1) =~ ^\#!.*(bash|/sh) ]]; }

while IFS= read -r -d '' file; do
    if [[ ! -f $file || -L $file ]] || ! is_shell "$file"; then continue; fi
    checks=$((checks + 1))
    output=$(bash -n "$file" 2>&1) || complain "$file: $output"
    [[ $(head -c 2 "$file") != '#!' || -x $file ]] || complain "$file: has a #! but is not executable"
    if command -v shellcheck >/dev/null; then
        output=$(shellcheck -x -S warning -f gcc "$file") || complain "$output"
    fi
done < <(project_files 'run' 'test' '.ci/*' 'scripts/*' 'tests/*' 'deploy/*' '*.sh')
((checks > 0)) || complain "no shell script found"
verdict
