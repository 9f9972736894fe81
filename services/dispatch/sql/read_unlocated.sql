-- Cases of a lane whose site nobody could place.
-- in:  $1 int2 lane
-- out: case_id int8
SELECT case_id
  FROM dispatch.work_order
 WHERE lane = $1::int2 AND NOT is_located AND status <> 'ended';
