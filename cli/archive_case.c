#include "archive_case.h"

#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "co_journal.h"
#include "co_number.h"
#include "co_pbarena.h"
#include "co_view.h"

/* A registry text of a file, as it was packed. */
struct text {
    struct text *next;
    enum co_kind kind;
    uint64_t since;
    const char *key;
    const uint8_t *body;
    size_t len;
};

struct archived {
    struct cli *cli;
    struct cli_case *into;
    int64_t case_id;
    char number[CO_NUMBER_TEXT];
    struct text *texts;
};

static enum co_err take_entry(void *arg, const struct co_archive_entry *e)
{
    struct archived *a = arg;
    if (e->case_id != a->case_id)
        return CO_OK;
    Callout__V1__EntryRow row = CALLOUT__V1__ENTRY_ROW__INIT;
    row.lane = (uint32_t)e->lane;
    row.seq = (uint64_t)e->seq;
    row.at_us = e->at_us;
    row.case_id = (uint64_t)e->case_id;
    row.number = a->number;
    row.event = co_event_unpack(a->cli->arena, e->body);
    if (row.event == NULL)
        return CO_EINPUT;
    cli_case_keep(a->cli, &row, a->into);
    return a->into->row == NULL ? CO_ENOMEM : CO_OK;
}

static enum co_err take_object(void *arg, const struct co_archive_object *o)
{
    struct archived *a = arg;
    struct text *t = co_arena_alloc(a->cli->arena, sizeof(*t));
    char *key = co_arena_alloc(a->cli->arena, o->key_len + 1);
    uint8_t *body = co_arena_memdup(a->cli->arena, o->body.data, o->body.len);
    if (t == NULL || key == NULL || body == NULL)
        return CO_ENOMEM;
    memcpy(key, o->key, o->key_len);
    key[o->key_len] = '\0';
    *t = (struct text){
        a->texts, (enum co_kind)o->kind, (uint64_t)o->since, key, body, o->body.len
    };
    a->texts = t;
    return CO_OK;
}

static int find_object(struct cli *cli, void *arg, enum co_kind kind, const Callout__V1__Pin *pin,
                       Callout__V1__RegistryObject **ret)
{
    const struct archived *a = arg;
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    *ret = NULL;
    for (const struct text *t = a->texts; t != NULL && *ret == NULL; t = t->next)
        if (t->kind == kind && t->since == pin->since && strcmp(t->key, pin->key) == 0)
            *ret = callout__v1__registry_object__unpack(&allocator, t->len, t->body);
    return *ret != NULL
               ? CLI_OK
               : cli_fail(cli, CLI_FAILED, "the archive is without the %s %s of version %llu",
                          co_kind_name(kind), pin->key, (unsigned long long)pin->since);
}

static int by_seq(const void *a, const void *b)
{
    uint64_t x = (*(Callout__V1__EntryRow *const *)a)->seq;
    uint64_t y = (*(Callout__V1__EntryRow *const *)b)->seq;
    return (x > y) - (x < y);
}

/* A case that ends in another partition is whole in both files. */
static void sort_entries(struct cli_case *c)
{
    size_t n = 0;
    if (c->count > 0)
        qsort(c->row, c->count, sizeof(c->row[0]), by_seq);
    for (size_t i = 0; i < c->count; i++)
        if (n == 0 || c->row[i]->seq != c->row[n - 1]->seq)
            c->row[n++] = c->row[i];
    c->count = n;
}

static int read_entries(struct cli *cli, void *arg, const char *number, struct cli_case *c)
{
    struct archived *a = arg;
    size_t files = 0;
    char **path = cli_values(cli, "archive", &files);
    for (size_t i = 0; i < files; i++) {
        struct co_archive_manifest m;
        int code = archive_read(
            cli, path[i],
            (struct co_archive_reader){ .entry = take_entry, .object = take_object, .arg = a }, &m);
        if (code != CLI_OK)
            return code;
        if (m.made_us > c->refold.now_us)
            c->refold.now_us = m.made_us;
    }
    sort_entries(c);
    if (c->count == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no case %s in %s", number,
                        files == 1 ? path[0] : "these archives");
    if (c->row[0]->event->body_case != CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED)
        return cli_fail(cli, CLI_NOT_FOUND,
                        "the case %s begins in an older archive: give that one too (--archive)",
                        number);
    return CLI_OK;
}

int archive_case_read(struct cli *cli, const char *number, cli_case_fold *fold,
                      struct cli_case *ret)
{
    struct archived a = { .cli = cli, .into = ret };
    struct cli_case_source source = { read_entries, find_object, &a };
    if (co_number_parse(number, &a.case_id) != CO_OK)
        return cli_fail(cli, CLI_REFUSED, "%s is no number of a case", number);
    co_number_format(a.case_id, a.number);
    return fold(cli, number, &source, ret);
}

int archive_case_view(struct cli *cli, const struct cli_case *c, Callout__V1__CaseView **ret)
{
    struct co_view_entry *entries = co_arena_alloc(cli->arena, (c->count + 1) * sizeof(*entries));
    if (entries == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    for (size_t i = 0; i < c->count; i++)
        entries[i] = (struct co_view_entry){ .lane = (uint8_t)c->row[i]->lane,
                                             .seq = (int64_t)c->row[i]->seq,
                                             .at_us = c->row[i]->at_us,
                                             .case_id = (int64_t)c->row[i]->case_id,
                                             .event = c->row[i]->event };
    if (co_view_fold(cli->arena, entries, c->count, ret) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "the case cannot be shown");
    if (c->refold.policy != NULL)
        (void)co_view_add_pack(cli->arena, *ret, c->refold.policy);
    return CLI_OK;
}
