-- One notice with its words and address.
-- in:  $1 int2 lane, $2 int8 case_id, $3 text obligation, $4 int4 generation, $5 text slot
-- out: case_id int8, obligation text, generation int4, slot text, state int2, person text, channel text, attempts int4,
--      planned_at timestamptz, next_at timestamptz (null: not by itself), settled_at timestamptz (null: not yet), detail text,
--      stands_for text, why_him text, address text (null: erased), subject text, body text
SELECT n.case_id, n.obligation, n.generation, n.slot, n.state, n.person, n.channel, n.attempts, n.planned_at, n.next_at,
       n.settled_at, n.detail, n.stands_for, n.why_him, t.address, t.subject, t.body
  FROM read.notify_notice AS n
  LEFT JOIN read.notify_notice_text AS t
    ON t.lane = n.lane AND t.case_id = n.case_id AND t.obligation = n.obligation AND t.generation = n.generation AND t.slot = n.slot
 WHERE n.lane = $1::int2 AND n.case_id = $2::int8 AND n.obligation = $3::text AND n.generation = $4::int4 AND n.slot = $5::text;
