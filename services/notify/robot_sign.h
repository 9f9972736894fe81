/* robot_sign.h - signatures and texts of chat robots. Pure but for libsodium's arithmetic. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_buf.h"
#include "co_err.h"

enum { ROBOT_TOKEN_TEXT = 512, ROBOT_SECRET_TEXT = 256 };

/* What a robot's secret file says: a line "token = ...", and "secret = ..." where it signs. */
struct robot_secret {
    char token[ROBOT_TOKEN_TEXT];
    char secret[ROBOT_SECRET_TEXT]; /* "": it does not sign */
};

/* CO_EINPUT: a line of another kind, one twice, one too long, or no token, or a token with a
 * character that no address has. */
CO_MUST_CHECK enum co_err robot_secret_read(const char *text, struct robot_secret *ret);

/* Appends base64 of HMAC-SHA256 by the secret over "MILLISECONDS\nSECRET", for a query. CO_ENOMEM,
 * CO_EFULL. */
CO_MUST_CHECK enum co_err robot_sign_dingtalk(const char *secret, int64_t at_ms, struct co_buf *to);

/* Appends base64 of HMAC-SHA256 by "SECONDS\nSECRET" over nothing. CO_ENOMEM, CO_EFULL. */
CO_MUST_CHECK enum co_err robot_sign_feishu(const char *secret, int64_t at_s, struct co_buf *to);

/* Appends the text, cut at a character to `limit` bytes, with "..." then. CO_ENOMEM, CO_EFULL. */
CO_MUST_CHECK enum co_err robot_cut(const char *text, size_t limit, struct co_buf *to);

/* Appends subject and body, cut likewise. Where robots would read a mention in them ("<@wang>",
 * "<at user_id="all">"), the sign that begins it becomes full-width: a title mentions nobody.
 * CO_ENOMEM, CO_EFULL. */
CO_MUST_CHECK enum co_err robot_text(const char *subject, const char *body, size_t limit,
                                     struct co_buf *to);
