/* archive_case.h - a case computed anew from archive files, without a database and a daemon. */
#pragma once

#include "cli_refold.h"

/* A row of a command's option table. */
#define ARCHIVE_CASE_OPTION                                                                        \
    {                                                                                              \
        "archive", 0, "FILE",                                                                      \
            "from an archive (callout archive run), without asking anybody; may be repeated"       \
    }

/* As cli_case_read(), from the files of --archive, as of when the newest was made. */
CO_MUST_CHECK int archive_case_read(struct cli *cli, const char *number, cli_case_fold *fold,
                                    struct cli_case *ret);

/* What its entries say of it; without the words of its ticket, which are in no archive. */
CO_MUST_CHECK int archive_case_view(struct cli *cli, const struct cli_case *c,
                                    Callout__V1__CaseView **ret);
