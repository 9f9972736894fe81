# scripts/lib.sh - what the project's scripts share; sourced, never run: words, steps with a clock, ports, processes.
# The caller has `set -uo pipefail`, and handles what a function returns.
# shellcheck shell=bash

# An inherited PGPASSWORD or PGHOST would send psql somewhere else.
unset "${!PG@}"

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# now_ms: a real-time clock in milliseconds, for showing how long something took.
now_ms() {
    local us=${EPOCHREALTIME/[.,]/}
    printf '%s' $((us / 1000))
}

# seconds_since MS: "12.3 s" or "2 min 05 s".
seconds_since() {
    local ms=$(($(now_ms) - $1))
    if ((ms < 100000)); then
        printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
    else
        printf '%d min %02d s' $((ms / 60000)) $((ms / 1000 % 60))
    fi
}

# tick TITLE: shows elapsed time until killed: one line that changes on a terminal, a line each 15 s elsewhere.
tick() {
    local title=$1 second
    for ((second = 1; ; second++)); do
        sleep 1 >/dev/null 2>&1
        if [[ -t 1 ]]; then
            ((second < 2)) || printf '\r\033[K  %-26s %s %d s' "$title" "${SPINNER:second%4:1}" "$second"
        elif ((second == 2 || second % 15 == 0)); then
            printf '  %-26s ... %d s\n' "$title" "$second"
        fi
    done
}
SPINNER='|/-+'

# explain_failure LOG: what compilers call an error, else the end.
explain_failure() {
    if grep -qE '(^|: )(fatal )?error: ' "$1"; then
        grep -E -A 2 '(^|: )(fatal )?error: ' "$1" | head -n "${STEP_TAIL:-60}"
    else
        tail -n "${STEP_TAIL:-40}" "$1"
    fi
}

# step TITLE COMMAND...: runs it with its output in a log, and says how long it took. When it fails: the end of the log,
# and its exit code. STEP_LOG: a file that the output goes to and that stays. STEP_TAIL: how many lines are shown.
step() {
    local title=$1 log start ticker status=0
    shift
    export -n STEP_LOG STEP_TAIL # ours: a ./run in the command has steps of its own
    log=${STEP_LOG:-$(mktemp "${TMPDIR:-/tmp}/callout-step.XXXXXX")} || return 1
    start=$(now_ms)
    tick "$title" 6>&- 7>&- 8>&- 9>&- & # its sleep outlives it, and must not keep the caller's locks
    ticker=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$ticker" 2>/dev/null
    wait "$ticker" 2>/dev/null
    [[ -t 1 ]] && printf '\r\033[K'
    if ((status == 0)); then
        printf '  %-26s %s\n' "$title" "$(seconds_since "$start")"
    else
        printf '  %-26s FAILED after %s\n' "$title" "$(seconds_since "$start")"
        explain_failure "$log" | sed 's/^/    /'
    fi
    [[ -n ${STEP_LOG:-} ]] || rm -f "$log"
    return "$status"
}

# is_free PORT: nothing listens on 127.0.0.1:PORT.
is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FIRST: the first free port at or after FIRST.
free_port() {
    local port
    for ((port = $1; port < $1 + 2000; port++)); do
        is_free "$port" && printf '%s' "$port" && return 0
    done
    return 1
}

# wait_until SECONDS COMMAND...: true as soon as the command is, false when the time is over.
wait_until() {
    local end=$(($(now_ms) + $1 * 1000))
    shift
    until "$@" >/dev/null 2>&1; do
        (($(now_ms) < end)) || return 1
        sleep 0.1
    done
}

# build_preset PRESET [ARGUMENT...]: one at a time in each build directory, whoever else is at it.
build_preset() {
    local preset=$1
    shift
    mkdir -p var && {
        flock 8 && cmake --preset "$preset" && cmake --build --preset "$preset" "$@"
    } 8>"var/build-$preset.lock"
}

# project_files PATTERN...: files of the project (git pathspecs), NUL between them; from a tree without git all that match.
project_files() {
    if git -c safe.directory='*' rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory='*' ls-files -z --cached --others --exclude-standard -- "$@"
    else
        local pattern
        for pattern in "$@"; do
            find . \( -path './build*' -o -path ./var -o -path ./.git \) -prune -o -type f -path "./$pattern" -print0
        done
    fi
}
