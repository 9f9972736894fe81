# scripts/run.d/scale.sh - how many processes of each service there are to be; sourced. The first of a service has its name, the others
# are NAME-2, NAME-3 ...: in var/run, var/log, var/etc and with --status.
# shellcheck shell=bash disable=SC2034,SC2154

# Started in this order, stopped in the other: the front door opens last and closes first.
readonly SERVICES=(sla dispatch notify intake)
readonly SCALE_MOST=16 # the lanes of a journal: more processes than lanes have nothing to do

declare -A asked=()  # by --scale
declare -A scale=()  # what is to run
daemons=("${SERVICES[@]}")

# scale_ask SERVICE=N, as somebody typed it.
scale_ask() {
    local service=${1%%=*} count=''
    [[ $1 != *=* ]] || count=${1#*=}
    case $service in
    sla | dispatch | notify) ;;
    intake) die "--scale $1: intake is the one door of the suite, at one address, and stays one process; allowed: sla, dispatch, notify" ;;
    *) die "--scale $1: there is no service '$service'; allowed: sla, dispatch, notify" ;;
    esac
    [[ $count =~ ^[1-9][0-9]?$ ]] && ((count <= SCALE_MOST)) ||
        die "--scale $1: '$count' is no number of processes; allowed: $service=1 to $service=$SCALE_MOST"
    asked[$service]=$count
}

# What was kept the last time; one process of whatever was not.
scale_read() {
    local service count i
    scale=()
    while IFS='=' read -r service count; do scale[$service]=$count; done < <(cat "$var/etc/scale" 2>/dev/null)
    daemons=()
    for service in "${SERVICES[@]}"; do
        daemons+=("$service")
        for ((i = 2; i <= ${scale[$service]:-1}; i++)); do daemons+=("$service-$i"); done
    done
}

# What was asked for is what is to run from now on.
scale_keep() {
    local service
    for service in "${!asked[@]}"; do scale[$service]=${asked[$service]}; done
    for service in "${!scale[@]}"; do say "$service=${scale[$service]}"; done >"$var/etc/scale.new"
    mv "$var/etc/scale.new" "$var/etc/scale" # the supervisor reads it meanwhile
    scale_read
}

service_of() { printf '%s' "${1%%-*}"; }

# Processes of a service that were started and not stopped, the newest first.
scale_started() {
    local i
    for ((i = SCALE_MOST; i >= 2; i--)); do [[ ! -e $var/run/$1-$i.pid ]] || say "$1-$i"; done
    [[ ! -e $var/run/$1.pid ]] || say "$1"
}

# Those of them that are too many.
scale_surplus() {
    local service name
    for service in "${SERVICES[@]}"; do
        for name in $(scale_started "$service"); do
            [[ " ${daemons[*]} " == *" $name "* ]] || say "$name"
        done
    done
}
