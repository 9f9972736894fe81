/* The command line, times, words and tables of `callout`: no server, no database. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_main.h"
#include "cli_run.h"
#include "cli_table.h"
#include "co_time.h"
#include "co_yaml.h"

static char *text;
static size_t size;
static FILE *to;
static struct cli_args args;
static struct cli cli;
static struct co_why why;

static void begin(void)
{
    (void)setenv("TZ", "Asia/Shanghai", 1);
    (void)setenv("CALLOUT_ENV_FILE", "/dev/null", 1);
    tzset();
    to = open_memstream(&text, &size);
    cli = (struct cli){ .out = to, .err = to, .args = &args, .arena = co_arena_new(1 << 24) };
}

static void end(void)
{
    (void)fclose(to);
    free(text);
    co_arena_free(cli.arena);
}

static const char *said(void)
{
    (void)fflush(to);
    return text;
}

static const struct cli_option own[] = {
    { "number", 'n', "N", "" },
    { "yes", 'y', NULL, "" },
    { NULL, 0, NULL, NULL },
};

static enum co_err read_words(char **argv)
{
    int n = 0;
    while (argv[n] != NULL)
        n++;
    return cli_args_read(&args, own, cli_shared_options, n, argv, &why);
}

#define READ(...) read_words((char *[]){ __VA_ARGS__, NULL })

static char num_eq[] = "--number=5", num[] = "--number", five[] = "5", n_joined[] = "-n6",
            y[] = "-y", word[] = "word", dashes[] = "--", help[] = "--help", typo[] = "--numbr",
            yes_eq[] = "--yes=1", x[] = "-x";

START_TEST(options_are_taken_in_every_spelling_and_place)
{
    begin();
    ck_assert_int_eq(READ(word, num_eq, help), CO_OK);
    ck_assert_str_eq(cli_value(&cli, "number"), "5");
    ck_assert(cli_has(&cli, "help"));
    ck_assert_uint_eq(args.words, 1);
    ck_assert_int_eq(READ(num, five, n_joined), CO_OK);
    ck_assert_str_eq(cli_value(&cli, "number"), "6");
    size_t n = 0;
    char **all = cli_values(&cli, "number", &n);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(all[0], "5");
    ck_assert_int_eq(READ(dashes, y), CO_OK);
    ck_assert(!cli_has(&cli, "yes"));
    ck_assert_str_eq(args.word[0], "-y");
    end();
}
END_TEST

START_TEST(a_wrong_option_is_told_with_what_was_meant)
{
    begin();
    ck_assert_int_eq(READ(typo, five), CO_EINPUT);
    ck_assert_str_eq(why.text, "there is no option --numbr; did you mean --number?");
    ck_assert_int_eq(READ(num), CO_EINPUT);
    ck_assert_str_eq(why.text, "--number wants a value: N");
    ck_assert_int_eq(READ(yes_eq), CO_EINPUT);
    ck_assert_int_eq(READ(x), CO_EINPUT);
    end();
}
END_TEST

START_TEST(a_time_is_read_as_people_write_it)
{
    int64_t now_us = INT64_C(1771291800000000); /* 2026-02-17 09:30 in Shanghai */
    static const struct {
        const char *text;
        int64_t after_us;
    } cases[] = {
        { "now", 0 },
        { "-20m", -20 * CO_MINUTE_US },
        { "2026-02-17T01:30:00Z", 0 },
        { "2026-02-17 09:31", CO_MINUTE_US },
        { "2026-02-17 09:30:05", 5 * CO_SECOND_US },
        { "10:30", CO_HOUR_US },
    };
    static const char *const wrong[] = { "",      "yesterday",         "2026-02-31 09:30",
                                         "25:00", "2026-02-17 09:30x", "-x" };
    begin();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t got = 0;
        ck_assert_int_eq(cli_time_parse(cases[i].text, now_us, &got), CO_OK);
        ck_assert_int_eq(got - now_us, cases[i].after_us);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int64_t got = 0;
        ck_assert_msg(cli_time_parse(wrong[i], now_us, &got) == CO_EINPUT, "%s", wrong[i]);
    }
    ck_assert_str_eq(cli_when(&cli, now_us), "2026-02-17 09:30:00");
    ck_assert_str_eq(cli_when(&cli, 0), "");
    ck_assert_str_eq(cli_zone(&cli), "CST, UTC+08:00");
    end();
}
END_TEST

START_TEST(columns_line_up_with_chinese_in_them)
{
    begin();
    struct cli_table t;
    cli_table_init(&t, &cli, "name|>no.|nothing|rest");
    CLI_TABLE_ADD(&t, "重大", "1", "", "a");
    CLI_TABLE_ADD(&t, "minor", "12", NULL, "b");
    cli_table_print(&t, 2);
    ck_assert_str_eq(said(), "  name   no.  rest\n"
                             "  重大     1  a\n"
                             "  minor   12  b\n");
    end();
}
END_TEST

START_TEST(a_narrow_terminal_cuts_the_last_column)
{
    begin();
    cli.columns = 24;
    struct cli_table t;
    cli_table_init(&t, &cli, "number|title");
    CLI_TABLE_ADD(&t, "C-180D", "一个很长很长很长的标题");
    cli_table_print(&t, 0);
    ck_assert_str_eq(said(), "number  title\n"
                             "C-180D  一个很长很长很长\n");
    end();
}
END_TEST

START_TEST(a_basis_is_said_in_words)
{
    static char running[] = "running", nth[] = "nth_working_day", zone[] = "zone 2",
                agreed[] = "agreed";
    Callout__V1__TargetBasis b = CALLOUT__V1__TARGET_BASIS__INIT;
    begin();
    b.kind = running;
    b.amount = 30 * CO_MINUTE_US;
    ck_assert_str_eq(cli_basis(&cli, &b), "30m running");
    b.zone = zone;
    b.km = 37.2;
    ck_assert_str_eq(cli_basis(&cli, &b), "30m running, zone 2 (37.2 km)");
    b = (Callout__V1__TargetBasis)CALLOUT__V1__TARGET_BASIS__INIT;
    b.kind = nth;
    b.amount = 2;
    b.beyond_data = true;
    ck_assert_str_eq(cli_basis(&cli, &b),
                     "closing of working day 2, beyond the years whose holidays are known");
    b.kind = agreed;
    b.beyond_data = false;
    ck_assert_str_eq(cli_basis(&cli, &b), "as agreed");
    ck_assert_str_eq(cli_basis(&cli, NULL), "");
    end();
}
END_TEST

START_TEST(titles_are_in_the_language_asked_for)
{
    static char zh[] = "响应", en[] = "Response", empty[] = "";
    Callout__V1__Text t = CALLOUT__V1__TEXT__INIT;
    t.zh = zh;
    t.en = en;
    begin();
    ck_assert_str_eq(cli_title(&cli, &t, "response"), "Response");
    cli.language = CLI_ZH;
    ck_assert_str_eq(cli_title(&cli, &t, "response"), "响应");
    t.zh = empty;
    ck_assert_str_eq(cli_title(&cli, &t, "response"), "Response");
    ck_assert_str_eq(cli_title(&cli, NULL, "response"), "response");
    end();
}
END_TEST

START_TEST(every_kind_of_event_has_a_line)
{
    begin();
    const ProtobufCMessageDescriptor *type = &callout__v1__event__descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &type->fields[i];
        if (f->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        const ProtobufCMessageDescriptor *body_type = f->descriptor;
        ProtobufCMessage *body = calloc(1, body_type->sizeof_message);
        ck_assert_ptr_nonnull(body);
        body_type->message_init(body);
        Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
        event.body_case = (Callout__V1__Event__BodyCase)f->id;
        memcpy((char *)&event + f->offset, &body, sizeof(body));
        const char *kind = "";
        ck_assert_ptr_nonnull(cli_event(&cli, &event, &kind));
        ck_assert_str_eq(kind, f->name);
        free(body);
    }
    end();
}
END_TEST

START_TEST(a_late_announcement_says_how_late)
{
    begin();
    Callout__V1__Breached breached = CALLOUT__V1__BREACHED__INIT;
    Callout__V1__Warned warned = CALLOUT__V1__WARNED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    breached.due_us = warned.reached_us = INT64_C(1790000000000000);
    event.body_case = CALLOUT__V1__EVENT__BODY_BREACHED;
    event.breached = &breached;
    ck_assert_str_eq(cli_event_late(&cli, &event, breached.due_us + 20000), "");
    ck_assert_str_eq(cli_event_late(&cli, &event, breached.due_us + 180 * CO_SECOND_US),
                     ", announced late by 3 min");
    event.body_case = CALLOUT__V1__EVENT__BODY_WARNED;
    event.warned = &warned;
    ck_assert_str_eq(cli_event_late(&cli, &event, warned.reached_us + 4 * CO_SECOND_US),
                     ", announced late by 4 s");
    event.body_case = CALLOUT__V1__EVENT__BODY__NOT_SET;
    ck_assert_str_eq(cli_event_late(&cli, &event, INT64_MAX), "");
    end();
}
END_TEST

static int run_words(char **argv)
{
    int n = 0;
    while (argv[n] != NULL)
        n++;
    return cli_run(n, argv, to, to);
}

#define RUN(...) run_words((char *[]){ program, __VA_ARGS__, NULL })

static char program[] = "callout", shwo[] = "shwo", show[] = "show", act[] = "act",
            number[] = "C-180D", arrivd[] = "arrivd", located[] = "located", list[] = "list",
            output[] = "--output", xml[] = "xml", as[] = "--as", boss[] = "boss",
            arrive[] = "arrive";

START_TEST(a_wrong_command_line_is_code_2_and_says_what_was_meant)
{
    begin();
    ck_assert_int_eq(RUN(shwo), CLI_USAGE);
    ck_assert_ptr_nonnull(strstr(said(), "did you mean 'show'?"));
    ck_assert_int_eq(RUN(show), CLI_USAGE);
    ck_assert_int_eq(RUN(act, number, arrivd), CLI_USAGE);
    ck_assert_ptr_nonnull(strstr(said(), "did you mean 'arriv"));
    ck_assert_int_eq(RUN(act, number, located), CLI_USAGE);
    ck_assert_int_eq(RUN(act, number, arrive, as, boss), CLI_USAGE);
    ck_assert_ptr_nonnull(strstr(said(), "service_manager"));
    ck_assert_int_eq(RUN(list, output, xml), CLI_USAGE);
    ck_assert_ptr_nonnull(strstr(said(), "allowed are table and json"));
    end();
}
END_TEST

START_TEST(every_command_has_help)
{
    begin();
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "%s", c->name);
        ck_assert_int_eq(RUN(name, help), CLI_OK);
    }
    ck_assert_ptr_nonnull(strstr(said(), "Exit codes"));
    ck_assert_int_eq(RUN(help), CLI_OK);
    end();
}
END_TEST

START_TEST(a_mistake_in_a_pack_is_told_with_file_line_key_and_what_is_allowed)
{
    static const char base[] = "policy:\n"
                               "  name: base\n"
                               "  title: Base\n"
                               "  severities: [{level: 1, name: One}]\n"
                               "  default_severity: 1\n"
                               "  milestones:\n"
                               "    - name: response\n"
                               "      title: Response\n"
                               "      start: [entitled]\n"
                               "      stop: [contacted]\n"
                               "      calendar: elsewhere\n" /* may be known to the daemon */
                               "      targets:\n"
                               "        1: 30m\n"
                               "        2: 1h\n";
    static const char upper[] = "policy:\n"
                                "  name: upper\n"
                                "  extends: base\n"
                                "  signers: [none]\n";
    const Callout__V1__Registry *registry = NULL;
    struct co_yaml *yaml = co_yaml_new(NULL);
    begin();
    co_yaml_load_text(yaml, "base.yaml", base, sizeof(base) - 1);
    co_yaml_load_text(yaml, "upper.yaml", upper, sizeof(upper) - 1);
    ck_assert_int_eq(co_yaml_finish(yaml, &registry), CO_OK);
    ck_assert_uint_eq(cli_pack_problems(&cli, yaml, registry), 3);
    ck_assert_str_eq(said(),
                     "base.yaml:14: policy base, milestones[0].targets[1].severity: 2 is out of "
                     "range; allowed: 1 to 1\n"
                     "base.yaml:14: policy upper, milestones[0].targets[1].severity: 2 is out of "
                     "range; allowed: 1 to 1\n"
                     "upper.yaml:4: policy upper, signers[0]: is needed; allowed: customer, "
                     "engineer, support, expert, director, pm, vendor, desk, service_manager, sales, "
                     "business_representative, lecturer, developer\n");
    co_yaml_free(yaml);
    end();
}
END_TEST

static const char *withdrawn_line(Callout__V1__Withdrawn *w, Callout__V1__Event__BodyCase kind)
{
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    const char *name = "";
    w->kind = (uint32_t)kind;
    event.body_case = CALLOUT__V1__EVENT__BODY_WITHDRAWN;
    event.withdrawn = w;
    return cli_event(&cli, &event, &name);
}

START_TEST(what_was_taken_back_is_told_from_others_of_its_kind)
{
    begin();
    static char response[] = "response", breach[] = "breach", nothing[] = "";
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    w.milestone = response;
    w.generation = 1;
    w.ordinal = 1;
    w.trigger = breach;
    ck_assert_str_eq(withdrawn_line(&w, CALLOUT__V1__EVENT__BODY_WARNED),
                     "warned response/1, warning 2");
    ck_assert_str_eq(withdrawn_line(&w, CALLOUT__V1__EVENT__BODY_ESCALATED),
                     "escalated response/1, step 2");
    ck_assert_str_eq(withdrawn_line(&w, CALLOUT__V1__EVENT__BODY_BREACHED), "breached response/1");
    ck_assert_str_eq(withdrawn_line(&w, CALLOUT__V1__EVENT__BODY_ACTED),
                     "acted response/1, breach");
    w.milestone = nothing;
    w.stands = true;
    ck_assert_str_eq(withdrawn_line(&w, CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED),
                     "severity_changed, stands");
    end();
}
END_TEST

CHECK_MAIN("cli", a_mistake_in_a_pack_is_told_with_file_line_key_and_what_is_allowed,
           options_are_taken_in_every_spelling_and_place,
           a_wrong_option_is_told_with_what_was_meant, a_time_is_read_as_people_write_it,
           columns_line_up_with_chinese_in_them, a_narrow_terminal_cuts_the_last_column,
           a_basis_is_said_in_words, titles_are_in_the_language_asked_for,
           every_kind_of_event_has_a_line, a_late_announcement_says_how_late,
           what_was_taken_back_is_told_from_others_of_its_kind,
           a_wrong_command_line_is_code_2_and_says_what_was_meant, every_command_has_help)
