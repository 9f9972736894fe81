-- Gives a service its cursor in every lane, at the beginning of the journal, behind
-- what was archived of it. Safe to repeat and to race. Looks first: an insert
-- that meets a row would wait for whoever is moving it.
-- in:  $1 text service
INSERT INTO journal.cursor (lane, service, seq)
SELECT l.lane, $1::text, coalesce((SELECT max(a.high) - 1 FROM journal.archive AS a), 0)
  FROM journal.lane AS l
 WHERE NOT EXISTS (SELECT 1 FROM journal.cursor AS c WHERE c.lane = l.lane AND c.service = $1::text)
 ORDER BY l.lane
    ON CONFLICT DO NOTHING;
