/* archive.h - what the parts of callout archive share: partitions of the journal as files. */
#pragma once

#include "cli.h"
#include "co_archive.h"
#include "co_tooldb.h"

enum { ARCHIVE_NAME = 64 };

/* A connection of the owner's role. */
struct archive_db {
    struct cli *cli;
    struct co_tooldb db;
    struct co_why why;
};

/* A partition, and what keeps it from being archived. */
struct archive_partition {
    char name[ARCHIVE_NAME];
    int64_t low, high;
    int64_t writing, behind, parked; /* lanes, cursors, cases that still work in it */
    int64_t entries, cases, open, due;
    int64_t newest_us; /* INT64_MAX: it is empty */
};

/* Return exit codes; what is wrong was said. */
CO_MUST_CHECK int archive_open(struct cli *cli, struct archive_db *ret);
void archive_close(struct archive_db *a);
int archive_fail(const struct archive_db *a, enum co_err err);
CO_MUST_CHECK int archive_query(struct archive_db *a, int index, int n, const char *const *values,
                                PGresult **ret);
CO_MUST_CHECK int archive_text(struct archive_db *a, const char *what, const char *sql);

/* Writes the partition to a file in `dir`, reads it back, and detaches it, in one transaction. */
CO_MUST_CHECK int archive_export(struct archive_db *a, const struct archive_partition *p,
                                 const char *dir, const struct co_sign_keys *keys);

/* Puts the entries of a file back, as a partition. */
CO_MUST_CHECK int archive_restore(struct archive_db *a, const char *path);

/* Reads all of a file, with a bar; `reader` says what else is wanted of it. */
CO_MUST_CHECK int archive_read(struct cli *cli, const char *path, struct co_archive_reader reader,
                               struct co_archive_manifest *ret);
