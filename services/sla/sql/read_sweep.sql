-- How far the sweep of a lane is; no row: nothing was ever applied to it. Only the lane's owner changes it.
-- in:  $1 int2 lane
-- out: version int8, stage int2, after_at timestamptz, after_case_id int8, span_from timestamptz (null: none),
--      span_until timestamptz (null: without end), regions text (one per line; null: all), found int4 (how many cases wait),
--      visited int8, moved int8, next_at timestamptz
SELECT version, stage, after_at, after_case_id, span_from, span_until, regions, cardinality(waiting) AS found, visited, moved, next_at
  FROM sla.sweep
 WHERE lane = $1::int2;
