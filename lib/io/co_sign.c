#include "co_sign.h"

#include <sodium.h>
#include <string.h>

#include "co_keys_file.h"

static const char public_name[] = "signing-public";
static const char secret_name[] = "signing-secret";

enum co_err co_sign_generate(struct co_sign_keys *ret_keys)
{
    if (sodium_init() < 0)
        return CO_EDOWN;
    return crypto_sign_keypair(ret_keys->public_key, ret_keys->secret_key) == 0 ? CO_OK : CO_EDOWN;
}

void co_sign_wipe(struct co_sign_keys *keys)
{
    sodium_memzero(keys, sizeof(*keys));
}

enum co_err co_sign_write(const struct co_sign_keys *keys, const char *stem, const char *name,
                          struct co_why *why)
{
    char who[CO_KEYS_NAME], public_text[CO_KEY_TEXT], secret_text[CO_KEY_TEXT];
    uint8_t seed[crypto_sign_SEEDBYTES];
    struct co_buf secret;
    struct co_buf public;
    co_keys_file_name(who, name);
    (void)crypto_sign_ed25519_sk_to_seed(seed, keys->secret_key);
    co_keys_encode(keys->public_key, public_text);
    co_keys_encode(seed, secret_text);
    co_buf_init(&secret, CO_KEYS_FILE_LIMIT);
    co_buf_init(&public, CO_KEYS_FILE_LIMIT);
    (void)co_buf_printf(&secret,
                        "# Callout signing key of %s. Secret: whoever holds it can sign as %s.\n"
                        "%s = %s\n%s = %s\n",
                        who, who, public_name, public_text, secret_name, secret_text);
    (void)co_buf_printf(&public, "# Callout signing key of %s, public half. Not secret.\n%s = %s\n",
                        who, public_name, public_text);
    enum co_err err = co_keys_file_write(stem, &secret, &public, why);
    if (secret.data != NULL)
        sodium_memzero(secret.data, secret.len);
    sodium_memzero(secret_text, sizeof(secret_text));
    sodium_memzero(seed, sizeof(seed));
    co_buf_done(&secret);
    co_buf_done(&public);
    return err;
}

/* The key of that name as bytes. CO_EINPUT: the text has none. */
static enum co_err take(const char *text, const char *name, uint8_t ret_key[static CO_KEY_BYTES])
{
    char value[CO_KEY_TEXT];
    enum co_err err =
        co_keys_file_find(text, name, value) ? co_keys_decode(value, ret_key) : CO_EINPUT;
    sodium_memzero(value, sizeof(value));
    return err;
}

static enum co_err take_pair(const char *path, const char *text, struct co_sign_keys *keys,
                             struct co_why *why)
{
    uint8_t seed[CO_KEY_BYTES], stated[CO_KEY_BYTES];
    bool is_whole =
        take(text, public_name, stated) == CO_OK && take(text, secret_name, seed) == CO_OK;
    bool is_pair = is_whole &&
                   crypto_sign_seed_keypair(keys->public_key, keys->secret_key, seed) == 0 &&
                   memcmp(keys->public_key, stated, sizeof(stated)) == 0;
    sodium_memzero(seed, sizeof(seed));
    if (!is_whole)
        co_why_set(why,
                   "%s needs a line \"%s = \" and a line \"%s = \", each with 40 characters of Z85 "
                   "(callout keygen --signing makes one)",
                   path, public_name, secret_name);
    else if (!is_pair)
        co_why_set(why, "the public and the secret key in %s do not belong together", path);
    return is_pair ? CO_OK : CO_EINPUT;
}

enum co_err co_sign_read(const char *path, struct co_sign_keys *ret_keys, struct co_why *why)
{
    char text[CO_KEYS_FILE_LIMIT];
    struct co_sign_keys keys;
    enum co_err err = co_keys_file_read(path, true, text, why);
    if (err != CO_OK)
        return err;
    err = take_pair(path, text, &keys, why);
    if (err == CO_OK)
        *ret_keys = keys;
    sodium_memzero(text, sizeof(text));
    co_sign_wipe(&keys);
    return err;
}

enum co_err co_sign_read_public(const char *path, uint8_t ret_public[static CO_SIGN_PUBLIC_BYTES],
                                struct co_why *why)
{
    char text[CO_KEYS_FILE_LIMIT];
    enum co_err err = co_keys_file_read(path, false, text, why);
    if (err != CO_OK)
        return err;
    err = take(text, public_name, ret_public);
    if (err != CO_OK)
        co_why_set(
            why,
            "%s needs a line \"%s = \" with 40 characters of Z85 (keys for talking to intake "
            "are of another kind)",
            path, public_name);
    sodium_memzero(text, sizeof(text));
    return err;
}

void co_sign_make(const struct co_sign_keys *keys, const void *bytes, size_t len,
                  uint8_t ret_signature[static CO_SIGN_BYTES])
{
    (void)crypto_sign_detached(ret_signature, NULL, bytes, len, keys->secret_key);
}

bool co_sign_holds(const uint8_t public_key[static CO_SIGN_PUBLIC_BYTES], const void *bytes,
                   size_t len, const uint8_t signature[static CO_SIGN_BYTES])
{
    return crypto_sign_verify_detached(signature, bytes, len, public_key) == 0;
}
