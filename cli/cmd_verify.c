/* callout verify FILE: who signed a certificate, and whether what it says follows from what is in
 * it. Nobody is asked. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "cli.h"
#include "cli_table.h"

const struct cli_option cmd_verify_options[] = {
    { "key", 0, "FILE", "the public key that must have signed it (a .pub file)" },
    { NULL, 0, NULL, NULL },
};

/* One byte more than is allowed is enough to see that it is too long. */
static int read_text(struct cli *cli, const char *path, char **ret_text, size_t *ret_len)
{
    size_t cap = CERTIFICATE_FILE_LIMIT + 1;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *text = malloc(cap);
    size_t len = text != NULL ? fread(text, 1, cap, file) : 0;
    bool is_read = text != NULL && ferror(file) == 0;
    (void)fclose(file);
    if (!is_read) {
        free(text);
        return cli_fail(cli, CLI_NOT_FOUND, "%s cannot be read", path);
    }
    *ret_text = text;
    *ret_len = len;
    return CLI_OK;
}

/* Nothing was found but that it is of another release: it may hold. */
static bool is_of_another_release(const Callout__V1__Verification *v)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i]->what, "release") != 0)
            return false;
    return v->n_findings > 0;
}

static int code_of(struct cli *cli, const Callout__V1__Verification *v)
{
    if (v->holds)
        return cli_has(cli, "key") ? CLI_OK : CLI_FAILED;
    return is_of_another_release(v) ? CLI_FAILED : CLI_REFUSED;
}

/* -- for people */

static void print_key(struct cli *cli, const Callout__V1__Verification *v)
{
    if (v->public_key[0] == '\0')
        return;
    const char *whose = v->is_key_known ? "the key that was given"
                        : cli_has(cli, "key")
                            ? "not the key that was given"
                            : "not known here: give the key that must have signed "
                              "it with --key";
    (void)fprintf(cli->out, "key        %s, %s\n", v->public_key, whose);
    (void)fprintf(cli->out, "signature  %s\n", v->is_signed ? "fits" : "does not fit");
}

static void print_promises(struct cli *cli, const Callout__V1__Certificate *c)
{
    struct cli_table t;
    const Callout__V1__Explanation *e = c->explanation;
    cli_table_init(&t, cli, "promise|due|outcome|ended|severity|>segments");
    for (size_t i = 0; e != NULL && i < e->n_clocks; i++) {
        const Callout__V1__ClockAccount *a = e->clocks[i];
        CLI_TABLE_ADD(&t, cli_format(cli, "%s/%u", a->milestone, a->generation),
                      cli_when(cli, a->due_us), a->state, cli_when(cli, a->end_us),
                      cli_format(cli, "%u", a->severity), cli_format(cli, "%zu", a->n_segments));
    }
    cli_table_print(&t, 2);
}

static void print_findings(struct cli *cli, const Callout__V1__Verification *v)
{
    struct cli_table t;
    cli_table_init(&t, cli, "what|where|finding");
    for (size_t i = 0; i < v->n_findings; i++)
        CLI_TABLE_ADD(&t, v->findings[i]->what, v->findings[i]->field, v->findings[i]->text);
    cli_table_print(&t, 2);
    if (v->n_findings == CERTIFICATE_FINDINGS_MAX)
        (void)fprintf(cli->out, "  and perhaps more\n");
}

static void print(struct cli *cli, const Callout__V1__Verification *v,
                  const Callout__V1__Certificate *c)
{
    if (c != NULL)
        (void)fprintf(cli->out, "%s, as of %s, computed by engine %u, times in %s\n", v->number,
                      cli_when(cli, v->as_of_us), v->engine, cli_zone(cli));
    print_key(cli, v);
    if (v->holds) {
        (void)fprintf(cli->out, "it holds: computed anew from %zu entries, the same comes out\n",
                      c != NULL ? c->n_entries : 0);
        if (c != NULL)
            print_promises(cli, c);
        return;
    }
    (void)fprintf(cli->out, is_of_another_release(v) ? "it cannot be computed anew here\n"
                                                     : "IT DOES NOT HOLD\n");
    print_findings(cli, v);
}

/* -- */

static int verify(struct cli *cli, const char *text, size_t len, const uint8_t *known)
{
    Callout__V1__Verification *v = NULL;
    Callout__V1__Certificate *c = NULL;
    struct co_arena *arena = co_arena_new(CERTIFICATE_MEMORY_LIMIT);
    enum co_err err =
        arena != NULL ? certificate_check(text, len, known, arena, &v, &c) : CO_ENOMEM;
    int code = CLI_REFUSED;
    if (err != CO_OK)
        (void)cli_fail(cli, code, "checking it takes more memory than a certificate may (%zu MiB)",
                       CERTIFICATE_MEMORY_LIMIT >> 20);
    else if (cli->is_json && cli_print_json(cli, &v->base, false) != CLI_OK)
        code = CLI_FAILED;
    else
        code = code_of(cli, v);
    if (err == CO_OK && !cli->is_json)
        print(cli, v, c);
    co_arena_free(arena);
    return code;
}

int cmd_verify(struct cli *cli)
{
    struct co_why why = { "" };
    uint8_t key[CO_SIGN_PUBLIC_BYTES];
    const char *key_file = cli_value(cli, "key");
    char *text = NULL;
    size_t len = 0;
    if (key_file != NULL && co_sign_read_public(key_file, key, &why) != CO_OK)
        return cli_fail(cli, CLI_USAGE, "%s", why.text);
    int code = read_text(cli, cli->args->word[0], &text, &len);
    if (code != CLI_OK)
        return code;
    code = verify(cli, text, len, key_file != NULL ? key : NULL);
    free(text);
    return code;
}
