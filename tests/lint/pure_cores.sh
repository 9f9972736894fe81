#!/usr/bin/env bash
# tests/lint/pure_cores.sh BUILD_DIR: the pure libraries cannot reach the world. Each symbol they leave undefined is
# defined by another pure library, by generated protobuf code, or stands in pure_symbols.txt.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
build=${1:-build}

# co_base, co_calendar ... by name, and whatever ends in _core.
mapfile -t archives < <(find "$build" -name 'libco_base.a' -o -name 'libco_calendar.a' -o -name 'libco_zone.a' \
    -o -name 'libco_answer.a' -o -name 'libco_plan.a' -o -name 'libco_registry.a' -o -name 'libco_roster.a' -o -name 'libco_view.a' -o -name 'libco_replay.a' -o -name 'lib*_core.a' | sort)
((${#archives[@]} >= 3)) || complain "only ${#archives[@]} pure libraries below $build"

# "OBJECT SYMBOL", OBJECT * for any.
allowed=$(sed 's/#.*//' tests/lint/pure_symbols.txt | awk 'NF == 1 { print "*", $1 } NF > 1 { for (i = 2; i <= NF; i++) print $1, $i }')
provided=$(nm -g --defined-only "${archives[@]}" 2>/dev/null | awk 'NF == 3 { print "*", $3 }')

for archive in "${archives[@]}"; do
    checks=$((checks + 1))
    while read -r object symbol; do
        complain "${archive##*/}: $object calls $symbol (pure? then add it to tests/lint/pure_symbols.txt)"
    done < <(nm -u -A "$archive" 2>/dev/null | awk -v known="$allowed"$'\n'"$provided" '
        BEGIN { n = split(known, row, "\n"); for (i = 1; i <= n; i++) ok[row[i]] = 1 }
        {
            split($1, path, ":")
            object = path[2]
            symbol = $NF
            if (symbol ~ /^(callout__v1__|protobuf_c_)/ || ("* " symbol) in ok || (object " " symbol) in ok)
                next
            print object, symbol
        }' | sort -u)
done
verdict
