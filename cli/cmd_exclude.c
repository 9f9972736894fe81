/* callout exclude: declares, changes, ends, takes back and lists exclusions. */
#include <string.h>

#include "cli_apply.h"
#include "cli_registry.h"
#include "cli_table.h"
#include "co_text.h"
#include "co_time.h"

const struct cli_option cmd_exclude_options[] = {
    { "cause", 0, "CAUSE", "a cause that policy packs list as excluded, as force_majeure" },
    { "region", 0, "REGION", "where: a region of sites; may be repeated" },
    { "everywhere", 0, NULL, "in all regions" },
    { "from", 0, "TIME", "when it began" },
    { "until", 0, "TIME", "when it is over; none: it is not known yet [none; with --end: now]" },
    { "title", 0, "TEXT", "what people read about it" },
    { "title-zh", 0, "TEXT", "the same in Chinese" },
    { "end", 0, "KEY", "it is over: nothing else of it changes" },
    { "take-back", 0, "KEY", "it was declared by mistake: the time counts again" },
    CLI_APPLY_OPTIONS,
    { NULL, 0, NULL, NULL },
};

#define EXCLUSION_CASE CALLOUT__V1__REGISTRY_OBJECT__OBJECT_EXCLUSION
enum { NAMES_MAX = 64 };

static Callout__V1__Exclusion *find(const Callout__V1__Registry *now, const char *key)
{
    for (size_t i = 0; i < now->n_objects; i++)
        if (now->objects[i]->object_case == EXCLUSION_CASE &&
            strcmp(now->objects[i]->exclusion->key, key) == 0)
            return now->objects[i]->exclusion;
    return NULL;
}

static int no_such(struct cli *cli, const Callout__V1__Registry *now, const char *key)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (; n < now->n_objects && n < NAMES_MAX; n++)
        names[n] = now->objects[n]->exclusion->key;
    const char *nearest = co_text_nearest(key, names, n);
    return cli_fail(cli, CLI_NOT_FOUND, "there is no exclusion %s%s%s%s", key,
                    nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
}

/* ---- the list */

static const char *state_of(const Callout__V1__Exclusion *x, int64_t now_us)
{
    return x->from_us > now_us                         ? "to come"
           : x->until_us != 0 && x->until_us <= now_us ? "over"
                                                       : "in force";
}

static int list(struct cli *cli, const Callout__V1__Registry *now)
{
    struct cli_table t;
    if (cli->is_json)
        return cli_print_json(cli, &now->base, false);
    if (now->n_objects == 0) {
        (void)fprintf(cli->out, "no exclusion is declared\n");
        return CLI_OK;
    }
    cli_table_init(&t, cli, "exclusion|state|cause|from|until|regions|title");
    for (size_t i = 0; i < now->n_objects; i++) {
        const Callout__V1__Exclusion *x = now->objects[i]->exclusion;
        const char *regions =
            x->n_regions == 0
                ? "everywhere"
                : cli_format(cli, "%zu: %s", x->n_regions, cli_join(cli, x->regions, x->n_regions));
        CLI_TABLE_ADD(&t, x->key, state_of(x, cli_now_us()), x->cause, cli_when(cli, x->from_us),
                      x->until_us == 0 ? "not over" : cli_when(cli, x->until_us), regions,
                      cli_title(cli, x->title, ""));
    }
    cli_table_print(&t, 0);
    return CLI_OK;
}

/* ---- what the options say, laid over what is declared */

static bool read_until(struct cli *cli, Callout__V1__Exclusion *x)
{
    const char *text = cli_value(cli, "until");
    if (text == NULL || strcmp(text, "none") != 0)
        return cli_read_time(cli, "until", &x->until_us);
    x->until_us = 0;
    return true;
}

/* The title is that of what is in force: not written to. */
static bool read_title(struct cli *cli, Callout__V1__Exclusion *x)
{
    Callout__V1__Text *title = co_arena_alloc(cli->arena, sizeof(*title));
    if (title == NULL)
        return false;
    callout__v1__text__init(title);
    if (x->title != NULL)
        *title = *x->title;
    if (cli_has(cli, "title"))
        title->en = cli_text(cli, cli_value(cli, "title"));
    if (cli_has(cli, "title-zh"))
        title->zh = cli_text(cli, cli_value(cli, "title-zh"));
    x->title = title;
    return true;
}

static bool read_exclusion(struct cli *cli, Callout__V1__Exclusion *x)
{
    if (cli_has(cli, "cause"))
        x->cause = cli_text(cli, cli_value(cli, "cause"));
    if (cli_has(cli, "everywhere"))
        x->n_regions = 0;
    if (cli_has(cli, "region"))
        x->regions = cli_values(cli, "region", &x->n_regions);
    return cli_read_time(cli, "from", &x->from_us) && read_until(cli, x) && read_title(cli, x);
}

/* What a new one cannot do without. Nothing said about where is no "everywhere": that would stop
 * all clocks there are. */
static int check_new(struct cli *cli, const Callout__V1__Exclusion *x)
{
    const char *missing = x->cause[0] == '\0' ? "--cause"
                          : x->n_regions == 0 && !cli_has(cli, "everywhere")
                              ? "--region or --everywhere"
                          : !cli_has(cli, "from")                               ? "--from"
                          : !cli_has(cli, "title") && !cli_has(cli, "title-zh") ? "--title"
                                                                                : NULL;
    return missing == NULL
               ? CLI_OK
               : cli_usage(cli, "there is no exclusion %s yet: to declare it, %s is needed", x->key,
                           missing);
}

/* The regions of all sites. */
static int read_regions(struct cli *cli, const char ***ret_names, size_t *ret_count)
{
    Callout__V1__Registry sites = CALLOUT__V1__REGISTRY__INIT;
    size_t most = 0, n = 0;
    int code = cli_registry_fetch_kind(cli, "site", &sites);
    for (size_t i = 0; code == CLI_OK && i < sites.n_objects; i++)
        most += sites.objects[i]->site->n_regions;
    const char **names = co_arena_alloc(cli->arena, (most + 1) * sizeof(names[0]));
    if (code == CLI_OK && names == NULL)
        code = cli_fail(cli, CLI_FAILED, "there are more regions than this command can hold");
    for (size_t i = 0; names != NULL && code == CLI_OK && i < sites.n_objects; i++)
        for (size_t k = 0; k < sites.objects[i]->site->n_regions; k++)
            names[n++] = sites.objects[i]->site->regions[k];
    *ret_names = names;
    *ret_count = n;
    return code;
}

static bool has(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A region is a word of the sites': nothing refuses one that none of them has. */
static int note_regions(struct cli *cli, const Callout__V1__Exclusion *x)
{
    const char **names = NULL;
    size_t n = 0;
    int code = x->n_regions == 0 ? CLI_OK : read_regions(cli, &names, &n);
    for (size_t i = 0; code == CLI_OK && i < x->n_regions; i++) {
        if (has(names, n, x->regions[i]))
            continue;
        const char *nearest = co_text_nearest(x->regions[i], names, n);
        cli_note(cli, "no site lies in the region '%s'%s%s%s", x->regions[i],
                 nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                 nearest == NULL ? "" : "'?");
    }
    return code;
}

static int put(struct cli *cli, Callout__V1__Exclusion *x)
{
    Callout__V1__RegistryObject object = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    Callout__V1__RegistryObject *objects[] = { &object };
    Callout__V1__Registry registry = CALLOUT__V1__REGISTRY__INIT;
    object.object_case = EXCLUSION_CASE;
    object.exclusion = x;
    registry.objects = objects;
    registry.n_objects = 1;
    return cli_apply(cli, &(struct cli_change){ .put = &registry });
}

static int declare(struct cli *cli, const Callout__V1__Registry *now, const char *key)
{
    Callout__V1__Exclusion x = CALLOUT__V1__EXCLUSION__INIT;
    const Callout__V1__Exclusion *old = find(now, key);
    if (old != NULL)
        x = *old;
    x.key = cli_text(cli, key);
    if (!read_exclusion(cli, &x))
        return CLI_USAGE;
    int code = old == NULL ? check_new(cli, &x) : CLI_OK;
    if (code == CLI_OK)
        code = note_regions(cli, &x);
    return code == CLI_OK ? put(cli, &x) : code;
}

/* ---- over, or never so */

static int end(struct cli *cli, const Callout__V1__Registry *now, const char *key)
{
    const Callout__V1__Exclusion *old = find(now, key);
    int64_t now_us = cli_now_us();
    if (old == NULL)
        return no_such(cli, now, key);
    Callout__V1__Exclusion x = *old;
    if (!cli_has(cli, "until") && old->until_us != 0 && old->until_us <= now_us)
        return cli_fail(cli, CLI_REFUSED, "%s is over since %s; --until gives it another end", key,
                        cli_when(cli, old->until_us));
    if (!cli_has(cli, "until") && old->from_us >= now_us)
        return cli_fail(
            cli, CLI_REFUSED,
            "%s begins at %s: what has not begun has no end yet; --take-back takes it back", key,
            cli_when(cli, old->from_us));
    x.until_us = now_us / CO_SECOND_US * CO_SECOND_US;
    return read_until(cli, &x) ? put(cli, &x) : CLI_USAGE;
}

static int take_back(struct cli *cli, const Callout__V1__Registry *now, const char *key)
{
    Callout__V1__Registry nothing = CALLOUT__V1__REGISTRY__INIT, gone = CALLOUT__V1__REGISTRY__INIT;
    Callout__V1__RegistryObject object = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    Callout__V1__RegistryObject *objects[] = { &object };
    Callout__V1__Exclusion *old = find(now, key);
    if (old == NULL)
        return no_such(cli, now, key);
    object.object_case = EXCLUSION_CASE;
    object.exclusion = old;
    gone.objects = objects;
    gone.n_objects = 1;
    return cli_apply(cli, &(struct cli_change){ .put = &nothing, .gone = &gone });
}

/* ---- the command line */

static bool has_any(const struct cli *cli, const char *const *options)
{
    for (; *options != NULL; options++)
        if (cli_has(cli, *options))
            return true;
    return false;
}

static int check_words(struct cli *cli)
{
    static const char *const said[] = { "cause", "region",   "everywhere", "from",
                                        "title", "title-zh", NULL };
    static const char *const until[] = { "until", NULL };
    bool ends = cli_has(cli, "end"), goes = cli_has(cli, "take-back");
    bool has_key = cli->args->words > 0;
    if (ends + goes + has_key > 1)
        return cli_usage(cli, "one of KEY, --end KEY and --take-back KEY");
    if ((ends || goes) && has_any(cli, said))
        return cli_usage(cli, "--%s changes nothing else; callout exclude KEY does",
                         ends ? "end" : "take-back");
    if (!ends && !has_key && (has_any(cli, said) || has_any(cli, until)))
        return cli_usage(cli, "which exclusion: callout exclude KEY --cause CAUSE ...");
    if (cli_has(cli, "everywhere") && cli_has(cli, "region"))
        return cli_usage(cli, "--everywhere or --region, not both");
    return CLI_OK;
}

int cmd_exclude(struct cli *cli)
{
    Callout__V1__Registry now = CALLOUT__V1__REGISTRY__INIT;
    int code = check_words(cli);
    if (code == CLI_OK)
        code = cli_registry_fetch_kind(cli, "exclusion", &now);
    if (code != CLI_OK)
        return code;
    if (cli_has(cli, "end"))
        return end(cli, &now, cli_value(cli, "end"));
    if (cli_has(cli, "take-back"))
        return take_back(cli, &now, cli_value(cli, "take-back"));
    return cli->args->words > 0 ? declare(cli, &now, cli->args->word[0]) : list(cli, &now);
}
