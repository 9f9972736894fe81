#include "certificate_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sla_events.h"

/* Commas and brackets: about how many values a document has. What we write has one for each thirty
 * bytes; the JSON reader takes a hundred bytes of memory for each. */
#define VALUES_MAX 1000000u

static void keep(struct certificate_checker *c, const char *what, const char *field,
                 const char *text)
{
    Callout__V1__Verification *v = c->result;
    Callout__V1__Finding *f = sla_message_new(c->arena, &callout__v1__finding__descriptor);
    if (f == NULL || (f->what = co_arena_strdup(c->arena, what)) == NULL ||
        (f->field = co_arena_strdup(c->arena, field)) == NULL ||
        (f->text = co_arena_strdup(c->arena, text)) == NULL) {
        c->err = CO_ENOMEM;
        return;
    }
    v->findings[v->n_findings++] = f;
}

void certificate_found(struct certificate_checker *c, const char *what, const char *field,
                       const char *format, ...)
{
    char text[512];
    va_list args;
    if (c->result->n_findings == CERTIFICATE_FINDINGS_MAX)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    keep(c, what, field, text);
}

static bool is_small(struct certificate_checker *c, const char *text, size_t len)
{
    size_t values = 0;
    for (size_t i = 0; i < len; i++)
        values += text[i] == ',' || text[i] == '[' || text[i] == '{';
    if (len <= CERTIFICATE_FILE_LIMIT && values <= VALUES_MAX)
        return true;
    certificate_found(c, "file", "", "it is larger than any certificate (%zu MiB, %u values)",
                      CERTIFICATE_FILE_LIMIT >> 20, VALUES_MAX);
    return false;
}

static void check(struct certificate_checker *c, const char *text, size_t len, const uint8_t *known)
{
    json_error_t error;
    if (!is_small(c, text, len))
        return;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        certificate_found(c, "file", "", "it is not JSON: line %d: %s", error.line, error.text);
        return;
    }
    if (certificate_read(c, root, known))
        certificate_refold(c);
    json_decref(root);
}

enum co_err certificate_check(const char *text, size_t len, const uint8_t *known,
                              struct co_arena *arena, Callout__V1__Verification **ret,
                              Callout__V1__Certificate **ret_certificate)
{
    struct certificate_checker c = { .arena = arena };
    c.result = sla_message_new(arena, &callout__v1__verification__descriptor);
    if (c.result == NULL)
        return CO_ENOMEM;
    c.result->findings =
        co_arena_alloc(arena, CERTIFICATE_FINDINGS_MAX * sizeof(c.result->findings[0]));
    if (c.result->findings == NULL)
        return CO_ENOMEM;
    check(&c, text, len, known);
    if (c.err != CO_OK)
        return c.err;
    c.result->holds = c.result->n_findings == 0;
    *ret = c.result;
    *ret_certificate = c.certificate;
    return CO_OK;
}
