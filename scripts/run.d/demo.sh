# scripts/run.d/demo.sh - ./run --demo: a log of real incidents, replayed through a suite of its own; sourced.
# shellcheck shell=bash disable=SC2034,SC2154

readonly DEMO_LOG=samples/replay/volvo-vinst.csv.gz

# Its directory and ports are others than those of ./run; a replay that a power cut ends begins again anyway.
demo_places() {
    var=$var/demo
    CALLOUT_PORT=${CALLOUT_PORT:-7500}
    postgres_options=(--fast)
    registry_source=samples/replay/registry
    more_targets=(bench_drain) # 200,000 notices: each is taken, its identity is written down, its text is not
    sink_is_fast=1
}

# Where time begins: at the first row of the log, as its mapping moves it.
demo_clock() {
    local from
    from=$(build/callout replay "$DEMO_LOG" --check "$@" | sed -n 's/^from=//p')
    [[ -n $from ]] || die "the log cannot be replayed"
    migrate_options=(--lanes 1 --clock-rate 0 --clock-from "$from")
}

# demo OPTION...: options of `callout replay`.
demo() {
    local report="$var/report.txt"
    if [[ -e $var/etc/replayed ]]; then
        [[ -s $report ]] || die "the last replay did not come to its end; ./run --demo --reset begins again"
        say "The last replay ($(<"$var/etc/replayed")); ./run --demo --reset begins again."
        say
        cat "$report"
        return
    fi
    demo_clock "$@"
    suite_start
    sample_apply
    say "$(date '+%F %T')${*:+, $*}" >"$var/etc/replayed"
    demo_replay "$report" "$@"
}

demo_replay() {
    local report=$1 begin code
    shift
    begin=$(now_ms)
    say "  replay of $DEMO_LOG"
    build/callout replay "$DEMO_LOG" "$@" >"$report.part" || code=$?
    [[ ${code:-0} != 0 ]] || mv "$report.part" "$report"
    say "  replay                     $(seconds_since "$begin")"
    say
    [[ -s $report ]] && cat "$report"
    return "${code:-0}"
}
