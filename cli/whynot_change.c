#include "whynot.h"

#include "co_time.h"

const char *whynot_change(struct cli *cli, enum dispatch_why why, const struct why_facts *f)
{
    const struct dispatch_candidate *c = f->candidate;
    switch (why) {
    case DISPATCH_BUSY:
        return f->held_by[0] == '\0' ? "taken off another visit"
                                     : cli_format(cli, "taken off %s", f->held_by);
    case DISPATCH_BOOKED:
        return f->held_by[0] == '\0' ? "let go by the case that has booked him"
                                     : cli_format(cli, "let go by %s", f->held_by);
    case DISPATCH_OFF_DUTY:
        return c->free_from_us == DISPATCH_NEVER_ON_DUTY
                   ? "a shift"
                   : cli_format(cli, "on duty from %s", cli_when(cli, c->free_from_us));
    case DISPATCH_DAY_FULL:
        return cli_format(cli, "%u visits a day", c->per_day + 1);
    case DISPATCH_SKILL:
        return cli_format(cli, "level %u, he has %u", f->min_skill, c->skill);
    case DISPATCH_PRODUCT:
        return cli_format(cli, "%s among his products", f->product);
    case DISPATCH_UNQUALIFIED:
        return "a qualification that the policy asks for";
    case DISPATCH_SILENT:
    case DISPATCH_RECALLED:
        return "the next round, or the project manager names him";
    case DISPATCH_DECLINED:
    case DISPATCH_UNSOLVED:
        return "the project manager names him";
    case DISPATCH_LATER:
        return cli_format(cli, "an arrival by %s", cli_when(cli, f->there_us));
    case DISPATCH_PICKED:
    case DISPATCH_EVENT:
    case DISPATCH_FIT:
    case DISPATCH_FARTHER:
    case DISPATCH_LOADED:
    case DISPATCH_UNFAIR:
    case DISPATCH_TIE:
        return f->asked[0] == '\0' ? "" : cli_format(cli, "%s declines", f->asked);
    case DISPATCH_WHYS:
        break;
    }
    return "";
}
