/* cli_run.h - the whole of `callout`, without a process of its own: for main() and for tests. */
#pragma once

#include <stdio.h>

/* Runs the command of argv[1..]. Returns the exit code. */
int cli_run(int argc, char **argv, FILE *out, FILE *err);
