#include "co_address.h"

#include <string.h>

static bool is_plain(const char *text, const char *forbidden)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~' || strchr(forbidden, *c) != NULL)
            return false;
    return true;
}

bool co_address_is_mail(const char *address)
{
    const char *at = strchr(address, '@');
    return at != NULL && at != address && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
           strlen(address) <= 254 && is_plain(address, "\"<>()[],;:\\");
}

static bool is_url(const char *url, const char *const *schemes)
{
    for (; *schemes != NULL; schemes++) {
        size_t len = strlen(*schemes);
        if (strncmp(url, *schemes, len) != 0)
            continue;
        size_t host = strcspn(url + len, "/?#");
        return host > 0 && memchr(url + len, '@', host) == NULL && strlen(url) <= 2000 &&
               is_plain(url, "\"<>\\");
    }
    return false;
}

bool co_address_is_web(const char *url)
{
    static const char *const schemes[] = { "http://", "https://", NULL };
    return is_url(url, schemes);
}

bool co_address_is_mail_server(const char *url)
{
    static const char *const schemes[] = { "smtp://", "smtps://", NULL };
    return is_url(url, schemes);
}
