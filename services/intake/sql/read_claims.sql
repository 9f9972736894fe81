-- What engineers hold now, by engineer, and how the visit stands for which they do.
-- in:  $1 text resource, $2 int2 slot: what comes after these; $3 int4 limit
-- out: resource text, slot int2, case_id int8, generation int8, since timestamptz, status text (null: the order is gone)
SELECT c.resource, c.slot, c.case_id, c.generation, c.since, o.status
  FROM (SELECT i.resource, i.slot, i.lane, i.case_id, i.generation, i.since
          FROM read.dispatch_claim AS i
         WHERE (i.resource, i.slot) > ($1::text, $2::int2) AND i.resource COLLATE "C" >= 'engineer/' AND i.resource COLLATE "C" < 'engineer0'
         ORDER BY i.resource, i.slot
         LIMIT $3::int4) AS c
  LEFT JOIN LATERAL (
           SELECT i.status
             FROM read.dispatch_order AS i
            WHERE i.lane = c.lane AND i.case_id = c.case_id
           OFFSET 0) AS o ON true
 ORDER BY c.resource, c.slot;
