#include "co_entitle.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_entitle_words.h"
#include "co_roles.h"
#include "registry_help.h"

enum { FROM = 1000, UNTIL = 2000, NOW = 1500 };

#define PM CALLOUT__V1__ROLE__ROLE_PM
#define DESK CALLOUT__V1__ROLE__ROLE_DESK
#define ASK(customer_, contract_, site_, product_, at_us_)                                         \
    {                                                                                              \
        .customer = customer_, .contract = contract_, .site = site_, .product = product_,          \
        .at_us = at_us_                                                                            \
    }

static struct co_registry *r;

struct terms {
    char *key;
    char *customer;
    int64_t from_us;
    int64_t until_us;
    char *site;    /* NULL: every site */
    char *product; /* NULL: every product */
    char *pm;
    char *version; /* of the product that it lists; NULL: every version */
    char *policy;
    uint32_t level;
};

static void put_terms(struct terms t)
{
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    Callout__V1__CoveredVersions covered = CALLOUT__V1__COVERED_VERSIONS__INIT;
    Callout__V1__CoveredVersions *versions[] = { &covered };
    Callout__V1__RoleHolder pm = CALLOUT__V1__ROLE_HOLDER__INIT;
    Callout__V1__RoleHolder *holders[] = { &pm };
    c.key = t.key;
    c.customer = t.customer;
    c.from_us = t.from_us;
    c.until_us = t.until_us;
    c.sites = &t.site;
    c.n_sites = t.site != NULL;
    c.products = &t.product;
    c.n_products = t.product != NULL;
    covered.product = t.product;
    covered.versions = &t.version;
    covered.n_versions = 1;
    c.versions = versions;
    c.n_versions = t.version != NULL;
    if (t.policy != NULL)
        c.policy = t.policy;
    c.service_level = t.level;
    pm.role = CALLOUT__V1__ROLE__ROLE_PM;
    pm.person = t.pm;
    c.holders = holders;
    c.n_holders = t.pm != NULL;
    PUT(r, CONTRACT, contract, &c);
}

static void put_desk(char *key, char *person, Callout__V1__Role role)
{
    Callout__V1__Desk d = CALLOUT__V1__DESK__INIT;
    Callout__V1__RoleHolder h = CALLOUT__V1__ROLE_HOLDER__INIT;
    Callout__V1__RoleHolder *holders[] = { &h };
    h.role = role;
    h.person = person;
    d.key = key;
    d.holders = holders;
    d.n_holders = 1;
    PUT(r, DESK, desk, &d);
}

static void make(void)
{
    r = co_registry_new(100);
    put_customer(r, "bank");
    put_customer(r, "shop");
    put_customer(r, "poor");
    put_person(r, "p");
    put_person(r, "contact");
    put_product(r, "disk");
    put_product(r, "switch");
    put_site(r, "bank-1", "bank", "contact");
    put_site(r, "bank-2", "bank", "");
    put_site(r, "shop-1", "shop", "");
    put_site(r, "poor-1", "poor", "");
    put_terms((struct terms){ "bank-all", "bank", FROM, UNTIL, NULL, NULL, "p", NULL, NULL, 0 });
    put_terms((struct terms){ "bank-disk", "bank", FROM, UNTIL, NULL, "disk", "p", NULL, NULL, 0 });
    put_terms(
        (struct terms){ "bank-site", "bank", FROM, UNTIL, "bank-2", NULL, "p", NULL, NULL, 0 });
    put_terms(
        (struct terms){ "bank-next", "bank", UNTIL, 3000, "bank-2", NULL, "p", NULL, NULL, 0 });
    put_terms((struct terms){ "shop-old", "shop", 1, 100, NULL, NULL, "p", NULL, NULL, 0 });
    put_terms((struct terms){ "shop-older", "shop", 1, 50, NULL, NULL, "p", NULL, NULL, 0 });
    put_terms(
        (struct terms){ "shop-disk", "shop", FROM, UNTIL, "shop-9", "disk", NULL, NULL, NULL, 0 });
}

START_TEST(every_question_has_its_answer)
{
    static const struct {
        struct co_entitle_ask ask;
        const char *reason;
        const char *field;
        const char *value;
        const char *contract; /* "": none */
        Callout__V1__Role role;
    } cases[] = {
        /* the most specific one */
        { ASK("bank", "", "bank-1", "switch", NOW), "entitled", "", "", "bank-all", 0 },
        { ASK("bank", "", "bank-1", "disk", NOW), "entitled", "", "", "bank-disk", 0 },
        { ASK("bank", "", "bank-2", "disk", NOW), "entitled", "", "", "bank-site", 0 },
        { ASK("bank", "", "", "", NOW), "entitled", "", "", "bank-all", 0 },
        { ASK("bank", NULL, NULL, NULL, NOW), "entitled", "", "", "bank-all", 0 },
        { ASK("", "", "bank-2", "", NOW), "entitled", "", "", "bank-site", 0 },
        { ASK("bank", "", "bank-2", "", UNTIL), "entitled", "", "", "bank-next", 0 },
        /* the one that is named */
        { ASK("bank", "bank-all", "bank-2", "disk", NOW), "entitled", "", "", "bank-all", 0 },
        { ASK("", "bank-disk", "", "", NOW), "entitled", "", "", "bank-disk", 0 },
        { ASK("", "bank-disk", "", "switch", NOW), "not_covered", "product", "switch", "bank-disk",
          PM },
        { ASK("", "bank-site", "bank-1", "", NOW), "not_covered", "site", "bank-1", "bank-site",
          PM },
        { ASK("shop", "bank-all", "", "", NOW), "not_covered", "contract", "bank-all", "bank-all",
          PM },
        { ASK("", "bank-all", "shop-1", "", NOW), "not_covered", "site", "shop-1", "bank-all", PM },
        { ASK("bank", "", "shop-1", "", NOW), "not_covered", "site", "shop-1", "bank-all", PM },
        { ASK("", "shop-old", "", "", NOW), "expired", "contract", "shop-old", "shop-old", PM },
        { ASK("", "bank-next", "", "", NOW), "not_started", "contract", "bank-next", "bank-next",
          PM },
        /* the edges of the period */
        { ASK("", "bank-all", "", "", FROM), "entitled", "", "", "bank-all", 0 },
        { ASK("", "bank-all", "", "", FROM - 1), "not_started", "contract", "bank-all", "bank-all",
          PM },
        { ASK("", "bank-all", "", "", UNTIL), "expired", "contract", "bank-all", "bank-all", PM },
        /* none that holds: what explains most */
        { ASK("shop", "", "shop-1", "", NOW), "expired", "contract", "shop-old", "shop-old", PM },
        { ASK("bank", "", "bank-1", "", 1), "not_started", "contract", "bank-all", "bank-all", PM },
        { ASK("poor", "", "poor-1", "", NOW), "no_contract", "customer", "poor", "", DESK },
        { ASK("", "", "", "", NOW), "no_contract", "contract", "", "", DESK },
        { ASK("", "", "", "disk", NOW), "no_contract", "contract", "", "", DESK },
        /* not known */
        { ASK("bonk", "", "", "", NOW), "unknown_customer", "customer", "bonk", "", DESK },
        { ASK("bank", "c9", "", "", NOW), "unknown_contract", "contract", "c9", "bank-all", PM },
        { ASK("bank", "", "bank-9", "", NOW), "unknown_site", "site", "bank-9", "bank-all", PM },
        { ASK("bank", "bank-disk", "", "dsk", NOW), "unknown_product", "product", "dsk",
          "bank-disk", PM },
        { ASK("", "", "nowhere", "", NOW), "unknown_site", "site", "nowhere", "", DESK },
    };
    make();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct co_entitlement e = co_entitle(r, &cases[i].ask);
        ck_assert_msg(strcmp(co_entitle_reason_name(e.reason), cases[i].reason) == 0,
                      "case %zu: %s", i, co_entitle_reason_name(e.reason));
        ck_assert_msg(strcmp(e.field, cases[i].field) == 0, "case %zu: %s", i, e.field);
        ck_assert_msg(strcmp(e.value, cases[i].value) == 0, "case %zu: %s", i, e.value);
        const char *contract = e.contract == NULL ? "" : e.contract->key;
        ck_assert_msg(strcmp(contract, cases[i].contract) == 0, "case %zu: %s", i, contract);
        ck_assert_int_eq(e.role, cases[i].role);
    }
    co_registry_free(r);
}
END_TEST

static void put_version(Callout__V1__ProductVersion *v, char *key, int64_t until_us, char *of)
{
    callout__v1__product_version__init(v);
    v->key = key;
    v->until_us = until_us;
    v->of = of;
}

/* An operating system with versions, and a tape whose support is over. */
static void make_versions(void)
{
    Callout__V1__Product os = CALLOUT__V1__PRODUCT__INIT;
    Callout__V1__Product tape = CALLOUT__V1__PRODUCT__INIT;
    Callout__V1__ProductVersion v[4];
    Callout__V1__ProductVersion *versions[] = { &v[0], &v[1], &v[2], &v[3] };
    char *key[] = { "22-lts", "22-lts-sp1", "20-lts", "18-lts" };
    make();
    put_version(&v[0], key[0], 0, "");
    put_version(&v[1], key[1], 0, key[0]);
    put_version(&v[2], key[2], 0, "");
    put_version(&v[3], key[3], NOW, "");
    os.key = "os";
    os.versions = versions;
    os.n_versions = 4;
    tape.key = "tape";
    tape.until_us = NOW;
    PUT(r, PRODUCT, product, &os);
    PUT(r, PRODUCT, product, &tape);
    put_customer(r, "cloud");
    put_customer(r, "rail");
    put_terms(
        (struct terms){ "cloud-22", "cloud", FROM, UNTIL, NULL, "os", "p", "22-lts", NULL, 0 });
    put_terms(
        (struct terms){ "cloud-18", "cloud", FROM, UNTIL, NULL, "os", NULL, "18-lts", NULL, 0 });
    put_terms(
        (struct terms){ "rail-sp1", "rail", FROM, UNTIL, NULL, "os", "p", "22-lts-sp1", NULL, 0 });
    put_terms((struct terms){ "rail-os", "rail", FROM, UNTIL, NULL, "os", "p", NULL, NULL, 0 });
    put_terms(
        (struct terms){ "rail-new", "rail", FROM + 1, UNTIL, NULL, NULL, "p", NULL, NULL, 0 });
}

START_TEST(the_version_of_a_product_is_covered_or_held_with_a_reason_of_its_own)
{
    static const struct {
        const char *customer, *contract, *product, *version;
        int64_t at_us;
        const char *reason, *field, *value, *under; /* under: "": none */
        Callout__V1__Role role;
    } cases[] = {
        { "cloud", "", "os", "22-lts", NOW, "entitled", "", "", "cloud-22", 0 },
        { "cloud", "", "os", "22-lts-sp1", NOW, "entitled", "", "", "cloud-22", 0 },
        { "cloud", "", "os", "", NOW, "entitled", "", "", "cloud-18", 0 },
        { "cloud", "", "os", NULL, NOW, "entitled", "", "", "cloud-18", 0 },
        { "cloud", "", "os", "20-lts", NOW, "version_not_covered", "version", "20-lts", "cloud-18",
          DESK },
        { "", "cloud-22", "os", "20-lts", NOW, "version_not_covered", "version", "20-lts",
          "cloud-22", PM },
        { "cloud", "", "os", "22-lts-sp9", NOW, "unknown_version", "version", "22-lts-sp9",
          "cloud-18", DESK },
        { "rail", "", "os", "7", NOW, "unknown_version", "version", "7", "rail-os", PM },
        /* of contracts that fit, the one that lists the version; one that lists another is none */
        { "rail", "", "os", "22-lts-sp1", NOW, "entitled", "", "", "rail-sp1", 0 },
        { "rail", "", "os", "22-lts", NOW, "entitled", "", "", "rail-os", 0 },
        { "rail", "", "os", "", NOW, "entitled", "", "", "rail-os", 0 },
        /* the end of the support life: the first moment after it */
        { "cloud", "", "os", "18-lts", NOW - 1, "entitled", "", "", "cloud-18", 0 },
        { "cloud", "", "os", "18-lts", NOW, "out_of_life", "version", "18-lts", "cloud-18", DESK },
        { "rail", "", "os", "18-lts", NOW, "out_of_life", "version", "18-lts", "rail-os", PM },
        { "rail", "", "tape", "", NOW - 1, "entitled", "", "", "rail-new", 0 },
        { "rail", "", "tape", "", NOW, "out_of_life", "product", "tape", "rail-new", PM },
        /* what the contract says comes first */
        { "rail", "", "tape", "", UNTIL, "expired", "contract", "rail-new", "rail-new", PM },
        /* a product that is not told apart by versions takes any, and so does none */
        { "bank", "", "disk", "rev 7", NOW, "entitled", "", "", "bank-disk", 0 },
        { "bank", "", "", "rev 7", NOW, "entitled", "", "", "bank-all", 0 },
    };
    make_versions();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct co_entitle_ask ask = { .customer = cases[i].customer,
                                      .contract = cases[i].contract,
                                      .product = cases[i].product,
                                      .version = cases[i].version,
                                      .at_us = cases[i].at_us };
        struct co_entitlement e = co_entitle(r, &ask);
        const char *under = e.contract == NULL ? "" : e.contract->key;
        ck_assert_msg(strcmp(co_entitle_reason_name(e.reason), cases[i].reason) == 0,
                      "case %zu: %s", i, co_entitle_reason_name(e.reason));
        ck_assert_msg(strcmp(e.field, cases[i].field) == 0, "case %zu: %s", i, e.field);
        ck_assert_msg(strcmp(e.value, cases[i].value) == 0, "case %zu: %s", i, e.value);
        ck_assert_msg(strcmp(under, cases[i].under) == 0, "case %zu: %s", i, under);
        ck_assert_msg(e.role == cases[i].role, "case %zu", i);
    }
    co_registry_free(r);
}
END_TEST

/* "why: other, other +N" */
static const char *why_of(struct co_entitle_ask ask)
{
    static char text[256];
    struct co_entitlement e = co_entitle(r, &ask);
    int len = snprintf(text, sizeof(text), "%s %s:", e.contract == NULL ? "" : e.contract->key,
                       co_entitle_why_name(e.why));
    for (size_t i = 0; i < e.others_kept; i++)
        len += snprintf(text + len, sizeof(text) - (size_t)len, " %s", e.others[i]->key);
    snprintf(text + len, sizeof(text) - (size_t)len, " +%zu", e.other_count - e.others_kept);
    return text;
}

START_TEST(it_is_told_why_a_contract_is_the_one_and_which_others_fit)
{
    make_versions();
#define WHY(...) why_of((struct co_entitle_ask){ .at_us = NOW, __VA_ARGS__ })
    ck_assert_str_eq(WHY(.contract = "bank-all"), "bank-all named: +0");
    ck_assert_str_eq(WHY(.customer = "rail"), "rail-new leaves_less_open: rail-os rail-sp1 +0");
    ck_assert_str_eq(WHY(.customer = "cloud", .product = "os", .version = "22-lts"),
                     "cloud-22 only_one: +0");
    ck_assert_str_eq(WHY(.site = "bank-2", .product = "disk"),
                     "bank-site lists_site: bank-disk bank-all +0");
    ck_assert_str_eq(WHY(.site = "bank-1", .product = "disk"),
                     "bank-disk lists_product: bank-all +0");
    ck_assert_str_eq(WHY(.customer = "rail", .product = "os", .version = "22-lts-sp1"),
                     "rail-sp1 lists_version: rail-os rail-new +0");
    ck_assert_str_eq(WHY(.site = "shop-1"), "shop-old : +0");
    ck_assert_str_eq(WHY(.customer = "bank", .product = "dsk"), "bank-all : +0");
    co_registry_free(r);
}
END_TEST

START_TEST(of_contracts_that_fit_as_closely_the_best_level_then_the_later_one_then_the_first_key)
{
    static char keys[][8] = { "mine-1", "mine-2", "mine-3", "mine-4", "mine-5", "mine-6" };
    make();
    put_customer(r, "mine");
    struct terms t = { .customer = "mine", .from_us = FROM, .until_us = UNTIL };
    for (size_t i = 0; i < 2; i++) {
        t.key = keys[i];
        put_terms(t);
    }
    ck_assert_str_eq(WHY(.customer = "mine"), "mine-1 first_key: mine-2 +0");
    t.key = keys[2];
    t.from_us = FROM + 1;
    put_terms(t);
    ck_assert_str_eq(WHY(.customer = "mine"), "mine-3 began_later: mine-1 mine-2 +0");
    t.key = keys[3];
    t.from_us = FROM;
    t.level = 1;
    put_terms(t);
    ck_assert_str_eq(WHY(.customer = "mine"), "mine-4 better_level: mine-3 mine-1 mine-2 +0");
    t.key = keys[4];
    t.level = 2;
    put_terms(t);
    ck_assert_str_eq(WHY(.customer = "mine"), "mine-5 better_level: mine-4 mine-3 mine-1 +1");
    t.key = keys[5];
    t.level = 0;
    t.product = "disk";
    put_terms(t);
    /* the more specific one, whatever its level */
    ck_assert_str_eq(WHY(.customer = "mine", .product = "disk"),
                     "mine-6 lists_product: mine-5 mine-4 mine-3 +2");
    ck_assert_str_eq(WHY(.customer = "mine", .product = "switch"),
                     "mine-5 better_level: mine-4 mine-3 mine-1 +1");
    co_registry_free(r);
}
END_TEST

START_TEST(every_code_has_words_in_both_languages)
{
    for (int i = 1; i < CO_ENTITLE_REASONS; i++) {
        const char *name = co_entitle_reason_name((enum co_entitle_reason)i);
        const struct co_entitle_words *words = co_entitle_held_words(name);
        ck_assert_msg(words != NULL && words->zh[0] != '\0' && words->en[0] != '\0', "%s", name);
    }
    for (int i = 1; i < CO_ENTITLE_WHYS; i++) {
        const char *name = co_entitle_why_name((enum co_entitle_why)i);
        const struct co_entitle_words *words = co_entitle_why_words(name);
        ck_assert_msg(words != NULL && words->zh[0] != '\0' && words->en[0] != '\0', "%s", name);
    }
    ck_assert_ptr_null(co_entitle_held_words("entitled"));
    ck_assert_ptr_null(co_entitle_why_words(""));
}
END_TEST

static void put_pack(char *name, char *held_trait)
{
    Callout__V1__PolicyPack pack = CALLOUT__V1__POLICY_PACK__INIT;
    Callout__V1__Condition cause = CALLOUT__V1__CONDITION__INIT;
    Callout__V1__Condition *causes[] = { &cause };
    Callout__V1__Text title = CALLOUT__V1__TEXT__INIT;
    title.en = "Caused by people";
    cause.key = held_trait;
    cause.title = &title;
    pack.name = name;
    pack.held_traits = causes;
    pack.n_held_traits = 1;
    PUT(r, POLICY, policy, &pack);
}

START_TEST(a_contract_excludes_causes_of_its_own)
{
    char *traits[] = { "flood" };
    char key[] = "flood", en[] = "Flood", zh[] = "水灾";
    static Callout__V1__Text title;
    static Callout__V1__Condition cause;
    static Callout__V1__Condition *causes[] = { &cause };
    make();
    put_customer(r, "lab");
    put_terms((struct terms){ "lab-1", "lab", FROM, UNTIL, NULL, "disk", "p", NULL, NULL, 0 });
    title = (Callout__V1__Text)CALLOUT__V1__TEXT__INIT;
    cause = (Callout__V1__Condition)CALLOUT__V1__CONDITION__INIT;
    title.zh = zh;
    title.en = en;
    cause.key = key;
    cause.title = &title;
    Callout__V1__Contract other = *co_registry_contract(r, "lab-1");
    other.excluded_causes = causes;
    other.n_excluded_causes = 1;
    PUT(r, CONTRACT, contract, &other);
    struct co_entitle_ask ask = { .customer = "lab", .product = "disk", .at_us = NOW };
    ck_assert_int_eq(co_entitle(r, &ask).reason, CO_ENTITLED);
    ask.traits = traits;
    ask.trait_count = 1;
    struct co_entitlement e = co_entitle(r, &ask);
    ck_assert_int_eq(e.reason, CO_ENTITLE_EXCLUDED_CAUSE);
    ck_assert_str_eq(e.title->en, "Flood");
    co_registry_free(r);
}
END_TEST

START_TEST(a_fault_with_an_excluded_cause_is_held_unless_another_contract_covers_it)
{
    char *traits[] = { "slow", "by_people" };
    make();
    put_pack("strict", "by_people");
    put_customer(r, "lab");
    put_terms((struct terms){ "lab-1", "lab", FROM, UNTIL, NULL, "disk", "p", NULL, "strict", 0 });
    struct co_entitle_ask ask = { .customer = "lab", .product = "disk", .at_us = NOW };
    ck_assert_int_eq(co_entitle(r, &ask).reason, CO_ENTITLED);
    ask.traits = traits;
    ask.trait_count = 1;
    ck_assert_int_eq(co_entitle(r, &ask).reason, CO_ENTITLED);
    ask.trait_count = 2;
    struct co_entitlement e = co_entitle(r, &ask);
    ck_assert_str_eq(co_entitle_reason_name(e.reason), "excluded_cause");
    ck_assert_str_eq(e.field, "trait");
    ck_assert_str_eq(e.value, "by_people");
    ck_assert_str_eq(e.title->en, "Caused by people");
    ck_assert_str_eq(e.contract->key, "lab-1");
    ck_assert_int_eq(e.role, PM);
    ask = (struct co_entitle_ask){
        .contract = "lab-1", .at_us = NOW, .conditions = traits + 1, .condition_count = 1
    };
    ck_assert_int_eq(co_entitle(r, &ask).reason, CO_ENTITLE_EXCLUDED_CAUSE);
    ask.at_us = UNTIL; /* what is over needs no cause */
    ck_assert_int_eq(co_entitle(r, &ask).reason, CO_ENTITLE_EXPIRED);

    put_terms((struct terms){ "lab-2", "lab", FROM, UNTIL, NULL, NULL, "p", NULL, "mild", 0 });
    ask = (struct co_entitle_ask){
        .customer = "lab", .product = "disk", .at_us = NOW, .traits = traits, .trait_count = 2
    };
    e = co_entitle(r, &ask);
    ck_assert_int_eq(e.reason, CO_ENTITLED);
    ck_assert_str_eq(e.contract->key, "lab-2");
    ck_assert_ptr_null(e.title);
    co_registry_free(r);
}
END_TEST

START_TEST(the_customer_is_found_through_contract_or_site)
{
    make();
    struct co_entitle_ask by_site = { .site = "shop-1", .at_us = NOW };
    struct co_entitle_ask by_contract = { .contract = "bank-all", .at_us = NOW };
    ck_assert_str_eq(co_entitle(r, &by_site).customer->key, "shop");
    ck_assert_str_eq(co_entitle(r, &by_contract).customer->key, "bank");
    co_registry_free(r);
}
END_TEST

START_TEST(unknown_references_come_with_the_names_that_look_alike)
{
    make();
    struct co_entitle_ask ask = ASK("bank", "bank-sit", "shop-1x", "dsik", NOW);
    struct co_unknown u[CO_UNKNOWN_FIELDS];
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 3);
    ck_assert_str_eq(u[0].field, "contract");
    ck_assert_str_eq(u[0].value, "bank-sit");
    ck_assert_uint_ge(u[0].nearest_count, 1);
    ck_assert_str_eq(u[0].nearest[0], "bank-site");
    /* none of the customer's own is near, so others are looked at */
    ck_assert_str_eq(u[1].field, "site");
    ck_assert_str_eq(u[1].nearest[0], "shop-1");
    ck_assert_str_eq(u[2].nearest[0], "disk");
    ask = (struct co_entitle_ask)ASK("bank", "", "bank-1", "", NOW);
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 0);
    co_registry_free(r);
}
END_TEST

START_TEST(an_unknown_version_comes_with_versions_of_its_product_that_look_alike)
{
    make_versions();
    struct co_entitle_ask ask = { .product = "os", .version = "22-lts-sp2", .at_us = NOW };
    struct co_unknown u[CO_UNKNOWN_FIELDS];
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 1);
    ck_assert_str_eq(u[0].field, "version");
    ck_assert_str_eq(u[0].value, "22-lts-sp2");
    ck_assert_str_eq(u[0].nearest[0], "22-lts-sp1");
    ask.version = "22-lts-sp1";
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 0);
    ask.product = "disk"; /* has no versions */
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 0);
    ask.product = "dsik"; /* is not known itself */
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 1);
    ck_assert_str_eq(u[0].field, "product");
    co_registry_free(r);
}
END_TEST

START_TEST(at_most_three_names_are_told_best_first)
{
    r = co_registry_new(100);
    put_product(r, "storage-a1");
    put_product(r, "storage-b2");
    put_product(r, "storage-ab");
    put_product(r, "storage-a");
    put_product(r, "storages-");
    struct co_entitle_ask ask = { .product = "storage-", .at_us = NOW };
    struct co_unknown u[CO_UNKNOWN_FIELDS];
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 1);
    ck_assert_uint_eq(u[0].nearest_count, CO_UNKNOWN_NEAREST);
    ck_assert_str_eq(u[0].nearest[0], "storage-a");
    ck_assert_str_eq(u[0].nearest[1], "storages-");
    ck_assert_str_eq(u[0].nearest[2], "storage-a1");
    co_registry_free(r);
}
END_TEST

START_TEST(a_role_is_held_by_contact_contract_or_desk_in_this_order)
{
    const Callout__V1__Person *who[4];
    make();
    put_person(r, "d1");
    put_person(r, "d2");
    put_desk("b", "d2", CALLOUT__V1__ROLE__ROLE_PM);
    put_desk("a", "d1", CALLOUT__V1__ROLE__ROLE_PM);
    put_desk("c", "d1", CALLOUT__V1__ROLE__ROLE_PM);
    put_desk("d", "gone", CALLOUT__V1__ROLE__ROLE_PM);
    put_desk("e", "d2", CALLOUT__V1__ROLE__ROLE_CUSTOMER);
    const Callout__V1__Contract *c = co_registry_contract(r, "bank-all");
    const Callout__V1__Site *with = co_registry_site(r, "bank-1");
    const Callout__V1__Site *without = co_registry_site(r, "bank-2");

    ck_assert_uint_eq(co_roles_find(r, c, with, CALLOUT__V1__ROLE__ROLE_PM, who, 4), 1);
    ck_assert_str_eq(who[0]->key, "p");
    ck_assert_uint_eq(co_roles_find(r, NULL, with, CALLOUT__V1__ROLE__ROLE_PM, who, 4), 2);
    ck_assert_str_eq(who[0]->key, "d1");
    ck_assert_str_eq(who[1]->key, "d2");
    ck_assert_uint_eq(co_roles_find(r, NULL, with, CALLOUT__V1__ROLE__ROLE_PM, who, 1), 1);
    ck_assert_uint_eq(co_roles_find(r, c, with, CALLOUT__V1__ROLE__ROLE_CUSTOMER, who, 4), 1);
    ck_assert_str_eq(who[0]->key, "contact");
    ck_assert_uint_eq(co_roles_find(r, c, without, CALLOUT__V1__ROLE__ROLE_CUSTOMER, who, 4), 1);
    ck_assert_str_eq(who[0]->key, "d2");
    ck_assert_uint_eq(co_roles_find(r, c, with, CALLOUT__V1__ROLE__ROLE_VENDOR, who, 4), 0);
    co_registry_free(r);
}
END_TEST

START_TEST(without_a_site_the_contacts_of_the_contracts_sites_stand_for_the_customer)
{
    const Callout__V1__Person *who[4];
    Callout__V1__Contract some = CALLOUT__V1__CONTRACT__INIT;
    r = co_registry_new(100);
    put_person(r, "first");
    put_person(r, "second");
    put_person(r, "stranger");
    put_site(r, "bank-b", "bank", "second");
    put_site(r, "bank-a", "bank", "first");
    put_site(r, "bank-c", "bank", "first");
    put_site(r, "bank-d", "bank", "");
    put_site(r, "other", "rail", "stranger");
    some.customer = "bank";

    ck_assert_uint_eq(co_roles_find(r, &some, NULL, CALLOUT__V1__ROLE__ROLE_CUSTOMER, who, 4), 2);
    ck_assert_str_eq(who[0]->key, "first");
    ck_assert_str_eq(who[1]->key, "second");
    some.sites = STRINGS("bank-b");
    some.n_sites = 1;
    ck_assert_uint_eq(co_roles_find(r, &some, NULL, CALLOUT__V1__ROLE__ROLE_CUSTOMER, who, 4), 1);
    ck_assert_str_eq(who[0]->key, "second");
    ck_assert(co_registry_remove(r, CO_KIND_SITE, "bank-b"));
    ck_assert_uint_eq(co_roles_find(r, &some, NULL, CALLOUT__V1__ROLE__ROLE_CUSTOMER, who, 4), 0);
    co_registry_free(r);
}
END_TEST

CHECK_MAIN("registry_entitle", every_question_has_its_answer,
           it_is_told_why_a_contract_is_the_one_and_which_others_fit,
           of_contracts_that_fit_as_closely_the_best_level_then_the_later_one_then_the_first_key,
           every_code_has_words_in_both_languages, a_contract_excludes_causes_of_its_own,
           a_fault_with_an_excluded_cause_is_held_unless_another_contract_covers_it,
           the_version_of_a_product_is_covered_or_held_with_a_reason_of_its_own,
           an_unknown_version_comes_with_versions_of_its_product_that_look_alike,
           the_customer_is_found_through_contract_or_site,
           unknown_references_come_with_the_names_that_look_alike,
           at_most_three_names_are_told_best_first,
           a_role_is_held_by_contact_contract_or_desk_in_this_order,
           without_a_site_the_contacts_of_the_contracts_sites_stand_for_the_customer)
