/* Advisories in the registry: what is refused, and which contracts they concern. */
#include "registry_check_help.h"

#include "co_advisory.h"
#include "co_time.h"

#define SITE "  bank-1: {customer: bank, name: Site, contact: p, position: {lat: 39.9, lon: 116.4}"
#define PRODUCT "  disk: {name: Disk}\n"
#define VERSIONS                                                                                   \
    "versions: [{key: v1, name: One}, {key: v1-sp1, name: One SP1, of: v1},\n"                     \
    "         {key: v2, name: Two, until: 2026-06-01T00:00:00Z}]"
#define ADVISORY(text)                                                                             \
    PRODUCT "  os: {name: OS, " VERSIONS "}\nadvisories:\n  a-1: {title: Leak, product: os, "      \
            "severity: 2, policy: pack, fix_plan: Update, " text "}\n"
#define INSTALLED(text) SITE ", installed: [" text "]}\n"

static const struct {
    const char *site, *products; /* instead of those of the base */
    const char *where;           /* kind, key, path; NULL: there is no problem */
    const char *message;         /* its beginning */
} cases[] = {
    { INSTALLED("{product: os, version: v1}, {product: disk}"), ADVISORY("versions: [v1]"), NULL,
      NULL },
    { INSTALLED("{product: oss, version: v1}"), ADVISORY("versions: [v1]"),
      "site bank-1 installed[0].product", "no product \"oss\"; did you mean \"os\"?" },
    { INSTALLED("{product: os, version: v1-sp2}"), ADVISORY("versions: [v1]"),
      "site bank-1 installed[0].version", "\"v1-sp2\" is not known; did you mean \"v1-sp1\"?" },
    { INSTALLED("{product: os}"), ADVISORY("versions: [v1]"), "site bank-1 installed[0].version",
      "is needed: \"os\" has some" },
    { INSTALLED("{product: disk, version: v1}"), ADVISORY("versions: [v1]"),
      "site bank-1 installed[0].version", "\"disk\" is not told apart by versions" },
    { INSTALLED("{product: disk}, {product: disk}"), ADVISORY("versions: [v1]"),
      "site bank-1 installed[1]", "stands before" },
    { SITE "}\n", ADVISORY("versions: [v3]"), "advisory a-1 versions[0]", "\"v3\" is not known" },
    { SITE "}\n", ADVISORY("versions: [v1, v1]"), "advisory a-1 versions[1]",
      "\"v1\" stands before" },
    { SITE "}\n", ADVISORY("references: ['']"), "advisory a-1 references[0]", "is empty" },
    { SITE "}\n",
      PRODUCT "advisories:\n  a-1: {title: Leak, product: dsk, severity: 3, policy: pak}\n",
      "advisory a-1 product", "no product \"dsk\"; did you mean \"disk\"?" },
    { SITE "}\n",
      PRODUCT "advisories:\n  a-1: {title: Leak, product: disk, severity: 1, policy: pak}\n",
      "advisory a-1 policy", "no policy \"pak\"; did you mean \"pack\"?" },
    { SITE "}\n",
      PRODUCT "advisories:\n  a-1: {title: Leak, product: disk, severity: 3, policy: pack}\n",
      "advisory a-1 severity", "3 is out of range" },
    { SITE "}\n", PRODUCT "advisories:\n  a-1: {title: Leak, product: disk, policy: pack}\n",
      "advisory a-1 severity", "0 is out of range" },
    { SITE "}\n",
      PRODUCT "advisories:\n  a-1: {title: Leak, product: disk, severity: 1, policy: pack}\n",
      "advisory a-1 fix_plan", "is needed where there is no workaround" },
    { SITE "}\n", PRODUCT "advisories:\n  a-1: {product: disk, severity: 1, policy: pack}\n",
      "advisory a-1 title", "is needed in at least one language" },
    { SITE "}\n",
      PRODUCT "advisories:\n"
              "  a234567890123456789012345678901234567890123456789012345: {title: Leak}\n",
      "advisory a234567890123456789012345678901234567890123456789012345 key", "is too long" },
};

START_TEST(each_mistake_about_advisories_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_with(SITE "}\n", cases[i].site, PRODUCT, cases[i].products);
        bool is_told = cases[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

START_TEST(an_advisory_cannot_be_of_a_pack_that_is_dated)
{
    check_with(PRODUCT, PRODUCT "advisories:\n  a-1: {title: Leak, product: disk, policy: pack}\n",
               "  title: Pack\n", "  title: Pack\n  dated: true\n");
    ck_assert(has_problem("advisory a-1 policy", "\"pack\" is about something that takes place"));
    done();
}
END_TEST

/* ---- whom it concerns ---- */

/* Two sites of one customer, one of another; the contract `c` has its terms from the case. */
static const char world[] =
    "customers: {bank: {name: Bank}, rail: {name: Rail}}\n"
    "products:\n"
    "  disk: {name: Disk}\n"
    "  os: {name: OS, " VERSIONS "}\n"
    "sites:\n"
    "  a: {customer: bank, name: A, installed: [%s]}\n"
    "  b: {customer: bank, name: B, installed: [%s]}\n"
    "  z: {customer: rail, name: Z, installed: [{product: os, version: v1}]}\n"
    "contracts:\n"
    "  c: {customer: bank, name: C, policy: pack, calendar: cal, from: 2026-01-01T00:00:00Z,\n"
    "      until: 2027-01-01T00:00:00Z%s}\n"
    "  d: {customer: bank, name: D, policy: other, calendar: cal, from: 2026-01-01T00:00:00Z,\n"
    "      until: 2027-01-01T00:00:00Z}\n"
    "advisories:\n"
    "  leak: {title: Leak, product: os, severity: 1, policy: pack, workaround: W%s}\n"
    "policy: {name: pack, title: Pack, default_severity: 1, severities: [{level: 1, name: One}]}\n";

static void make(const char *a, const char *b, const char *terms, const char *advisory)
{
    static char text[sizeof(world) + 1024];
    (void)snprintf(text, sizeof(text), world, a, b, terms, advisory);
    check(text, calendar);
}

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_int_eq(co_time_parse(text, &us, NULL), CO_OK);
    return us;
}

static const Callout__V1__Advisory *leak(void)
{
    return co_registry_get(r, CO_KIND_ADVISORY, "leak")->message->advisory;
}

static struct co_advisory_look look(const char *contract, const char *when)
{
    return co_advisory_look(r, leak(), co_registry_contract(r, contract), at(when));
}

#define V1 "{product: os, version: v1}"
#define SP1 "{product: os, version: v1-sp1}"
#define V2 "{product: os, version: v2}"
#define DISK "{product: disk}"
#define MAY "2026-05-01T00:00:00Z"

static const struct {
    const char *a, *b; /* what is installed */
    const char *terms; /* of the contract */
    const char *advisory;
    const char *when;
    const char *expected; /* "site version", "*" for several; or why not */
} looks[] = {
    { V1, DISK, "", ", versions: [v1]", MAY, "a v1" },
    { DISK, SP1, "", ", versions: [v1]", MAY, "b v1-sp1" }, /* with its service packs */
    { V1, DISK, "", ", versions: [v1-sp1]", MAY, "not_installed" },
    { V1, SP1, "", ", versions: [v1]", MAY, "* *" },
    { V1, V1, "", ", versions: [v1]", MAY, "* v1" },
    { V1 ", " V2, "", "", "", MAY, "a *" },
    { V2, DISK, "", ", versions: [v1]", MAY, "not_installed" },
    { DISK, "", "", "", MAY, "not_installed" },
    { V1, SP1, ", sites: [b]", "", MAY, "b v1-sp1" },
    { V1, "", ", sites: [b]", "", MAY, "not_covered" },
    { V1, "", ", products: [disk]", "", MAY, "not_covered" },
    { V1, V2, ", versions: {os: [v2]}", "", MAY, "b v2" },
    { V1, "", ", versions: {os: [v2]}", "", MAY, "version_not_covered" },
    { SP1, "", ", versions: {os: [v1]}", "", MAY, "a v1-sp1" },
    { V1, "", "", "", "2025-12-31T23:59:59Z", "not_started" },
    { V1, "", "", "", "2027-01-01T00:00:00Z", "expired" },
    { V2, "", "", "", "2026-06-01T00:00:00Z", "out_of_life" },
    { V2, V1, "", "", "2026-06-01T00:00:00Z", "b v1" }, /* that is still supported */
};

static const char *said(const struct co_advisory_look *x)
{
    static char text[128];
    const struct co_advisory_place *p = &x->place;
    const char *why = x->is_installed ? co_entitle_reason_name(x->reason) : "not_installed";
    (void)snprintf(text, sizeof(text), "%s", why);
    if (p->site != NULL)
        (void)snprintf(text, sizeof(text), "%s %s", x->is_one_site ? p->site->key : "*",
                       x->is_one_version ? p->version->key : "*");
    return text;
}

START_TEST(a_contract_is_concerned_by_what_it_covers_of_what_is_installed_at_its_sites)
{
    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        make(looks[i].a, looks[i].b, looks[i].terms, looks[i].advisory);
        struct co_advisory_look x = look("c", looks[i].when);
        ck_assert_msg(strcmp(said(&x), looks[i].expected) == 0, "case %zu: %s", i, said(&x));
        done();
    }
}
END_TEST

START_TEST(a_contract_without_the_pack_of_the_advisory_is_not_concerned)
{
    make(V1, "", "", "");
    struct co_advisory_look x = look("d", MAY);
    ck_assert_str_eq(said(&x), "not_offered");
    done();
}
END_TEST

static void count_places(void *arg, const struct co_advisory_place *place)
{
    size_t *count = arg;
    ck_assert_str_eq(place->site->key, *count == 0 ? "a" : "b");
    (*count)++;
}

START_TEST(all_places_and_all_contracts_of_whoever_has_it_are_found)
{
    size_t count = 0;
    struct co_arena *arena = co_arena_new(1 << 16);
    make(V1, SP1, "", ", versions: [v1]");
    co_advisory_places(r, leak(), co_registry_contract(r, "c"), at(MAY), count_places, &count);
    ck_assert_uint_eq(count, 2);
    const Callout__V1__Contract **list = co_advisory_contracts(r, leak(), arena, &count);
    ck_assert_ptr_nonnull(list);
    ck_assert_uint_eq(count, 2); /* the railway has it, and no contract */
    ck_assert_str_eq(list[0]->key, "c");
    ck_assert_str_eq(list[1]->key, "d");
    co_arena_free(arena);
    done();
}
END_TEST

CHECK_MAIN("registry_advisories", each_mistake_about_advisories_is_told_with_its_place,
           an_advisory_cannot_be_of_a_pack_that_is_dated,
           a_contract_is_concerned_by_what_it_covers_of_what_is_installed_at_its_sites,
           a_contract_without_the_pack_of_the_advisory_is_not_concerned,
           all_places_and_all_contracts_of_whoever_has_it_are_found)
