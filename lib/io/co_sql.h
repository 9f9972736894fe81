/* co_sql.h - a named SQL statement, compiled in from sql/<name>.sql by callout_add_sql(). */
#pragma once

struct co_sql {
    const char *name; /* unique in a process: "<library>_<file>"; also the prepared statement's name */
    const char *text;
};
