#include "co_entitle_words.h"

#include <string.h>

#include "co_entitle.h"

static const struct co_entitle_words held[CO_ENTITLE_REASONS] = {
    [CO_ENTITLE_UNKNOWN_CUSTOMER] = { "客户不在登记中", "the customer is not known" },
    [CO_ENTITLE_UNKNOWN_CONTRACT] = { "合同不在登记中", "the contract is not known" },
    [CO_ENTITLE_UNKNOWN_SITE] = { "现场不在登记中", "the site is not known" },
    [CO_ENTITLE_UNKNOWN_PRODUCT] = { "产品不在登记中", "the product is not known" },
    [CO_ENTITLE_EXPIRED] = { "服务期已过", "the service period is over" },
    [CO_ENTITLE_NOT_STARTED] = { "服务期尚未开始", "the service period has not begun" },
    [CO_ENTITLE_NOT_COVERED] = { "不在合同范围内", "not covered by the contract" },
    [CO_ENTITLE_NO_CONTRACT] = { "没有合同", "there is no contract" },
    [CO_ENTITLE_UNKNOWN_VERSION] = { "产品没有该版本", "the product has no such version" },
    [CO_ENTITLE_VERSION_NOT_COVERED] = { "该版本不在合同范围内",
                                         "the contract does not cover this version" },
    [CO_ENTITLE_OUT_OF_LIFE] = { "产品已停止支持", "its support life is over" },
    [CO_ENTITLE_EXCLUDED_CAUSE] = { "故障原因不在服务范围内",
                                    "the service does not cover a fault with this cause" },
    [CO_ENTITLE_UNKNOWN_OFFERING] = { "没有该服务项目", "there is no such offering" },
    [CO_ENTITLE_NOT_OFFERED] = { "该服务项目不在合同范围内",
                                 "the contract does not have this offering" },
    [CO_ENTITLE_NOT_DATED] = { "没有说明进行的日期", "it does not say when it takes place" },
};

static const struct co_entitle_words served[CO_ENTITLE_WHYS] = {
    [CO_ENTITLE_NAMED] = { "报告中指定", "the report names it" },
    [CO_ENTITLE_ONLY_ONE] = { "唯一适用的合同", "no other one fits" },
    [CO_ENTITLE_LISTS_SITE] = { "其中列有该现场", "it lists the site" },
    [CO_ENTITLE_LISTS_PRODUCT] = { "其中列有该产品", "it lists the product" },
    [CO_ENTITLE_LISTS_VERSION] = { "其中列有该版本", "it lists the version" },
    [CO_ENTITLE_LEAVES_LESS_OPEN] = { "其条件均已由报告确认",
                                      "it depends on less that the report leaves open" },
    [CO_ENTITLE_BETTER_LEVEL] = { "服务等级更高", "its service level is higher" },
    [CO_ENTITLE_BEGAN_LATER] = { "开始时间更晚", "it began later" },
    [CO_ENTITLE_FIRST_KEY] = { "其他条件相同，按键排序在前",
                               "all else equal, its key is the first" },
    [CO_ENTITLE_APPROVED] = { "经人工决定受理", "somebody decided so" },
};

const struct co_entitle_words *co_entitle_held_words(const char *reason)
{
    for (size_t i = 0; i < CO_ENTITLE_REASONS; i++)
        if (held[i].en != NULL &&
            strcmp(co_entitle_reason_name((enum co_entitle_reason)i), reason) == 0)
            return &held[i];
    return NULL;
}

const struct co_entitle_words *co_entitle_why_words(const char *why)
{
    for (size_t i = 0; i < CO_ENTITLE_WHYS; i++)
        if (served[i].en != NULL && strcmp(co_entitle_why_name((enum co_entitle_why)i), why) == 0)
            return &served[i];
    return NULL;
}
