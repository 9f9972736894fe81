#include "notify_words.h"

#include <string.h>

#include "co_entitle_words.h"

static const struct {
    const char *code;
    const char *said[NOTIFY_LANGUAGES];
} words[] = {
    /* why a severity is what it is */
    { "trait", { "故障特征", "what was reported" } },
    { "stated", { "报告人所述", "as stated in the report" } },
    { "default", { "默认级别", "the usual level" } },
    { "breach", { "超时", "not done in time" } },
    { "warning", { "即将超时", "time is running out" } },
    { "set", { "技术部门判定", "judged anew by the technical department" } },
    { "waived", { "双方同意不升级", "both sides agreed that it need not rise" } },
    /* what would help where nobody is left to ask */
    { "free_engineer", { "工程师均已占用", "all engineers are busy" } },
    { "skill", { "没有足够级别的工程师", "no engineer of the needed level" } },
    { "engineer", { "没有合适的工程师", "no engineer works on this" } },
    { "shift", { "没有工程师值班", "nobody is on duty" } },
    { "nearer_engineer", { "没有足够近的工程师", "nobody is near enough" } },
    { "engineer_off_duty", { "接单的工程师届时不当班", "the engineer who accepted is off duty" } },
    { "engineer_gone", { "接单的工程师已离职", "the engineer who accepted is no longer with us" } },
    { "agreed_time", { "到场时间尚未约定", "the time of arrival is not agreed yet" } },
    { "named_engineer",
      { "指定的工程师目前不能前往", "the engineer who was named cannot be asked now" } },
    /* what is missing to take somebody for a span of time */
    { "book_free_engineer", { "有资格的人员届时均已被预订", "who is qualified is taken then" } },
    { "book_absence", { "有资格的人员届时不在岗", "who is qualified is away then" } },
    { "book_certificate", { "证书在此之前到期", "the certificate ends before that" } },
    { "book_skill", { "没有具备资格的人员", "nobody has the qualification" } },
    { "book_engineer", { "没有可预订的人员", "there is nobody to take" } },
    { "book_free_resource", { "届时均已被预订", "all of them are taken then" } },
    { "book_resource", { "没有此类资源", "there is none" } },
    { "book_name", { "需要指定人选", "somebody has to be named" } },
    /* acts */
    { "investigated", { "故障调查报告", "fault report" } },
    { "finding_given", { "初步结论和建议", "first finding and advice" } },
    { "handed_up", { "转交更高级别", "handed up" } },
    { "answer_given", { "已答复客户", "the customer has his answer" } },
    { "call_me_back", { "请求回电", "wants to be called" } },
    { "called_back", { "已回访客户", "the customer was called back" } },
    { "dissatisfied", { "客户不满意", "the customer is not content" } },
    { "time", { "时间不够", "there is not enough time" } },
    /* consent to remote access */
    { "asked", { "等待客户同意", "the customer is asked" } },
    { "given", { "已同意", "given" } },
    { "changed", { "已变更", "changed" } },
    { "withdrawn", { "已撤回", "withdrawn" } },
    { "ended", { "已到期", "over" } },
    { "refused", { "客户拒绝", "refused" } },
    { "nobody", { "客户处无人可答复", "nobody there who could say it" } },
    { "silent", { "客户未答复", "no answer" } },
    { "whoever", { "处理此请求的工程师", "whoever works on it" } },
    /* roles */
    { "customer", { "客户联系人", "customer contact" } },
    { "support", { "技术支持", "support" } },
    { "expert", { "专家", "expert" } },
    { "director", { "总监", "director" } },
    { "pm", { "项目经理", "project manager" } },
    { "vendor", { "厂商", "vendor" } },
    { "desk", { "服务台", "desk" } },
    { "service_manager", { "服务经理", "service manager" } },
    /* other */
    { "agreed", { "待双方商定", "to be agreed" } },
    { "none", { "无", "none" } },
};

const char *notify_words_of(const char *code, enum notify_language language)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].code, code) == 0)
            return words[i].said[language];
    const struct co_entitle_words *held = co_entitle_held_words(code);
    if (held == NULL)
        return code;
    return language == NOTIFY_ZH ? held->zh : held->en;
}

static const struct {
    const char *subject[NOTIFY_LANGUAGES];
    const char *body[NOTIFY_LANGUAGES];
} house[NOTIFY_HOUSES] = {
    [NOTIFY_HOUSE_HELD] = {
        { "待决定 {number}：{reason}", "Waits for your decision {number}: {reason}" },
        { "{customer} {site} 的报告「{title}」暂不能受理：{reason}。请决定是否受理；决定之前没有计时。",
          "The report of {customer} {site}, \"{title}\", is held: {reason}. Please decide whether it "
          "is taken on; no clock runs until then." },
    },
    [NOTIFY_HOUSE_CORRECTED] = {
        { "更正：{told}", "Corrected: {told}" },
        { "{number}（{customer} {site}「{title}」）：之前的通知「{told}」已不成立。",
          "{number} ({customer} {site}, \"{title}\"): what we told you before, \"{told}\", no longer "
          "holds." },
    },
    [NOTIFY_HOUSE_OVERTAKEN] = {
        { "{number} 已由他人接单", "{number}: somebody else goes" },
        { "{number}（{customer} {site}「{title}」）：{engineer} 已先接单，您不必前往，「{told}」也无需再答复。",
          "{number} ({customer} {site}, \"{title}\"): {engineer} accepted first. You need not go, nor "
          "answer \"{told}\"." },
    },
    [NOTIFY_HOUSE_ASK] = {
        { "{number} 请确认：{milestone}", "{number}: please look at {milestone}" },
        { "{customer} {site}「{title}」：因「{milestone}」采取的措施保留，但其原因已不成立，请确认是否仍然需要。",
          "{customer} {site}, \"{title}\": what was done because of \"{milestone}\" stands, but its "
          "reason no longer holds. Please decide whether it is still needed." },
    },
    [NOTIFY_HOUSE_MOVED] = {
        { "{number} {milestone}：现为 {due}", "{number} {milestone}: now {due}" },
        { "{customer} {site}「{title}」：「{milestone}」的时间由 {was} 改为 {due}。之前的通知：「{told}」。",
          "{customer} {site}, \"{title}\": the time for \"{milestone}\" was {was} and is now {due}. "
          "We told you before: \"{told}\"." },
    },
    [NOTIFY_HOUSE_TOLD] = {
        { "{number} {milestone}：{what}", "{number} {milestone}: {what}" },
        { "{customer} {site}「{title}」（{severity_name}）：{milestone}，时限 {due}。{what}。{announced_late}",
          "{customer} {site}, \"{title}\" ({severity_name}): {milestone}, due {due}. {what}. "
          "{announced_late}" },
    },
    [NOTIFY_HOUSE_EXCLUDED] = {
        { "{number} 要求到现场：{zone} 不在服务范围，请决定",
          "{number}: asked to {zone}, an excluded area; please decide" },
        { "{customer} {site}「{title}」（{severity_name}）要求到现场，但该地区（{zone}）不在现场服务范围内："
          "没有到达承诺，也不会自动派人。请决定并答复客户。{announced_late}",
          "{customer} {site}, \"{title}\" ({severity_name}), asks for somebody on site, and the policy "
          "excludes the area ({zone}): nothing is promised, and nobody is sent by itself. Please "
          "decide, and answer the customer. {announced_late}" },
    },
    [NOTIFY_HOUSE_SILENT] = {
        { "{number} 无人答复：{told}", "{number}: nobody has answered \"{told}\"" },
        { "{customer} {site}「{title}」（{severity_name}）：通知「{told}」至今无人答复。请处理，并告诉我们由您接手。",
          "{customer} {site}, \"{title}\" ({severity_name}): nobody has answered \"{told}\" so far. "
          "Please take care of it, and tell us that you did." },
    },
    [NOTIFY_HOUSE_REMINDED] = {
        { "{number} 提醒：已接手，尚无进展", "{number}: taken care of, and nothing has happened since" },
        { "{customer} {site}「{title}」（{severity_name}）：{by} 已表示接手处理，此后没有任何进展记录。",
          "{customer} {site}, \"{title}\" ({severity_name}): {by} took care of it, and nothing has "
          "been reported since." },
    },
    [NOTIFY_HOUSE_ESCALATED] = {
        { "{number} 第 {step} 次上报：{milestone} 已超时 {late}",
          "{number} escalation {step}: {milestone} late by {late}" },
        { "{customer} {site}「{title}」（{severity_name}）：{milestone} 应于 {due} 完成，已超时 {late}，"
          "尚无人接手。请处理，并告诉我们由您接手。{announced_late}",
          "{customer} {site}, \"{title}\" ({severity_name}): {milestone} was due at {due}, is late by "
          "{late}, and nobody has taken care of it. Please do, and tell us that you did. "
          "{announced_late}" },
    },
    [NOTIFY_HOUSE_NOBODY_HOLDS] = {
        { "{number} 无人担任「{what}」", "{number}: nobody is {what}" },
        { "{customer} {site}「{title}」：有通知要发给「{what}」，但合同和服务台都没有指定人员，已改发给其他人。"
          "请在登记中补上。",
          "{customer} {site}, \"{title}\": the {what} was to be told something, but neither contract nor "
          "desk names anybody. Somebody else was told instead. Please see to it that the role is held." },
    },
    [NOTIFY_HOUSE_NOBODY_ON_DUTY] = {
        { "{number}「{what}」无人当班", "{number}: no {what} is on duty" },
        { "{customer} {site}「{title}」：有通知要发给「{what}」，但其人员均不当班或在休假，也没有代理人，已另行通知。"
          "请检查值班表和代理人。",
          "{customer} {site}, \"{title}\": the {what} was to be told something, but nobody who holds the "
          "role is on duty, nor a delegate. Somebody was told all the same. Please look at rosters and "
          "delegates." },
    },
    [NOTIFY_HOUSE_ASIDE] = {
        { "通知渠道暂停使用：{told}", "Notices do not get through: {told}" },
        { "{told} 连续多次没有接收通知，最后一次：{what}。已暂停使用：有其他渠道的人改由其他渠道通知，其余的通知等待。"
          "系统会自动重试，恢复后另行通知。最后一条未送达的通知属于 {number}。",
          "{told} did not take several notices in a row, at last: {what}. It is set aside: people with "
          "another channel are told by that one, other notices wait. It is tried again by itself, and "
          "we tell you when it works. The last of these notices was of {number}." },
    },
    [NOTIFY_HOUSE_BACK] = {
        { "通知渠道已恢复：{told}", "Notices get through again: {told}" },
        { "{told} 已重新接收通知，恢复使用。", "{told} takes notices again." },
    },
    [NOTIFY_HOUSE_GONE] = {
        { "通知地址已失效：{told}", "The address is gone: {told}" },
        { "{told} 答复「{what}」：该地址已永久失效，在登记中更改之前不再使用。请更正登记。最后一条通知属于 {number}。",
          "{told} answered \"{what}\": the address is gone for good, and is not used any more until it "
          "is changed in the registry. Please put that right. The notice was of {number}." },
    },
};

const char *notify_words_subject(enum notify_house which, enum notify_language language)
{
    return house[which].subject[language];
}

const char *notify_words_body(enum notify_house which, enum notify_language language)
{
    return house[which].body[language];
}
