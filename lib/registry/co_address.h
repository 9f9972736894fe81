/* co_address.h - addresses that people write into the registry, and that notices go to.
 *
 * Pure: looks at the text alone. What passes here can stand in a mail's header, in a command of
 * SMTP or in a request as it is, and holds no login: that belongs into a secret file.
 */
#pragma once

#include <stdbool.h>

/* A plain mail address: one @, printable ASCII without blanks, quotes, brackets, commas, at most
 * 254 bytes. */
bool co_address_is_mail(const char *address);

/* http:// or https://, a host, no user and password, no control character or blank, at most 2,000
 * bytes. */
bool co_address_is_web(const char *url);

/* The same with smtp:// or smtps://. */
bool co_address_is_mail_server(const char *url);
