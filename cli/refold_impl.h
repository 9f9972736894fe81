/* refold_impl.h - what the files of refold share; nobody else includes it. */
#pragma once

#include "refold.h"

/* Names of holidays and make-up workdays; a stretch of several holidays is cut where the name
 * changes. CO_ENOMEM. */
CO_MUST_CHECK enum co_err refold_name_days(struct refold *r);

/* Persons, clients and titles of causes; where the site is. */
void refold_name_causes(struct refold *r);

/* What is announced instead of what was computed. CO_ENOMEM. */
CO_MUST_CHECK enum co_err refold_compare(struct refold *r);
