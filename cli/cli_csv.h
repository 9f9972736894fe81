/* cli_csv.h - texts of others in CSV. */
#pragma once

#include <stdio.h>

/* A field, in quotation marks where it needs them. */
void cli_csv_text(FILE *out, const char *text);
