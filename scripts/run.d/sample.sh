# scripts/run.d/sample.sh - the sample registry, the first ticket, and what a newcomer can do next; sourced.
# shellcheck shell=bash disable=SC2034,SC2154

readonly SHOW_SECONDS=20

# The sample registry, with this suite's ports.
sample_registry() {
    rm -rf "$var/registry" && cp -R "$registry_source" "$var/registry" &&
        find "$var/registry" -type f -name '*.yaml' -exec sed -i \
            -e "s/127\.0\.0\.1:2525/127.0.0.1:${port[smtp]}/g" \
            -e "s/127\.0\.0\.1:8099/127.0.0.1:${port[hooks]}/g" {} +
}

sample_apply() {
    export CALLOUT_ENV_FILE=$var/client.env
    sample_registry || die "cannot write $var/registry"
    step 'registry and policies' build/callout apply --key-file "$var/keys/admin.key" --keys "$var/keys" \
        -f policies -f calendars -f "$var/registry" --yes || die "the sample registry was not taken"
}

# Posts the sample ticket. Its key is always the same, so that a second ./run finds the first one's.
sample_post() {
    local answer code=0 arrived
    arrived=$(wc -l <"$var/log/sink.log")
    say
    say "A ticket: callout submit -f samples/ticket.json"
    answer=$(build/callout submit -f samples/ticket.json) || code=$?
    ((code == 0)) || die "the ticket was not taken (exit code $code)"
    number=${answer%%[[:space:]]*}
    say "  $answer"
    sample_first_ticket
    say
    say "What happens to it: callout watch $number"
    sample_watch
    say
    say "How it stands: callout show $number"
    build/callout show "$number" | sed 's/^/  /'
    arrived=$(tail -n "+$((arrived + 1))" "$var/log/sink.log" | head -n 12 | sed 's/^/  /')
    [[ -z $arrived ]] || printf '\nWhat arrived, in %s:\n%s\n' "${var/#$PWD\//}" "$arrived"
}

# Once: the time from clone, and from the start of ./run, to the first ticket.
sample_first_ticket() {
    [[ ! -e $var/first-ticket ]] || return 0
    local cloned
    cloned=$(stat -c %Y .git/description 2>/dev/null) # written by git clone, and never again
    say "  first ticket: ${cloned:+$(seconds_since $((cloned * 1000))) after the clone, }$(seconds_since "$started_ms") after ./run began" |
        tee "$var/first-ticket"
}

# What the project manager would do: nobody has to wait until the task order counts as confirmed. Refused where it is already.
sample_confirm() {
    build/callout act "$number" confirm --as pm >/dev/null 2>&1 || return 0
    say "  build/callout act $number confirm --as pm"
}

# Shows what happens, until an engineer was asked and two seconds passed in which nothing more did.
sample_watch() {
    local line watcher
    engineer=''
    exec 4< <(exec build/callout watch "$number" --for "${SHOW_SECONDS}s" 2>/dev/null)
    watcher=$!
    while true; do
        if IFS= read -r -t 2 -u 4 line; then
            say "  $line"
            [[ $line != *' task order drafted'* ]] || sample_confirm
            [[ $line =~ \ offered\ +([^,]+), ]] && engineer=${BASH_REMATCH[1]}
        elif (($? <= 128)) || [[ -n $engineer ]]; then
            break
        fi
    done
    exec 4<&-
    kill "$watcher" 2>/dev/null
}

sample_next_steps() {
    local settings=''
    [[ $var == "$PWD/var" ]] || settings="  first             export CALLOUT_ENV_FILE=$var/client.env"$'\n'
    cat <<END

Callout runs. What to try, in another terminal:
$settings  the next ticket   build/callout submit --customer haihe-bank --site haihe-tianjin --title 'array offline' --trait badly_degraded --wait 3s
  all of them       build/callout list
  as it happens     build/callout watch
  an answer         build/callout act $number accept --as engineer --by ${engineer:-PERSON}
  why these times   build/callout explain $number
  proof of it       build/callout certificate $number proof.json && build/callout verify proof.json --key $var/keys/signing.pub
  for a client      build/callout env
END
}
