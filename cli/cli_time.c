#include "cli.h"

#include <string.h>
#include <time.h>

#include "co_time.h"

int64_t cli_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * CO_SECOND_US + t.tv_nsec / 1000;
}

int64_t cli_mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Local civil time; seconds may be missing, and so may the day, which is then today's, or the time,
 * which is then midnight. */
static bool parse_local(const char *text, int64_t now_us, int64_t *ret_us)
{
    static const char *const forms[] = { "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%H:%M:%S", "%H:%M",
                                         "%Y-%m-%d" };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        time_t now = (time_t)(now_us / CO_SECOND_US);
        struct tm tm;
        if (localtime_r(&now, &tm) == NULL)
            return false;
        tm.tm_sec = tm.tm_min = tm.tm_hour = 0;
        const char *end = strptime(text, forms[i], &tm);
        if (end == NULL || *end != '\0')
            continue;
        struct tm asked = tm;
        tm.tm_isdst = -1;
        time_t t = mktime(&tm);
        if (tm.tm_mday != asked.tm_mday || t < 0)
            return false; /* 31 February */
        *ret_us = (int64_t)t * CO_SECOND_US;
        return true;
    }
    return false;
}

enum co_err cli_time_parse(const char *text, int64_t now_us, int64_t *ret_us)
{
    int64_t length_us = 0;
    if (strcmp(text, "now") == 0) {
        *ret_us = now_us;
        return CO_OK;
    }
    bool is_relative = text[0] == '-' || text[0] == '+';
    if (is_relative && co_duration_parse(text + 1, &length_us) == CO_OK) {
        *ret_us = text[0] == '-' ? now_us - length_us : now_us + length_us;
        return CO_OK;
    }
    if (co_time_parse(text, ret_us, NULL) == CO_OK)
        return CO_OK;
    return parse_local(text, now_us, ret_us) ? CO_OK : CO_EINPUT;
}

const char *cli_when(struct cli *cli, int64_t us)
{
    time_t t = (time_t)(us / CO_SECOND_US);
    struct tm tm;
    char text[64];
    if (us == 0 || localtime_r(&t, &tm) == NULL ||
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) == 0)
        return "";
    return cli_text(cli, text);
}

const char *cli_dates(struct cli *cli, int64_t from_us, int64_t until_us)
{
    return until_us == 0
               ? cli_when(cli, from_us)
               : cli_format(cli, "%s to %s", cli_when(cli, from_us), cli_when(cli, until_us));
}

const char *cli_when_at(struct cli *cli, int64_t us, int32_t offset_s)
{
    char date[CO_DATE_TEXT];
    int64_t day = co_days_of_us(us, offset_s);
    int64_t minute = (us + offset_s * CO_SECOND_US - day * CO_DAY_US) / CO_MINUTE_US;
    co_date_format(day, date);
    return cli_format(cli, "%s %02d:%02d", date, (int)(minute / 60), (int)(minute % 60));
}

const char *cli_zone(struct cli *cli)
{
    time_t now = time(NULL);
    struct tm tm;
    if (localtime_r(&now, &tm) == NULL)
        return "UTC";
    long minutes = tm.tm_gmtoff / 60;
    long size = minutes < 0 ? -minutes : minutes;
    return cli_format(cli, "%s, UTC%c%02ld:%02ld", tm.tm_zone, minutes < 0 ? '-' : '+', size / 60,
                      size % 60);
}

const char *cli_left(struct cli *cli, int64_t due_us, int64_t now_us)
{
    char text[CO_DURATION_TEXT];
    co_time_left_format(due_us - now_us, text);
    return cli_text(cli, text);
}

const char *cli_length_between(struct cli *cli, int64_t from_us, int64_t until_us)
{
    int64_t seconds = until_us / CO_SECOND_US - from_us / CO_SECOND_US;
    return cli_length(cli, seconds * CO_SECOND_US);
}

const char *cli_length(struct cli *cli, int64_t us)
{
    char text[CO_DURATION_TEXT];
    co_duration_format(us, text);
    return cli_text(cli, text);
}
