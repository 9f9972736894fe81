-- Says whether anything was ever applied here.
-- in:  nothing
-- out: has bool, one row
SELECT to_regclass('callout_meta.migration') IS NOT NULL AS has;
