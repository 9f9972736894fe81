-- Cases of a lane that wait for another registry: whose site nobody could place, or whom nobody could be sent to;
-- of which somebody is asked or has accepted, who may be absent by that registry; that take man-days which no lot has; or that take
-- somebody for a span of time.
-- in:  $1 int2 lane
-- out: case_id int8
SELECT case_id
  FROM dispatch.work_order
 WHERE lane = $1::int2 AND NOT is_located AND status <> 'ended'
UNION
SELECT case_id
  FROM dispatch.work_order
 WHERE lane = $1::int2 AND (status IN ('nobody', 'offered', 'assigned') OR lacks_minutes)
UNION
SELECT case_id
  FROM dispatch.booked_case
 WHERE lane = $1::int2;
