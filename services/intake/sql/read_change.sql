-- The newest registry version, and what this change came to if it was stored before.
-- in:  $1 text change_id
-- out: newest int8 (0: none), version int8 (null: not stored), added int4, changed int4, removed int4, unchanged int4
SELECT coalesce(n.newest, 0) AS newest, v.version, v.added, v.changed, v.removed, v.unchanged
  FROM (SELECT max(version) AS newest FROM registry.version) AS n
  LEFT JOIN registry.version AS v ON v.change_id = $1::text;
