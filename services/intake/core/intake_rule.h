/* intake_rule.h - the ways in which one field is checked, for the tables of intake_check.c. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake_check.h"

struct intake_rule;

/* True when `message` satisfies the rule; else the complaint says why not. */
typedef bool intake_rule_fn(const struct intake_check_options *o, const struct intake_rule *rule,
                            const void *message, struct intake_complaint *c);

struct intake_rule {
    const char *field; /* path in the request */
    intake_rule_fn *holds;
    size_t at;       /* offset of the field in its message */
    size_t count_at; /* lists: offset of their length */
    uint32_t min;    /* characters, bytes, or value; by rule */
    uint32_t max;
    uint32_t count_max; /* lists */
    const void *extra;  /* by rule */
};

/* min..max characters. */
intake_rule_fn intake_rule_text;
/* At most count_max texts of min..max characters each. */
intake_rule_fn intake_rule_texts;
/* A number min..max. */
intake_rule_fn intake_rule_count;
/* Minutes from -max to max, but not 0; with min 1 not fewer. */
intake_rule_fn intake_rule_minutes;
/* At most max bytes. */
intake_rule_fn intake_rule_bytes;
/* 0, or a time from INTAKE_BACK_US ago to INTAKE_AHEAD_US ahead. */
intake_rule_fn intake_rule_occurred;
/* A time from INTAKE_BACK_US ago to INTAKE_AGREED_AHEAD_US ahead; 0 is not one. */
intake_rule_fn intake_rule_agreed;
/* The same, or 0. */
intake_rule_fn intake_rule_agreed_if_any;
/* The number of a case; with min 0 it may be missing. */
intake_rule_fn intake_rule_number;
/* Absent, or finite and on Earth, in a known datum. */
intake_rule_fn intake_rule_position;
/* Absent, where min is 0, or whole: the name of a notice, whose obligation and slot `extra` names (const char *const *). */
intake_rule_fn intake_rule_notice;
/* Absent, or a filter of notices: at most 8 states that there are, keys of at most 64 characters. */
intake_rule_fn intake_rule_notices;
/* At most count_max attachments that are whole. */
intake_rule_fn intake_rule_attachments;
/* Absent, or a document that is whole: a name, at most 2,000 characters of address, no hash or one of 32 bytes. */
intake_rule_fn intake_rule_document;
/* A value of the enum `extra` (ProtobufCEnumDescriptor). */
intake_rule_fn intake_rule_enum;
/* One of the values of `extra` (struct intake_values). */
intake_rule_fn intake_rule_value;
/* One of the words of `extra` (const char *const *, ends with NULL). */
intake_rule_fn intake_rule_word;
/* Another value than 0 (uint64). */
intake_rule_fn intake_rule_given;

/* Absent, where min is 0, or whole: key, systems, from when until when. (intake_rule_consent.c) */
intake_rule_fn intake_rule_consent;
/* Absent, or with an act that takes one, and under the same key as the command's name, where it has one. */
intake_rule_fn intake_rule_consent_use;
/* The key of a consent, where command.consent does not say it. */
intake_rule_fn intake_rule_consent_key;
/* Absent, or nothing but systems that are entered. */
intake_rule_fn intake_rule_entered;

/* Values of an enum that are allowed in one place. */
struct intake_values {
    const ProtobufCEnumDescriptor *desc;
    const int *value;
    size_t count;
};
