#include "co_config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"

struct common {
    const char *url;
    const char *level;
    const char *password;
    const char *listen;
    const char *http;
    const char *key_file;
};

struct own {
    int64_t workers;
    int64_t ttl_ms;
    bool is_strict;
};

static struct common common;
static struct own own;

static const struct co_option common_options[] = {
    { .name = "journal-url",
      .type = CO_OPTION_TEXT,
      .offset = offsetof(struct common, url),
      .is_required = true,
      .help = "Where the journal is." },
    { .name = "log-level",
      .type = CO_OPTION_TEXT,
      .offset = offsetof(struct common, level),
      .value = "info",
      .choices = "debug info warn error",
      .help = "What is logged." },
    { .name = "journal-password",
      .type = CO_OPTION_SECRET,
      .offset = offsetof(struct common, password),
      .help = "The password of the role." },
    { .name = "listen",
      .type = CO_OPTION_ENDPOINT,
      .offset = offsetof(struct common, listen),
      .value = "tcp://127.0.0.1:7700",
      .help = "Where clients connect." },
    { .name = "http",
      .type = CO_OPTION_ADDRESS,
      .offset = offsetof(struct common, http),
      .value = "127.0.0.1:9180",
      .help = "Where the probes ask." },
    { .name = "key-file",
      .type = CO_OPTION_FILE,
      .offset = offsetof(struct common, key_file),
      .help = "The key pair." },
};

static const struct co_option own_options[] = {
    { .name = "workers",
      .type = CO_OPTION_INT,
      .offset = offsetof(struct own, workers),
      .value = "4",
      .unit = "processes",
      .min = 1,
      .max = 64,
      .help = "How many at once." },
    { .name = "lease-ttl",
      .type = CO_OPTION_DURATION,
      .offset = offsetof(struct own, ttl_ms),
      .value = "3s",
      .min = 500,
      .max = 60000,
      .help = "How long a lease is good." },
    { .name = "strict",
      .type = CO_OPTION_BOOL,
      .offset = offsetof(struct own, is_strict),
      .value = "true",
      .help = "Refuse what is unknown." },
};

static const struct co_option_table tables[] = {
    { "Common", common_options, sizeof(common_options) / sizeof(common_options[0]), &common },
    { "Own", own_options, sizeof(own_options) / sizeof(own_options[0]), &own },
};

static struct co_program program = { .name = "callout-test",
                                     .summary = "Reads options.",
                                     .version = "0.1.0",
                                     .tables = tables,
                                     .table_count = 2 };

static struct co_config *c;
static char path[] = "/tmp/callout-config-XXXXXX";

/* The flags and variables of a run, NULL-ended lists of at most 8. */
struct given {
    const char *flags[8];
    const char *env[8];
    const char *file; /* its text; NULL: no file */
};

static void write_file(const char *text)
{
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
}

/* Keeps a copy for the length of the test: arguments point into argv. */
static char *kept(const char *text)
{
    static char texts[32][6000];
    static size_t next;
    char *to = texts[next++ % 32];
    ck_assert_uint_lt(strlen(text), sizeof(texts[0]));
    return strcpy(to, text);
}

static enum co_config_next read_given(struct given given)
{
    char *argv[16] = { kept("callout-test") };
    char *env[16] = { NULL };
    char setting[64];
    int argc = 1;
    int vars = 0;
    for (; argc < 9 && given.flags[argc - 1] != NULL; argc++)
        argv[argc] = kept(given.flags[argc - 1]);
    for (; vars < 8 && given.env[vars] != NULL; vars++)
        env[vars] = kept(given.env[vars]);
    if (given.file != NULL) {
        strcpy(path, "/tmp/callout-config-XXXXXX");
        write_file(given.file);
        snprintf(setting, sizeof(setting), "CALLOUT_CONFIG=%s", path);
        env[vars] = kept(setting);
    }
    enum co_config_next next = co_config_read(&program, argc, argv, env, &c);
    ck_assert_ptr_nonnull(c);
    if (given.file != NULL)
        unlink(path);
    return next;
}

#define READ(...) read_given((struct given){ __VA_ARGS__ })
#define URL "CALLOUT_JOURNAL_URL=db"

static void is_wrong(struct given given, const char *expected)
{
    memset(&common, 0, sizeof(common));
    enum co_config_next next = read_given(given);
    ck_assert_msg(next == CO_CONFIG_WRONG, "accepted; expected: %s", expected);
    ck_assert_msg(strstr(co_config_errors(c), expected) != NULL, "%s\nexpected: %s",
                  co_config_errors(c), expected);
    ck_assert_ptr_null(common.url);
    co_config_free(c);
}

#define WRONG(expected, ...) is_wrong((struct given){ __VA_ARGS__ }, expected)

START_TEST(defaults_fill_what_was_not_given)
{
    ck_assert_msg(READ(.env = { URL }) == CO_CONFIG_RUN, "%s", co_config_errors(c));
    ck_assert_str_eq(common.url, "db");
    ck_assert_str_eq(common.level, "info");
    ck_assert_ptr_null(common.password);
    ck_assert_str_eq(common.listen, "tcp://127.0.0.1:7700");
    ck_assert_int_eq(own.workers, 4);
    ck_assert_int_eq(own.ttl_ms, 3000);
    ck_assert(own.is_strict);
    co_config_free(c);
}
END_TEST

START_TEST(a_flag_counts_before_the_environment_and_that_before_the_file)
{
    const char *file = "journal-url = file\nworkers=1\n  lease-ttl = 1s\n# workers = 9\n\n";
    ck_assert_int_eq(READ(.flags = { "--workers", "3", "--lease-ttl=2s" },
                          .env = { "CALLOUT_WORKERS=2", "CALLOUT_JOURNAL_URL=env" }, .file = file),
                     CO_CONFIG_RUN);
    ck_assert_str_eq(common.url, "env");
    ck_assert_int_eq(own.workers, 3);
    ck_assert_int_eq(own.ttl_ms, 2000);
    co_config_free(c);
    ck_assert_int_eq(READ(.file = file), CO_CONFIG_RUN);
    ck_assert_str_eq(common.url, "file");
    ck_assert_int_eq(own.workers, 1);
    ck_assert_int_eq(own.ttl_ms, 1000);
    co_config_free(c);
}
END_TEST

START_TEST(an_overridden_mistake_does_no_harm)
{
    ck_assert_int_eq(READ(.flags = { "--workers=5" }, .env = { URL, "CALLOUT_WORKERS=many" }),
                     CO_CONFIG_RUN);
    ck_assert_int_eq(own.workers, 5);
    co_config_free(c);
}
END_TEST

START_TEST(an_empty_variable_counts_as_not_set)
{
    ck_assert_int_eq(READ(.env = { URL, "CALLOUT_WORKERS=", "CALLOUT_LOG_LEVEL=" }), CO_CONFIG_RUN);
    ck_assert_int_eq(own.workers, 4);
    ck_assert_str_eq(common.level, "info");
    co_config_free(c);
}
END_TEST

START_TEST(a_bool_is_turned_on_and_off_in_all_spellings)
{
    static const struct {
        const char *flag;
        bool is_on;
    } cases[] = { { "--strict", true },       { "--no-strict", false }, { "--strict=off", false },
                  { "--strict=yes", true },   { "--strict=0", false },  { "--strict=1", true },
                  { "--strict=false", false } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_int_eq(READ(.flags = { cases[i].flag }, .env = { URL }), CO_CONFIG_RUN);
        ck_assert_msg(own.is_strict == cases[i].is_on, "%s", cases[i].flag);
        co_config_free(c);
    }
    WRONG("--strict: \"maybe\" is neither true nor false; allowed: true, false",
          .flags = { "--strict=maybe" }, .env = { URL });
}
END_TEST

START_TEST(a_mistake_names_source_option_and_what_is_allowed)
{
    WRONG("callout-test: --workers: \"0\" is not such a number; allowed: 1 to 64 processes",
          .flags = { "--workers", "0" }, .env = { URL });
    WRONG("CALLOUT_LEASE_TTL: \"3\" is not such a length of time; allowed: 500ms to 1m",
          .env = { URL, "CALLOUT_LEASE_TTL=3" });
    WRONG(":2: log-level: \"loud\" is not allowed; allowed: debug, info, warn, error",
          .file = "journal-url = x\nlog-level = loud\n");
    WRONG("--listen: \"7700\" is not an endpoint; allowed: tcp://HOST:PORT",
          .flags = { "--listen", "7700" }, .env = { URL });
    WRONG("--key-file: \"/nonexistent/key\" cannot be read",
          .flags = { "--key-file=/nonexistent/key" }, .env = { URL });
    WRONG("--journal-url: is required: set CALLOUT_JOURNAL_URL", .flags = { NULL });
    WRONG("--workers needs a value", .flags = { "--workers" }, .env = { URL });
    WRONG(":1: a line is \"name = value\"", .file = "workers 3\n");
    WRONG(":2: workers: the same option as in /tmp/", .file = "workers = 3\nworkers = 3\n");
    WRONG("extra: takes flags only", .flags = { "extra" }, .env = { URL });
    WRONG("-w: flags begin with two dashes", .flags = { "-w" }, .env = { URL });
    WRONG("/nonexistent/file: No such file", .flags = { "--config", "/nonexistent/file" },
          .env = { URL });
}
END_TEST

START_TEST(an_unknown_name_is_an_error_with_the_nearest_one)
{
    WRONG("--workrs: unknown option; did you mean \"workers\"?", .flags = { "--workrs=3" },
          .env = { URL });
    WRONG(":1: jornal-url: unknown option; did you mean \"journal-url\"?",
          .file = "jornal-url = x\n");
    WRONG("--zzzzzzzz: unknown option\n", .flags = { "--zzzzzzzz=1" }, .env = { URL });
    WRONG("--chek-config: unknown option; did you mean \"check-config\"?",
          .flags = { "--chek-config" }, .env = { URL });
}
END_TEST

START_TEST(all_mistakes_are_reported_at_once)
{
    ck_assert_int_eq(READ(.flags = { "--workers=x", "--nonsense" }, .env = { "CALLOUT_HTTP=y" }),
                     CO_CONFIG_WRONG);
    const char *errors = co_config_errors(c);
    ck_assert_ptr_nonnull(strstr(errors, "--workers: "));
    ck_assert_ptr_nonnull(strstr(errors, "--nonsense: "));
    ck_assert_ptr_nonnull(strstr(errors, "CALLOUT_HTTP: "));
    ck_assert_ptr_nonnull(strstr(errors, "--journal-url: is required"));
    co_config_free(c);
}
END_TEST

START_TEST(an_unknown_variable_is_a_warning_and_a_foreign_one_nothing)
{
    ck_assert_int_eq(READ(.env = { URL, "CALLOUT_WORKRS=3", "HOME=/", "CALLOUT_FAULT=x",
                                   "CALLOUT_TEST_DIR=y", "CALLOUTX=1" }),
                     CO_CONFIG_RUN);
    ck_assert_uint_eq(co_config_warning_count(c), 1);
    ck_assert_str_eq(co_config_warning(c, 0), "CALLOUT_WORKRS: not an option of callout-test; did "
                                              "you mean \"workers\"?");
    co_config_free(c);
}
END_TEST

START_TEST(a_secret_is_read_from_a_file_and_never_shown)
{
    char secret_path[] = "/tmp/callout-secret-XXXXXX";
    int fd = mkstemp(secret_path);
    ck_assert_int_eq((int)write(fd, "hunter2 \n", 9), 9);
    close(fd);
    char env[96];
    snprintf(env, sizeof(env), "CALLOUT_JOURNAL_PASSWORD_FILE=%s", secret_path);
    ck_assert_msg(READ(.env = { URL, env }) == CO_CONFIG_RUN, "%s", co_config_errors(c));
    ck_assert_str_eq(common.password, "hunter2 ");
    struct co_buf shown;
    co_buf_init(&shown, 65536);
    ck_assert_int_eq(co_config_show(c, &shown), CO_OK);
    ck_assert_ptr_null(strstr(co_buf_text(&shown), "hunter2"));
    ck_assert_ptr_nonnull(strstr(co_buf_text(&shown), "# journal-password is set\n"));
    ck_assert_ptr_nonnull(
        strstr(co_buf_text(&shown), "# CALLOUT_JOURNAL_URL\njournal-url = \"db\"\n"));
    co_buf_done(&shown);
    co_config_free(c);

    ck_assert_int_eq(READ(.flags = { "--journal-password-file", secret_path }, .env = { URL }),
                     CO_CONFIG_RUN);
    ck_assert_str_eq(common.password, "hunter2 ");
    co_config_free(c);
    WRONG("give one of them", .env = { URL, env, "CALLOUT_JOURNAL_PASSWORD=other" });
    unlink(secret_path);
    WRONG("JOURNAL_PASSWORD_FILE: /tmp/", .env = { URL, env });
}
END_TEST

START_TEST(a_secret_does_not_stand_in_arguments_nor_in_an_error)
{
    WRONG("use --journal-password-file", .flags = { "--journal-password", "hunter2" },
          .env = { URL });
    char long_secret[5000];
    memset(long_secret, 's', sizeof(long_secret) - 1);
    long_secret[sizeof(long_secret) - 1] = '\0';
    memcpy(long_secret, "CALLOUT_JOURNAL_PASSWORD=", strlen("CALLOUT_JOURNAL_PASSWORD="));
    ck_assert_int_eq(READ(.env = { URL, long_secret }), CO_CONFIG_WRONG);
    ck_assert_ptr_nonnull(strstr(co_config_errors(c), "the secret is not allowed"));
    ck_assert_ptr_null(strstr(co_config_errors(c), "ssss"));
    co_config_free(c);
}
END_TEST

START_TEST(endpoints_and_addresses_are_checked)
{
    static const char *const good[] = { "tcp://127.0.0.1:0", "tcp://*:7700", "tcp://host.example:*",
                                        "ipc:///run/x.sock", "inproc://a",   "tcp://[::1]:1" };
    static const char *const bad[] = { "tcp://",           "tcp://host",    "tcp://:7700",
                                       "tcp://host:70000", "tcp://host:1x", "ipc://",
                                       "udp://host:1",     "tcp://a b:1",   "tcp://[:1" };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ck_assert_msg(READ(.flags = { "--listen", good[i] }, .env = { URL }) == CO_CONFIG_RUN, "%s",
                      good[i]);
        ck_assert_str_eq(common.listen, good[i]);
        co_config_free(c);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        WRONG("is not an endpoint", .flags = { "--listen", bad[i] }, .env = { URL });
    WRONG("is not an address", .flags = { "--http", "*:80" }, .env = { URL });
    WRONG("is not an address", .flags = { "--http", "80" }, .env = { URL });
}
END_TEST

START_TEST(quotes_keep_blanks_and_line_ends_of_windows_are_taken)
{
    ck_assert_int_eq(READ(.file = "journal-url = \"  a=b # c  \"\r\nworkers = 2\r\n"),
                     CO_CONFIG_RUN);
    ck_assert_str_eq(common.url, "  a=b # c  ");
    ck_assert_int_eq(own.workers, 2);
    co_config_free(c);
}
END_TEST

START_TEST(a_hostile_file_is_refused_not_crashed_on)
{
    static char huge[300000];
    memset(huge, 'a', sizeof(huge) - 1);
    WRONG("is too long", .file = huge);
    WRONG("unknown option", .file = "=\n");
    WRONG("unknown option", .file = "\xff\xfe = x\n");
    WRONG("is not a file", .flags = { "--config", "/tmp" });
    WRONG("log-level", .file = "journal-url = x\nlog-level = a\x1b[31m\n");
    ck_assert_int_eq(READ(.file = "log-level = a\x1b[31m\n"), CO_CONFIG_WRONG);
    ck_assert_ptr_null(strchr(co_config_errors(c), '\x1b'));
    co_config_free(c);
}
END_TEST

START_TEST(help_names_every_option_with_default_bounds_and_variable)
{
    ck_assert_int_eq(READ(.flags = { "--help", "--workers=x" }), CO_CONFIG_DONE);
    const char *help = co_config_output(c);
    static const char *const parts[] = {
        "Usage: callout-test [OPTION...]\n",
        "Reads options.\n",
        "\nCommon\n",
        "\nOwn\n",
        "  --journal-url TEXT\n",
        "Required. CALLOUT_JOURNAL_URL\n",
        "  --workers processes\n",
        "Default 4. Allowed: 1 to 64 processes. CALLOUT_WORKERS\n",
        "Default 3s. Allowed: 500ms to 1m. CALLOUT_LEASE_TTL\n",
        "Allowed: debug, info, warn, error.",
        "  --[no-]strict\n",
        "  --journal-password-file FILE\n",
        "CALLOUT_JOURNAL_PASSWORD or CALLOUT_JOURNAL_PASSWORD_FILE\n",
        "  --check-config\n"
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        ck_assert_msg(strstr(help, parts[i]) != NULL, "%s\nmisses: %s", help, parts[i]);
    for (const char *line = help; *line != '\0'; line += strcspn(line, "\n") + 1)
        ck_assert_uint_le(strcspn(line, "\n"), 81);
    co_config_free(c);
}
END_TEST

START_TEST(version_and_check_say_what_to_do_next)
{
    ck_assert_int_eq(READ(.flags = { "--version" }), CO_CONFIG_DONE);
    ck_assert_str_eq(co_config_output(c), "callout-test 0.1.0\n");
    co_config_free(c);
    ck_assert_int_eq(READ(.flags = { "--check-config" }, .env = { URL }), CO_CONFIG_CHECK);
    ck_assert_str_eq(common.url, "db");
    co_config_free(c);
    WRONG("is required", .flags = { "--check-config" });
}
END_TEST

START_TEST(what_is_shown_can_be_used_as_a_file)
{
    struct co_buf shown;
    co_buf_init(&shown, 65536);
    ck_assert_int_eq(
        READ(.flags = { "--workers=7", "--no-strict" }, .env = { "CALLOUT_JOURNAL_URL= a # b" }),
        CO_CONFIG_RUN);
    ck_assert_int_eq(co_config_show(c, &shown), CO_OK);
    co_config_free(c);
    ck_assert_msg(READ(.file = co_buf_text(&shown)) == CO_CONFIG_RUN, "%s", co_config_errors(c));
    ck_assert_str_eq(common.url, " a # b");
    ck_assert_int_eq(own.workers, 7);
    ck_assert(!own.is_strict);
    co_config_free(c);
    co_buf_done(&shown);
}
END_TEST

START_TEST(a_program_with_arguments_gets_them_in_order)
{
    program.arguments = "COMMAND [ARGUMENT...]";
    ck_assert_int_eq(
        READ(.flags = { "submit", "--workers", "2", "-", "--", "--not-a-flag" }, .env = { URL }),
        CO_CONFIG_RUN);
    ck_assert_uint_eq(co_config_argument_count(c), 3);
    ck_assert_str_eq(co_config_argument(c, 0), "submit");
    ck_assert_str_eq(co_config_argument(c, 1), "-");
    ck_assert_str_eq(co_config_argument(c, 2), "--not-a-flag");
    co_config_free(c);
}
END_TEST

START_TEST(variables_of_libpq_are_removed)
{
    setenv("PGPASSWORD", "x", 1);
    setenv("PGHOST", "y", 1);
    setenv("PAGER", "z", 1);
    setenv("CALLOUT_JOURNAL_URL", "db", 1);
    char name[] = "callout-test";
    char *argv[] = { name, NULL };
    ck_assert_int_eq(co_config_load(&program, 1, argv, &c), CO_CONFIG_RUN);
    ck_assert_ptr_null(getenv("PGPASSWORD"));
    ck_assert_ptr_null(getenv("PGHOST"));
    ck_assert_str_eq(getenv("PAGER"), "z");
    co_config_free(c);
}
END_TEST

CHECK_MAIN("co_config", defaults_fill_what_was_not_given,
           a_flag_counts_before_the_environment_and_that_before_the_file,
           an_overridden_mistake_does_no_harm, an_empty_variable_counts_as_not_set,
           a_bool_is_turned_on_and_off_in_all_spellings,
           a_mistake_names_source_option_and_what_is_allowed,
           an_unknown_name_is_an_error_with_the_nearest_one, all_mistakes_are_reported_at_once,
           an_unknown_variable_is_a_warning_and_a_foreign_one_nothing,
           a_secret_is_read_from_a_file_and_never_shown,
           a_secret_does_not_stand_in_arguments_nor_in_an_error,
           endpoints_and_addresses_are_checked,
           quotes_keep_blanks_and_line_ends_of_windows_are_taken,
           a_hostile_file_is_refused_not_crashed_on,
           help_names_every_option_with_default_bounds_and_variable,
           version_and_check_say_what_to_do_next, what_is_shown_can_be_used_as_a_file,
           a_program_with_arguments_gets_them_in_order, variables_of_libpq_are_removed)
