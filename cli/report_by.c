#include "report_by.h"

#include <string.h>

#include "co_buf.h"

static bool refuse(struct cli *cli, const char *name, const char *const names[REPORT_BY_MAX])
{
    struct co_buf allowed;
    co_buf_init(&allowed, 1024);
    for (size_t i = 0; i < REPORT_BY_MAX; i++)
        (void)co_buf_printf(&allowed, "%s%s",
                            i == 0                   ? ""
                            : i + 1 == REPORT_BY_MAX ? " and "
                                                     : ", ",
                            names[i]);
    (void)cli_usage(cli, "--by %s: allowed are %s", name, co_buf_text(&allowed));
    co_buf_done(&allowed);
    return false;
}

static bool add(struct cli *cli, const char *name, const char *const names[REPORT_BY_MAX],
                struct report_by *by)
{
    for (size_t i = 0; i < REPORT_BY_MAX; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        for (size_t k = 0; k < by->count; k++)
            if (by->key[k] == i)
                return true;
        by->key[by->count++] = i;
        return true;
    }
    return refuse(cli, name, names);
}

bool report_by_read(struct cli *cli, const char *otherwise, const char *const names[REPORT_BY_MAX],
                    struct report_by *ret_by)
{
    char *rest = cli_text(cli, cli_value_or(cli, "by", otherwise));
    ret_by->count = 0;
    for (char *name; (name = strsep(&rest, ",")) != NULL;)
        if (!add(cli, name, names, ret_by))
            return false;
    return true;
}
