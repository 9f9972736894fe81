# scripts/run.d/suite.sh - the database, the four daemons and the sink, as one; sourced.
# shellcheck shell=bash disable=SC2034,SC2154

readonly READY_SECONDS=30

# What another kind of suite sets before it starts.
postgres_options=()
migrate_options=()
registry_source=samples/registry
more_targets=()
sink_is_fast='' # takes notices without keeping their texts

suite_build() {
    build_preset default --target callout "${SERVICES[@]/#/callout-}" "${more_targets[@]}"
}

# All of it runs, and none of it from an older build.
suite_is_up() {
    local name
    suite_is_kept || return 1
    for name in "${daemons[@]}"; do process_pid "$name" >/dev/null || return 1; done
}

# What the daemons need is there, nobody is about to stop them, and nothing is from an older build. A daemon may have ended a moment ago: where a supervisor
# is at work, that is its business.
suite_is_kept() {
    local name
    ports_read
    [[ ! -e $var/run/stopping ]] && process_pid sink >/dev/null && { [[ ! -e $var/pg ]] || scripts/postgres status "$var/pg" >/dev/null; } || return 1
    for name in sink "${daemons[@]}"; do ! process_is_stale "$name" || return 1; done
}

suite_start() {
    local name
    rm -f "$var/run/stopping" # of a supervisor that was killed over it
    for name in "${daemons[@]}"; do process_is_stale "$name" && process_stop "$name"; done
    for name in $(scale_surplus); do process_stop "$name"; done
    step 'PostgreSQL' suite_database || die "no database"
    step keys suite_keys || die "no keys"
    CALLOUT_DATABASE_URL=$database_url step migrate build/callout migrate "${migrate_options[@]}" || die "the schema is not up to date"
    ports_alone suite_open
}

# The part of it that takes ports.
suite_open() {
    local name
    ports_choose
    suite_settings || die "cannot write $var/etc"
    step 'mail and webhook sink' sink_start || die "see $var/log/sink.log"
    for name in "${daemons[@]}"; do
        step "start $name" daemon_start "$name" || daemon_failed "$name"
    done
}

# Starts what is missing and stops what is too much, by what --scale asked for, while all goes on.
suite_adjust() {
    local name failed=''
    scale_keep
    database_url=$(<"$var/etc/database-url")
    ports_choose
    suite_settings || die "cannot write $var/etc"
    for name in $(scale_surplus); do step "stop $name" process_stop "$name"; done
    for name in "${daemons[@]}"; do
        process_pid "$name" >/dev/null || step "start $name" daemon_start "$name" || failed+=" $name"
    done
    [[ -z $failed ]] || die "not ready:$failed; see $var/log"
    suite_processes
}

# The given database, or a private one; remembered for the next time.
suite_database() {
    local file="$var/etc/database-url"
    if [[ -n ${CALLOUT_DATABASE_URL:-} ]]; then
        database_url=$CALLOUT_DATABASE_URL
    elif [[ -s $file && $(<"$file") != *"user=callout"* ]]; then
        database_url=$(<"$file")
    else
        database_url=$(scripts/postgres start "$var/pg" "${postgres_options[@]}") || return 1
    fi
    (umask 077 && say "$database_url" >"$file")
}

# intake: the server's pair on the intake socket; mesh: between daemons; sample, admin: clients; signing: certificates.
suite_keys() {
    local name
    for name in intake mesh sample admin; do
        [[ -s $var/keys/$name.key ]] || build/callout keygen "$var/keys" "$name" || return 1
    done
    [[ -s $var/keys/signing.key ]] || build/callout keygen --signing "$var/keys" signing || return 1
    [[ -s $var/secrets/webhook ]] || (umask 077 && say "whsec_$(head -c 24 /dev/urandom | base64)" >"$var/secrets/webhook")
}

# One file of options for each daemon, and what `callout` needs to talk to them.
suite_settings() {
    local name
    umask 077
    for name in "${daemons[@]}"; do daemon_settings "$name" >"$var/etc/$name.conf" || return 1; done
    cat >"$var/client.env" <<END
CALLOUT_ENDPOINT=tcp://127.0.0.1:${port[intake]}
CALLOUT_SERVER_KEY=$(public_key intake)
CALLOUT_KEY_FILE=$var/keys/sample.key
CALLOUT_SIGNING_KEY_FILE=$var/keys/signing.key
CALLOUT_DATABASE_URL=$database_url
END
    umask 022
}

public_key() { sed -n 's/^public = //p' "$var/keys/$1.pub"; }

daemon_settings() {
    say "# written by ./run"
    say "database-url = $database_url"
    say "mesh-endpoint = ipc://$(ipc_directory)/$1.ipc"
    say "http-address = 127.0.0.1:${port[http_$1]}"
    case $(service_of "$1") in
    intake)
        say "endpoint = tcp://127.0.0.1:${port[intake]}"
        say "key-file = $var/keys/intake.key"
        say "operator-keys = $var/keys/admin.pub"
        ;;
    notify)
        say "secrets-dir = $var/secrets"
        say "allow-private = yes"
        ;;
    esac
}

# A socket's path ends at 107 bytes.
ipc_directory() {
    local dir="$var/run"
    if ((${#dir} > 80)); then
        dir=/tmp/callout-run-$(printf '%s' "$var" | cksum | cut -d' ' -f1)
        install -d -m 0700 "$dir"
    fi
    printf '%s' "$dir"
}

sink_start() {
    local command=(scripts/sink --dir "$var" --smtp-port "${port[smtp]}" --http-port "${port[hooks]}")
    [[ -z $sink_is_fast ]] || command=(build/tests/bench/drain "$var/arrived" "${port[smtp]}" "${port[hooks]}")
    process_pid sink >/dev/null || process_start sink "${command[@]}"
    wait_until 10 process_listens sink "${port[smtp]}" && wait_until 10 process_listens sink "${port[hooks]}"
}

daemon_run() { process_start "$1" "build/callout-$(service_of "$1")" --config "$var/etc/$1.conf"; }

daemon_start() {
    process_pid "$1" >/dev/null || daemon_run "$1"
    local end=$(($(now_ms) + READY_SECONDS * 1000))
    until daemon_is_ready "$1"; do
        process_pid "$1" >/dev/null && (($(now_ms) < end)) || return 1
        sleep 0.1
    done
}

daemon_is_ready() {
    process_listens "$1" "${port[http_$1]}" &&
        curl -fsS -o /dev/null -m 2 --noproxy '*' "http://127.0.0.1:${port[http_$1]}/readyz" 2>/dev/null
}

daemon_failed() {
    say "  $1 does not get ready; the end of $var/log/$1.log:"
    tail -n 15 "$var/log/$1.log" | sed 's/^/    /'
    suite_stop
    exit 1
}

# Until we are told to stop: starts again what ended. A daemon that keeps ending waits longer each time.
suite_supervise() {
    declare -A pause=() not_before=()
    say "$$ $(process_start_of $$)" >"$var/run/supervisor.pid"
    trap 'say >"$var/run/stopping"; suite_stop; rm -f "$var/run/supervisor.pid" "$var/run/stopping"; exit 0' INT TERM HUP
    ports_read
    while sleep 1; do process_alone 0 supervise_once; done
}

# How many there are to be is read anew: ./run --scale may have changed it. Whom an interrupted one left over is stopped.
supervise_once() {
    local name wait
    scale_read
    for name in $(scale_surplus); do process_stop "$name"; done
    for name in "${daemons[@]}"; do
        if process_pid "$name" >/dev/null; then
            ((SECONDS < ${not_before[$name]:-0} + 60)) || pause[$name]=0
            continue
        fi
        ((SECONDS >= ${not_before[$name]:-0})) || continue
        wait=${pause[$name]:-0}
        say "$(date +%T) callout-$(service_of "$name") ended; started again (see $var/log/$name.log)"
        daemon_run "$name"
        pause[$name]=$((wait < 30 ? wait * 2 + 1 : 60))
        not_before[$name]=$((SECONDS + pause[$name]))
    done
}

supervisor_detach() {
    CALLOUT_VAR=$var setsid ./run --supervise >>"$var/log/supervisor.log" 2>&1 </dev/null 6>&- 7>&- 9>&- &
    disown
    wait_until 5 process_pid supervisor || die "see $var/log/supervisor.log"
}

supervisor_stop() { process_stop supervisor; }

suite_stop() {
    local i name
    for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do
        for name in $(scale_started "${SERVICES[i]}"); do process_stop "$name"; done
    done
    process_stop sink
    [[ ! -e $var/pg ]] || scripts/postgres stop "$var/pg"
    say "  stopped"
}

# What runs; false where something does not.
suite_processes() {
    local name pid state down=0
    ports_read
    scale_read
    for name in "${daemons[@]}" sink; do
        pid=$(process_pid "$name") || { say "$(printf '%-11s does not run' "$name")"; down=1; continue; }
        state=ready
        [[ $name == sink ]] || daemon_is_ready "$name" || state='not ready'
        printf '%-11s pid %-8s %s\n' "$name" "$pid" "$state"
    done
    [[ ! -e $var/pg ]] || printf '%-11s %s\n' postgres "$(scripts/postgres status "$var/pg")"
    ((down == 0))
}

suite_status() {
    suite_processes || exit 3
    CALLOUT_ENV_FILE=$var/client.env build/callout status --key-file "$var/keys/admin.key"
}
