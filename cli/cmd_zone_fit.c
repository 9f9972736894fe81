/* callout zone fit: how long roads are, learned from routed pairs. */
#include <jansson.h>
#include <stdlib.h>

#include "cmd_zone.h"
#include "co_hash.h"
#include "pairs.h"

enum { RINGS_MAX = 64, HELD_OUT = 5 };

struct fit {
    struct cli *cli;
    struct pairs pairs;
    struct co_ring ring[RINGS_MAX];
    struct co_rings rings;
    struct co_road_estimate before, after;
    struct co_zone_score score_before, score_after;
    struct co_zone_score held_before, held_after; /* of pairs that took no part in learning */
    size_t held_out;
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
    const Callout__V1__Office *o = co_registry_office(registry, f->office);
    if (*f->office != '\0' && o == NULL)
        return cli_fail(f->cli, CLI_NOT_FOUND, "there is no office '%s'%s", f->office,
                        cmd_zone_nearest(f->cli, registry, CO_KIND_OFFICE, f->office));
    f->before = cmd_zone_road(o);
    return CLI_OK;
}

/* Figures are written with that many digits, and that is what is compared. */
static struct co_road_estimate rounded(struct co_road_estimate e)
{
    return (struct co_road_estimate){ (double)(long)(e.base_km * 100 + 0.5) / 100,
                                      (double)(long)(e.factor * 1000 + 0.5) / 1000 };
}

/* About every fifth pair takes no part in learning; the way back of a pair, as long, goes with it.
 */
static bool is_held_out(struct co_zone_pair pair)
{
    return co_hash_fmix64((uint64_t)(pair.straight_km * 1e5 + 0.5)) % HELD_OUT == 0;
}

/* How right are figures learned from the others for the pairs held out? */
static enum co_err hold_out(struct fit *f)
{
    size_t n = f->pairs.count, learned = 0;
    struct co_zone_pair *part = malloc(n * sizeof(*part));
    struct co_road_estimate e;
    if (part == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        if (is_held_out(f->pairs.item[i]))
            part[n - ++f->held_out] = f->pairs.item[i];
        else
            part[learned++] = f->pairs.item[i];
    if (f->held_out > 0 && co_zone_fit(&f->rings, part, learned, &e) == CO_OK) {
        f->held_after = co_zone_score(&f->rings, part + learned, f->held_out, rounded(e));
        f->held_before = co_zone_score(&f->rings, part + learned, f->held_out, f->before);
    } else {
        f->held_out = 0;
    }
    free(part);
    return CO_OK;
}

static void print_score(struct fit *f, const char *what, struct co_road_estimate e,
                        struct co_zone_score s)
{
    (void)fprintf(f->cli->out,
                  "%-10s %6.2f km + %.3f * great circle: %6.2f %% in the right zone, "
                  "off by %.1f km on average\n",
                  what, e.base_km, e.factor, 100 * s.share, s.error_km);
}

static int print_json(const struct fit *f)
{
    json_t *all = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f, s:I, s:f, s:f}", "policy",
        f->pack, "table", f->table, "office", f->office, "pairs", (json_int_t)f->pairs.count,
        "impossible", (json_int_t)f->pairs.impossible, "other_offices", (json_int_t)f->pairs.others,
        "before_fixed_km", f->before.base_km, "before_factor", f->before.factor, "before_share",
        f->score_before.share, "road_fixed_km", f->after.base_km, "road_factor", f->after.factor,
        "share", f->score_after.share, "held_out_pairs", (json_int_t)f->held_out,
        "held_out_before_share", f->held_before.share, "held_out_share", f->held_after.share);
    int status = all == NULL ? -1 : json_dumpf(all, f->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', f->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

static int print(struct fit *f)
{
    FILE *out = f->cli->out;
    (void)fprintf(out, "%zu pairs, zones %s of %s%s\n", f->pairs.count, f->table, f->pack,
                  f->pairs.is_swapped ? "; longitude stands first" : "");
    if (f->pairs.others > 0)
        (void)fprintf(out, "%zu pairs of other offices are passed over\n", f->pairs.others);
    print_score(f, "before", f->before, f->score_before);
    print_score(f, "after", f->after, f->score_after);
    if (f->held_out > 0)
        (void)fprintf(out,
                      "held out   %zu pairs, by figures learned from the others: %.2f %%, before "
                      "%.2f %%\n",
                      f->held_out, 100 * f->held_after.share, 100 * f->held_before.share);
    (void)fprintf(out, "\noffices:\n  %s:\n    road_fixed_km: %.2f\n    road_factor: %.3f\n",
                  *f->office != '\0' ? f->office : "KEY", f->after.base_km, f->after.factor);
    return CLI_OK;
}

/* The present figures stay where none better are found. */
static int learn(struct fit *f)
{
    f->score_before = co_zone_score(&f->rings, f->pairs.item, f->pairs.count, f->before);
    if (co_zone_fit(&f->rings, f->pairs.item, f->pairs.count, &f->after) != CO_OK ||
        hold_out(f) != CO_OK)
        return cli_fail(f->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    f->after = rounded(f->after);
    f->score_after = co_zone_score(&f->rings, f->pairs.item, f->pairs.count, f->after);
    if (f->score_after.share < f->score_before.share) {
        cli_note(f->cli, "none better than the present figures were found");
        f->after = f->before;
        f->score_after = f->score_before;
    }
    return f->cli->is_json ? print_json(f) : print(f);
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct fit *f = arg;
    struct pairs_ask ask = { .registry = registry };
    if (!cmd_zone_datum(f->cli, &ask.datum))
        return CLI_USAGE;
    int code = read_rings(f, registry);
    if (code == CLI_OK)
        code = read_office(f, registry);
    ask.office = f->office;
    if (code == CLI_OK)
        code = pairs_read(f->cli, f->cli->args->word[1], &ask, &f->pairs);
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
