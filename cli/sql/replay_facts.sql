-- Whether a suite can be replayed into: its clock, its lanes, and whether it took a request before.
-- out: rate float8, now timestamptz (domain time of a clock that stands), lanes int2, is_used boolean
SELECT c.rate, c.anchor_domain AS now, f.lanes, EXISTS (SELECT 1 FROM intake.receipt) AS is_used
  FROM journal.clock AS c, journal.config AS f;
