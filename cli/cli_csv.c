#include "cli_csv.h"

#include <string.h>

void cli_csv_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (const char *p = text; *p != '\0'; p++)
        (void)fputs(*p == '"' ? "\"\"" : (const char[]){ *p, '\0' }, out);
    (void)fputc('"', out);
}
