-- What concerns many cases (an exclusion, a calendar) reaches each of them: a sweep of its lane finds them, a turn of their own
-- catches up with it.
--   closed_at      when the case ended; null while it has not
--   registry_seen  the case has taken in what was declared up to this version of the registry
ALTER TABLE sla.case
    ADD COLUMN closed_at     timestamptz,
    ADD COLUMN registry_seen int8 NOT NULL DEFAULT 0;

-- Nobody knows any more when a case ended that is closed already: not later than its last entry.
UPDATE sla.case AS c
   SET closed_at = coalesce((SELECT max(e.at) FROM journal.entry AS e WHERE e.lane = c.lane AND e.case_id = c.case_id), now())
 WHERE state = 'closed';

-- A sweep walks in the order of the index, so equal times must have an order, too.
DROP INDEX sla.case_next;
CREATE INDEX case_next ON sla.case (lane, next_at, case_id) WHERE next_at IS NOT NULL;
CREATE INDEX case_idle ON sla.case (lane, case_id) WHERE state = 'open' AND next_at IS NULL;
CREATE INDEX case_closed ON sla.case (lane, closed_at, case_id) WHERE closed_at IS NOT NULL;

-- One row per lane, written by the lane's owner only.
CREATE TABLE sla.sweep (
    lane          int2 PRIMARY KEY,
    version       int8 NOT NULL,        -- of the newest RegistryApplied taken in the lane
    stage         int2 NOT NULL,        -- 0 all were found, 1 open cases that wake by themselves, 2 those that do not, 3 closed cases
    after_at      timestamptz NOT NULL, -- place in the stage's index: the last case looked at
    after_case_id int8 NOT NULL,
    span_from     timestamptz,          -- closed cases are looked for that lie in this span; null: none
    span_until    timestamptz,          -- null: without end
    regions       text,                 -- cases are looked for whose site lies in one of these, one per line; null: all
    waiting       int8[] NOT NULL,      -- cases that were found, woken, and have perhaps not caught up yet
    looked_at     timestamptz NOT NULL, -- when the sweep did something
    visited       int8 NOT NULL,        -- cases that were found and have caught up
    moved         int8 NOT NULL,        -- cases that had something to catch up with, since the sweep began
    next_at       timestamptz           -- when it goes on; null: it is over
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON sla.sweep TO callout_sla;
