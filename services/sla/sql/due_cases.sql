-- Cases of one lane that have to be looked at before a time, earliest first. A sweep that is not over stands among them as case 0,
-- and so do the cases that it has found: who takes the lane over wakes them again.
-- in:  $1 int2 lane, $2 timestamptz from, $3 timestamptz until (exclusive), $4 int4 limit
-- out: case_id int8, next_at timestamptz
SELECT d.case_id, d.next_at
  FROM (
       (SELECT case_id, next_at
          FROM sla.case
         WHERE lane = $1::int2 AND next_at >= $2::timestamptz AND next_at < $3::timestamptz
         ORDER BY next_at
         LIMIT $4::int4)
         UNION ALL
        SELECT 0, next_at
          FROM sla.sweep
         WHERE lane = $1::int2 AND next_at >= $2::timestamptz AND next_at < $3::timestamptz
         UNION ALL
        SELECT w.case_id, s.looked_at
          FROM sla.sweep AS s
         CROSS JOIN unnest(s.waiting) AS w (case_id)
         WHERE s.lane = $1::int2 AND s.next_at IS NOT NULL AND s.looked_at >= $2::timestamptz AND s.looked_at < $3::timestamptz) AS d
 ORDER BY d.next_at
 LIMIT $4::int4;
