/* replay_help.h - a small mapping and logs for the tests of co_replay. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_replay_log.h"
#include "co_replay_plan.h"
#include "co_time.h"
#include "co_yaml.h"

#define HEADER "id,at,status,sub,line,impact,country,product\n"

static const char mapping_text[] =
    "source: test\n"
    "columns: {incident: id, changed: at, status: status, sub_status: sub, line: line,\n"
    "  impact: impact, country: country, product: product}\n"
    "shift_weeks: 1\n"
    "seed: 7\n"
    "impacts: [{impact: High, severity: 2}]\n"
    "product: storage\n"
    "title: '{incident} {impact} {what}'\n"
    "places:\n"
    "  - {countries: [se], sites: [{customer: c, site: one, weight: 3}, {customer: c, site: two}]}\n"
    "  - {sites: [{customer: d, site: rest}]}\n"
    "rules:\n"
    "  - {status: [Accepted], once: true, enter: [{act: contacted}]}\n"
    "  - {sub_status: [Wait], enter: [{act: waiting_customer}], leave: [{act: customer_answered}]}\n"
    "  - {status: [Accepted], when: restored, enter: [{act: relapsed}]}\n"
    "  - {sub_status: [Resolved], enter: [{act: restored}]}\n"
    "  - {sub_status: [Closed], enter: [{act: restored}, {act: sign, role: customer}, {act: sign, role: pm}]}\n"
    "engineers:\n"
    "  decline_percent: 20\n"
    "  silent_percent: 10\n"
    "  answer_min: 1m\n"
    "  answer_max: 5m\n"
    "  prepare_min: 5m\n"
    "  prepare_max: 10m\n"
    "  delay_max_percent: 50\n"
    "  work_min: 1h\n"
    "  work_max: 2h\n"
    "  on_site: [{act: investigated, percent: 50}, {act: restored, percent: 100}]\n"
    "approvals: {percent: 100, after_min: 10m, after_max: 20m}\n"
    "agreements: {after_min: 10m, after_max: 20m, ahead_min: 6h, ahead_max: 8h}\n";

static struct co_yaml *yaml;
static const Callout__V1__ReplayMapping *map;
static struct co_replay_log incidents;
static struct co_replay_problem problem;

static void load_mapping(void)
{
    const ProtobufCMessage *m = NULL;
    char path[] = "/tmp/callout-replay-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    ck_assert_ptr_nonnull(f);
    fputs(mapping_text, f);
    fclose(f);
    yaml = co_yaml_new(NULL);
    enum co_err err =
        co_yaml_load_message(yaml, path, &callout__v1__replay_mapping__descriptor, &m);
    for (size_t i = 0; i < co_yaml_problem_count(yaml); i++)
        printf("%u: %s %s\n", co_yaml_problem_at(yaml, i)->line, co_yaml_problem_at(yaml, i)->key,
               co_yaml_problem_at(yaml, i)->message);
    remove(path);
    ck_assert_int_eq(err, CO_OK);
    map = (const Callout__V1__ReplayMapping *)(const void *)m;
}

static const struct co_replay_window everything = { INT64_MIN, INT64_MAX, 0 };

static enum co_err read_log(const char *text, struct co_replay_window window)
{
    size_t len = strlen(text);
    char *copy = malloc(len + 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, len + 1);
    return co_replay_log_read(&incidents, map, window, copy, len, &problem);
}

static void clean_up(void)
{
    co_replay_log_free(&incidents);
    co_yaml_free(yaml);
}
