# scripts/run.d/processes.sh - processes that outlive the command that started them; sourced. A pid file holds
# "PID START", START being when the kernel started it: a pid alone may be somebody else's by now.
# shellcheck shell=bash disable=SC2034,SC2154

process_start_of() { # of a pid; field 22 of stat, counted after the name, which may hold blanks
    local line field
    { line=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    read -r -a field <<<"${line##*) }"
    printf '%s' "${field[19]}"
}

# process_pid NAME: the pid if it runs.
process_pid() {
    local pid begin
    { read -r pid begin <"$var/run/$1.pid"; } 2>/dev/null || return 1
    [[ $(process_start_of "$pid" 2>/dev/null) == "$begin" ]] && printf '%s' "$pid"
}

# process_start NAME COMMAND...: in a session of its own, so that Ctrl-C reaches only ./run; output to log/NAME.log.
process_start() {
    local name=$1 log="$var/log/$1.log" pid
    shift
    [[ ! -f $log || $(stat -c %s "$log") -lt 67108864 ]] || mv "$log" "$log.1"
    setsid env -u CALLOUT_DATABASE_URL "$@" >>"$log" 2>&1 </dev/null 6>&- 7>&- 9>&- &
    pid=$!
    disown
    say "$pid $(process_start_of "$pid")" >"$var/run/$name.pid"
}

process_stop() { # process_stop NAME: TERM, and KILL when that does nothing for 25 s
    local pid
    pid=$(process_pid "$1") || { rm -f "$var/run/$1.pid"; return 0; }
    kill "$pid" 2>/dev/null
    if ! wait_until 25 process_is_gone "$1"; then
        say "  $1 (pid $pid) does not stop: killed"
        kill -9 "$pid" 2>/dev/null
    fi
    rm -f "$var/run/$1.pid"
}

# process_alone SECONDS COMMAND...: while no other ./run starts or stops processes; false where one did all that time.
process_alone() {
    local code seconds=$1
    shift
    exec 7>"$var/run/processes"
    flock -w "$seconds" 7 || { exec 7>&-; return 1; }
    "$@"
    code=$?
    exec 7>&-
    return "$code"
}

# process_listens NAME PORT: on 127.0.0.1 it is this process that does. Another program there would answer as well.
process_listens() {
    local pid inode socket
    pid=$(process_pid "$1") || return 1
    inode=$(awk -v at="$(printf '0100007F:%04X' "$2")" '$2 == at && $4 == "0A" { print $10 }' /proc/net/tcp)
    [[ -n $inode ]] || return 1
    for socket in "/proc/$pid/fd/"*; do
        [[ $(readlink "$socket" 2>/dev/null) != "socket:[$inode]" ]] || return 0
    done
    return 1
}

process_is_gone() { ! process_pid "$1" >/dev/null; }

# Its program was built anew since it started.
process_is_stale() {
    local pid
    pid=$(process_pid "$1") && [[ $(readlink "/proc/$pid/exe") == *' (deleted)' ]]
}
