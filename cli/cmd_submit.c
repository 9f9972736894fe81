/* callout submit: reports a fault. */
#include "cli.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_json.h"
#include "co_time.h"

const struct cli_option cmd_submit_options[] = {
    { "key", 0, "KEY",
      "our key of this ticket; the same key again gives the same number [random]" },
    { "customer", 0, "KEY", "whose system it is" },
    { "contract", 0, "KEY", "under which contract" },
    { "site", 0, "KEY", "where it stands" },
    { "product", 0, "KEY", "what it is" },
    { "version", 0, "KEY", "which version of the product" },
    { "offering", 0, "KEY", "what is asked for: a policy pack of the contract [its first]" },
    { "target", 0, "KEY", "what is to be integrated with" },
    { "date", 0, "TIME", "when it takes place, where it is about a date" },
    { "date-end", 0, "TIME", "and until when" },
    { "title", 't', "TEXT", "the fault in one line" },
    { "description", 'd', "TEXT", "the fault at length; - reads it from the standard input" },
    { "trait", 0, "NAME", "a trait of the policy that holds; may be repeated" },
    { "condition", 0, "NAME", "a condition of the policy that holds; may be repeated" },
    { "severity", 0, "N", "severity as the sender sees it" },
    { "at", 0, "TIME", "when it happened [now]" },
    { "contact", 0, "NAME", "whom to speak to" },
    { "phone", 0, "NUMBER", "his telephone" },
    { "email", 0, "ADDRESS", "his mail address" },
    { "position", 0, "LAT,LON", "where the site is, in degrees; also LAT,LON,gcj02 or bd09" },
    { "onsite", 0, NULL, "somebody must come at once" },
    { "source", 0, "NAME", "in whose name; must be our own" },
    { "wait", 'w', "TIME", "wait up to so long for severity and promises, at most 10s" },
    { "file", 'f', "FILE",
      "a ticket as JSON, with the names of SubmitTicket; - is standard input" },
    { NULL, 0, NULL, NULL },
};

enum { WAIT_MAX_MS = 10000, SEVERITY_MAX = 9, TEXT_MAX = 64 * 1024 };

/* Options that are texts of the ticket. */
struct text_option {
    const char *option;
    size_t offset;
};

#define FIELD(name) offsetof(Callout__V1__SubmitTicket, name)

static const struct text_option text_options[] = {
    { "key", FIELD(key) },
    { "customer", FIELD(customer) },
    { "contract", FIELD(contract) },
    { "site", FIELD(site) },
    { "product", FIELD(product) },
    { "version", FIELD(version) },
    { "offering", FIELD(offering) },
    { "target", FIELD(target) },
    { "title", FIELD(title) },
    { "contact", FIELD(contact_name) },
    { "phone", FIELD(contact_phone) },
    { "email", FIELD(contact_email) },
    { "source", FIELD(source) },
    { "description", FIELD(description) },
};

static int read_json(struct cli *cli, const char *path, Callout__V1__SubmitTicket *ticket)
{
    json_error_t error;
    bool is_stdin = strcmp(path, "-") == 0;
    json_t *json = is_stdin ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                            : json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        return cli_fail(cli, CLI_REFUSED, "%s:%d: %s", path, error.line, error.text);
    struct co_json_fault fault = { .field = "" };
    enum co_err err = co_json_to_message(json, cli->arena, &ticket->base, &fault);
    json_decref(json);
    if (err == CO_EINPUT)
        return cli_fail(cli, CLI_REFUSED, "%s: %s%s%s", path, fault.field,
                        fault.field[0] == '\0' ? "" : ": ", fault.text);
    return err == CO_OK ? CLI_OK : cli_fail(cli, CLI_FAILED, "%s is too large", path);
}

static int read_stdin(struct cli *cli, char **ret_text)
{
    char *text = co_arena_alloc(cli->arena, TEXT_MAX);
    size_t len = text == NULL ? 0 : fread(text, 1, TEXT_MAX - 1, stdin);
    if (text == NULL || ferror(stdin) || len == TEXT_MAX - 1)
        return cli_fail(cli, CLI_REFUSED,
                        "the description on the standard input is too long or cannot be read");
    text[len] = '\0';
    *ret_text = text;
    return CLI_OK;
}

static int read_position(struct cli *cli, Callout__V1__SubmitTicket *ticket)
{
    const char *text = cli_value(cli, "position");
    if (text == NULL)
        return CLI_OK;
    double latitude = 0, longitude = 0;
    char datum[8] = "wgs84";
    int end = 0, value = 0;
    int got = sscanf(text, "%lf,%lf%n,%7s%n", &latitude, &longitude, &end, datum, &end);
    bool is_read = got >= 2 && text[end] == '\0' && isfinite(latitude) && isfinite(longitude);
    if (!is_read || co_json_enum_value(&callout__v1__datum__descriptor, datum, &value) != CO_OK)
        return cli_usage(
            cli,
            "--position %s: LAT,LON in degrees is wanted, after it, if need be, one of ,wgs84 "
            ",gcj02 ,bd09",
            text);
    ticket->position = co_arena_alloc(cli->arena, sizeof(*ticket->position));
    if (ticket->position == NULL)
        return CLI_FAILED;
    callout__v1__position__init(ticket->position);
    ticket->position->latitude = latitude;
    ticket->position->longitude = longitude;
    ticket->position->datum = (Callout__V1__Datum)value;
    return CLI_OK;
}

static int read_texts(struct cli *cli, Callout__V1__SubmitTicket *ticket)
{
    for (size_t i = 0; i < sizeof(text_options) / sizeof(text_options[0]); i++) {
        const char *value = cli_value(cli, text_options[i].option);
        char *text = cli_text(cli, value);
        if (value != NULL)
            memcpy((char *)ticket + text_options[i].offset, &text, sizeof(text));
    }
    if (strcmp(ticket->description, "-") == 0)
        return read_stdin(cli, &ticket->description);
    return CLI_OK;
}

static int read_lists(struct cli *cli, Callout__V1__SubmitTicket *ticket)
{
    size_t n = 0;
    char **traits = cli_values(cli, "trait", &n);
    if (n > 0) {
        ticket->traits = traits;
        ticket->n_traits = n;
    }
    char **conditions = cli_values(cli, "condition", &n);
    if (n > 0) {
        ticket->conditions = conditions;
        ticket->n_conditions = n;
    }
    return CLI_OK;
}

static int read_rest(struct cli *cli, Callout__V1__SubmitTicket *ticket)
{
    int64_t wait_us = 0;
    if (!cli_read_count(cli, "severity", SEVERITY_MAX, &ticket->stated_severity) ||
        !cli_read_time(cli, "at", &ticket->occurred_us) ||
        !cli_read_time(cli, "date", &ticket->dated_us) ||
        !cli_read_time(cli, "date-end", &ticket->dated_until_us) ||
        !cli_read_length(cli, "wait", &wait_us))
        return CLI_USAGE;
    if (wait_us < 0 || wait_us > WAIT_MAX_MS * CO_MILLISECOND_US)
        return cli_usage(cli, "--wait: at most 10s");
    if (wait_us > 0)
        ticket->wait_ms = (uint32_t)(wait_us / CO_MILLISECOND_US);
    if (cli_has(cli, "onsite"))
        ticket->onsite = true;
    if (ticket->key[0] == '\0')
        ticket->key = cli_new_key(cli);
    if (ticket->title[0] == '\0')
        return cli_usage(cli, "a title is needed: --title TEXT");
    return CLI_OK;
}

static int show(struct cli *cli, const Callout__V1__Submitted *s)
{
    if (cli->is_json)
        return cli_print_json(cli, &s->base, false);
    (void)fprintf(cli->out, "%s%s\n", s->number, s->duplicate ? "  (was posted before)" : "");
    for (size_t i = 0; s->view == NULL && i < s->n_unknown; i++) {
        const Callout__V1__Unknown *u = s->unknown[i];
        (void)fprintf(cli->out, "  held: %s '%s' is not known%s%s\n", u->field, u->value,
                      u->n_nearest > 0 ? "; known and alike: " : "",
                      cli_join(cli, u->nearest, u->n_nearest));
    }
    if (s->view != NULL)
        cli_show_view(cli, s->view);
    return CLI_OK;
}

int cmd_submit(struct cli *cli)
{
    Callout__V1__SubmitTicket ticket = CALLOUT__V1__SUBMIT_TICKET__INIT;
    const char *path = cli_value(cli, "file");
    int code = path == NULL ? CLI_OK : read_json(cli, path, &ticket);
    if (code == CLI_OK)
        code = read_texts(cli, &ticket);
    if (code == CLI_OK)
        code = read_lists(cli, &ticket);
    if (code == CLI_OK)
        code = read_position(cli, &ticket);
    if (code == CLI_OK)
        code = read_rest(cli, &ticket);
    if (code != CLI_OK)
        return code;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
    request.submit = &ticket;
    Callout__V1__Reply *reply = NULL;
    code = cli_call(cli, &request, (int)ticket.wait_ms, &reply);
    if (code == CLI_UNAVAILABLE)
        cli_note(cli, "  whether it was taken is not known; the same again with --key %s is safe",
                 ticket.key);
    if (code != CLI_OK)
        return code;
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_SUBMITTED)
        return cli_fail(cli, CLI_FAILED, "%s answers with something else", cli->endpoint);
    return show(cli, reply->submitted);
}
