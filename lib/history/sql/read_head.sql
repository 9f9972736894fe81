-- Where the journal stands, and a name under which other connections see the same: the calling transaction is repeatable read.
-- out: now timestamptz, domain time; lanes int2; snapshot text; first int8, the least case id, 0 where there is no case;
--      last int8, the greatest
SELECT c.anchor_domain + (clock_timestamp() - c.anchor_real) * c.rate AS now, f.lanes,
       pg_export_snapshot() AS snapshot, coalesce(e.first, 0) AS first, coalesce(e.last, 0) AS last
  FROM journal.clock AS c, journal.config AS f,
       (SELECT min(a.case_id) AS first, max(z.case_id) AS last
          FROM journal.lane AS l
          LEFT JOIN LATERAL (SELECT e.case_id
                               FROM journal.entry AS e
                              WHERE e.lane = l.lane AND e.case_id > 0
                              ORDER BY e.case_id
                              LIMIT 1) AS a ON true
          LEFT JOIN LATERAL (SELECT e.case_id
                               FROM journal.entry AS e
                              WHERE e.lane = l.lane AND e.case_id > 0
                              ORDER BY e.case_id DESC
                              LIMIT 1) AS z ON true) AS e;
