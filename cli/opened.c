#include "opened.h"

#include <string.h>

enum { KEYS_MAX = 1000 };

/* Of one page of keys. */
static int ask_page(struct cli *cli, char *const *keys, size_t count, const char **numbers)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_OPENED;
    query.keys = (char **)(uintptr_t)keys; /* only read */
    query.n_keys = count;
    int code = cli_query(cli, &query, &result);
    for (size_t i = 0; code == CLI_OK && i < result->n_opened; i++)
        for (size_t k = 0; k < count; k++)
            if (strcmp(keys[k], result->opened[i]->key) == 0)
                numbers[k] = cli_text(cli, result->opened[i]->number);
    return code;
}

int opened_ask(struct cli *cli, char *const *keys, size_t count, const char ***ret_numbers)
{
    const char **numbers = co_arena_alloc(cli->arena, (count + 1) * sizeof(numbers[0]));
    int code = CLI_OK;
    if (numbers == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    for (size_t i = 0; i < count; i++)
        numbers[i] = "";
    for (size_t i = 0; code == CLI_OK && i < count; i += KEYS_MAX)
        code = ask_page(cli, keys + i, count - i < KEYS_MAX ? count - i : KEYS_MAX, numbers + i);
    if (code == CLI_OK)
        *ret_numbers = numbers;
    return code;
}
