/* Whom an event names: X-CALLOUT-PERSON, else the mails of ATTENDEE, else a key or a name in the
 * summary, else the mail of ORGANIZER. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_text.h"
#include "shifts.h"

enum { WHO_MAX = 64, WORDS_MAX = 64, NAME_WORDS = 3, NEAREST_TOLD = 20, WITHIN_BYTES = 120 };

static char *lower(struct cli *cli, const char *text)
{
    char *copy = cli_text(cli, text);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

static int by_key(const void *key, const void *person)
{
    return strcmp(key, ((const struct shift_person *)person)->key);
}

static struct shift_person *person_of(const struct shifts *k, const char *key)
{
    return bsearch(key, k->person, k->names.keys, sizeof(k->person[0]), by_key);
}

/* ---- names */

static void *const several = &(char){ 0 }; /* a name of more than one */

static bool put_name(struct shifts *k, const Callout__V1__Person *p)
{
    char *name = lower(k->cli, p->name);
    void *known = co_strmap_get(k->names.by_name, name);
    return name[0] == '\0' ||
           co_strmap_put(k->names.by_name, name, known != NULL ? several : (void *)(uintptr_t)p) ==
               CO_OK;
}

static int put_map(struct shifts *k, const char *text)
{
    char *from = lower(k->cli, text);
    const char *key = strrchr(text, '=');
    if (key == NULL || key == text)
        return cli_usage(k->cli, "--map %s: allowed: MAIL-OR-NAME=PERSON", text);
    from[key - text] = '\0';
    struct shift_person *who = person_of(k, key + 1);
    if (who == NULL) {
        const char *near = co_text_nearest(key + 1, k->names.key, k->names.keys);
        return cli_usage(k->cli, "--map %s: there is no person %s%s%s", text, key + 1,
                         near == NULL ? "" : "; did you mean ", near == NULL ? "" : near);
    }
    return co_strmap_put(k->names.mapped, from, who) == CO_OK ? CLI_OK : CLI_FAILED;
}

int shifts_index_names(struct shifts *k, char *const *maps, size_t map_count)
{
    struct shift_names *n = &k->names;
    uint32_t persons = co_registry_count(k->registry, CO_KIND_PERSON);
    n->by_mail = co_strmap_new(persons + 1, 0);
    n->by_name = co_strmap_new(persons + 1, 0);
    n->mapped = co_strmap_new((uint32_t)map_count + 1, 0);
    n->mail = co_arena_alloc(k->cli->arena, (persons + 1) * sizeof(n->mail[0]));
    n->key = co_arena_alloc(k->cli->arena, (persons + 1) * sizeof(n->key[0]));
    bool is_good = n->by_mail != NULL && n->by_name != NULL && n->mapped != NULL &&
                   n->mail != NULL && n->key != NULL;
    for (uint32_t i = 0; is_good && i < persons; i++)
        n->key[n->keys++] = k->person[i].key;
    for (uint32_t i = 0; is_good && i < persons; i++) {
        const Callout__V1__Person *p =
            co_registry_at(k->registry, CO_KIND_PERSON, i)->message->person;
        if (p->email[0] != '\0') {
            n->mail[n->mails] = lower(k->cli, p->email);
            is_good = co_strmap_put(n->by_mail, n->mail[n->mails++], (void *)(uintptr_t)p) == CO_OK;
        }
        is_good = is_good && put_name(k, p);
    }
    int code = is_good ? CLI_OK : cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    for (size_t i = 0; i < map_count && code == CLI_OK; i++)
        code = put_map(k, maps[i]);
    return code;
}

/* NULL: nobody's name, or that of several. */
static struct shift_person *by_any_name(const struct shifts *k, const char *text)
{
    char *name = lower(k->cli, text);
    struct shift_person *who = co_strmap_get(k->names.mapped, name);
    if (who != NULL || (who = person_of(k, text)) != NULL)
        return who;
    const void *p = co_strmap_get(k->names.by_name, name);
    return p == NULL || p == several ? NULL : person_of(k, ((const Callout__V1__Person *)p)->key);
}

/* ---- events */

struct finding {
    struct shifts *k;
    const struct ical_event *e;
    struct shift_person *who[WHO_MAX];
    size_t count;
    const char *stranger; /* who was named and is not known: a sentence about him */
    bool is_anybody;      /* also those who are no engineers are looked for in the summary */
    bool is_naming;
};

static struct shift_person *by_name(const struct finding *f, const char *text)
{
    struct shift_person *who = by_any_name(f->k, text);
    return who != NULL && (f->is_anybody || who->is_engineer) ? who : NULL;
}

static void add(struct finding *f, struct shift_person *who)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->who[i] == who)
            return;
    if (f->count < WHO_MAX)
        f->who[f->count++] = who;
}

/* ""; "; did you mean ...?" costs a look at everybody, so only some are told. */
static const char *nearest(struct shifts *k, const char *text, const char *const *list, size_t n)
{
    const char *near =
        k->names.nearest_told++ < NEAREST_TOLD ? co_text_nearest(text, list, n) : NULL;
    return near == NULL ? "" : cli_format(k->cli, "; did you mean \"%s\"?", near);
}

static void stranger(struct finding *f, const char *sentence)
{
    f->is_naming = true;
    if (f->stranger == NULL)
        f->stranger = sentence;
    else
        f->stranger = cli_format(f->k->cli, "%s; %s", f->stranger, sentence);
}

static void add_mail(struct finding *f, const char *address)
{
    struct shifts *k = f->k;
    if (address == NULL)
        return;
    const char *mail = lower(k->cli, strncasecmp(address, "mailto:", strlen("mailto:")) == 0
                                         ? address + strlen("mailto:")
                                         : address);
    struct shift_person *who = co_strmap_get(k->names.mapped, mail);
    const Callout__V1__Person *p = co_strmap_get(k->names.by_mail, mail);
    if (who == NULL && p != NULL)
        who = person_of(k, p->key);
    if (who != NULL)
        add(f, who);
    else
        stranger(f, cli_format(k->cli, "%.100s is the mail of nobody in the registry%s", mail,
                               nearest(k, mail, k->names.mail, k->names.mails)));
    f->is_naming = true;
}

static void add_attendees(struct finding *f)
{
    struct ical_properties all = ical_all_of(&f->k->ical, f->e, ICAL_ATTENDEE_PROPERTY);
    for (size_t i = 0; i < all.count; i++) {
        icalparameter *part =
            icalproperty_get_first_parameter(all.item[i], ICAL_PARTSTAT_PARAMETER);
        icalparameter *type = icalproperty_get_first_parameter(all.item[i], ICAL_CUTYPE_PARAMETER);
        bool declined = part != NULL && icalparameter_get_partstat(part) == ICAL_PARTSTAT_DECLINED;
        bool is_thing = type != NULL && (icalparameter_get_cutype(type) == ICAL_CUTYPE_ROOM ||
                                         icalparameter_get_cutype(type) == ICAL_CUTYPE_RESOURCE);
        if (!declined && !is_thing)
            add_mail(f, icalproperty_get_attendee(all.item[i]));
    }
}

/* "bj-1, bj-2" */
static void add_keys(struct finding *f, const char *text)
{
    char *rest = cli_text(f->k->cli, text);
    for (char *key = strtok_r(rest, ", \\", &rest); key != NULL;
         key = strtok_r(NULL, ", \\", &rest)) {
        struct shift_person *who = person_of(f->k, key);
        f->is_naming = true;
        if (who != NULL)
            add(f, who);
        else
            stranger(f, cli_format(f->k->cli, "there is no person \"%.64s\"%s", key,
                                   nearest(f->k, key, f->k->names.key, f->k->names.keys)));
    }
}

/* Signs between words that are no ASCII become blanks. */
static char *with_blanks(struct cli *cli, const char *summary)
{
    static const char *const signs[] = { "：", "，", "、", "；", "（", "）", "／", "—", "–", "　" };
    char *text = cli_text(cli, summary);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        for (char *at = text; (at = strstr(at, signs[i])) != NULL;)
            memset(at, ' ', strlen(signs[i]));
    return text;
}

/* Where no blanks are written, as in 张三值班: the longest name at each place. */
static void add_within(struct finding *f, const char *word)
{
    uint32_t c;
    for (const char *from = word; *from != '\0';) {
        const char *after = NULL;
        struct shift_person *who = NULL;
        for (const char *at = from; *at != '\0';) {
            at += co_text_next(at, &c);
            struct shift_person *here =
                by_name(f, cli_format(f->k->cli, "%.*s", (int)(at - from), from));
            who = here != NULL ? here : who;
            after = here != NULL ? at : after;
        }
        if (who != NULL)
            add(f, who);
        from = after != NULL ? after : from + co_text_next(from, &c);
    }
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* Keys and names as words of the summary: up to three words are one name. */
static void add_named(struct finding *f, const char *summary)
{
    static const char between[] = " \t,;:/|()[]&+";
    char *text = with_blanks(f->k->cli, summary), *word[WORDS_MAX];
    size_t n = 0;
    for (char *at = strtok_r(text, between, &text); at != NULL && n < WORDS_MAX;
         at = strtok_r(NULL, between, &text))
        word[n++] = at;
    for (size_t i = 0; i < n; i++) {
        const char *name = "";
        if (!is_ascii(word[i]) && strlen(word[i]) <= WITHIN_BYTES)
            add_within(f, word[i]);
        for (size_t len = 0; len < NAME_WORDS && i + len < n; len++) {
            name = cli_format(f->k->cli, "%s%s%s", name, len == 0 ? "" : " ", word[i + len]);
            struct shift_person *who = by_name(f, name);
            if (who != NULL)
                add(f, who);
        }
    }
    f->is_naming = f->is_naming || f->count > 0;
}

void shifts_find_who(struct shifts *k, const struct ical_event *e, const char *summary,
                     struct shift_event *to)
{
    struct finding f = { .k = k, .e = e };
    const char *keys = ical_x_of(&k->ical, e, "X-CALLOUT-PERSON");
    if (keys == NULL)
        keys = ical_x_of(&k->ical, e, "X-CALLOUT-ENGINEER");
    if (keys != NULL)
        add_keys(&f, keys);
    else
        add_attendees(&f);
    if (f.count == 0 && keys == NULL)
        add_named(&f, summary);
    f.is_anybody =
        f.count == 0; /* "pm" may be a person's key, and beside an engineer it is a time */
    if (f.count == 0 && keys == NULL)
        add_named(&f, summary);
    icalproperty *organizer = ical_find(e, ICAL_ORGANIZER_PROPERTY);
    if (f.count == 0 && !f.is_naming && organizer != NULL)
        add_mail(&f, icalproperty_get_organizer(organizer));
    if (f.stranger != NULL && f.count == 0)
        shifts_problem(k, e->where, "%s", f.stranger);
    else if (f.stranger != NULL)
        cli_note(k->cli, "%s: %s", e->where, f.stranger);
    to->who = co_arena_alloc(k->cli->arena, (f.count + 1) * sizeof(to->who[0]));
    co_assert(to->who != NULL);
    memcpy((void *)to->who, (const void *)f.who, f.count * sizeof(f.who[0]));
    to->count = f.count;
    to->is_naming = f.is_naming;
}

bool shifts_has(const struct shift_event *e, const struct shift_person *who)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->who[i] == who)
            return true;
    return false;
}

const char *shifts_others(struct shifts *k, const struct shift_event *of,
                          const struct shift_event *without)
{
    const char *all = "";
    for (size_t i = 0; i < of->count; i++)
        if (!shifts_has(without, of->who[i]))
            all = cli_format(k->cli, "%s%s%s", all, *all == '\0' ? "" : ", ", of->who[i]->key);
    return all;
}
