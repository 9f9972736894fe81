#include "check_main.h"

#include "co_address.h"

START_TEST(a_mail_address_is_plain)
{
    static const char *const good[] = { "a@b", "wang.wei+x@example.com", "o'neil@x-y.example" };
    static const char *const bad[] = { "",           "a",           "@b",    "a@",      "a@b@c",
                                       "a b@c",      "a@b\r\nX",    "<a@b>", "a@b,c@d", "\"a\"@b",
                                       "a@\xc3\xa9", "a@[1.2.3.4]", "a@b>" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(co_address_is_mail(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!co_address_is_mail(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(a_web_address_is_http_without_password)
{
    static const char *const good[] = { "http://h", "https://h:8/p?q=a@b", "http://[::1]:9/" };
    static const char *const bad[] = { "",          "ftp://h",      "http://",    "file:///etc",
                                       "http:///x", "http://u:p@h", "http://h\n", "http://h /",
                                       "HTTPS//h",  "gopher://h",   "http://?x",  "http://a\\b" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(co_address_is_web(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!co_address_is_web(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(a_mail_server_is_smtp_without_password)
{
    static const char *const good[] = { "smtp://h", "smtps://h:465", "smtp://[::1]:25/name" };
    static const char *const bad[] = { "",
                                       "smtp://",
                                       "http://h",
                                       "smtp://u:p@h",
                                       "smtp://u;AUTH=PLAIN@h:25",
                                       "smtp://h\r\nMAIL",
                                       "smtp:///x" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(co_address_is_mail_server(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!co_address_is_mail_server(bad[i]), "%s", bad[i]);
}
END_TEST

CHECK_MAIN("co_address", a_mail_address_is_plain, a_web_address_is_http_without_password,
           a_mail_server_is_smtp_without_password)
