#include "co_assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void co_assert_failed(const char *condition, const char *file, int line,
                                const char *function)
{
    (void)fprintf(stderr, "level=bug event=assert where=%s:%d function=%s condition=\"%s\"\n", file,
                  line, function, condition);
    abort();
}
