#include "notify_sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "whsec_"
enum { KEY_MIN = 24, KEY_MAX = 64, LINE_MAX_BYTES = 128 };

static enum co_err read_key(const char *line, size_t len, uint8_t key[static KEY_MAX],
                            size_t *ret_len)
{
    size_t prefix = sizeof(PREFIX) - 1;
    if (len <= prefix || len > LINE_MAX_BYTES || memcmp(line, PREFIX, prefix) != 0)
        return CO_EINPUT;
    const char *end;
    if (sodium_base642bin(key, KEY_MAX, line + prefix, len - prefix, NULL, ret_len, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return CO_EINPUT;
    return end == line + len && *ret_len >= KEY_MIN ? CO_OK : CO_EINPUT;
}

static void append_signature(const uint8_t *key, size_t key_len, const struct notify_signed *what,
                             struct co_buf *to)
{
    char head[32];
    (void)snprintf(head, sizeof(head), ".%" PRId64 ".", what->timestamp_s);
    crypto_auth_hmacsha256_state state;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    (void)crypto_auth_hmacsha256_init(&state, key, key_len);
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)what->id, strlen(what->id));
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)head, strlen(head));
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)what->body, what->body_len);
    (void)crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof(state));

    char text[sodium_base64_ENCODED_LEN(sizeof(mac), sodium_base64_VARIANT_ORIGINAL)];
    (void)sodium_bin2base64(text, sizeof(text), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
    (void)co_buf_printf(to, "%sv1,%s", to->len > 0 ? " " : "", text);
}

enum co_err notify_sign(const char *secrets, const struct notify_signed *what, struct co_buf *to)
{
    uint8_t key[KEY_MAX];
    size_t key_len;
    enum co_err err = CO_EINPUT;
    while (*secrets != '\0') {
        size_t len = strcspn(secrets, "\r\n");
        if (len > 0 && (err = read_key(secrets, len, key, &key_len)) != CO_OK)
            break;
        if (len > 0)
            append_signature(key, key_len, what, to);
        secrets += len + (secrets[len] != '\0' ? 1 : 0);
    }
    sodium_memzero(key, sizeof(key));
    return err != CO_OK ? err : to->err;
}
