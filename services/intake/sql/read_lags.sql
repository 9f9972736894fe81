-- How far each service is behind the journal, how many lanes have an owner who was seen in the last ten seconds, how many such
-- processes there are, and what is set aside. The oldest entry that waits is one look-up by key for each lane (OFFSET 0).
-- out: service text, entries int8, owned int8, oldest timestamptz (null: none waits), members int8, parked int8
SELECT c.service, sum(l.seq - c.seq)::int8 AS entries, count(m.instance) AS owned, min(e.at) AS oldest,
       (SELECT count(*)
          FROM journal.member AS i
         WHERE i.service = c.service AND i.seen_at > clock_timestamp() - interval '10 s') AS members,
       (SELECT count(*) FROM journal.parked AS p WHERE p.service = c.service) AS parked
  FROM journal.cursor AS c
  JOIN journal.lane AS l USING (lane)
  LEFT JOIN journal.member AS m ON m.instance = c.owner AND m.seen_at > clock_timestamp() - interval '10 s'
  LEFT JOIN LATERAL (
    SELECT i.at
      FROM journal.entry AS i
     WHERE i.lane = c.lane AND i.seq = c.seq + 1 AND l.seq > c.seq
    OFFSET 0) AS e ON true
 GROUP BY c.service
 ORDER BY c.service;
