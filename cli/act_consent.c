#include "act_consent.h"

#include <string.h>

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { LIST_MAX = 32 };

bool act_consent_takes(Callout__V1__Act act)
{
    return act == ACT(CONSENT_ASKED) || act == ACT(CONSENT_GIVEN) || act == ACT(CONSENT_CHANGED) ||
           act == ACT(SESSION_STARTED);
}

static const char *const options[] = { "systems", "persons", "from", "until", "operate" };

/* A date that is moved has a span, too. */
static bool is_of_date(const char *option, Callout__V1__Act act)
{
    return act == ACT(RESCHEDULE) && (strcmp(option, "from") == 0 || strcmp(option, "until") == 0);
}

static const char *first_given(struct cli *cli, Callout__V1__Act act)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (cli_has(cli, options[i]) && !is_of_date(options[i], act))
            return options[i];
    return NULL;
}

static char *trimmed(char *text)
{
    text += strspn(text, " ");
    for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = '\0';
    return text;
}

/* "db1,db2"; NULL: there is a name missing between commas, or are too many. */
static char **split(struct cli *cli, const char *option, size_t *ret_n)
{
    char **list = co_arena_alloc(cli->arena, LIST_MAX * sizeof(*list));
    char *rest = cli_text(cli, cli_value(cli, option));
    size_t n = 0;
    for (char *item; list != NULL && (item = strsep(&rest, ",")) != NULL;) {
        item = trimmed(item);
        if (item[0] == '\0' || n == LIST_MAX) {
            (void)cli_usage(cli, "--%s %s: 1 to %d names with commas between them", option,
                            cli_value(cli, option), LIST_MAX);
            return NULL;
        }
        list[n++] = item;
    }
    *ret_n = n;
    return list;
}

static int need(struct cli *cli, const char *option, const char *value)
{
    return cli_has(cli, option)
               ? CLI_OK
               : cli_usage(cli, "%s: --%s %s is needed", cli->args->word[1], option, value);
}

static int read_lists(struct cli *cli, Callout__V1__Consent *c)
{
    if (cli_has(cli, "systems") && (c->systems = split(cli, "systems", &c->n_systems)) == NULL)
        return CLI_USAGE;
    if (cli_has(cli, "persons") && (c->persons = split(cli, "persons", &c->n_persons)) == NULL)
        return CLI_USAGE;
    return CLI_OK;
}

/* Where nothing is said from when on: from when it happened, which the server knows. */
static int read_times(struct cli *cli, Callout__V1__Consent *c)
{
    if (!cli_read_time(cli, "from", &c->from_us) || !cli_read_time(cli, "until", &c->until_us))
        return CLI_USAGE;
    return c->until_us > c->from_us ? CLI_OK
                                    : cli_usage(cli, "--until %s: a time after --from is needed",
                                                cli_value(cli, "until"));
}

static int read_whole(struct cli *cli, const Callout__V1__Command *command, Callout__V1__Consent *c)
{
    if (need(cli, "systems", "LIST") != CLI_OK || need(cli, "until", "TIME") != CLI_OK ||
        read_lists(cli, c) != CLI_OK)
        return CLI_USAGE;
    c->key = command->name;
    c->operate = cli_has(cli, "operate");
    return read_times(cli, c);
}

int act_consent_read(struct cli *cli, Callout__V1__Command *command)
{
    const char *given = first_given(cli, command->act);
    bool is_session = command->act == ACT(SESSION_STARTED);
    if (given != NULL && !act_consent_takes(command->act))
        return cli_usage(cli,
                         "--%s belongs to consent_asked, consent_given, consent_changed and "
                         "session_started",
                         given);
    if (given != NULL && is_session && strcmp(given, "systems") != 0)
        return cli_usage(cli, "--%s: a session only says --systems, where not all of the consent",
                         given);
    bool is_by_key = command->act == ACT(CONSENT_GIVEN) || is_session;
    if (!act_consent_takes(command->act) || (given == NULL && is_by_key))
        return CLI_OK;
    Callout__V1__Consent *c = co_arena_alloc(cli->arena, sizeof(*c));
    if (c == NULL)
        return CLI_FAILED;
    callout__v1__consent__init(c);
    command->consent = c;
    return is_session ? read_lists(cli, c) : read_whole(cli, command, c);
}
