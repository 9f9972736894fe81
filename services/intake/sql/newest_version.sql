-- The newest registry version.
-- out: version int8, 0: nothing was applied
SELECT coalesce(max(version), 0) AS version
  FROM registry.version;
