-- Keeps two runs apart for as long as this session lives. Nothing but the tidiness of their output depends on it.
-- in:  nothing
-- out: got bool, one row
SELECT pg_try_advisory_lock(hashtext('callout_meta.migration')) AS got;
