/* Nodes of a document, paths in it, and what is said about them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_text.h"
#include "co_yaml_impl.h"

#define VISITS_MAX 20000000U /* nodes looked at in one file, aliases counted each time */

void *co_yaml_alloc(struct co_yaml *y, size_t size)
{
    void *p = co_arena_alloc(y->arena, size);
    if (p == NULL)
        y->is_out_of_memory = true;
    else
        memset(p, 0, size);
    return p;
}

char *co_yaml_strdup(struct co_yaml *y, const char *s)
{
    char *copy = co_arena_strdup(y->arena, s);
    if (copy == NULL)
        y->is_out_of_memory = true;
    return copy;
}

bool co_yaml_list_add(struct co_yaml *y, struct co_yaml_list *l, void *item)
{
    if (l->len == l->cap) {
        size_t cap = l->cap == 0 ? 4 : l->cap * 2;
        void **grown = co_yaml_alloc(y, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        if (l->len > 0)
            memcpy(grown, l->item, l->len * sizeof(*grown));
        l->item = grown;
        l->cap = cap;
    }
    l->item[l->len++] = item;
    return true;
}

static void add_problem(struct co_yaml *y, struct co_yaml_problem p, const char *format,
                        va_list args) __attribute__((format(printf, 3, 0)));

static void add_problem(struct co_yaml *y, struct co_yaml_problem p, const char *format,
                        va_list args)
{
    char text[1024];
    if (y->problem_count == CO_YAML_PROBLEMS_MAX)
        return;
    vsnprintf(text, sizeof(text), format, args);
    p.key = co_yaml_strdup(y, p.key);
    p.message = co_yaml_strdup(y, text);
    p.allowed = co_yaml_strdup(y, p.allowed == NULL ? "" : p.allowed);
    if (p.key != NULL && p.message != NULL && p.allowed != NULL)
        y->problem[y->problem_count++] = p;
}

void co_yaml_complain_at(struct co_yaml *y, const char *file, unsigned line, const char *key,
                         const char *allowed, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(y, (struct co_yaml_problem){ file, line, key, NULL, allowed }, format, args);
    va_end(args);
}

void co_yaml_complain(struct co_yaml_source *s, const yaml_node_t *n, const char *allowed,
                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_problem(s->y, (struct co_yaml_problem){ s->file, co_yaml_line(n), s->path, NULL, allowed },
                format, args);
    va_end(args);
}

void co_yaml_unknown(struct co_yaml_source *s, const yaml_node_t *n, const char *name,
                     const char *const *names, size_t count)
{
    struct co_buf allowed;
    co_buf_init(&allowed, 4096);
    for (size_t i = 0; i < count; i++)
        co_buf_printf(&allowed, "%s%s", i == 0 ? "" : ", ", names[i]);
    const char *nearest = co_text_nearest(name, names, count);
    if (nearest != NULL)
        co_yaml_complain(s, n, co_buf_text(&allowed),
                         "\"%.64s\" is not known here; did you mean \"%s\"?", name, nearest);
    else
        co_yaml_complain(s, n, co_buf_text(&allowed), "\"%.64s\" is not known here", name);
    co_buf_done(&allowed);
}

size_t co_yaml_push(struct co_yaml_source *s, const char *name)
{
    size_t mark = s->path_len;
    size_t left = sizeof(s->path) - mark;
    const char *dot = mark == 0 || name[0] == '[' ? "" : ".";
    int n = snprintf(s->path + mark, left, "%s%s", dot, name);
    if (n > 0)
        s->path_len = mark + ((size_t)n < left ? (size_t)n : left - 1);
    return mark;
}

size_t co_yaml_push_index(struct co_yaml_source *s, size_t i)
{
    char text[32];
    snprintf(text, sizeof(text), "[%zu]", i);
    return co_yaml_push(s, text);
}

void co_yaml_pop(struct co_yaml_source *s, size_t mark)
{
    s->path_len = mark;
    s->path[mark] = '\0';
}

yaml_node_t *co_yaml_node(struct co_yaml_source *s, int index)
{
    return yaml_document_get_node(&s->doc, index);
}

unsigned co_yaml_line(const yaml_node_t *n)
{
    return n == NULL ? 1 : (unsigned)n->start_mark.line + 1;
}

bool co_yaml_is_empty(const yaml_node_t *n)
{
    if (n->type != YAML_SCALAR_NODE || n->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    const char *text = (const char *)n->data.scalar.value;
    return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

const char *co_yaml_scalar(struct co_yaml_source *s, const yaml_node_t *n)
{
    if (n->type != YAML_SCALAR_NODE) {
        co_yaml_complain(s, n, "a single value", "a %s stands here",
                         n->type == YAML_MAPPING_NODE ? "mapping" : "list");
        return NULL;
    }
    const char *text = (const char *)n->data.scalar.value;
    if (strlen(text) != n->data.scalar.length || !co_text_is_valid(text, n->data.scalar.length)) {
        co_yaml_complain(s, n, "UTF-8 without NUL", "the text is not valid");
        return NULL;
    }
    return text;
}

static bool may_visit(struct co_yaml_source *s, const yaml_node_t *n, size_t count)
{
    if (s->visits == UINT32_MAX)
        return false;
    if (count <= VISITS_MAX - s->visits) {
        s->visits += (uint32_t)count;
        return true;
    }
    s->visits = UINT32_MAX;
    co_yaml_complain(s, n, "at most 20,000,000 nodes", "aliases make this file too large");
    return false;
}

static int by_key(const void *a, const void *b)
{
    const struct co_yaml_pair *const *x = a;
    const struct co_yaml_pair *const *y = b;
    int c = strcmp((*x)->key, (*y)->key);
    return c != 0 ? c : (*x < *y ? -1 : 1);
}

/* Says every key that stands more than once. */
static bool is_unique(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count)
{
    const struct co_yaml_pair **sorted =
        co_yaml_alloc(s->y, (count + 1) * sizeof(struct co_yaml_pair *));
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &pairs[i];
    qsort(sorted, count, sizeof(struct co_yaml_pair *), by_key);
    bool ok = true;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1]->key, sorted[i]->key) != 0)
            continue;
        size_t mark = co_yaml_push(s, sorted[i]->key);
        co_yaml_complain(s, sorted[i]->key_node, "each key once", "the same key stands in line %u",
                         co_yaml_line(sorted[i - 1]->key_node));
        co_yaml_pop(s, mark);
        ok = false;
    }
    return ok;
}

struct co_yaml_pair *co_yaml_pairs(struct co_yaml_source *s, const yaml_node_t *n,
                                   size_t *ret_count)
{
    static struct co_yaml_pair nothing;
    *ret_count = 0;
    if (co_yaml_is_empty(n))
        return &nothing;
    if (n->type != YAML_MAPPING_NODE) {
        co_yaml_complain(s, n, "a mapping, \"key: value\"", "a %s stands here",
                         n->type == YAML_SCALAR_NODE ? "single value" : "list");
        return NULL;
    }
    size_t count = (size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
    struct co_yaml_pair *pairs =
        may_visit(s, n, count) ? co_yaml_alloc(s->y, (count + 1) * sizeof(*pairs)) : NULL;
    if (pairs == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        pairs[i].key_node = co_yaml_node(s, n->data.mapping.pairs.start[i].key);
        pairs[i].value = co_yaml_node(s, n->data.mapping.pairs.start[i].value);
        pairs[i].key = co_yaml_scalar(s, pairs[i].key_node);
        if (pairs[i].key == NULL)
            return NULL;
    }
    if (!is_unique(s, pairs, count))
        return NULL;
    *ret_count = count;
    return pairs;
}

bool co_yaml_read_map(struct co_yaml_source *s, const yaml_node_t *n, co_yaml_pair_reader *read,
                      ProtobufCMessage ***ret_items, size_t *ret_count)
{
    struct co_yaml_list items = { 0 };
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    bool ok = pairs != NULL;
    for (size_t i = 0; pairs != NULL && i < count; i++) {
        size_t mark = co_yaml_push(s, pairs[i].key);
        ok = read(s, &pairs[i], &items) && ok;
        co_yaml_pop(s, mark);
    }
    *ret_items = (ProtobufCMessage **)(void *)items.item;
    *ret_count = items.len;
    return ok;
}
