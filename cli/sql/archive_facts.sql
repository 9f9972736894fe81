-- out: now timestamptz, domain time; lanes int2
SELECT c.anchor_domain + (clock_timestamp() - c.anchor_real) * c.rate AS now, f.lanes
  FROM journal.clock AS c, journal.config AS f;
