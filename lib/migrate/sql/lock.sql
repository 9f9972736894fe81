-- As try_lock.sql, but waits for the other run to end.
-- in:  nothing
-- out: one row, void
SELECT pg_advisory_lock(hashtext('callout_meta.migration'));
