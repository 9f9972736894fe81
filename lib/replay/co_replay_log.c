#include "co_replay_log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "co_csv.h"
#include "co_strmap.h"
#include "co_time.h"

enum { FIELDS_MAX = 64 };

enum column { INCIDENT, CHANGED, STATUS, SUB_STATUS, LINE, IMPACT, COUNTRY, PRODUCT, COLUMNS };

struct reader {
    struct co_replay_log *log;
    struct co_csv csv;
    size_t column[COLUMNS];
    size_t fields; /* in each record */
    size_t row_cap, incident_cap;
    struct co_strmap *known; /* key -> its number + 1 */
    int64_t shift_us;
    struct co_replay_problem *problem;
};

static enum co_err complain(struct reader *r, const char *what, const char *name)
{
    *r->problem = (struct co_replay_problem){ r->csv.line, what, name };
    return CO_EINPUT;
}

static enum co_err read_header(struct reader *r, const Callout__V1__ReplayColumns *c)
{
    char *field[FIELDS_MAX];
    size_t n = 0;
    const char *const wanted[COLUMNS] = { c->incident, c->changed, c->status,  c->sub_status,
                                          c->line,     c->impact,  c->country, c->product };
    enum co_err err = co_csv_next(&r->csv, field, FIELDS_MAX, &n);
    if (err != CO_OK)
        return complain(r, "the first line cannot be read", "");
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t at = 0;
        while (at < n && strcmp(field[at], wanted[i]) != 0)
            at++;
        if (at == n)
            return complain(r, "there is no such column", wanted[i]);
        r->column[i] = at;
    }
    r->fields = n;
    return CO_OK;
}

/* The array with room for one more, twice as large where it must grow; NULL: as it was. */
static void *grown(void *array, size_t *cap, size_t len, size_t size)
{
    if (len < *cap)
        return array;
    size_t more = *cap == 0 ? 1024 : *cap * 2;
    void *p = realloc(array, more * size);
    if (p != NULL)
        *cap = more;
    return p;
}

static enum co_err find_incident(struct reader *r, char *const *value, int64_t at_us,
                                 uint32_t *ret_index)
{
    struct co_replay_log *log = r->log;
    uintptr_t known = (uintptr_t)co_strmap_get(r->known, value[INCIDENT]);
    if (known != 0) {
        *ret_index = (uint32_t)(known - 1);
        struct co_replay_incident *i = &log->incident[*ret_index];
        i->opened_us = at_us < i->opened_us ? at_us : i->opened_us;
        return CO_OK;
    }
    struct co_replay_incident *all =
        grown(log->incident, &r->incident_cap, log->incidents, sizeof(*all));
    if (all == NULL)
        return CO_ENOMEM;
    log->incident = all;
    *ret_index = (uint32_t)log->incidents;
    log->incident[log->incidents++] = (struct co_replay_incident){
        value[INCIDENT], value[IMPACT], value[COUNTRY], value[PRODUCT], at_us
    };
    return co_strmap_put(r->known, value[INCIDENT], (void *)(uintptr_t)log->incidents);
}

static enum co_err take_record(struct reader *r, char *const *field)
{
    struct co_replay_log *log = r->log;
    char *value[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        value[i] = field[r->column[i]];
    int64_t at_us;
    uint32_t incident;
    if (value[INCIDENT][0] == '\0' || strlen(value[INCIDENT]) > 100)
        return complain(r, "an incident needs a key of 1 to 100 characters", "");
    if (co_time_parse(value[CHANGED], &at_us, NULL) != CO_OK)
        return complain(r, "not a date in RFC 3339", value[CHANGED]);
    enum co_err err = find_incident(r, value, at_us, &incident);
    if (err != CO_OK)
        return err;
    struct co_replay_row *all = grown(log->row, &r->row_cap, log->rows, sizeof(*all));
    if (all == NULL)
        return CO_ENOMEM;
    log->row = all;
    log->row[log->rows++] = (struct co_replay_row){ at_us,         incident,          r->csv.line,
                                                    value[STATUS], value[SUB_STATUS], value[LINE] };
    return CO_OK;
}

static enum co_err read_records(struct reader *r)
{
    char *field[FIELDS_MAX];
    for (;;) {
        size_t n = 0;
        enum co_err err = co_csv_next(&r->csv, field, FIELDS_MAX, &n);
        if (err != CO_OK)
            return complain(r, "a quotation mark is not closed, or there are too many fields", "");
        if (n == 0)
            return CO_OK;
        if (n != r->fields)
            return complain(r, "this line has not as many fields as the first one", "");
        err = take_record(r, field);
        if (err != CO_OK)
            return err;
    }
}

static int by_opening(const void *a, const void *b)
{
    const struct co_replay_incident *x = a, *y = b;
    if (x->opened_us != y->opened_us)
        return x->opened_us < y->opened_us ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int by_time(const void *a, const void *b)
{
    const struct co_replay_row *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    if (x->incident != y->incident)
        return x->incident < y->incident ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Numbers the incidents anew by their opening, and leaves out what lies outside the window. The
 * order of the old numbers is remembered by the keys. */
static enum co_err choose(struct reader *r, struct co_replay_window w)
{
    struct co_replay_log *log = r->log;
    const char **key = malloc((log->incidents + 1) * sizeof(*key));
    if (key == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < log->incidents; i++)
        key[i] = log->incident[i].key;
    if (log->incidents > 0)
        qsort(log->incident, log->incidents, sizeof(log->incident[0]), by_opening);
    size_t kept = 0;
    co_strmap_clear(r->known);
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < log->incidents; i++) {
        struct co_replay_incident *in = &log->incident[i];
        if (in->opened_us < w.from_us || in->opened_us >= w.until_us ||
            (w.limit > 0 && kept == w.limit))
            continue;
        log->incident[kept++] = *in;
        err = co_strmap_put(r->known, log->incident[kept - 1].key, (void *)(uintptr_t)kept);
    }
    size_t rows = 0;
    for (size_t i = 0; err == CO_OK && i < log->rows; i++) {
        uintptr_t number = (uintptr_t)co_strmap_get(r->known, key[log->row[i].incident]);
        if (number == 0 || log->row[i].at_us >= w.until_us)
            continue;
        log->row[rows] = log->row[i];
        log->row[rows++].incident = (uint32_t)(number - 1);
    }
    free(key);
    log->incidents = kept;
    log->rows = rows;
    return err;
}

static void move_dates(struct co_replay_log *log, int64_t shift_us)
{
    for (size_t i = 0; i < log->incidents; i++)
        log->incident[i].opened_us += shift_us;
    for (size_t i = 0; i < log->rows; i++)
        log->row[i].at_us += shift_us;
}

enum co_err co_replay_log_read(struct co_replay_log *ret_log, const Callout__V1__ReplayMapping *map,
                               struct co_replay_window window, char *text, size_t len,
                               struct co_replay_problem *ret_problem)
{
    *ret_log = (struct co_replay_log){ .text = text };
    *ret_problem = (struct co_replay_problem){ 0, "", "" };
    struct reader r = { .log = ret_log, .problem = ret_problem };
    co_csv_init(&r.csv, text, len);
    r.known = co_strmap_new(CO_REPLAY_INCIDENTS_MAX, 0);
    enum co_err err = r.known == NULL ? CO_ENOMEM : read_header(&r, map->columns);
    if (err == CO_OK)
        err = read_records(&r);
    if (err == CO_OK)
        err = choose(&r, window);
    if (err == CO_OK && ret_log->rows > 0)
        qsort(ret_log->row, ret_log->rows, sizeof(ret_log->row[0]), by_time);
    if (err == CO_OK)
        move_dates(ret_log, (int64_t)map->shift_weeks * 7 * CO_DAY_US);
    co_strmap_free(r.known);
    return err;
}

void co_replay_log_free(struct co_replay_log *log)
{
    free(log->incident);
    free(log->row);
    free(log->text);
    *log = (struct co_replay_log){ 0 };
}
