# tests/lint/lib.sh - what the lint tests share; sourced at the root of the project. A test prints each problem with
# complain, and ends with verdict: the line that is counted, and the exit code.
# shellcheck shell=bash
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh

checks=0
problems=0

complain() {
    problems=$((problems + 1))
    say "$*"
}

# A check without problems counts one; the number of problems is what failed.
verdict() {
    ((checks >= problems)) || checks=$problems
    say "Checks: $checks, Failures: $problems, Errors: 0"
    exit $((problems > 0))
}
