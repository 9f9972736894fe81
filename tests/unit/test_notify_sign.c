#include "check_main.h"

#include <string.h>

#include "notify_sign.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const char body[] = "{\"test\": 2432232314}";
static const struct notify_signed vector = { "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body,
                                             sizeof(body) - 1 };
static struct co_buf b;

static enum co_err sign(const char *secrets)
{
    co_buf_done(&b);
    co_buf_init(&b, 1000);
    return notify_sign(secrets, &vector, &b);
}

START_TEST(the_published_vector_is_signed_as_published)
{
    ck_assert_int_eq(sign(SECRET), CO_OK);
    ck_assert_str_eq(co_buf_text(&b), SIGNATURE);
}
END_TEST

START_TEST(two_secrets_give_two_signatures)
{
    ck_assert_int_eq(sign(SECRET "\r\n\n" SECRET "\n"), CO_OK);
    ck_assert_str_eq(co_buf_text(&b), SIGNATURE " " SIGNATURE);
}
END_TEST

START_TEST(what_is_no_secret_signs_nothing)
{
    static const char *const bad[] = {
        "",
        "\n",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_short",
        "whsec_MfKQ9r8GKYqr",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!w",
        SECRET " x",
        ("whsec_"
         "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPZI"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(sign(bad[i]) == CO_EINPUT, "%s", bad[i]);
}
END_TEST

CHECK_MAIN("notify_sign", the_published_vector_is_signed_as_published,
           two_secrets_give_two_signatures, what_is_no_secret_signs_nothing)
