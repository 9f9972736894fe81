#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_run.h"

/* An inherited PGPASSWORD or PGHOST would lead elsewhere than the database URL says. */
static void clear_pg(void)
{
    for (char **at = environ; *at != NULL;) {
        char name[128];
        size_t len = strcspn(*at, "=");
        if (strncmp(*at, "PG", 2) != 0 || len >= sizeof(name)) {
            at++;
            continue;
        }
        memcpy(name, *at, len);
        name[len] = '\0';
        (void)unsetenv(name);
        at = environ;
    }
}

int main(int argc, char **argv)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    clear_pg();
    return cli_run(argc, argv, stdout, stderr);
}
