# scripts/run.d/places.sh - where ./run keeps things, and which ports it uses; sourced.
# shellcheck shell=bash disable=SC2034,SC2154

var=$(realpath -m "${CALLOUT_VAR:-var}")

# Names of the ports, in the order in which they are chosen; those of further processes of a service come after them.
readonly PORTS=(intake http_intake http_sla http_dispatch http_notify smtp hooks)
declare -A port=()

places_make() {
    install -d -m 0755 "$var" "$var/etc" "$var/log" "$var/run" "$var/mail" "$var/hooks" "$var/registry" &&
        install -d -m 0700 "$var/keys" "$var/secrets" || die "cannot write in $var"
}

# Two ./run at the same time in one var/ would start everything twice.
only_one_at_a_time() {
    exec 9>"$var/run/lock"
    flock -n 9 || die "another ./run is at work in $var"
}

# ports_alone COMMAND...: while no other suite of this user chooses ports. Between a port's choice and its use by a daemon it
# looks free to everybody. Where another suite takes too long over it, ours goes on: who lacks his port does not get ready.
ports_alone() {
    local code
    exec 6>"${TMPDIR:-/tmp}/callout-ports-$EUID.lock"
    flock -w 60 6
    "$@"
    code=$?
    exec 6>&-
    return "$code"
}

ports_read() {
    local name number
    while IFS='=' read -r name number; do port[$name]=$number; done < <(cat "$var/etc/ports" 2>/dev/null)
}

# Keeps the ports of the last time where they are still free or ours, else takes the next free ones, and writes them down.
ports_choose() {
    local name next=${CALLOUT_PORT:-7400} names=("${PORTS[@]}")
    for name in "${daemons[@]}"; do [[ $name != *-* ]] || names+=("http_$name"); done
    ports_read
    for name in "${names[@]}"; do
        if [[ -z ${port[$name]:-} ]] || ! port_is_usable "$name"; then
            [[ -z ${port[$name]:-} ]] || say "  port ${port[$name]} ($name) is taken by another program"
            port[$name]=$(free_port "$next") || die "no free port from $next on"
        fi
        ((port[$name] < next)) || next=$((port[$name] + 1))
    done
    for name in "${names[@]}"; do say "$name=${port[$name]}"; done >"$var/etc/ports"
}

# Free, or its user is a process of this suite that still runs.
port_is_usable() {
    local user=${1#http_}
    [[ $user != smtp && $user != hooks ]] || user=sink
    is_free "${port[$1]}" || process_pid "$user" >/dev/null
}
