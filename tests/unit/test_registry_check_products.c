/* What the registry says of versions of products, and of contracts that cover some of them. */
#include "registry_check_help.h"

#define VERSIONS                                                                                   \
    "  disk: {name: Disk, until: 2030-01-01T00:00:00Z, versions: [{key: v1, name: One},\n"         \
    "         {key: v1-sp1, name: One SP1, of: v1}, {key: v2, name: Two,\n"                        \
    "          until: 2029-01-01T00:00:00Z}]}\n"
#define ONE_VERSION(text) "  disk: {name: Disk, versions: [{key: v1, name: One}, {" text "}]}\n"
#define COVERS(text) "products: [disk], versions: {" text "}, holders"

static const struct {
    const char *product;  /* instead of the product of the base */
    const char *contract; /* instead of the contract's products and holders */
    const char *where;    /* kind, key, path; NULL: there is no problem */
    const char *message;  /* its beginning */
} cases[] = {
    { VERSIONS, COVERS("disk: [v1, v2]"), NULL, NULL },
    { VERSIONS, COVERS("disk: [v1-sp1]"), NULL, NULL },
    { ONE_VERSION("key: v1, name: Again"), COVERS("disk: [v1]"), "product disk versions[1].key",
      "\"v1\" stands before" },
    { ONE_VERSION("key: V2, name: Two"), COVERS("disk: [v1]"), "product disk versions[1].key",
      "\"V2\" is no key" },
    { ONE_VERSION("key: v2"), COVERS("disk: [v1]"), "product disk versions[1].name",
      "is needed in at least one language" },
    { ONE_VERSION("key: sp, name: Pack, of: v3"), COVERS("disk: [v1]"),
      "product disk versions[1].of", "\"v3\" is not known" },
    { ONE_VERSION("key: long-name, name: N, of: long-nam"), COVERS("disk: [v1]"),
      "product disk versions[1].of", "\"long-nam\" is not known; did you mean \"long-name\"?" },
    { ONE_VERSION("key: v2, name: Two, of: v2"), COVERS("disk: [v1]"),
      "product disk versions[1].of", "\"v2\" is a service pack of itself" },
    { ONE_VERSION("key: a, name: A, of: b}, {key: b, name: B, of: a"), COVERS("disk: [v1]"),
      "product disk versions[2].of", "\"b\" is a service pack of itself" },
    { "  disk: {name: Disk, until: 2030-01-01T00:00:00Z, versions: [{key: v1, name: One,\n"
      "         until: 2030-01-02T00:00:00Z}]}\n",
      COVERS("disk: [v1]"), "product disk versions[0].until", "the version outlives its product" },
    { VERSIONS, COVERS("disk: [v1-sp2]"), "contract c versions[0].versions[0]",
      "\"v1-sp2\" is not known; did you mean \"v1-sp1\"?" },
    { VERSIONS, COVERS("disk: [v1, v1]"), "contract c versions[0].versions[1]",
      "\"v1\" stands before" },
    { VERSIONS, COVERS("disk: []"), "contract c versions[0].versions", "at least one is needed" },
    { VERSIONS, COVERS("dsk: [v1]"), "contract c versions[0].product",
      "no product \"dsk\"; did you mean \"disk\"?" },
    { VERSIONS "  tape: {name: Tape, versions: [{key: v1, name: One}]}\n", COVERS("tape: [v1]"),
      "contract c versions[0].product", "the contract does not cover \"tape\"" },
    { VERSIONS,
      "products: [disk], versions: [{product: disk, versions: [v1]}, {product: disk, versions: "
      "[v2]}], holders",
      "contract c versions[1].product", "\"disk\" stands before" },
    { "  disk: {name: Disk}\n", COVERS("disk: [v1]"), "contract c versions[0].versions[0]",
      "\"v1\" is not known" },
};

START_TEST(each_mistake_about_versions_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_with("  disk: {name: Disk}\n", cases[i].product, "products: [disk], holders",
                   cases[i].contract);
        bool is_told = cases[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

CHECK_MAIN("registry_check_products", each_mistake_about_versions_is_told_with_its_place)
