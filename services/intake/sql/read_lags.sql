-- How far each service is behind the journal, and how many lanes have an owner.
-- out: service text, entries int8, owned int8
SELECT c.service, sum(l.seq - c.seq)::int8 AS entries, count(c.owner) AS owned
  FROM journal.cursor AS c
  JOIN journal.lane AS l USING (lane)
 GROUP BY c.service
 ORDER BY c.service;
