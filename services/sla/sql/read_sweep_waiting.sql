-- The cases that the sweep of a lane has found and that have not caught up yet.
-- in:  $1 int2 lane
-- out: case_id int8
SELECT w.case_id
  FROM sla.sweep AS s
 CROSS JOIN unnest(s.waiting) AS w (case_id)
 CROSS JOIN LATERAL (
           SELECT i.registry_seen
             FROM sla.case AS i
            WHERE i.lane = $1::int2 AND i.case_id = w.case_id
           OFFSET 0) AS c
 WHERE s.lane = $1::int2 AND c.registry_seen < s.version;
