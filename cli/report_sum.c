#include "report_sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"

enum { ROWS_MAX = 4000000, MEMORY = 1024 * 1024 * 1024, NAME = 1024, WHOLE = 1000 };

struct report_sum {
    size_t by;
    struct co_arena *arena;
    struct co_strmap *rows; /* by their keys, with tabs between */
};

struct report_sum *report_sum_new(size_t by)
{
    struct report_sum *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->by = by;
    s->arena = co_arena_new(MEMORY);
    s->rows = co_strmap_new(ROWS_MAX, 0);
    if (s->arena != NULL && s->rows != NULL)
        return s;
    report_sum_free(s);
    return NULL;
}

void report_sum_free(struct report_sum *s)
{
    if (s == NULL)
        return;
    co_strmap_free(s->rows);
    co_arena_free(s->arena);
    free(s);
}

/* Keys of the registry have at most 64 characters. */
static void name_of(const struct report_sum *s, const char *const *keys, char name[static NAME])
{
    size_t len = 0;
    name[0] = '\0';
    for (size_t i = 0; i < s->by && len < NAME; i++)
        len += (size_t)snprintf(name + len, NAME - len, "%s\t", keys[i]);
}

static struct report_row *make(struct report_sum *s, const char *name, const char *const *keys)
{
    char *kept = co_arena_strdup(s->arena, name);
    struct report_row *row = co_arena_alloc(s->arena, sizeof(*row));
    if (kept == NULL || row == NULL)
        return NULL;
    *row = (struct report_row){ 0 };
    for (size_t i = 0; i < s->by; i++)
        if ((row->keys[i] = co_arena_strdup(s->arena, keys[i])) == NULL)
            return NULL;
    return co_strmap_put(s->rows, kept, row) == CO_OK ? row : NULL;
}

enum co_err report_sum_add(struct report_sum *s, const char *const *keys, uint64_t cases,
                           const int64_t value[static REPORT_VALUES])
{
    char name[NAME];
    name_of(s, keys, name);
    struct report_row *row = co_strmap_get(s->rows, name);
    if (row == NULL && (row = make(s, name, keys)) == NULL)
        return CO_ENOMEM;
    row->cases += cases;
    for (size_t i = 0; i < REPORT_VALUES; i++)
        row->value[i] += value[i];
    return CO_OK;
}

enum co_err report_sum_join(struct report_sum *s, const struct report_sum *from)
{
    uint32_t pos = 0;
    const char *name;
    void *value;
    enum co_err err = CO_OK;
    while (err == CO_OK && co_strmap_next(from->rows, &pos, &name, &value)) {
        const struct report_row *row = value;
        err = report_sum_add(s, (const char *const *)row->keys, row->cases, row->value);
    }
    return err;
}

static int by_keys(const void *a, const void *b)
{
    const struct report_row *x = *(struct report_row *const *)a,
                            *y = *(struct report_row *const *)b;
    for (size_t i = 0; i < REPORT_BY_MAX && x->keys[i] != NULL; i++) {
        int differs = strverscmp(x->keys[i], y->keys[i]);
        if (differs != 0)
            return differs;
    }
    return 0;
}

enum co_err report_sum_rows(struct report_sum *s, struct report_row ***ret_rows, size_t *ret_count)
{
    size_t n = co_strmap_len(s->rows), k = 0;
    struct report_row **list = co_arena_alloc(s->arena, (n + 1) * sizeof(list[0]));
    uint32_t pos = 0;
    const char *name;
    void *value;
    if (list == NULL)
        return CO_ENOMEM;
    while (co_strmap_next(s->rows, &pos, &name, &value))
        list[k++] = value;
    if (n > 0)
        qsort(list, n, sizeof(list[0]), by_keys);
    *ret_rows = list;
    *ret_count = n;
    return CO_OK;
}

int64_t report_row_elapsed_us(const struct report_row *row)
{
    int64_t sum = 0;
    for (size_t i = 0; i < SLA_HOLDERS; i++)
        sum += row->value[i];
    return sum;
}

void report_shares(const int64_t length_us[static SLA_HOLDERS],
                   uint32_t ret_thousandths[static SLA_HOLDERS])
{
    double whole = 0, rest[SLA_HOLDERS];
    uint32_t given = 0;
    for (size_t i = 0; i < SLA_HOLDERS; i++)
        whole += (double)length_us[i];
    for (size_t i = 0; i < SLA_HOLDERS; i++) {
        double share = whole > 0 ? (double)length_us[i] / whole * WHOLE : 0;
        ret_thousandths[i] = (uint32_t)share;
        rest[i] = share - ret_thousandths[i];
        given += ret_thousandths[i];
    }
    for (; whole > 0 && given < WHOLE; given++) {
        size_t largest = 0;
        for (size_t i = 1; i < SLA_HOLDERS; i++)
            if (rest[i] > rest[largest])
                largest = i;
        ret_thousandths[largest]++;
        rest[largest] = -1;
    }
}
