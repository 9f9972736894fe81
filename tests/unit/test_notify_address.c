#include "check_main.h"

#include <arpa/inet.h>

#include "notify_address.h"

static bool is_public(const char *text)
{
    uint8_t six[16];
    uint32_t four;
    if (inet_pton(AF_INET, text, &four) == 1)
        return notify_address_is_public4(ntohl(four));
    ck_assert_int_eq(inet_pton(AF_INET6, text, six), 1);
    return notify_address_is_public6(six);
}

START_TEST(addresses_of_the_inside_are_not_public)
{
    static const char *const closed[] = {
        "0.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::192.168.0.1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "100::1",
        "2001:db8::1",
        "2001:0:53aa::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "3fff:fff::1",
        "5f00::1",
    };
    for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
        ck_assert_msg(!is_public(closed[i]), "%s", closed[i]);
}
END_TEST

START_TEST(addresses_next_to_the_inside_are_public)
{
    static const char *const open[] = {
        "1.1.1.1",          "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
        "100.128.0.0",      "126.255.255.255", "128.0.0.1",       "169.253.1.1",
        "172.15.255.255",   "172.32.0.0",      "192.167.255.255", "192.169.0.0",
        "198.17.255.255",   "198.20.0.0",      "223.255.255.255", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2002:808:808::",  "2606:4700::1111", "2400:3200::1",
        "2a00::1",
    };
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        ck_assert_msg(is_public(open[i]), "%s", open[i]);
}
END_TEST

CHECK_MAIN("notify_address", addresses_of_the_inside_are_not_public,
           addresses_next_to_the_inside_are_public)
