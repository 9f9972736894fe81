#!/usr/bin/env bash
# What ./test counts from a log of ctest: each test of a Check program, others as one, and no failure is lost.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

expect() { # expect "PASSED FAILED" WHAT, log on standard input
    local got
    checks=$((checks + 1))
    got=$(awk -f scripts/count-tests)
    [[ $got == "$1" ]] || complain "$2: expected $1, got $got"
}

# The log of a part is its own: a ./run in one of its tests has steps, too, and must not begin the same file anew.
checks=$((checks + 1))
log=$(mktemp) || exit 1
(. scripts/lib.sh && STEP_LOG=$log STEP_TAIL=0 step part bash -c 'echo "1[${STEP_LOG-}${STEP_TAIL-}]"') >/dev/null
[[ $(<"$log") == '1[]' ]] || complain "a step hands its log on: $(<"$log")"
rm -f "$log"

expect '17 0' 'a Check program counts with its tests' <<'LOG'
3: 100%: Checks: 17, Failures: 0, Errors: 0
1/1 Test #3: test_a ...........................   Passed    0.01 sec
LOG
expect '3 2' 'failures and errors of two suites are added' <<'LOG'
3: 66%: Checks: 3, Failures: 1, Errors: 0
3: 50%: Checks: 2, Failures: 0, Errors: 1
1/1 Test #3: test_a ...........................***Failed    0.01 sec
LOG
expect '1 1' 'other programs count as one' <<'LOG'
1/2 Test  #3: smoke ...........................   Passed    0.01 sec
2/2 Test #14: other ...........................***Failed    0.01 sec
LOG
expect '16 1' 'a crash after the sum is a failure' <<'LOG'
7: 100%: Checks: 17, Failures: 0, Errors: 0
1/1 Test #7: test_a ...........................***Exception: SegFault  0.01 sec
LOG
expect '0 2' 'a test that hangs, or was not built, failed' <<'LOG'
1/2 Test #1: test_a ...........................***Timeout  10.01 sec
Could not find executable test_b
2/2 Test #2: test_b ...........................***Not Run   0.00 sec
LOG
expect '0 1' 'a program that ran no test but failed' <<'LOG'
1: 100%: Checks: 0, Failures: 0, Errors: 0
1/1 Test #1: test_a ...........................***Failed    0.01 sec
LOG
expect '0 0' 'a skipped test is neither' <<'LOG'
1/1 Test #1: test_a ...........................***Skipped   0.01 sec
LOG
expect '0 0' 'nothing ran' </dev/null
verdict
