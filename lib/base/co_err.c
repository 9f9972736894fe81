#include "co_err.h"

#include "co_assert.h"

const char *co_err_name(enum co_err err)
{
    static const char *const names[CO_ERRS] = {
        [CO_OK] = "ok",           [CO_ENOMEM] = "no memory",   [CO_EFULL] = "full",
        [CO_EINPUT] = "bad input", [CO_ECONFLICT] = "conflict", [CO_EAGAIN] = "again",
        [CO_EDOWN] = "down",
    };
    co_assert(err < CO_ERRS);
    return names[err];
}
