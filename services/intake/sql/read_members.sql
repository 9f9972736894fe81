-- The running instances, and how many lanes each holds.
-- out: service text, instance text, seen_at timestamptz, endpoint text, lanes int8, release text
SELECT m.service, m.instance, m.seen_at, m.endpoint, count(c.lane) AS lanes, m.release
  FROM journal.member AS m
  LEFT JOIN journal.cursor AS c ON c.owner = m.instance
 GROUP BY m.service, m.instance, m.seen_at, m.endpoint, m.release
 ORDER BY m.service, m.instance;
