/* callout zone fit: how long roads are, learned from routed pairs. */
#include <jansson.h>
#include <stdlib.h>

#include "cmd_zone.h"
#include "dispatch_map.h"
#include "pairs.h"

enum { RINGS_MAX = 64, HELD_OUT = 5 };

struct fit {
    struct cli *cli;
    struct pairs pairs;
    struct co_ring ring[RINGS_MAX];
    struct co_rings rings;
    struct co_road_estimate before, after;
    struct co_zone_score score_before, score_after, score_held_out;
    const char *office; /* "": none */
    const char *pack;
    const char *table;
};

static int read_rings(struct fit *f, const struct co_registry *registry)
{
    const Callout__V1__ZoneTable *t = cmd_zone_table(f->cli, registry, &f->pack);
    if (t == NULL)
        return CLI_NOT_FOUND;
    f->table = t->name;
    f->rings = (struct co_rings){ .ring = f->ring,
                                  .rounding = t->truncate ? CO_ZONE_TRUNCATE : CO_ZONE_ROUND };
    for (size_t i = 0; i < t->n_rings && i < RINGS_MAX; i++)
        if (t->rings[i]->upto_km != 0)
            f->ring[f->rings.count++] = (struct co_ring){ (int32_t)t->rings[i]->upto_km, 0 };
    return co_rings_check(&f->rings) == CO_OK
               ? CLI_OK
               : cli_fail(f->cli, CLI_REFUSED, "table %s has one zone only: nothing to get wrong",
                          t->name);
}

static int read_office(struct fit *f, const struct co_registry *registry)
{
    f->office = cli_value_or(f->cli, "office", "");
    f->before = (struct co_road_estimate){ DISPATCH_ROAD_FIXED_KM, DISPATCH_ROAD_FACTOR };
    if (*f->office == '\0')
        return CLI_OK;
    const Callout__V1__Office *o = co_registry_office(registry, f->office);
    if (o == NULL)
        return cli_fail(f->cli, CLI_NOT_FOUND, "there is no office '%s'", f->office);
    if (o->road_factor > 0)
        f->before = (struct co_road_estimate){ o->road_fixed_km, o->road_factor };
    return CLI_OK;
}

/* Figures are written with two digits: no more is meant, and so is what is compared. */
static struct co_road_estimate rounded(struct co_road_estimate e)
{
    return (struct co_road_estimate){ (double)(long)(e.base_km * 100 + 0.5) / 100,
                                      (double)(long)(e.factor * 1000 + 0.5) / 1000 };
}

/* Every fifth pair takes no part in learning: how right are figures learned from the others for
 * them? */
static enum co_err hold_out(struct fit *f)
{
    size_t n = f->pairs.count, learned = 0, held = 0;
    struct co_zone_pair *part = malloc(n * sizeof(*part));
    struct co_road_estimate e;
    if (part == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        if (i % HELD_OUT == 0)
            part[n - ++held] = f->pairs.item[i];
        else
            part[learned++] = f->pairs.item[i];
    enum co_err err = co_zone_fit(&f->rings, part, learned, &e);
    if (err == CO_OK)
        f->score_held_out = co_zone_score(&f->rings, part + n - held, held, e);
    free(part);
    return err;
}

static void print_score(struct fit *f, const char *what, struct co_road_estimate e,
                        struct co_zone_score s)
{
    (void)fprintf(f->cli->out,
                  "%-10s %6.2f km + %.3f * great circle: %6.2f %% in the right zone, "
                  "off by %.1f km on average\n",
                  what, e.base_km, e.factor, 100 * s.share, s.error_km);
}

static int print(struct fit *f)
{
    if (f->cli->is_json) {
        json_t *all = json_pack(
            "{s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "pairs", (json_int_t)f->pairs.count,
            "impossible", (json_int_t)f->pairs.impossible, "before_fixed_km", f->before.base_km,
            "before_factor", f->before.factor, "before_share", f->score_before.share,
            "road_fixed_km", f->after.base_km, "road_factor", f->after.factor, "share",
            f->score_after.share, "held_out_share", f->score_held_out.share);
        int status = all == NULL ? -1 : json_dumpf(all, f->cli->out, JSON_INDENT(2));
        json_decref(all);
        (void)fputc('\n', f->cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    (void)fprintf(f->cli->out, "%zu pairs, zones %s of %s%s\n", f->pairs.count, f->table, f->pack,
                  f->pairs.is_swapped ? "; longitude stands first" : "");
    print_score(f, "before", f->before, f->score_before);
    print_score(f, "after", f->after, f->score_after);
    (void)fprintf(f->cli->out,
                  "held out   every fifth pair, by figures learned from the others: %.2f %%\n",
                  100 * f->score_held_out.share);
    (void)fprintf(f->cli->out,
                  "\noffices:\n  %s:\n    road_fixed_km: %.2f\n    road_factor: %.3f\n",
                  *f->office != '\0' ? f->office : "KEY", f->after.base_km, f->after.factor);
    return CLI_OK;
}

static int learn(struct fit *f)
{
    if (co_zone_fit(&f->rings, f->pairs.item, f->pairs.count, &f->after) != CO_OK ||
        hold_out(f) != CO_OK)
        return cli_fail(f->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    f->after = rounded(f->after);
    f->score_before = co_zone_score(&f->rings, f->pairs.item, f->pairs.count, f->before);
    f->score_after = co_zone_score(&f->rings, f->pairs.item, f->pairs.count, f->after);
    return print(f);
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct fit *f = arg;
    int code = read_rings(f, registry);
    if (code == CLI_OK)
        code = read_office(f, registry);
    if (code == CLI_OK)
        code = pairs_read(f->cli, f->cli->args->word[1], &f->pairs);
    if (code == CLI_OK)
        code = learn(f);
    free(f->pairs.item);
    return code;
}

int cmd_zone_fit(struct cli *cli)
{
    struct fit f = { .cli = cli };
    return cli_registry_look(cli, 2, look, &f);
}
