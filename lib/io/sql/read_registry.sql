-- What changed in the registry after a version: one row per text that ended or came, or one row without object.
-- One snapshot, so the version and the objects belong together.
-- in:  $1 int8 version known (0: nothing)
-- out: version int8 (newest), kind int2, key text, since int8, until int8 (null: in force; these come last), body bytea
SELECT v.version, o.kind, o.key, o.since, o.until, CASE WHEN o.until IS NULL THEN o.body END AS body
  FROM (SELECT coalesce(max(version), 0) AS version FROM registry.version) AS v
  LEFT JOIN registry.object AS o
    ON (o.since > $1::int8 AND o.until IS NULL) OR (o.until > $1::int8 AND $1::int8 > 0)
 ORDER BY o.until NULLS LAST, o.kind, o.key;
