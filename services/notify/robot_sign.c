#include "robot_sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAC_TEXT = sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, 1), KEY_TEXT = 512 };

static const char ellipsis[] = "...";

/* ---- the secret file ---- */

static bool is_token(const char *text)
{
    return text[0] != '\0' &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~") ==
               strlen(text);
}

/* "token = abc": the value goes to `to` where the line is of that name. */
static bool read_line(const char *line, size_t len, const char *name, char *to, size_t cap)
{
    size_t at = strlen(name);
    if (len < at || memcmp(line, name, at) != 0)
        return false;
    while (at < len && (line[at] == ' ' || line[at] == '\t'))
        at++;
    if (at == len || line[at++] != '=')
        return false;
    while (at < len && (line[at] == ' ' || line[at] == '\t'))
        at++;
    while (len > at && (line[len - 1] == ' ' || line[len - 1] == '\t' || line[len - 1] == '\r'))
        len--;
    if (len - at >= cap || to[0] != '\0')
        return false;
    memcpy(to, line + at, len - at);
    to[len - at] = '\0';
    return true;
}

enum co_err robot_secret_read(const char *text, struct robot_secret *ret)
{
    struct robot_secret read = { .token = "" };
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        if (len > 0 && !read_line(text, len, "token", read.token, sizeof(read.token)) &&
            !read_line(text, len, "secret", read.secret, sizeof(read.secret)))
            return CO_EINPUT;
        text += len + (text[len] == '\n');
    }
    if (!is_token(read.token))
        return CO_EINPUT;
    *ret = read;
    return CO_OK;
}

/* ---- signatures ---- */

static void mac(const char *key, size_t key_len, const char *text, char to[static MAC_TEXT])
{
    unsigned char bytes[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)key, key_len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, bytes);
    sodium_bin2base64(to, MAC_TEXT, bytes, sizeof(bytes), sodium_base64_VARIANT_ORIGINAL);
    sodium_memzero(&state, sizeof(state));
}

static void append_escaped(struct co_buf *to, const char *base64)
{
    for (const char *c = base64; *c != '\0'; c++) {
        if (*c == '+' || *c == '/' || *c == '=')
            (void)co_buf_printf(to, "%%%02X", (unsigned)*c);
        else
            (void)co_buf_append_u8(to, (uint8_t)*c);
    }
}

enum co_err robot_sign_dingtalk(const char *secret, int64_t at_ms, struct co_buf *to)
{
    char text[KEY_TEXT];
    char signature[MAC_TEXT];
    (void)snprintf(text, sizeof(text), "%" PRId64 "\n%s", at_ms, secret);
    mac(secret, strlen(secret), text, signature);
    append_escaped(to, signature);
    sodium_memzero(text, sizeof(text));
    return to->err;
}

enum co_err robot_sign_feishu(const char *secret, int64_t at_s, struct co_buf *to)
{
    char key[KEY_TEXT];
    char signature[MAC_TEXT];
    (void)snprintf(key, sizeof(key), "%" PRId64 "\n%s", at_s, secret);
    mac(key, strlen(key), "", signature);
    sodium_memzero(key, sizeof(key));
    return co_buf_append_text(to, signature);
}

/* ---- texts ---- */

enum co_err robot_cut(const char *text, size_t limit, struct co_buf *to)
{
    size_t len = strlen(text);
    if (len <= limit)
        return co_buf_append(to, text, len);
    len = limit - (sizeof(ellipsis) - 1);
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
        len--; /* not in the middle of a character */
    (void)co_buf_append(to, text, len);
    return co_buf_append_text(to, ellipsis);
}

/* "<@", "<at", "</at": how WeCom and Feishu write mentions in a text. */
static bool is_mention(const char *s)
{
    const char *name = s + (s[1] == '/' ? 2 : 1);
    return s[1] == '@' || strncasecmp(name, "at", 2) == 0;
}

static void append_harmless(struct co_buf *to, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "<");
        (void)co_buf_append(to, text, len);
        text += len;
        if (*text == '<')
            (void)co_buf_append_text(to, is_mention(text++) ? "＜" : "<");
    }
}

enum co_err robot_text(const char *subject, const char *body, size_t limit, struct co_buf *to)
{
    struct co_buf all;
    co_buf_init(&all, sizeof("＜") * (strlen(subject) + strlen(body) + 1));
    append_harmless(&all, subject);
    (void)co_buf_append_text(&all, "\n");
    append_harmless(&all, body);
    enum co_err err = all.err == CO_OK ? robot_cut(co_buf_text(&all), limit, to) : all.err;
    co_buf_done(&all);
    return err;
}
