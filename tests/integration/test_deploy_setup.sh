#!/usr/bin/env bash
# deploy/setup with the command of this build, in a directory of its own: makes everything once, and stops where a key is missing. Usage: test_deploy_setup.sh BUILD
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/../lint/lib.sh"

CALLOUT=$(realpath "$1")/callout
export CALLOUT
here=$(mktemp -d "${CALLOUT_TEST_DIR:-/tmp}/setup.XXXXXX")
trap 'rm -rf "$here"' EXIT
cp deploy/setup "$here"

check() { # check WHAT COMMAND...
    local what=$1
    shift
    checks=$((checks + 1))
    "$@" || complain "not so: $what"
}
setup() { said=$("$here/setup" "$@" 2>&1); }
fails() { ! setup "$@"; }
sum() { (cd "$here" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
has_server_key() { [[ -n $key ]] && grep -qxF "CALLOUT_SERVER_KEY=$key" "$here/secrets/$1"; }

check 'the first run' setup --endpoint tcp://desk.example:7400
key=$(sed -n 's/^public = //p' "$here/secrets/intake.pub")
check 'the key of the server is in operator.env' has_server_key operator.env
check 'and in client.env' has_server_key client.env
before=$(sum)
check 'a second run' setup
check 'changes nothing' [ "$(sum)" = "$before" ]

mv "$here/secrets/intake.pub" "$here/kept"
rm "$here/secrets/operator.env" "$here/secrets/client.env"
check 'without intake.pub it ends with a failure' fails
check 'and says which file' [ "${said/secrets\/intake.pub/}" != "$said" ]
check 'nothing is made without the key' [ ! -e "$here/secrets/operator.env" -a ! -e "$here/secrets/client.env" ]
: >"$here/secrets/intake.pub"
check 'an empty one is none' fails
mv "$here/kept" "$here/secrets/intake.pub"
check 'with the file it goes on' setup --endpoint tcp://desk.example:7400
check 'and is as before' [ "$(sum)" = "$before" ]
verdict
