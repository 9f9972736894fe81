-- Where the journal stands, and a name under which other connections see the same: the calling transaction is repeatable read.
-- out: now timestamptz, domain time; lanes int2; entries int8, how many there are; snapshot text
SELECT c.anchor_domain + (clock_timestamp() - c.anchor_real) * c.rate AS now, f.lanes,
       (SELECT coalesce(sum(l.seq), 0)::int8 FROM journal.lane AS l) AS entries, pg_export_snapshot() AS snapshot
  FROM journal.clock AS c, journal.config AS f;
