#include "co_product.h"

#include "check_main.h"

static Callout__V1__ProductVersion lts, sp1, sp2, other, ring;
static Callout__V1__ProductVersion *versions[] = { &lts, &sp1, &sp2, &other, &ring };
static Callout__V1__Product p;

static void put(Callout__V1__ProductVersion *v, char *key, int64_t until_us, char *of)
{
    callout__v1__product_version__init(v);
    v->key = key;
    v->until_us = until_us;
    v->of = of;
}

static void make(int64_t until_us)
{
    static char names[][8] = { "lts", "sp1", "sp2", "other", "ring", "" };
    put(&lts, names[0], 500, names[5]);
    put(&sp1, names[1], 900, names[0]);
    put(&sp2, names[2], 0, names[1]);
    put(&other, names[3], 0, names[5]);
    put(&ring, names[4], 0, names[4]);
    callout__v1__product__init(&p);
    p.until_us = until_us;
    p.versions = versions;
    p.n_versions = 5;
}

START_TEST(a_version_is_found_by_its_key)
{
    make(0);
    ck_assert_ptr_eq(co_product_version(&p, "sp1"), &sp1);
    ck_assert_ptr_null(co_product_version(&p, "sp9"));
    ck_assert_ptr_null(co_product_version(&p, ""));
    ck_assert_ptr_null(co_product_version(&p, NULL));
}
END_TEST

START_TEST(a_service_pack_lies_within_its_version_and_not_the_other_way_round)
{
    make(0);
    ck_assert(co_product_is_within(&p, &lts, "lts"));
    ck_assert(co_product_is_within(&p, &sp1, "lts"));
    ck_assert(co_product_is_within(&p, &sp2, "lts"));
    ck_assert(!co_product_is_within(&p, &lts, "sp1"));
    ck_assert(!co_product_is_within(&p, &other, "lts"));
    ck_assert(!co_product_is_within(&p, &ring, "lts"));
}
END_TEST

START_TEST(
    a_version_lives_as_long_as_it_says_else_as_what_it_is_of_and_never_longer_than_the_product)
{
    make(0);
    ck_assert_int_eq(co_product_until_us(&p, &lts), 500);
    ck_assert_int_eq(co_product_until_us(&p, &sp1), 900);
    ck_assert_int_eq(co_product_until_us(&p, &sp2), 900);
    ck_assert_int_eq(co_product_until_us(&p, &other), 0);
    ck_assert_int_eq(co_product_until_us(&p, &ring), 0);
    ck_assert_int_eq(co_product_until_us(&p, NULL), 0);
    make(700);
    ck_assert_int_eq(co_product_until_us(&p, &lts), 500);
    ck_assert_int_eq(co_product_until_us(&p, &sp2), 700);
    ck_assert_int_eq(co_product_until_us(&p, &other), 700);
    ck_assert_int_eq(co_product_until_us(&p, NULL), 700);
}
END_TEST

CHECK_MAIN(
    "co_product", a_version_is_found_by_its_key,
    a_service_pack_lies_within_its_version_and_not_the_other_way_round,
    a_version_lives_as_long_as_it_says_else_as_what_it_is_of_and_never_longer_than_the_product)
