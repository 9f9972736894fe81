#include "sla_severity.h"

#include "check_main.h"
#include "sla_world.h"

static struct world w;

static void add_trait(uint32_t level, const char *key)
{
    Callout__V1__SeverityLevel *l = w.pack->severities[level - 1];
    Callout__V1__Condition *c = world_message(&w, &callout__v1__condition__descriptor);
    Callout__V1__Condition **list =
        co_arena_alloc(w.arena, (l->n_traits + 1) * sizeof(Callout__V1__Condition *));
    for (size_t i = 0; i < l->n_traits; i++)
        list[i] = l->traits[i];
    c->key = world_text(&w, key);
    list[l->n_traits++] = c;
    l->traits = list;
}

static void begin(void)
{
    world_init(&w);
    add_trait(1, "data_damaged");
    add_trait(2, "degraded");
    add_trait(2, "no_alternative");
    add_trait(4, "logs_full");
}

static const struct {
    const char *traits[3];
    uint32_t stated;
    uint32_t level;
    const char *rule;
    const char *what;
} rows[] = {
    { { NULL }, 0, 4, "default", NULL },
    { { "unheard_of" }, 0, 4, "default", NULL },
    { { NULL }, 9, 4, "default", NULL },
    { { NULL }, 3, 3, "stated", NULL },
    { { "logs_full" }, 0, 4, "trait", "logs_full" },
    { { "logs_full" }, 2, 2, "stated", NULL },
    { { "logs_full", "degraded" }, 3, 2, "trait", "degraded" },
    { { "degraded" }, 2, 2, "trait", "degraded" },
    { { "no_alternative", "degraded", "data_damaged" }, 4, 1, "trait", "data_damaged" },
    { { "no_alternative", "degraded" }, 0, 2, "trait", "degraded" },
};

START_TEST(the_worst_of_traits_and_statement_holds_and_says_why)
{
    begin();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *traits[3];
        size_t count = 0;
        while (count < 3 && rows[i].traits[count] != NULL) {
            traits[count] = world_text(&w, rows[i].traits[count]);
            count++;
        }
        struct sla_severity s = sla_severity_of(w.pack, traits, count, rows[i].stated);
        ck_assert_uint_eq(s.level, rows[i].level);
        ck_assert_str_eq(s.rule, rows[i].rule);
        ck_assert_pstr_eq(s.what, rows[i].what);
    }
    world_done(&w);
}
END_TEST

START_TEST(a_pack_without_a_default_means_its_mildest_level)
{
    begin();
    w.pack->default_severity = 0;
    ck_assert_uint_eq(sla_severity_of(w.pack, NULL, 0, 0).level, 4);
    w.pack->default_severity = 2;
    ck_assert_uint_eq(sla_severity_of(w.pack, NULL, 0, 0).level, 2);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_severity", the_worst_of_traits_and_statement_holds_and_says_why,
           a_pack_without_a_default_means_its_mildest_level)
