#!/usr/bin/env bash
# Configured a second time, the build runs the same commands: else ./run after ./test, or beside it, would build everything anew.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

build=$(mktemp -d) || exit 1
trap 'rm -rf "$build"' EXIT

commands() { # of the compiler and the linker, as a configuration writes them down
    cmake -S . -B "$build" -G Ninja >/dev/null || exit 1
    grep -E '^ +(DEFINES|FLAGS|INCLUDES|LINK_FLAGS|LINK_LIBRARIES) =' "$build/build.ninja"
}

checks=1
first=$(commands)
second=$(commands)
[[ -n $first ]] || complain "no commands in build.ninja"
[[ $first == "$second" ]] || complain "$(diff <(say "$first") <(say "$second") | head -4)"
verdict
