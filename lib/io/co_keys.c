#include "co_keys.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "co_buf.h"
#include "co_keys_file.h"

enum co_err co_keys_generate(struct co_keys *ret_keys)
{
    struct co_keys made;
    if (zmq_curve_keypair(made.public_text, made.secret_text) != 0)
        return CO_EDOWN;
    *ret_keys = made;
    co_keys_wipe(&made);
    return CO_OK;
}

void co_keys_wipe(struct co_keys *keys)
{
    sodium_memzero(keys, sizeof(*keys));
}

enum co_err co_keys_decode(const char *text, uint8_t ret_key[static CO_KEY_BYTES])
{
    uint8_t key[CO_KEY_BYTES];
    /* libzmq 4.3.4 looks up any byte of the text in a table of 96: only what is in it may reach it
     */
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   ".-:+=^!/*?&<>()[]{}@%$#";
    if (strlen(text) != CO_KEY_TEXT - 1 || strspn(text, alphabet) != CO_KEY_TEXT - 1)
        return CO_EINPUT;
    if (zmq_z85_decode(key, text) == NULL)
        return CO_EINPUT;
    memcpy(ret_key, key, sizeof(key));
    sodium_memzero(key, sizeof(key));
    return CO_OK;
}

void co_keys_encode(const uint8_t key[static CO_KEY_BYTES], char ret_text[static CO_KEY_TEXT])
{
    zmq_z85_encode(ret_text, key, CO_KEY_BYTES);
}

enum co_err co_keys_write(const struct co_keys *keys, const char *stem, const char *name,
                          struct co_why *why)
{
    char who[CO_KEYS_NAME];
    co_keys_file_name(who, name);
    struct co_buf secret;
    struct co_buf public;
    co_buf_init(&secret, CO_KEYS_FILE_LIMIT);
    co_buf_init(&public, CO_KEYS_FILE_LIMIT);
    (void)co_buf_printf(&secret,
                        "# Callout key pair of %s. Secret: whoever holds it can act as %s.\n"
                        "public = %s\nsecret = %s\n",
                        who, who, keys->public_text, keys->secret_text);
    (void)co_buf_printf(&public, "# Callout public key of %s. Not secret.\npublic = %s\n", who,
                        keys->public_text);
    enum co_err err = co_keys_file_write(stem, &secret, &public, why);
    if (secret.data != NULL)
        sodium_memzero(secret.data, secret.len);
    co_buf_done(&secret);
    co_buf_done(&public);
    return err;
}

enum co_err co_keys_read(const char *path, struct co_keys *ret_keys, struct co_why *why)
{
    char text[CO_KEYS_FILE_LIMIT];
    struct co_keys keys = { "", "" };
    char derived[CO_KEY_TEXT];
    enum co_err err = co_keys_file_read(path, true, text, why);
    if (err != CO_OK)
        return err;
    if (!co_keys_file_find(text, "public", keys.public_text) ||
        !co_keys_file_find(text, "secret", keys.secret_text)) {
        co_why_set(why,
                   "%s needs a line \"public = \" and a line \"secret = \", each with 40 "
                   "characters of Z85",
                   path);
        err = CO_EINPUT;
    } else if (zmq_curve_public(derived, keys.secret_text) != 0 ||
               strcmp(derived, keys.public_text) != 0) {
        co_why_set(why, "the public and the secret key in %s do not belong together", path);
        err = CO_EINPUT;
    } else {
        *ret_keys = keys;
    }
    sodium_memzero(text, sizeof(text));
    co_keys_wipe(&keys);
    return err;
}

enum co_err co_keys_read_public(const char *path, char ret_public[static CO_KEY_TEXT],
                                struct co_why *why)
{
    char text[CO_KEYS_FILE_LIMIT];
    enum co_err err = co_keys_file_read(path, false, text, why);
    if (err == CO_OK && !co_keys_file_find(text, "public", ret_public)) {
        co_why_set(why, "%s needs a line \"public = \" with 40 characters of Z85", path);
        err = CO_EINPUT;
    }
    sodium_memzero(text, sizeof(text));
    return err;
}
