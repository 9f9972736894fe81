/* Advisories, and what is installed at sites: whom they concern. */
#include <string.h>

#include "co_advisory.h"
#include "co_check.h"
#include "co_text.h"

enum { TITLE_CHARS = 95 }; /* of each language: both stand in the title of a case */

static bool is_longer(const char *text, size_t chars)
{
    size_t n = 0;
    for (const char *s = text; *s != '\0'; n++) {
        uint32_t c = 0;
        s += co_text_next(s, &c);
    }
    return n > chars;
}

static void check_length(struct co_check *c, const char *field, const Callout__V1__Text *text,
                         size_t chars, const char *allowed)
{
    if (text != NULL && (is_longer(text->zh, chars) || is_longer(text->en, chars)))
        check_say(c, field, allowed, "is too long");
}

static bool is_said(const Callout__V1__Text *text)
{
    return text != NULL && (text->zh[0] != '\0' || text->en[0] != '\0');
}

static void check_words(struct co_check *c, const Callout__V1__Advisory *x)
{
    static const char texts[] = "at most 2000 characters in each language";
    check_text(c, "title", x->title);
    check_length(c, "title", x->title, TITLE_CHARS, "at most 95 characters in each language");
    if (!is_said(x->fix_plan) && !is_said(x->workaround))
        check_say(c, "fix_plan", "fix_plan, workaround, or both",
                  "is needed where there is no workaround");
    check_length(c, "fix_plan", x->fix_plan, CO_ADVISORY_TEXT_CHARS, texts);
    check_length(c, "workaround", x->workaround, CO_ADVISORY_TEXT_CHARS, texts);
    if (x->n_references > CO_ADVISORY_REFERENCES)
        check_say(c, "references", "at most 16", "there are too many");
    for (size_t i = 0; i < x->n_references && i < CO_ADVISORY_REFERENCES; i++) {
        size_t mark = check_push_index(c, "references", i);
        if (x->references[i][0] == '\0' || is_longer(x->references[i], CO_ADVISORY_REFERENCE_CHARS))
            check_say(c, "", "1 to 200 characters, for example an address",
                      x->references[i][0] == '\0' ? "is empty" : "is too long");
        check_pop(c, mark);
    }
}

static void check_pack(struct co_check *c, const Callout__V1__Advisory *x)
{
    const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, x->policy);
    check_ref(c, "policy", CO_KIND_POLICY, x->policy, true);
    if (p == NULL)
        return;
    check_range(c, "severity", x->severity, 1, (double)p->n_severities);
    if (p->dated)
        check_say(c, "policy", "a pack that is not \"dated\"",
                  "\"%.64s\" is about something that takes place at a time", x->policy);
}

void check_advisory(struct co_check *c, const Callout__V1__Advisory *x)
{
    const Callout__V1__Product *p = co_registry_product(c->registry, x->product);
    if (strlen(x->key) > CO_ADVISORY_KEY_CHARS)
        check_say(c, "key", "at most 54 characters: the keys of its cases begin with it",
                  "is too long");
    check_words(c, x);
    check_ref(c, "product", CO_KIND_PRODUCT, x->product, true);
    if (p != NULL)
        check_version_list(c, p, x->versions, x->n_versions);
    check_pack(c, x);
}

/* -- of sites */

static void check_version_of(struct co_check *c, const Callout__V1__Product *p, char *version)
{
    const char *keys[CO_CHECK_NAMES];
    size_t count = check_version_keys(p, keys);
    if (count == 0 && version[0] != '\0')
        check_say(c, "version", "left out", "\"%.64s\" is not told apart by versions", p->key);
    else if (count > 0 && version[0] == '\0')
        check_say(c, "version", "the key of one of its versions", "is needed: \"%.64s\" has some",
                  p->key);
    else if (count > 0)
        (void)check_word(c, "version", version, keys, count);
}

void check_site_installed(struct co_check *c, const Callout__V1__Site *x)
{
    for (size_t i = 0; i < x->n_installed; i++) {
        const Callout__V1__Installed *installed = x->installed[i];
        const Callout__V1__Product *p = co_registry_product(c->registry, installed->product);
        size_t mark = check_push_index(c, "installed", i);
        check_ref(c, "product", CO_KIND_PRODUCT, installed->product, true);
        if (p != NULL)
            check_version_of(c, p, installed->version);
        for (size_t j = 0; j < i; j++)
            if (strcmp(x->installed[j]->product, installed->product) == 0 &&
                strcmp(x->installed[j]->version, installed->version) == 0)
                check_say(c, "", "each version of a product once", "stands before");
        check_pop(c, mark);
    }
}
