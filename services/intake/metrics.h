/* metrics.h - what intake counts. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_metrics.h"

struct intake_metrics;

/* Why a group ended as it did. */
enum intake_group_end { INTAKE_GROUP_COMMITTED, INTAKE_GROUP_UNKNOWN, INTAKE_GROUP_CONFLICT, INTAKE_GROUP_REFUSED, INTAKE_GROUP_ENDS };

/* NULL: out of memory. Freed with the registry. */
struct intake_metrics *intake_metrics_new(struct co_metrics *registry);
void intake_metrics_free(struct intake_metrics *m);

/* A reply left: to what kind of request, with which code, how long after the request came. */
void intake_metrics_reply(struct intake_metrics *m, Callout__V1__Request__BodyCase body, Callout__V1__Code code,
                          int64_t took_us);
void intake_metrics_group(struct intake_metrics *m, enum intake_group_end end, size_t size, int64_t took_us);
void intake_metrics_lost_reply(struct intake_metrics *m);
/* A code was wrong; with `is_pause` one too many. */
void intake_metrics_wrong_code(struct intake_metrics *m, bool is_pause);
void intake_metrics_revoked(struct intake_metrics *m, uint32_t keys);
void intake_metrics_oversize(struct intake_metrics *m);
void intake_metrics_gauges(struct intake_metrics *m, size_t in_flight, size_t waiting, size_t waiting_bytes, int64_t sla_lag_us);

/* "submit", "command" ... for logs; "unknown" where there is no body. */
const char *intake_body_name(Callout__V1__Request__BodyCase body);
/* "ok", "invalid" ... */
const char *intake_code_name(Callout__V1__Code code);
