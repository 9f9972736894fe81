#include "notify_address.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct range4 {
    uint32_t first;
    uint8_t bits;
};

/* IANA's special-purpose registry, what is not globally reachable. */
static const struct range4 closed4[] = {
    { 0x00000000, 8 },  /* this network */
    { 0x0a000000, 8 },  /* private */
    { 0x64400000, 10 }, /* shared by providers */
    { 0x7f000000, 8 },  /* loopback */
    { 0xa9fe0000, 16 }, /* link-local, clouds' metadata */
    { 0xac100000, 12 }, /* private */
    { 0xc0000000, 24 }, /* protocol assignments */
    { 0xc0000200, 24 }, /* documentation */
    { 0xc0586300, 24 }, /* 6to4 relays, withdrawn */
    { 0xc0a80000, 16 }, /* private */
    { 0xc6120000, 15 }, /* benchmarks */
    { 0xc6336400, 24 }, /* documentation */
    { 0xcb007100, 24 }, /* documentation */
    { 0xe0000000, 4 },  /* multicast */
    { 0xf0000000, 4 },  /* reserved, broadcast */
};

struct range6 {
    uint8_t first[16];
    uint8_t bits;
    uint8_t inner; /* offset of an IPv4 address that decides; 0: closed */
};

static const struct range6 special6[] = {
    { { [10] = 0xff, 0xff }, 96, 12 },                 /* ::ffff:0:0/96 mapped */
    { { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },            /* 64:ff9b::/96 NAT64 */
    { { 0x20, 0x02 }, 16, 2 },                         /* 2002::/16 6to4 */
    { { 0 }, 96, 0 },                                  /* ::, ::1, compatible */
    { { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48, 0 }, /* NAT64, local */
    { { 0x01 }, 8, 0 },                                /* discard-only and around */
    { { 0x20, 0x01 }, 23, 0 },                         /* protocol assignments, Teredo */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32, 0 },             /* documentation */
    { { 0x3f, 0xff }, 20, 0 },                         /* documentation */
    { { 0x5f, 0x00 }, 16, 0 },                         /* segment routing */
    { { 0xfc }, 7, 0 },                                /* unique local */
    { { 0xfe, 0x80 }, 10, 0 },                         /* link-local */
    { { 0xfe, 0xc0 }, 10, 0 },                         /* site-local */
    { { 0xff }, 8, 0 },                                /* multicast */
};

bool notify_address_is_public4(uint32_t address)
{
    for (size_t i = 0; i < sizeof(closed4) / sizeof(closed4[0]); i++)
        if ((address ^ closed4[i].first) >> (32 - closed4[i].bits) == 0)
            return false;
    return true;
}

static bool is_within(const uint8_t *address, const struct range6 *r)
{
    size_t whole = r->bits / 8;
    unsigned rest = r->bits % 8u;
    if (memcmp(address, r->first, whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ r->first[whole]) >> (8 - rest) == 0;
}

bool notify_address_is_public6(const uint8_t address[static 16])
{
    for (size_t i = 0; i < sizeof(special6) / sizeof(special6[0]); i++) {
        const struct range6 *r = &special6[i];
        if (!is_within(address, r))
            continue;
        const uint8_t *in = address + r->inner;
        return r->inner != 0 &&
               notify_address_is_public4((uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
                                         (uint32_t)in[2] << 8 | in[3]);
    }
    return true;
}
