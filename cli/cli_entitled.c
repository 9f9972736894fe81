/* Why a case is served under its contract, or who decides on it. */
#include "cli.h"

#include "co_entitle_words.h"
#include "explain_print.h"

static const char *picked(const struct cli *cli, const struct co_entitle_words *words,
                          const char *code)
{
    return words == NULL ? code : explain_words(cli, words->en, words->zh);
}

static const char *passed_over(struct cli *cli, const Callout__V1__Entitled *e)
{
    if (e->n_others == 0)
        return "";
    const char *names = cli_join(cli, e->others, e->n_others);
    if (e->other_count <= e->n_others)
        return cli_format(cli, explain_words(cli, "; %s would fit too", "；%s 同样适用"), names);
    return cli_format(
        cli, explain_words(cli, "; %s and %u more would fit too", "；%s 等 %u 份同样适用"), names,
        cli->language == CLI_ZH ? e->other_count : e->other_count - (uint32_t)e->n_others);
}

const char *cli_entitled(struct cli *cli, const Callout__V1__Entitled *e)
{
    if (e == NULL || e->why[0] == '\0')
        return "";
    return cli_format(cli, "%s%s%s", explain_words(cli, ": ", "："),
                      picked(cli, co_entitle_why_words(e->why), e->why), passed_over(cli, e));
}

const char *cli_held(struct cli *cli, const Callout__V1__CaseHeld *h)
{
    const char *value = cli_title(cli, h->title, h->value);
    return cli_format(
        cli, explain_words(cli, "%s%s%s (%s): %s decides", "%s%s%s（%s）：由 %s 决定"), h->reason,
        value[0] == '\0' ? "" : " ", value,
        picked(cli, co_entitle_held_words(h->reason), h->reason), cli_role(cli, h->role));
}
