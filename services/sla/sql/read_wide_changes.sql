-- Calendars, exclusions and sites that came, changed or went since the newest version that was taken in a lane: each text that began
-- or ended since then. Of sites only those that were there before: a new one has no cases.
-- in:  $1 int2 lane
-- out: kind int2, key text, until int8 (null: in force), body bytea (null for calendars)
SELECT o.kind, o.key, o.until, CASE WHEN o.kind <> 8 THEN o.body END AS body
  FROM (SELECT coalesce(max(version), 0) AS version FROM sla.sweep WHERE lane = $1::int2) AS known
  JOIN registry.object AS o
    ON (o.since > known.version OR o.until > known.version)
   AND (o.kind IN (8, 13) OR o.kind = 2 AND EXISTS (
           SELECT 1
             FROM registry.object AS e
            WHERE e.kind = 2 AND e.key = o.key AND e.since <= known.version))
 ORDER BY o.kind, o.key, o.since;
