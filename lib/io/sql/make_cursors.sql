-- Gives a service its cursor in every lane, at the beginning of the journal. Safe to repeat and to race.
-- in:  $1 text service
INSERT INTO journal.cursor (lane, service)
SELECT lane, $1::text
  FROM journal.lane
 ORDER BY lane
    ON CONFLICT DO NOTHING;
