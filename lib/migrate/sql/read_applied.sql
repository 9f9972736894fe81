-- Reads what was applied.
-- in:  nothing
-- out: service text, number int4, name text, sha256 text; one row per applied file
SELECT service, number, name, sha256
  FROM callout_meta.migration
 ORDER BY service, number;
