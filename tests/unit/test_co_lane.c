#include "co_lane.h"

#include <stdio.h>

#include "check_main.h"
#include "co_hash.h"

START_TEST(the_hash_functions_are_the_published_ones)
{
    ck_assert_uint_eq(co_hash_fnv1a64(CO_FNV1A64_START, "", 0), UINT64_C(0xcbf29ce484222325));
    ck_assert_uint_eq(co_hash_fnv1a64(CO_FNV1A64_START, "foobar", 6), UINT64_C(0x85944171f73967e8));
    ck_assert_uint_eq(co_hash_fmix64(1), UINT64_C(0xb456bcfc34c2cb2c));
    unsigned char text[15];
    for (unsigned char i = 0; i < 15; i++)
        text[i] = i;
    ck_assert_uint_eq(
        co_hash_sip(UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908), text, 15),
        UINT64_C(0xa129ca6149be45e5));
}
END_TEST

/* Never change these figures: cases are stored under them. */
START_TEST(lanes_are_fixed_by_a_vector)
{
    static const struct {
        const char *source;
        const char *key;
        unsigned lane256;
    } vectors[] = {
        { "zabbix", "12345", 253 }, { "itsm", "INC-0001", 183 },
        { "portal", "", 158 },      { "", "", 202 },
        { "监控", "告警-7", 177 },
    };
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        unsigned lane = co_lane_of(vectors[i].source, vectors[i].key, 256);
        ck_assert_uint_eq(lane, vectors[i].lane256);
        ck_assert_uint_eq(co_lane_of(vectors[i].source, vectors[i].key, 16), lane % 16);
        ck_assert_uint_eq(co_lane_of(vectors[i].source, vectors[i].key, 1), 0);
    }
}
END_TEST

START_TEST(source_and_key_do_not_run_together)
{
    int different = 0;
    for (int i = 0; i < 100; i++) {
        char left[32];
        char right[32];
        (void)snprintf(left, sizeof(left), "source%d", i);
        (void)snprintf(right, sizeof(right), "%dkey", i);
        different += co_lane_of(left, "key", 256) != co_lane_of("source", right, 256);
    }
    ck_assert_int_gt(different, 90);
}
END_TEST

START_TEST(counted_keys_spread_evenly)
{
    static int count[256];
    enum { KEYS = 256 * 400 };
    for (int i = 0; i < KEYS; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "INC-%07d", i);
        count[co_lane_of("itsm", key, 256)]++;
    }
    double chi2 = 0;
    for (int i = 0; i < 256; i++)
        chi2 += (count[i] - 400.0) * (count[i] - 400.0) / 400.0;
    ck_assert_double_lt(chi2, 350.0); /* 255 degrees of freedom: 0.0001 above 345 */
    ck_assert_double_gt(chi2, 170.0);
}
END_TEST

CHECK_MAIN("co_lane", the_hash_functions_are_the_published_ones, lanes_are_fixed_by_a_vector,
           source_and_key_do_not_run_together, counted_keys_spread_evenly)
