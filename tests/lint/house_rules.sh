#!/usr/bin/env bash
# What a look at the tracked files can tell: nothing generated, no path of somebody's machine, no unfinished text, no
# SELECT *, no file far beyond the size people read, a README in each service.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

mapfile -d '' -t files < <(project_files '*')
texts=()
for file in "${files[@]}"; do
    [[ -f $file && $file != tests/lint/house_rules.sh ]] && grep -Iq . "$file" && texts+=("$file")
done

# forbid WHAT PATTERN FILE_PATTERN: no line of a matching file matches.
forbid() {
    local what=$1 pattern=$2 only=$3 line
    checks=$((checks + 1))
    while IFS= read -r line; do
        complain "$what: ${line:0:160}"
    done < <(printf '%s\0' "${texts[@]}" | grep -zE "$only" | xargs -0r grep -HnE "$pattern")
}

code='\.(c|h|sql|sh|py|proto|cmake)$|CMakeLists\.txt$|^(run|test|scripts/[^/]*)$'
forbid 'path of one machine' '(^|[^a-zA-Z0-9_.$}])/(home|root|work|Users)/[a-z]' '.'
forbid 'unfinished' '(^|[^a-zA-Z_])(TODO|FIXME|XXX|HACK)([^a-zA-Z_]|$)' "$code"
forbid 'SELECT *' 'SELECT +\*' '\.sql$'
forbid 'trailing blank' '[[:blank:]]+$' "$code"

checks=$((checks + 1))
for file in "${files[@]}"; do
    [[ $file != *.pb-c.[ch] && $file != *_pb2.py && $file != */generated/* ]] || complain "generated file: $file"
done

# Longer is allowed to nobody; tables of test vectors live in data files.
checks=$((checks + 1))
for file in "${texts[@]}"; do
    [[ $file == *.[ch] ]] || continue
    lines=$(wc -l <"$file")
    ((lines <= 600)) || complain "too long to read ($lines lines, 600 at most): $file"
done

# A fault that no program passes is a test that waits for ever, or that proves nothing.
checks=$((checks + 1))
while read -r point; do
    grep -qrE "co_fault_(point|message)\(.*\"$point\"\)" lib services --include='*.c' || complain "lib/io/co_fault.c: no program passes \"$point\""
done < <(sed -n '/points\[\] = {/,/^};/s/^ *"\([a-z_]*\)".*/\1/p' lib/io/co_fault.c)

# An image is named by the version of what is in it.
checks=$((checks + 1))
version=$(sed -n 's/^project(callout VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
named='CALLOUT_VERSION(:-|` \| `)[0-9.]+|callout(-[a-z]+)?:[0-9]+\.[0-9.]*[0-9]'
for file in deploy/docker-compose.yml deploy/setup docs/deploy.md; do
    grep -qE "$named" "$file" || complain "$file: names no version of an image"
    while IFS= read -r line; do
        [[ ${line##*[!0-9.]} == "$version" ]] || complain "$file: not version ${version:-?} of CMakeLists.txt: $line"
    done < <(grep -noE "$named" "$file")
done

for service in services/*/; do
    [[ -f ${service}main.c ]] || continue
    checks=$((checks + 1))
    [[ -s ${service}README.md ]] || { complain "${service}README.md: missing"; continue; }
    lines=$(wc -l <"${service}README.md")
    ((lines <= 80)) || complain "${service}README.md: more than a page ($lines lines)"
done
verdict
