#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_rand.h"
#include "load.h"

enum { TARGET_FIELDS = 4, KEY_MAX = 96, TITLE_MAX = 200, BODY_MAX = 600 };

struct target {
    char field[TARGET_FIELDS][65]; /* customer, contract, site, product */
};

struct load_tickets {
    const struct load_options *options;
    struct target *target;
    size_t count;
    char key[KEY_MAX], title[TITLE_MAX], body[BODY_MAX], phone[32];
};

static const char *const faults[] = {
    "控制器 B 无响应，主机多路径切换",
    "array down, hosts lost their paths",
    "磁盘柜 3 报告两块硬盘预失败",
    "replication is two hours behind",
    "快照任务失败，日志空间满",
    "latency above 40 ms since the morning",
};
static const char *const texts[] = {
    "ticket %" PRIu64 ": noticed on the monitoring screen by the operator on duty. First check: cables and power are in order, the "
    "second controller took over, throughput fell to a third, the hosts of the billing cluster wait for their paths. Nothing was "
    "changed in the last week. Logs are collected and can be sent.",
    "报告 %" PRIu64 "：值班人员在监控大屏上发现告警，已检查电缆与电源，未见异常；第二控制器已接管，吞吐量降至三分之一，计费集群的主机在等待路径恢复。"
    "最近一周没有变更。日志已收集，可随时发送。",
};
enum { FAULTS = sizeof(faults) / sizeof(faults[0]), TEXTS = sizeof(texts) / sizeof(texts[0]) };

static bool read_target(const char *line, struct target *ret)
{
    return sscanf(line, "%64s %64s %64s %64s", ret->field[0], ret->field[1], ret->field[2], ret->field[3]) == TARGET_FIELDS;
}

static void read_targets(struct load_tickets *t, const char *path)
{
    char line[512];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        load_die("cannot read %s", path);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct target *grown = realloc(t->target, (t->count + 1) * sizeof(*grown));
        if (grown == NULL)
            load_die("out of memory");
        t->target = grown;
        if (!read_target(line, &grown[t->count++]))
            load_die("%s: a line needs customer, contract, site, product: %s", path, line);
    }
    (void)fclose(file);
    if (t->count == 0)
        load_die("%s is empty", path);
    for (size_t i = 0; i < t->count; i++)
        for (size_t f = 0; f < TARGET_FIELDS; f++)
            if (strcmp(t->target[i].field[f], "-") == 0)
                t->target[i].field[f][0] = '\0';
}

struct load_tickets *load_tickets_new(const struct load_options *o)
{
    struct load_tickets *t = calloc(1, sizeof(*t));
    if (t == NULL)
        load_die("out of memory");
    t->options = o;
    read_targets(t, o->targets);
    return t;
}

void load_tickets_free(struct load_tickets *t)
{
    free(t->target);
    free(t);
}

static struct co_rand rand_of(uint64_t serial, uint64_t what)
{
    struct co_rand r;
    co_rand_init(&r, serial * 4 + what);
    return r;
}

static bool is_chosen(uint64_t serial, uint64_t what, int64_t per_cent)
{
    struct co_rand r = rand_of(serial, what);
    return co_rand_below(&r, 100) < (uint64_t)per_cent;
}

bool load_wants_command(const struct load_tickets *t, uint64_t serial)
{
    return is_chosen(serial, 1, t->options->commands);
}

void load_ticket(struct load_tickets *t, uint64_t serial, Callout__V1__SubmitTicket *ret_ticket)
{
    struct co_rand r = rand_of(serial, 0);
    struct target *at = &t->target[co_rand_below(&r, t->count)];
    (void)snprintf(t->key, sizeof(t->key), "%s-%" PRIu64, t->options->name, serial);
    (void)snprintf(t->title, sizeof(t->title), "%s (%" PRIu64 ")", faults[co_rand_below(&r, FAULTS)], serial);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)snprintf(t->body, sizeof(t->body), texts[co_rand_below(&r, TEXTS)], serial);
#pragma GCC diagnostic pop
    (void)snprintf(t->phone, sizeof(t->phone), "+86 10 5550 %04" PRIu64, serial % 10000);
    *ret_ticket = (Callout__V1__SubmitTicket)CALLOUT__V1__SUBMIT_TICKET__INIT;
    ret_ticket->key = t->key;
    ret_ticket->customer = at->field[0];
    ret_ticket->contract = at->field[1];
    ret_ticket->site = at->field[2];
    ret_ticket->product = at->field[3];
    ret_ticket->title = t->title;
    ret_ticket->description = t->body;
    ret_ticket->stated_severity = 1 + (uint32_t)co_rand_below(&r, 4);
    ret_ticket->contact_name = "值班 On Duty";
    ret_ticket->contact_phone = t->phone;
    ret_ticket->contact_email = "operations.on.duty@customer.example.com";
    ret_ticket->onsite = is_chosen(serial, 2, t->options->onsite);
}

/* Facts, a remark, a decision that some cases refuse, and one that ends the case. */
void load_command(struct load_tickets *t, uint64_t serial, const char *number, Callout__V1__Command *ret_command)
{
    static const Callout__V1__Act kinds[] = { CALLOUT__V1__ACT__ACT_CASE_ACCEPTED, CALLOUT__V1__ACT__ACT_CONTACTED,
                                              CALLOUT__V1__ACT__ACT_ACCEPT, CALLOUT__V1__ACT__ACT_NOTE,
                                              CALLOUT__V1__ACT__ACT_CANCEL };
    struct co_rand r = rand_of(serial, 3);
    *ret_command = (Callout__V1__Command)CALLOUT__V1__COMMAND__INIT;
    ret_command->act = kinds[co_rand_below(&r, sizeof(kinds) / sizeof(kinds[0]))];
    (void)snprintf(t->key, sizeof(t->key), "c/%s-%" PRIu64, t->options->name, serial);
    (void)snprintf(t->title, sizeof(t->title), "%s", number);
    ret_command->key = t->key;
    ret_command->number = t->title;
    if (ret_command->act == CALLOUT__V1__ACT__ACT_NOTE)
        ret_command->note = "the customer called again";
}
