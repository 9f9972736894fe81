#!/usr/bin/env bash
# ./run from nothing, in a directory and on ports of its own: it comes up, posts its ticket, is found by a second ./run,
# survives a killed daemon, gets more processes and fewer, stops, comes up again with its data and its processes, replays some incidents, and is gone after --reset.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/../lint/lib.sh"

CALLOUT_VAR=$(mktemp -d "${CALLOUT_TEST_DIR:-/tmp}/run.XXXXXX")/var
export CALLOUT_VAR CALLOUT_PORT=$((21000 + RANDOM % 9000)) CALLOUT_SKIP_PACKAGES=1
unset CALLOUT_DATABASE_URL CALLOUT_ENV_FILE
chmod 711 "${CALLOUT_VAR%/*}"
trap './run --reset --yes >/dev/null 2>&1; rmdir "${CALLOUT_VAR%/*}"' EXIT

expect() { # expect WHAT COMMAND...
    local what=$1 output
    shift
    checks=$((checks + 1))
    output=$("$@" 2>&1) || complain "$what: $* failed:"$'\n'"$output"
}
refuses() { # refuses WORDS COMMAND...: it fails, and says why
    local words=$1 output
    shift
    output=$("$@" 2>&1) && { say "it was taken:"; say "$output"; return 1; }
    says "$words" "$output"
}
suite() { timeout 180 ./run "$@"; } # where it would stay up, it is stopped, and what it printed is seen
silent() { ! grep -q "$1" <<<"$2" || { say "$2"; return 1; }; }
says() { grep -q "$1" <<<"$2" || { say "$2"; return 1; }; }
end_hard() { ended=$1 ended_pid=$(pid_of "$1") && kill -9 "$ended_pid"; }
is_again() { [[ $(pid_of "$ended") != "$ended_pid" ]] && suite --status; }
pid_of() { cut -d' ' -f1 "$CALLOUT_VAR/run/$1.pid"; }
callout() { CALLOUT_ENV_FILE=$CALLOUT_VAR/client.env build/callout "$@"; }

first=$(suite --detach 2>&1)
number=$(sed -n 's/^ *\([A-Z]-[0-9A-Z]*\).*/\1/p' <<<"$first" | head -n 1)
expect 'the first ./run shows its ticket' says '[A-Z]-[0-9A-Z]' "$first"
expect 'and the time to it' says 'first ticket' "$first"
expect 'its task order is confirmed' says "act $number confirm" "$first"
expect 'an engineer is asked' says ' offered ' "$first"
expect 'status' suite --status
expect 'the case is there' callout show "$number"

second=$(suite 2>&1)
expect 'a second ./run finds what is there' says 'ran already' "$second"
expect 'and the same ticket' says "$number" "$second"
expect 'whose task order is confirmed already' bash -c '! grep -q " confirm --as pm" <<<"$1"' _ "$second"

end_hard sla
expect 'a killed daemon comes back' wait_until 60 is_again

expect 'intake cannot be scaled' refuses 'intake is the one door' suite --scale intake=2
expect 'nor what there is not' refuses "no service 'post'" suite --scale post=2
expect 'nor to a wrong number' refuses "'0' is no number.*dispatch=1 to dispatch=16" suite --scale dispatch=0
expect 'nor while something else is asked for' refuses 'goes with' suite --status --scale dispatch=2
oldest=$(pid_of dispatch)
scaled=$(suite --scale dispatch=3 --scale sla=2 2>&1)
expect 'more processes are started, and shown' says 'dispatch-3 *pid [0-9]* *ready' "$scaled"
expect 'of each service that was asked for' says 'sla-2 *pid [0-9]* *ready' "$scaled"
expect 'each of them takes lanes' wait_until 60 bash -c '[[ $(./run --status | grep -cE "^dispatch +dispatch-[^ ]+ +[^ ]+ +[1-9]") == 3 ]]'
end_hard dispatch-2
expect 'one of them that is killed comes back' wait_until 60 is_again
gone=$(pid_of dispatch-3)
supervisor=$(pid_of supervisor)
end_hard dispatch-2
scaled=$(suite --scale dispatch=2 2>&1)
expect 'fewer are left, with one of them ended a moment ago' says 'dispatch-2 *pid [0-9]* *ready' "$scaled"
expect 'without the newest' silent '^dispatch-3 ' "$scaled"
expect 'which has ended' wait_until 10 bash -c "! kill -0 $gone"
expect 'and with the oldest as it was' [ "$oldest" = "$(pid_of dispatch)" ]
expect 'and the supervisor that was there' [ "$supervisor" = "$(pid_of supervisor)" ]
expect 'the same number again changes nothing' silent 'start\|stop  ' "$(suite --scale dispatch=2 2>&1 | grep -v 'runs on')"

expect 'stop' suite --stop
checks=$((checks + 1))
kill -0 "$(cat "$CALLOUT_VAR"/run/dispatch*.pid 2>/dev/null | cut -d' ' -f1)" 2>/dev/null && complain 'a process of dispatch runs after --stop'
checks=$((checks + 1))
suite --status >/dev/null 2>&1 && complain 'it runs after --stop'

third=$(suite --detach 2>&1)
expect 'it comes up again with its data' says "$number" "$third"
expect 'and as many processes as before' says '^dispatch-2 *pid' "$(suite --status)"

demo=$(CALLOUT_PORT='' suite --demo --limit 3 2>&1)
expect 'a replay shows its report' says 'tickets: cases  *3  *3  equal' "$demo"
again=$(suite --demo 2>&1)
expect 'a second one finds it' says 'The last replay .*--limit 3' "$again"
expect 'and the report' says 'tickets: cases' "$again"
expect 'the first suite runs on beside it' callout show "$number"
checks=$((checks + 1))
CALLOUT_ENV_FILE=$CALLOUT_VAR/demo/client.env build/callout list >/dev/null 2>&1 && complain 'the suite of the replay runs on'

expect 'reset' suite --reset --yes
checks=$((checks + 1))
[[ ! -e $CALLOUT_VAR ]] || complain "$CALLOUT_VAR is still there"
verdict
