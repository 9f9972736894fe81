/* What an advisory concerns under a contract, for people. */
#include "co_advisory.h"
#include "co_text.h"

enum { PLACES = 16, NAME_BYTES = 60 };

static const char *name_of(const Callout__V1__Text *text, bool is_zh, const char *key)
{
    const char *zh = text == NULL ? "" : text->zh;
    const char *en = text == NULL ? "" : text->en;
    const char *own = is_zh ? zh : en;
    const char *other = is_zh ? en : zh;
    return own[0] != '\0' ? own : other[0] != '\0' ? other : key;
}

struct places {
    struct co_buf *to;
    bool is_zh;
    size_t count;
};

static void add_name(struct co_buf *to, const char *name)
{
    (void)co_buf_append(to, name, co_text_clip(name, NAME_BYTES));
}

static void add_place(void *arg, const struct co_advisory_place *place)
{
    struct places *p = arg;
    if (++p->count > PLACES)
        return;
    if (p->count > 1)
        (void)co_buf_append_text(p->to, p->is_zh ? "；" : "; ");
    add_name(p->to, name_of(place->site->name, p->is_zh, place->site->key));
    if (place->version == NULL)
        return;
    (void)co_buf_append_text(p->to, " ");
    add_name(p->to, name_of(place->version->name, p->is_zh, place->version->key));
}

void co_advisory_list_places(const struct co_registry *r, const Callout__V1__Advisory *advisory,
                             const Callout__V1__Contract *contract, int64_t at_us, bool is_zh,
                             struct co_buf *to)
{
    struct places p = { .to = to, .is_zh = is_zh };
    co_advisory_places(r, advisory, contract, at_us, add_place, &p);
    if (p.count > PLACES)
        (void)co_buf_printf(to, is_zh ? "；等 %zu 处" : "; and more, %zu in all", p.count);
}
