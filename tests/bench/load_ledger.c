#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

struct load_ledger {
    FILE *file;
};

struct load_ledger *load_ledger_open(const char *path)
{
    struct load_ledger *l = calloc(1, sizeof(*l));
    if (l == NULL)
        load_die("out of memory");
    if (path == NULL)
        return l;
    l->file = fopen(path, "ae");
    if (l->file == NULL || setvbuf(l->file, NULL, _IOFBF, 1 << 16) != 0)
        load_die("cannot write %s", path);
    return l;
}

void load_ledger_note(struct load_ledger *l, const char *word, const char *key, const char *what, uint64_t id)
{
    if (l->file == NULL)
        return;
    int written = what == NULL ? fprintf(l->file, "%s %s\n", word, key)
                               : fprintf(l->file, "%s %s %s %" PRIu64 "\n", word, key, what, id);
    if (written < 0)
        load_die("the ledger cannot be written");
}

void load_ledger_flush(struct load_ledger *l)
{
    if (l->file != NULL && fflush(l->file) != 0)
        load_die("the ledger cannot be written");
}

void load_ledger_close(struct load_ledger *l)
{
    load_ledger_flush(l);
    if (l->file != NULL && (fputs("end\n", l->file) < 0 || fclose(l->file) != 0))
        load_die("the ledger cannot be written");
    free(l);
}
