/* notify_smtp_link.h - connections to mail servers: opened, lent to one mail at a time, kept a few
 * seconds for the next one.
 *
 * curl connects, greets, starts TLS and logs in. A connection is lent again only for the same
 * address of the server, the same secret file with the same content, and thereby the same demand
 * for TLS. One that is kept and becomes readable (the server closes it, or says something unasked)
 * is dropped at once.
 *
 * curl also ends an SMTP connection with QUIT and waits for the answer with the whole loop standing
 * still: so before it lets go of one, the sockets are shut down, and there is nobody left to say
 * QUIT to. Ours is said before, where it is due, and not waited for.
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "co_curl.h"
#include "notify_send.h"
#include "notify_smtp.h"

struct notify_links; /* those of one sender */
struct notify_link;  /* one connection */

/* Borrowed during the call. */
struct notify_link_to {
    const char *url; /* of a mail server: co_address_is_mail_server() */
    const char
        *secret_file; /* "": no login, and TLS where the server has it; else TLS is required */
};

/* The options are borrowed until the close. NULL: out of memory. */
struct notify_links *notify_links_new(uv_loop_t *loop, struct co_curl *curl,
                                      const struct notify_send_options *options);

/* Drops those that are kept, and frees `l` once the loop has closed its handles; every link was
 * given back before. Before co_curl_close(). */
void notify_links_close(struct notify_links *l);

/* Lends a connection: one that was kept, unless `is_fresh`; or a new one, whose transfer has been
 * started with `arg` as its CURLOPT_PRIVATE. notify_link_line() tells them apart. It goes back with
 * notify_link_give_back(). CO_EINPUT: the secret file cannot be used; CO_ENOMEM. */
CO_MUST_CHECK enum co_err notify_links_lend(struct notify_links *l, const struct notify_link_to *to,
                                            bool is_fresh, void *arg,
                                            struct notify_link **ret_link);

/* NOTIFY_SMTP_FRESH: new. _KEPT, _UNDONE: it was kept, and can be spoken over at once. */
enum notify_smtp_line notify_link_line(const struct notify_link *link);

/* The last reply while curl spoke; "": none. */
const char *notify_link_answer(const struct notify_link *link);

/* To be called when the transfer of a new one has ended well. False: it is of no use. */
bool notify_link_begin(struct notify_link *link);

/* Calls `ready`(arg) whenever there is something to read, or, where `is_writing`, room to write,
 * from now until it is given back. False: it is of no use. */
bool notify_link_watch(struct notify_link *link, bool is_writing, void (*ready)(void *arg),
                       void *arg);

/* As curl_easy_send() and curl_easy_recv(). */
CURLcode notify_link_send(struct notify_link *link, const void *bytes, size_t len,
                          size_t *ret_sent);
CURLcode notify_link_recv(struct notify_link *link, void *bytes, size_t cap, size_t *ret_got);

/* Ends the loan, at any stage of it; `line` is how the mail leaves the connection. */
void notify_link_give_back(struct notify_link *link, enum notify_smtp_line line);
