-- The next cases of the stage at which the sweep of a lane is, in the order of its index; those that are not behind, too, so that
-- a look has an end. A case that changes its place meanwhile has caught up in the turn that did it.
-- in:  $1 int2 lane, $2 int4 limit
-- out: case_id int8, at timestamptz (null in stage 2), is_behind bool, site text
SELECT w.case_id, w.at, w.is_behind, w.site
  FROM sla.sweep AS s
 CROSS JOIN LATERAL (
       (SELECT c.case_id, c.next_at AS at, c.state = 'open' AND c.registry_seen < s.version AS is_behind, c.site
          FROM sla.case AS c
         WHERE s.stage = 1 AND c.lane = $1::int2 AND c.next_at IS NOT NULL AND (c.next_at, c.case_id) > (s.after_at, s.after_case_id)
         ORDER BY c.next_at, c.case_id
         LIMIT $2::int4)
         UNION ALL
       (SELECT c.case_id, NULL, c.registry_seen < s.version, c.site
          FROM sla.case AS c
         WHERE s.stage = 2 AND c.lane = $1::int2 AND c.state = 'open' AND c.next_at IS NULL AND c.case_id > s.after_case_id
         ORDER BY c.case_id
         LIMIT $2::int4)
         UNION ALL
       (SELECT c.case_id, c.closed_at, c.opened_at < coalesce(s.span_until, 'infinity') AND c.registry_seen < s.version,
               c.site
          FROM sla.case AS c
         WHERE s.stage = 3 AND c.lane = $1::int2 AND c.closed_at IS NOT NULL AND (c.closed_at, c.case_id) > (s.after_at, s.after_case_id)
         ORDER BY c.closed_at, c.case_id
         LIMIT $2::int4)) AS w
 WHERE s.lane = $1::int2;
